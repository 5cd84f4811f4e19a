import type { Observation } from '../domain/observation.js'
import type { Service } from '../domain/service.js'
import { expectedAt, hasCome } from '../judge/next-look.js'
import type { Policy } from '../judge/policy.js'
import { freshMemory, remember, type Memory, type Subject } from '../judge/memory.js'
import { judge, type Verdict } from '../judge/verdict.js'
import { AwsFault, NotFound, type Ports, type ServiceName } from '../ports.js'
import { Lookout } from './observe.js'
import { Sight } from './sight.js'
import { Spending } from './spending.js'
import { Teller } from './teller.js'

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
  const lookout = new Lookout(ports, name, { since: subject.since, alarms: policy.alarms ?? [] })
  const teller = new Teller(ports, subject, policy)
  const sight = new Sight(ports, policy.deadline)
  const sightOfDetails = new Sight(ports, policy.deadline)
  const sightOfAlarms = new Sight(ports, policy.deadline)
  const spending = new Spending(ports, subject.deploymentId)
  let memory = freshMemory()
  let seen: Observation = blank(ports, first)
  const lookAgain = async (): Promise<Watched | undefined> => {
    const again = await lookout.details(await lookout.look())
    const known = remember(subject, memory, again)
    const verdict = judge(policy, subject, known, again)
    if (!isFinal(verdict)) return undefined
    teller.tell(known, again, verdict)
    return { verdict, memory: known, seen: again }
  }

  for (;;) {
    try {
      seen = await lookout.look()
      if (spending.wantsAlarms(lookout.alarmsAt, seen.service.desired)) seen = await lookout.withAlarms(seen)
      sight.regained()
    } catch (error) {
      signal?.throwIfAborted()
      const lost = sight.lost(error)
      if (lost) return { verdict: lost, memory, seen }
      const gap = spending.gap(pollMs, seen.service.desired)
      await ports.clock.sleep(Math.min(gap, untilEnd(policy, ports.clock.now())), signal)
      continue
    }
    const moments = expectedAt(subject, memory, seen, policy)
    const expected = hasCome(moments, spending.lastDetails, seen.at)
    const wants = spending.wants(seen, { expected, unsettled: memory.whyNot.length > 0 })
    // A last word rests on everything that can be read, not on the counts alone.
    const counted = remember(subject, memory, seen)
    let detailed = false
    if (wants || isFinal(judge(policy, subject, counted, seen))) {
      try {
        seen = await lookout.details(seen)
        sightOfDetails.regained()
        detailed = true
      } catch (error) {
        // The service itself is in sight; what it says still counts.
        signal?.throwIfAborted()
        const lost = sightOfDetails.lost(error)
        if (lost) return { verdict: lost, memory: counted, seen }
      }
    }
    if (detailed) spending.detailsRead(seen)
    memory = detailed ? remember(subject, memory, seen) : counted
    const verdict = judge(policy, subject, memory, seen)
    teller.tell(memory, seen, verdict)
    const missed = detailed ? lookout.missed : undefined
    if (detailed && !missed) sightOfAlarms.regained()
    const open = verdict.state === 'waiting' || verdict.state === 'healthy'
    const lost = missed && open ? sightOfAlarms.lost(missed) : undefined
    if (lost && policy.alarmsAsked === true) return { verdict: lost, memory, seen }
    if (lost) {
      lookout.giveUpAlarms()
      const text = `The alarms of the service cannot be read (${lost.what}); ECS watches them all the same.`
      ports.announce({ code: 'warning', text })
    }
    // A green word waits for what was refused just now and is not given up.
    const blind = lookout.missed !== undefined || (seen.tasksReadable && !seen.tasks)
    if (detailed && isFinal(verdict) && !(verdict.state === 'healthy' && blind)) {
      const last = { verdict, memory, seen }
      return verdict.state === 'failing' && isUnsure(memory) ? await lookOnceMore(last, lookAgain) : last
    }
    const gap = spending.gap(pollMs, seen.service.desired)
    const left = verdict.state === 'healthy' && verdict.bakeLeftMs > 0 ? verdict.bakeLeftMs : gap
    await ports.clock.sleep(Math.min(gap, left, untilEnd(policy, ports.clock.now())), signal)
  }
}

/** How long until patience ends, or the run; milliseconds. Neither is slept over. */
function untilEnd({ deadline, end = deadline }: Policy, now: number): number {
  return Math.min(...[deadline, end].filter((at) => at > now).map((at) => at - now), Infinity)
}

/** The failure is sure, how the health check failed is not: an event that tells it may be new since. */
function isUnsure(memory: Memory): boolean {
  return [...memory.failed.values()].some((f) => f.unsure === true)
}

async function lookOnceMore(last: Watched, look: () => Promise<Watched | undefined>): Promise<Watched> {
  try {
    return (await look()) ?? last
  } catch (error) {
    if (error instanceof AwsFault || error instanceof NotFound) return last
    throw error
  }
}

function isFinal(verdict: Verdict): verdict is Watched['verdict'] {
  return verdict.state !== 'waiting' && !(verdict.state === 'healthy' && verdict.bakeLeftMs > 0)
}

function blank(ports: Ports, service: Service): Observation {
  return { at: ports.clock.now(), service, unreadableTargetGroups: [], tasksReadable: true }
}
