/**
 * A stand-in for the GitHub Actions runner (2.336): it starts an action directory the way the runner does, and
 * gives back everything the runner would have seen. It knows an action only by its action.yml and its files.
 */
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { CommandReader, linesOf, pairsOf, type WorkflowCommand } from './workflow-commands.js'

export type { WorkflowCommand } from './workflow-commands.js'

/** What the runner knows of the workflow run; every value has a default. */
export interface GitHubContext {
  repository: string
  sha: string
  ref: string
  workflow: string
  job: string
  runId: string
  runNumber: string
  runAttempt: string
  actor: string
  serverUrl: string
  apiUrl: string
  token: string
}

/** How to run an action. */
export interface RunOptions {
  /** The directory that holds action.yml. */
  action: string
  /** What stands under `with:`. Values are handed over untouched: the runner does not trim, the toolkit does. */
  inputs?: Record<string, string>
  /** The job's environment (AWS_*, ...), the same for both stages or chosen for each as it starts. */
  env?: Record<string, string> | ((stage: Stage) => Record<string, string>)
  /** Files of the checked-out workspace: path to text. */
  files?: Record<string, string>
  /** The event that started the workflow. */
  event?: { name: string; payload: unknown }
  github?: Partial<GitHubContext>
  /** The node binary; default: the one that runs this. */
  node?: string
  /** CommonJS files given to node with --require. */
  preload?: string[]
  /** Where workspace, temp and command files go. Default: a new directory, removed at the end. */
  directory?: string
  /** Called with each line as the log shows it, masked, and with the command in it when the runner acts on one. */
  onLine?: (
    line: string,
    source: 'stdout' | 'stderr',
    command: WorkflowCommand | undefined,
    stage: Stage
  ) => void
  /** Called with stdout and stderr as they come, raw. */
  onOutput?: (chunk: string, source: 'stdout' | 'stderr', stage: Stage) => void
  /** How the cancel ladder waits; default: real time. */
  wait?: (ms: number) => Promise<unknown>
}

export type Stage = 'main' | 'post'
export type Conclusion = 'success' | 'failure' | 'cancelled'

/** What one stage, main or post, left behind. */
export interface StageResult {
  /** As a shell would count it: 128 + n when signal n ended the process. */
  exitCode: number
  signal: NodeJS.Signals | null
  /** How the step would be marked. */
  conclusion: Conclusion
  stdout: string
  stderr: string
  outputs: Record<string, string>
  /** The intra-action state as post sees it, without the `STATE_` prefix. */
  state: Record<string, string>
  /** What the stage put into GITHUB_ENV. */
  env: Record<string, string>
  /** What the stage put into GITHUB_PATH. */
  path: string[]
  /** The job summary, masked. */
  summary: string
  /** Values that ::add-mask:: made secret, in both stages so far. */
  masks: string[]
  /** Every command the runner acted on, in the order they were read. */
  commands: WorkflowCommand[]
  /** Errors that the runner itself adds, such as a file command it cannot read; each fails the step. */
  errors: string[]
  /** Warnings that the runner itself adds. */
  warnings: string[]
  /** Signals the process was sent. */
  signals: NodeJS.Signals[]
}

/** What a whole run left behind: main's result, and post's when the action has a post that ran. */
export interface RunResult extends StageResult {
  post?: StageResult
}

/** A run under way. */
export interface Run {
  readonly result: Promise<RunResult>
  /** Cancels as GitHub does: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, to that process only; then post runs. */
  cancel(): void
  /** The runner's own machine goes away: the same ladder, and no post. */
  shutdown(): void
}

interface Manifest {
  inputs?: Record<string, { default?: unknown; deprecationMessage?: string } | null>
  runs: { main: string; post?: string; 'post-if'?: string; using: string }
}

const defaults: GitHubContext = {
  repository: 'octo-org/shop',
  sha: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345',
  ref: 'refs/heads/main',
  workflow: 'Deploy',
  job: 'deploy',
  runId: '8123456789',
  runNumber: '42',
  runAttempt: '1',
  actor: 'octocat',
  serverUrl: 'https://github.com',
  // Nobody listens on the discard port: an action that calls GitHub without being given one hears "refused" at once.
  apiUrl: 'http://127.0.0.1:9',
  token: ''
}

/** Starts an action; `result` settles when main and post are over. */
export function startAction(options: RunOptions): Run {
  const job = new Job(options)
  return {
    result: job.run(),
    cancel: () => job.stop('cancel'),
    shutdown: () => job.stop('shutdown')
  }
}

/** Runs an action to its end. */
export async function runAction(options: RunOptions): Promise<RunResult> {
  return await startAction(options).result
}

class Job {
  private readonly action: string
  private readonly manifest: Manifest
  private readonly root: string
  private readonly workspace: string
  private readonly temp: string
  private readonly github: GitHubContext
  private stopped: 'cancel' | 'shutdown' | undefined
  private interrupt: (() => void) | undefined
  private readonly masks = new Set<string>()

  constructor(private readonly options: RunOptions) {
    this.action = resolve(options.action)
    this.manifest = readManifest(this.action)
    this.github = { ...defaults, ...options.github }
    this.root = options.directory ?? mkdtempSync(join(tmpdir(), 'runner-'))
    const name = this.github.repository.split('/').at(-1)!
    this.workspace = join(this.root, 'work', name, name)
    this.temp = join(this.root, 'work', '_temp')
  }

  stop(how: 'cancel' | 'shutdown'): void {
    this.stopped ??= how
    if (how === 'shutdown') this.stopped = how
    this.interrupt?.()
  }

  async run(): Promise<RunResult> {
    try {
      this.prepare()
      const main = await this.stage('main', this.manifest.runs.main, {}, {}, [])
      const { post, 'post-if': condition } = this.manifest.runs
      if (post === undefined || this.stopped === 'shutdown') return main
      if (!holds(condition ?? 'always()', main.conclusion)) return main
      // A cancel ends the step it hits; post has a ladder of its own only if it is cancelled again.
      this.stopped = undefined
      return { ...main, post: await this.stage('post', post, main.state, main.env, main.path) }
    } finally {
      if (this.options.directory === undefined) rmSync(this.root, { recursive: true, force: true })
    }
  }

  private prepare(): void {
    for (const dir of [this.workspace, join(this.temp, '_runner_file_commands'), join(this.root, 'home')]) {
      mkdirSync(dir, { recursive: true })
    }
    for (const [path, text] of Object.entries(this.options.files ?? {})) {
      mkdirSync(dirname(join(this.workspace, path)), { recursive: true })
      writeFileSync(join(this.workspace, path), text)
    }
    mkdirSync(join(this.temp, '_github_workflow'), { recursive: true })
    writeFileSync(this.eventPath(), JSON.stringify(this.options.event?.payload ?? {}, null, 2))
  }

  private eventPath(): string {
    return join(this.temp, '_github_workflow', 'event.json')
  }

  private async stage(
    stage: Stage,
    script: string,
    state: Record<string, string>,
    added: Record<string, string>,
    path: string[]
  ): Promise<StageResult> {
    const files = this.commandFiles(stage)
    const { env: inputEnv, warnings } = this.inputs()
    const given = this.options.env ?? {}
    const node = this.options.node ?? process.execPath
    const env = {
      ...this.jobEnvironment(node, path),
      ...(typeof given === 'function' ? given(stage) : given),
      ...added,
      ...Object.fromEntries(Object.entries(state).map(([key, value]) => [`STATE_${key}`, value])),
      ...inputEnv,
      GITHUB_OUTPUT: files.output,
      GITHUB_STATE: files.state,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_ENV: files.env,
      GITHUB_PATH: files.path,
      SIMULATOR_SIGNALS: files.signals
    }
    const result: StageResult = {
      exitCode: 0,
      signal: null,
      conclusion: 'success',
      stdout: '',
      stderr: '',
      outputs: {},
      state: { ...state },
      env: {},
      path: [],
      summary: '',
      masks: [],
      commands: [],
      errors: [],
      warnings: stage === 'main' ? warnings : [],
      signals: []
    }
    await this.process(stage, node, join(this.action, script), env, files.signals, result)
    this.readFiles(files, result)
    result.masks = [...this.masks]
    if (this.stopped !== undefined || result.signals.length > 0) result.conclusion = 'cancelled'
    else if (result.exitCode !== 0 || result.errors.length > 0) result.conclusion = 'failure'
    return result
  }

  private commandFiles(
    stage: Stage
  ): Record<'output' | 'state' | 'summary' | 'env' | 'path' | 'signals', string> {
    const file = (prefix: string): string => {
      const path = join(this.temp, '_runner_file_commands', `${prefix}_${stage}`)
      writeFileSync(path, '')
      return path
    }
    return {
      output: file('set_output'),
      state: file('save_state'),
      summary: file('step_summary'),
      env: file('set_env'),
      path: file('add_path'),
      signals: file('signals')
    }
  }

  /** The environment of a step, from nothing: what this process happens to have set does not leak in. */
  private jobEnvironment(node: string, path: string[]): Record<string, string> {
    const g = this.github
    const [owner] = g.repository.split('/')
    return {
      PATH: [...path.toReversed(), dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: join(this.root, 'home'),
      LANG: 'C.UTF-8',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION: '__self',
      GITHUB_ACTION_PATH: this.action,
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_EVENT_NAME: this.options.event?.name ?? 'push',
      GITHUB_EVENT_PATH: this.eventPath(),
      GITHUB_REPOSITORY: g.repository,
      GITHUB_REPOSITORY_OWNER: owner!,
      GITHUB_SHA: g.sha,
      GITHUB_REF: g.ref,
      GITHUB_REF_NAME: g.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
      GITHUB_REF_TYPE: g.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
      GITHUB_WORKFLOW: g.workflow,
      GITHUB_JOB: g.job,
      GITHUB_RUN_ID: g.runId,
      GITHUB_RUN_NUMBER: g.runNumber,
      GITHUB_RUN_ATTEMPT: g.runAttempt,
      GITHUB_ACTOR: g.actor,
      GITHUB_TRIGGERING_ACTOR: g.actor,
      GITHUB_SERVER_URL: g.serverUrl,
      GITHUB_API_URL: g.apiUrl,
      GITHUB_GRAPHQL_URL: `${g.apiUrl}/graphql`,
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
      RUNNER_NAME: 'simulated',
      RUNNER_ENVIRONMENT: 'github-hosted',
      RUNNER_TEMP: this.temp,
      RUNNER_TOOL_CACHE: join(this.root, 'tools'),
      RUNNER_WORKSPACE: dirname(this.workspace)
    }
  }

  private inputs(): { env: Record<string, string>; warnings: string[] } {
    const warnings: string[] = []
    const given = this.options.inputs ?? {}
    const declared = this.manifest.inputs ?? {}
    const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]))
    const values = new Map<string, string>()
    for (const [name, value] of Object.entries(given)) {
      values.set(name.toLowerCase(), value)
      const declaredName = names.get(name.toLowerCase())
      const deprecated = declaredName === undefined ? undefined : declared[declaredName]?.deprecationMessage
      if (deprecated !== undefined) {
        warnings.push(`Input '${name}' has been deprecated with message: ${deprecated}`)
      }
    }
    const unexpected = Object.keys(given).filter((name) => !names.has(name.toLowerCase()))
    if (unexpected.length > 0) {
      const list = (all: string[]): string => `'${all.join("', '")}'`
      warnings.push(
        `Unexpected input(s) ${list(unexpected)}, valid inputs are [${list(Object.keys(declared))}]`
      )
    }
    for (const [name, input] of Object.entries(declared)) {
      if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), this.evaluate(input?.default))
    }
    const env = [...values].map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value
    ])
    return { env: Object.fromEntries(env) as Record<string, string>, warnings }
  }

  /** A default of action.yml. The token is the one expression that this runner knows. */
  private evaluate(value: unknown): string {
    if (value === undefined || value === null) return ''
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new Error(`action.yml: a default must be a string, not ${JSON.stringify(value)}`)
    }
    return String(value).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      if (expression === 'github.token') return this.github.token
      throw new Error(`action.yml: this runner cannot evaluate the default \${{ ${expression} }}`)
    })
  }

  private async process(
    stage: Stage,
    node: string,
    script: string,
    env: Record<string, string>,
    signals: string,
    result: StageResult
  ): Promise<void> {
    if (!existsSync(script)) throw new Error(`action.yml names ${script}, which is not there`)
    const preloads = (this.options.preload ?? []).flatMap((file) => ['--require', file])
    const child = spawn(node, [...preloads, script], {
      cwd: this.workspace,
      env,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const reader = new CommandReader()
    for (const source of ['stdout', 'stderr'] as const) {
      const lines = new LineSplitter((line) => {
        const command = reader.read(line, source)
        if (command) this.act(command, result)
        this.options.onLine?.(this.masked(line), source, command, stage)
      })
      child[source].setEncoding('utf8')
      child[source].on('data', (chunk: string) => {
        result[source] += chunk
        this.options.onOutput?.(chunk, source, stage)
        lines.push(chunk)
      })
      child[source].on('end', () => lines.end())
    }
    let over = false
    const kill = (signal: NodeJS.Signals): void => {
      if (over) return
      appendFileSync(signals, `${signal}\n`)
      child.kill(signal)
    }
    const wait = this.options.wait ?? ((ms: number) => sleep(ms, undefined, { ref: false }))
    this.interrupt = () => {
      this.interrupt = undefined
      kill('SIGINT')
      void wait(7500)
        .then(() => kill('SIGTERM'))
        .then(() => wait(2500))
        .then(() => kill('SIGKILL'))
    }
    await new Promise<void>((done, failed) => {
      child.on('error', failed)
      child.on('close', (code, signal) => {
        over = true
        this.interrupt = undefined
        result.signal = signal
        result.exitCode = code ?? 128 + constants.signals[signal!]
        done()
      })
      if (this.stopped !== undefined) this.interrupt?.()
    })
  }

  private masked(text: string): string {
    const longestFirst = [...this.masks].toSorted((a, b) => b.length - a.length)
    return longestFirst.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
  }

  /** What a command on stdout or stderr does to the step. */
  private act(command: WorkflowCommand, result: StageResult): void {
    result.commands.push(command)
    const refuse = (why: string): void => {
      result.errors.push(`Unable to process command '${command.line}' successfully.`, why)
    }
    const { name } = command.properties
    switch (command.name) {
      case 'add-mask':
        for (const value of [command.data, ...linesOf(command.data)]) {
          if (value.trim() !== '') this.masks.add(value)
        }
        return
      case 'set-output':
      case 'save-state':
        if (!name) {
          refuse(`Required field 'name' is missing in ##[${command.name}] command.`)
          return
        }
        set(command.name === 'set-output' ? result.outputs : result.state, name, command.data)
        return
      case 'set-env':
      case 'add-path': {
        refuse(
          `The \`${command.name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`.`
        )
        return
      }
    }
  }

  private readFiles(files: ReturnType<Job['commandFiles']>, result: StageResult): void {
    const attempt = (what: string, read: () => void): void => {
      try {
        read()
      } catch (error) {
        result.errors.push(
          `Unable to process file command '${what}' successfully.`,
          error instanceof Error ? error.message : String(error)
        )
      }
    }
    const text = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')
    attempt('path', () => result.path.push(...linesOf(text(files.path)).filter((line) => line !== '')))
    attempt('env', () => {
      for (const [key, value] of pairsOf(text(files.env))) {
        if (key.toUpperCase() === 'NODE_OPTIONS') {
          result.errors.push(`Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`)
        } else result.env[key] = value
      }
    })
    attempt('step_summary', () => {
      const summary = text(files.summary)
      const size = Buffer.byteLength(summary)
      if (size <= 1024 * 1024) result.summary = this.masked(summary)
      else {
        // Only the upload fails: GitHub shows the error and leaves the step as it is.
        result.warnings.push(
          `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.floor(size / 1024)}k.`
        )
      }
    })
    attempt('state', () => {
      for (const [key, value] of pairsOf(text(files.state))) set(result.state, key, value)
    })
    attempt('output', () => {
      for (const [key, value] of pairsOf(text(files.output))) set(result.outputs, key, value)
    })
    result.signals.push(...(linesOf(text(files.signals)) as NodeJS.Signals[]))
  }
}

/** Sets a key as a dictionary without case does: the first spelling stays, the last value wins. */
function set(all: Record<string, string>, key: string, value: string): void {
  const same = Object.keys(all).find((one) => one.toLowerCase() === key.toLowerCase())
  all[same ?? key] = value
}

class LineSplitter {
  private rest = ''
  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: string): void {
    this.rest += chunk
    // A CR at the very end may be half of a CRLF: it waits for the next chunk.
    const parts = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = parts.pop()!
    parts.forEach(this.onLine)
  }

  end(): void {
    linesOf(this.rest).forEach(this.onLine)
    this.rest = ''
  }
}

function readManifest(action: string): Manifest {
  const file = ['action.yml', 'action.yaml']
    .map((name) => join(action, name))
    .find((path) => existsSync(path))
  if (file === undefined) throw new Error(`No action.yml in ${action}`)
  const manifest = parse(readFileSync(file, 'utf8')) as Partial<Manifest> | null
  const using = manifest?.runs?.using
  if (!manifest?.runs?.main || !/^node\d+$/.test(using ?? '')) {
    throw new Error(`${file}: runs.using must be a node version and runs.main a script`)
  }
  return manifest as Manifest
}

/** Whether a `post-if` holds: status functions with `!`, `&&`, `||` and parentheses. */
function holds(condition: string, job: Conclusion): boolean {
  const status: Record<string, boolean> = {
    'always()': true,
    'success()': job === 'success',
    'failure()': job === 'failure',
    'cancelled()': job === 'cancelled',
    true: true,
    false: false
  }
  const expression = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const tokens = expression.match(/[a-z]+\(\)|true|false|&&|\|\||!|\(|\)|\S/g) ?? []
  let at = 0
  const wrong = (): never => {
    throw new Error(`action.yml: this runner cannot evaluate post-if: ${condition}`)
  }
  const unary = (): boolean => {
    const token = tokens[at++] ?? wrong()
    if (token === '!') return !unary()
    if (token === '(') {
      const inner = either()
      return tokens[at++] === ')' ? inner : wrong()
    }
    return status[token] ?? wrong()
  }
  const both = (): boolean => {
    let value = unary()
    while (tokens[at] === '&&') {
      at++
      value = unary() && value
    }
    return value
  }
  const either = (): boolean => {
    let value = both()
    while (tokens[at] === '||') {
      at++
      value = both() || value
    }
    return value
  }
  const value = either()
  return at === tokens.length ? value : wrong()
}
