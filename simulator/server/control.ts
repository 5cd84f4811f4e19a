/** The simulator's own routes: the time, and what was asked so far. */
import type { Journal } from '../journal.js'
import type { Calls } from './calls.js'
import type { SimulatedWorld } from '../world/world.js'
import { json, type Reply } from './answers.js'

/** Where the routes of the simulator itself begin. */
export const controlPath = '/_simulator/'

/** Answers a control route; 404 for one that does not exist. */
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
      const { to, by, untilAnswer } = JSON.parse(body) as { to?: number; by?: number; untilAnswer?: boolean }
      const target = to ?? world.clock.now() + (by ?? 0)
      // Who waits for a slow answer wants to hear it before its time goes on.
      const stop = untilAnswer === true ? (calls.slow.next ?? Infinity) : Infinity
      world.clock.advanceTo(Math.min(target, stop))
      const now = world.clock.now()
      return json(stop <= target ? { now, answers: true } : { now })
    }
    default:
      return json({ message: `no route ${route}` }, 404)
  }
}
