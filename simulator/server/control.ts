/** The simulator's own routes: the time, and what was asked so far. */
import type { Journal } from '../journal.js'
import type { SimulatedWorld } from '../world/world.js'
import { json, type Reply } from './answers.js'

/** Where the routes of the simulator itself begin. */
export const controlPath = '/_simulator/'

/** Answers a control route; 404 for one that does not exist. */
export function control(world: SimulatedWorld, journal: Journal, route: string, body: string): Reply {
  switch (route) {
    case 'GET /_simulator/now':
      return json({ now: world.clock.now() })
    case 'GET /_simulator/journal':
      return json(journal.entries)
    case 'POST /_simulator/advance': {
      const { to, by } = JSON.parse(body) as { to?: number; by?: number }
      if (to !== undefined) world.clock.advanceTo(to)
      else if (by !== undefined) world.clock.advanceBy(by)
      return json({ now: world.clock.now() })
    }
    default:
      return json({ message: `no route ${route}` }, 404)
  }
}
