import { targetGroupName } from '../domain/arn.js'
import type { Observation, TaskLog } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { logGroupOf, type JsonObject } from '../domain/task-definition.js'
import type { FailedTask } from './memory.js'
import { covered, culprit, healthCheckOf, memoryLimit, platformOf, reasonText } from './names.js'
import { startFix, startSentence } from './words-start.js'
import { describeTarget } from './words-target.js'

/** A cause in words: one sentence, and what to do. */
export interface Told {
  code: ReasonCode
  sentence: string
  fix: string
}

/** Exit codes that mean the same everywhere. */
const exitCodes: Record<number, string> = {
  0: 'it ends by itself, as if its work were done',
  126: 'the command that it starts may not be executed',
  127: 'the command that it starts is not in the image',
  134: 'it aborted (SIGABRT)',
  139: 'it crashed (SIGSEGV)',
  143: 'it was asked to stop (SIGTERM)'
}

/** A failed task's cause in words, with the names that the definition and the service give. */
export function describeFailure(
  code: ReasonCode,
  failure: FailedTask,
  seen: Observation,
  definition: JsonObject,
  logs: readonly TaskLog[] = []
): Told {
  const { task } = failure
  const container = culprit(task)
  const name = container?.name ?? 'the container'
  const said = reasonText(task)
  const own = logs.filter((l) => l.container === name)
  const read = logHint(definition, name, own.length > 0)
  switch (code) {
    case 'container-exit': {
      const missing = /exec: "?([^":]+)"?: .*(not found|no such file|permission denied)/i.exec(said)?.[1]
      if (missing !== undefined)
        return {
          code,
          sentence: `container ${name} cannot start: its command ${covered(missing, definition)} is not in the image, or may not be executed`,
          fix: `Mend command and entryPoint of ${name} in the task definition, or put the program into the image.`
        }
      const exit = container?.exitCode
      const meaning = exit === undefined ? undefined : exitCodes[exit]
      return {
        code,
        sentence: `container ${name} exits with code ${exit ?? 'unknown'}${meaning === undefined ? '' : `: ${meaning}`}`,
        fix: exit === 127 || exit === 126 ? `Mend command and entryPoint of ${name}: ${read}` : read
      }
    }
    case 'container-oom': {
      const limit = memoryLimit(definition, name)
      return {
        code,
        sentence: `container ${name} runs out of memory${limit === '' ? '' : ` (limit ${limit})`}`,
        fix: `Give container ${name} or the task more memory than ${limit === '' ? 'now' : limit}, or find what takes it.`
      }
    }
    case 'container-killed':
      return { code, ...killed(name, definition, own, read) }
    case 'container-exec-format': {
      const wants = platformOf(definition)
      return {
        code,
        sentence: `the image of ${name} is built for another processor than ${wants} (exec format error)`,
        fix: `Build the image for ${wants} (docker build --platform ${wants}), or change runtimePlatform of the task definition.`
      }
    }
    case 'container-health-check':
      return { code, ...healthCheck(definition, failure) }
    case 'elb-health-code':
    case 'elb-health-timeout':
    case 'elb-health-unreachable':
      return describeTarget(
        code,
        failure.lastWords?.target?.group ?? groupIn(said),
        failure.lastWords,
        seen,
        logs,
        failure.heard
      )
    default: {
      const scene = { container: name, said, definition }
      return { code, sentence: startSentence(code, scene), fix: startFix(code, scene) }
    }
  }
}

/** 137 without a report of memory: a kill, whose reason may stand in the log. */
function killed(
  name: string,
  definition: JsonObject,
  logs: readonly TaskLog[],
  read: string
): Omit<Told, 'code'> {
  const line = logs
    .flatMap((l) => l.lines)
    .find((l) => /out of memory|heap|cannot allocate|memoryerror|oom/i.test(l))
  const limit = memoryLimit(definition, name)
  return line === undefined
    ? {
        sentence: `container ${name} is killed (exit code 137), and ECS reports no lack of memory`,
        fix: `Look at its memory${limit === '' ? '' : ` (limit ${limit})`}, and at what in the image sends SIGKILL or ignores SIGTERM. ${read}`
      }
    : {
        sentence: `container ${name} is killed (exit code 137), and its log speaks of memory: ${line}`,
        fix: `Give container ${name} or the task more memory${limit === '' ? '' : ` than ${limit}`}, or lower what its runtime may take.`
      }
}

/** The health check that failed: of the container that is UNHEALTHY, else of the first that has one. */
function healthCheck(definition: JsonObject, { task }: FailedTask): Omit<Told, 'code'> {
  const sick = task.containers.find((c) => c.healthStatus === 'UNHEALTHY')?.name
  const check = healthCheckOf(definition, sick)
  if (!check)
    return {
      sentence: `the container health check${sick === undefined ? '' : ` of ${sick}`} fails`,
      fix: 'Run the health check command of the task definition inside the image: it must exit 0 within its timeout.'
    }
  const command = covered(check.command, definition)
  const short = command.length > 160 ? `${command.slice(0, 160)}…` : command
  const program = covered(check.program, definition)
  return {
    sentence: `the container health check fails: container ${check.container}, ${short}`,
    fix: `Check that the image of ${check.container} has the program ${program} (slim images often have no curl or wget), and that this command exits 0 inside of it within its timeout.`
  }
}

function groupIn(said: string): string {
  const found = /\(target-group ([^)\s]+)\)/.exec(said)?.[1]
  return found === undefined ? 'unknown' : targetGroupName(found)
}

function logHint(definition: JsonObject, container: string, shown: boolean): string {
  const log = logGroupOf(definition, container)
  const what = shown
    ? `Mend what its last lines say; to read more`
    : `Read the last lines that ${container} logged`
  if (!log) return `${what}.`
  const region = log.region === undefined ? '' : ` --region ${log.region}`
  return `${what}: aws logs tail ${log.group} --since 15m${region}`
}
