import { taskId } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Observation } from '../domain/observation.js'
import { primaryOf, type Service } from '../domain/service.js'
import { sayFailure } from '../judge/causes.js'
import { readsDetails } from '../judge/next-look.js'
import type { Policy } from '../judge/policy.js'
import { readStop } from '../judge/stop-reason.js'
import { freshMemory, remember, type Memory, type Subject } from '../judge/memory.js'
import { judge, type Verdict } from '../judge/verdict.js'
import type { Ports, ServiceName } from '../ports.js'
import { Lookout } from './observe.js'
import { Sight } from './sight.js'

/** How watching ended: the last verdict, and all that led to it. */
export interface Watched {
  verdict: Exclude<Verdict, { state: 'waiting' }>
  memory: Memory
  seen: Observation
}

/**
 * Watches a deployment until the judge has a final word: healthy for the whole bake time, failing,
 * superseded or inconclusive. Observes, tells what changed, asks the judge, sleeps. Rejects only when the
 * signal is aborted, or for a bug.
 */
export async function watch(
  ports: Ports,
  name: ServiceName,
  subject: Subject,
  policy: Policy,
  pollMs: number,
  first: Service,
  signal?: AbortSignal
): Promise<Watched> {
  const lookout = new Lookout(ports, name)
  const teller = new Teller(ports, subject)
  const sight = new Sight(ports, policy.deadline)
  const sightOfDetails = new Sight(ports, policy.deadline)
  const spending = new Spending(ports)
  let memory = freshMemory()
  let seen: Observation = blank(ports, first)
  let wanted = true

  for (;;) {
    const affordable = spending.begin(pollMs, seen.service.desired)
    const tries = wanted || affordable
    let detailed = false
    try {
      seen = await lookout.look()
      sight.regained()
    } catch (error) {
      signal?.throwIfAborted()
      const lost = sight.lost(error)
      if (lost) return { verdict: lost, memory, seen }
      await ports.clock.sleep(pollMs, signal)
      continue
    }
    try {
      if (tries) seen = await lookout.details(seen)
      if (tries) sightOfDetails.regained()
      detailed = tries
    } catch (error) {
      // The service itself is in sight; what it says still counts.
      signal?.throwIfAborted()
      const lost = sightOfDetails.lost(error)
      if (lost) return { verdict: lost, memory: remember(subject, memory, seen), seen }
    }
    spending.end(detailed, teller.stateChanged(seen))
    memory = remember(subject, memory, seen)
    const verdict = judge(policy, subject, memory, seen)
    teller.tell(memory, seen, verdict)
    const final = verdict.state !== 'waiting' && !(verdict.state === 'healthy' && verdict.bakeLeftMs > 0)
    // A last word rests on everything that can be read, not on the counts alone.
    if (final && detailed) return { verdict, memory, seen }
    wanted = final
    if (final && !tries) continue
    const left = verdict.state === 'healthy' && verdict.bakeLeftMs > 0 ? verdict.bakeLeftMs : pollMs
    await ports.clock.sleep(Math.min(pollMs, left), signal)
  }
}

function blank(ports: Ports, service: Service): Observation {
  return { at: ports.clock.now(), service, unreadableTargetGroups: [], tasksReadable: true }
}

/** Keeps count of the requests of the last minute, and of what a look with details takes. */
class Spending {
  private detailRequests = 0
  private detailsAt = -Infinity
  private moved = false
  private began = 0

  constructor(private readonly ports: Ports) {}

  /** A look begins: says whether it can afford tasks and targets. */
  begin(pollMs: number, desired: number): boolean {
    this.began = this.ports.clock.now()
    const lastMinute = this.ports.requestsSince(this.began - 60_000)
    const { detailRequests, moved } = this
    const sinceDetails = this.began - this.detailsAt
    return readsDetails({ lastMinute, detailRequests, sinceDetails, moved }, pollMs, desired)
  }

  /** The look has been made; `moved` when ECS moved the deployment to another state. */
  end(detailed: boolean, moved: boolean): void {
    if (detailed) {
      // All that was sent at or after its beginning, but for the one DescribeServices of every look.
      this.detailRequests = Math.max(0, this.ports.requestsSince(this.began - 1) - 1)
      this.detailsAt = this.began
    }
    this.moved = moved && !detailed
  }
}

/** Tells each thing once: rows when a number changed, tasks that stopped, events of the service. */
class Teller {
  private readonly toldTasks = new Set<string>()
  private readonly toldEvents = new Set<string>()
  private row = ''
  private rollout = ''
  private baking = false

  constructor(
    private readonly ports: Ports,
    private readonly subject: Subject
  ) {}

  tell(memory: Memory, seen: Observation, verdict: Verdict): void {
    this.tellEvents(seen)
    this.tellTasks(memory, seen)
    const what = sayVerdict(verdict)
    const row = JSON.stringify([memory.counts, verdict.state === 'healthy' ? 'healthy' : what])
    if (row !== this.row) {
      const elapsedMs = seen.at - this.subject.since
      this.ports.announce({ code: 'rollout', elapsedMs, counts: memory.counts, what, first: this.row === '' })
    }
    if (this.baking && verdict.state === 'waiting')
      this.ports.announce({ code: 'note', text: 'No longer healthy; the bake time starts anew when it is.' })
    this.baking = verdict.state === 'healthy'
    this.row = row
  }

  /** True when ECS moved the deployment to another state since the last call. */
  stateChanged(seen: Observation): boolean {
    const primary = primaryOf(seen.service)
    const now = `${primary?.id ?? ''} ${primary?.rolloutState ?? ''}`
    const changed = this.rollout !== '' && now !== this.rollout
    this.rollout = now
    return changed
  }

  private tellEvents(seen: Observation): void {
    for (const event of [...seen.service.events].reverse()) {
      if (event.at < this.subject.since || this.toldEvents.has(event.id)) continue
      this.toldEvents.add(event.id)
      this.ports.announce({ code: 'service-event', eventAt: event.at, text: event.message })
    }
  }

  private tellTasks(memory: Memory, seen: Observation): void {
    for (const task of seen.tasks ?? []) {
      if (task.startedBy !== this.subject.deploymentId || this.toldTasks.has(task.arn)) continue
      const failure = memory.failed.get(task.arn)
      if (!failure && task.lastStatus !== 'STOPPED') continue
      if (task.stoppedAt !== undefined && task.stoppedAt < this.subject.since) continue
      this.toldTasks.add(task.arn)
      const text = sayFailure(failure ?? { task })
      if (failure)
        this.ports.announce({ code: 'task-failed', task: taskId(task.arn), reasonCode: failure.code, text })
      else if (readStop(task).kind !== 'failed')
        this.ports.announce({ code: 'task-stopped', task: taskId(task.arn), text })
    }
  }
}

function sayVerdict(verdict: Verdict): string {
  switch (verdict.state) {
    case 'waiting':
      return `waiting for ${verdict.what}`
    case 'healthy':
      return verdict.bakeLeftMs > 0
        ? `healthy; must stay so for ${sayDuration(verdict.bakeLeftMs)}`
        : 'healthy'
    case 'failing':
      return `failing: ${verdict.detail}`
    case 'superseded':
      return `superseded by ${verdict.by.id}`
    case 'inconclusive':
      return `inconclusive: ${verdict.what}`
  }
}
