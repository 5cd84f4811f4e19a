/** The simulator's own routes: the time, and what was asked so far. */
import type { Journal } from '../journal.js'
import type { Calls } from './calls.js'
import type { SimulatedWorld } from '../world/world.js'
import { json, type Reply } from './answers.js'

/** Where the routes of the simulator itself begin. */
export const controlPath = '/_simulator/'

/** No client means to go further in one step; the world would be busy for a long while. */
const furthest = 3660 * 86_400_000

/** Where time is to go, epoch ms; or what is wrong with the request. */
function moment(world: SimulatedWorld, body: string): { target: number; untilAnswer: boolean } | string {
  let asked: { to?: unknown; by?: unknown; untilAnswer?: unknown } | null
  try {
    asked = JSON.parse(body) as typeof asked
  } catch {
    return 'the body is not JSON'
  }
  const now = world.clock.now()
  const target = asked?.to ?? now + Number(asked?.by ?? NaN)
  if (typeof target !== 'number' || !Number.isFinite(target) || target > now + furthest)
    return 'say {"by": milliseconds} or {"to": epoch milliseconds}, at most ten years ahead'
  return { target, untilAnswer: asked?.untilAnswer === true }
}

/** Answers a control route; 400 for a time that is none, 404 for one that does not exist. */
export function control(
  world: SimulatedWorld,
  calls: Calls,
  journal: Journal,
  route: string,
  body: string
): Reply {
  switch (route) {
    case 'GET /_simulator/now':
      return json({ now: world.clock.now() })
    case 'GET /_simulator/journal':
      return json(journal.entries)
    case 'POST /_simulator/advance': {
      const asked = moment(world, body)
      if (typeof asked === 'string') return json({ message: asked }, 400)
      const { target, untilAnswer } = asked
      // Who waits for a slow answer wants to hear it before its time goes on.
      const stop = untilAnswer ? (calls.slow.next ?? Infinity) : Infinity
      world.clock.advanceTo(Math.min(target, stop))
      const now = world.clock.now()
      return json(stop <= target ? { now, answers: true } : { now })
    }
    default:
      return json({ message: `no route ${route}` }, 404)
  }
}
