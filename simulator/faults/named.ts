/** Faults by name, for stories and for `npm run simulate -- --fault NAME[:OPERATION]`. */
import type { Faults, FaultRule } from '../faults.js'

/** A fault that can be ordered by its name. */
export interface NamedFault {
  /** What it does, for lists. */
  about: string
  /** Its rules, from a moment of virtual time (epoch ms) on. */
  rules?: (now: number) => FaultRule[]
  /** Seed and rate of its weather. */
  weather?: [seed: number, rate: number]
}

export const namedFaults: Readonly<Record<string, NamedFault>> = {
  throttle: {
    about: 'every call is throttled for 20 seconds',
    rules: (now) => [{ fault: { kind: 'throttle' }, until: now + 20_000 }]
  },
  'throttle-once': {
    about: 'the first call is throttled',
    rules: () => [{ fault: { kind: 'throttle' }, calls: 1 }]
  },
  'server-error': {
    about: 'the first two calls get a 500',
    rules: () => [{ fault: { kind: 'server-error' }, calls: 2 }]
  },
  reset: {
    about: 'the first connection is reset before anything is done',
    rules: () => [{ fault: { kind: 'connection-reset' }, calls: 1 }]
  },
  'lost-answer': {
    about: 'the first call is done, and its answer lost',
    rules: () => [{ fault: { kind: 'connection-reset', when: 'after' }, calls: 1 }]
  },
  silence: {
    about: 'the first call is never answered',
    rules: () => [{ fault: { kind: 'silence' }, calls: 1 }]
  },
  slow: { about: 'every answer takes three seconds', rules: () => [{ fault: { kind: 'slow', ms: 3000 } }] },
  truncated: {
    about: 'the first answer is half a body',
    rules: () => [{ fault: { kind: 'malformed', how: 'truncated' }, calls: 1 }]
  },
  cut: {
    about: 'the first answer ends in the middle, with its connection',
    rules: () => [{ fault: { kind: 'malformed', how: 'cut' }, calls: 1 }]
  },
  'access-denied': {
    about: 'no identity-based policy allows it',
    rules: () => [{ fault: { kind: 'access-denied' } }]
  },
  'expired-token': {
    about: 'the security token has expired',
    rules: () => [{ fault: { kind: 'expired-token' } }]
  },
  stale: {
    about: 'reads lag ten seconds behind writes',
    rules: () => [{ fault: { kind: 'stale', seconds: 10 } }]
  },
  weather: { about: 'one call in ten meets throttling, a 500 or a reset', weather: [1, 0.1] },
  storm: { about: 'three calls in ten do', weather: [1, 0.3] }
}

/**
 * Orders a fault by its name from now (epoch ms) on, for one operation with `NAME:OPERATION`. Throws, with the names
 * there are, for a name that is none.
 */
export function orderFault(faults: Faults, order: string, now: number): void {
  const [name = '', operation] = order.split(':')
  const found = Object.hasOwn(namedFaults, name) ? namedFaults[name] : undefined
  if (found === undefined)
    throw new Error(
      `There is no fault "${name}". The faults are:\n${Object.keys(namedFaults)
        .map((one) => `  ${one}`)
        .join('\n')}`
    )
  if (found.weather !== undefined) {
    if (operation !== undefined) throw new Error(`The fault "${name}" strikes any operation.`)
    faults.weather(...found.weather)
  }
  for (const rule of found.rules?.(now) ?? [])
    faults.add(operation === undefined ? rule : { ...rule, operation })
}
