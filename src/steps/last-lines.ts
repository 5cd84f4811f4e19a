import { taskId } from '../domain/arn.js'
import type { TaskLog } from '../domain/observation.js'
import { logGroupOf, type JsonObject } from '../domain/task-definition.js'
import type { FailedTask } from '../judge/memory.js'
import { covered, culprit, mayHaveLogs } from '../judge/names.js'
import { AwsFault, type Ports } from '../ports.js'
import { oneLine } from '../report/untrusted.js'
import type { Watched } from './watch.js'

/** One stopped task for each distinct cause, so many at most. */
const mostTasks = 3
const mostLines = 15
const longestLine = 300
const mostCharacters = 4000
/** Nobody waits longer for them: going back is more urgent. */
const patienceMs = 5000

/**
 * The last lines that the containers of failed tasks logged, of one task for each distinct cause: one line each, without
 * control characters, and with every value of the environment covered. What cannot be read is left out; a permission
 * that is missing is said once.
 */
export async function lastLines(
  ports: Ports,
  { memory, seen }: Watched,
  definition: JsonObject,
  signal?: AbortSignal
): Promise<TaskLog[]> {
  const { logs } = ports
  if (!logs) return []
  const found: TaskLog[] = []
  const enough = new AbortController()
  const read = async (): Promise<void> => {
    for (const { task, container, stream } of streams(memory, seen.service.loadBalancers, definition)) {
      const lines = await logs.lastLines(stream, mostLines, enough.signal)
      if (enough.signal.aborted) return
      const clean = bounded(
        lines.map((line) => oneLine(covered(oneLine(line, Infinity), definition), longestLine))
      )
      if (clean.length > 0) found.push({ task, container, lines: clean })
    }
  }
  const late = ports.clock.sleep(patienceMs, AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]))
  const reading = read().catch((error: unknown) => {
    if (!(error instanceof AwsFault)) throw error
    if (error.kind === 'denied')
      ports.announce({
        code: 'warning',
        text: `No permission for ${error.operation}; going on without the last lines of the containers. ${error.message}`
      })
  })
  try {
    // A sleep that is cut off by the cancel of the run is the caller's matter, after this.
    await Promise.race([reading, late.catch(() => undefined)])
  } finally {
    enough.abort()
  }
  signal?.throwIfAborted()
  return [...found]
}

/** Where to read: by convention an awslogs stream is named `prefix/container/task-id`. */
function streams(
  memory: Watched['memory'],
  loadBalancers: readonly { containerName: string }[],
  definition: JsonObject
): { task: string; container: string; stream: { group: string; stream: string; region?: string } }[] {
  const restarted = [...memory.restarts.values()]
    .filter((r) => r.ids.length > 1)
    .map(({ task, container }) => ({ task, code: 'container-exit' as const, container }))
  const failed = [...memory.failed.values(), ...memory.doomed].map((f) => ({
    task: f.task,
    code: f.code,
    container: containerOf(f, loadBalancers)
  }))
  const seen = new Set<string>()
  return [...failed, ...restarted]
    .reverse()
    .flatMap(({ task, code, container }) => {
      const log = container === undefined ? undefined : logGroupOf(definition, container)
      const key = `${code} ${container ?? ''}`
      if (!log?.prefix || container === undefined || !mayHaveLogs(code) || seen.has(key)) return []
      seen.add(key)
      const stream = `${log.prefix}/${container}/${taskId(task.arn)}`
      const region = log.region === undefined ? {} : { region: log.region }
      return [{ task: task.arn, container, stream: { group: log.group, stream, ...region } }]
    })
    .slice(0, mostTasks)
}

/** The container that speaks for a failure: behind a load balancer the one that it asks. */
function containerOf(
  { code, task }: FailedTask,
  loadBalancers: readonly { containerName: string }[]
): string | undefined {
  const asked = code.startsWith('elb-') ? loadBalancers[0]?.containerName : undefined
  return asked ?? culprit(task)?.name
}

/** The newest lines that fit. */
function bounded(lines: string[]): string[] {
  const kept: string[] = []
  let left = mostCharacters
  for (const line of lines.filter((l) => l !== '').reverse()) {
    if (line.length > left) break
    left -= line.length
    kept.unshift(line)
  }
  return kept
}
