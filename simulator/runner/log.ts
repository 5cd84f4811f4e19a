/** What the runner makes of a step's lines: commands that act, secrets that are hidden, annotations that are kept. */
import { CommandReader, isStopToken, linesOf, type WorkflowCommand } from '../workflow-commands.js'
import type { Annotation, StageResult } from './types.js'

/** So many annotations a kind a step, and so long a message, are all that GitHub keeps. */
const mostAnnotations = 10
const longestMessage = 4096

const docs = {
  envFiles:
    'https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/',
  stopping:
    'https://docs.github.com/actions/learn-github-actions/workflow-commands-for-github-actions#example-stopping-and-starting-workflow-commands'
}

/** The log of one stage; masks are shared by all stages of a job. A step has one reader for both streams. */
export class StepLog {
  private readonly reader = new CommandReader()

  constructor(
    private readonly masks: Set<string>,
    private readonly result: StageResult
  ) {}

  /** Reads a line; the command in it, when the runner acted on one. */
  read(line: string, source: 'stdout' | 'stderr'): WorkflowCommand | undefined {
    const command = this.reader.read(line, source)
    if (command !== undefined) this.act(command)
    return command
  }

  /** The text with every secret known so far hidden. */
  masked(text: string): string {
    const longestFirst = [...this.masks].toSorted((a, b) => b.length - a.length)
    return longestFirst.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
  }

  /** An error of the runner itself; the step fails with it. */
  fail(...lines: string[]): void {
    this.result.errors.push(...lines)
    for (const line of lines) this.annotate('error', line)
  }

  /** A warning of the runner itself. */
  warn(line: string): void {
    this.result.warnings.push(line)
    this.annotate('warning', line)
  }

  /** Keeps an annotation, while there is room for its kind. */
  annotate(kind: Annotation['kind'], message: string, properties: Record<string, string> = {}): void {
    const { annotations } = this.result
    if (annotations.filter((one) => one.kind === kind).length >= mostAnnotations) return
    annotations.push({ kind, message: this.masked(message).slice(0, longestMessage), properties })
  }

  /** What a command on stdout or stderr does to the step. */
  private act(command: WorkflowCommand): void {
    const { result } = this
    result.commands.push(command)
    const refuse = (why: string): void =>
      this.fail(`Unable to process command '${command.line}' successfully.`, why)
    const { name } = command.properties
    switch (command.name) {
      case 'error':
      case 'warning':
      case 'notice':
        this.annotate(command.name, command.data, command.properties)
        return
      case 'add-mask':
        if (command.data.trim() === '')
          this.warn("Can't add secret mask for empty string in ##[add-mask] command.")
        for (const value of [command.data, ...linesOf(command.data)])
          if (value.trim() !== '') this.masks.add(value)
        return
      case 'set-output':
      case 'save-state':
        if (!name) refuse(`Required field 'name' is missing in ##[${command.name}] command.`)
        else
          setIgnoringCase(command.name === 'set-output' ? result.outputs : result.state, name, command.data)
        return
      case 'set-env':
      case 'add-path':
        refuse(
          `The \`${command.name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: ${docs.envFiles}`
        )
        return
      case 'stop-commands':
        if (!isStopToken(command.data))
          this.fail(
            `You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command. For more information see: ${docs.stopping} or opt into insecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS\` environment variable to \`true\`.`
          )
        return
      case 'echo':
        if (!/^\s*(on|off)\s*$/i.test(command.data))
          refuse(
            `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${command.data}'.`
          )
    }
  }
}

/** Sets a key as a dictionary without case does: the first spelling stays, the last value wins. */
export function setIgnoringCase(all: Record<string, string>, key: string, value: string): void {
  const same = Object.keys(all).find((one) => one.toLowerCase() === key.toLowerCase())
  all[same ?? key] = value
}
