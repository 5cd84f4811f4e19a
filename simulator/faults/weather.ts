/** Bad weather: faults at random, the same ones for the same seed. */
import { createHash } from 'node:crypto'
import type { Strike } from '../faults.js'

/** Out of eight blows: half throttling, a quarter 500s, the rest resets, one of two after the work was done. */
const blows: readonly Strike[] = [
  { kind: 'throttle' },
  { kind: 'throttle' },
  { kind: 'throttle' },
  { kind: 'throttle' },
  { kind: 'server-error' },
  { kind: 'server-error' },
  { kind: 'connection-reset', when: 'before' },
  { kind: 'connection-reset', when: 'after' }
]

/**
 * Decides each call by seed, operation and how many such calls came before, so that calls of other operations, which
 * may arrive in any order, change nothing.
 */
export class Weather {
  private readonly seen = new Map<string, number>()

  constructor(
    private readonly seed: number,
    private readonly rate: number
  ) {
    if (!(rate >= 0 && rate <= 1)) throw new Error(`A rate is from 0 to 1, not ${rate}`)
  }

  /** What strikes the next call of this operation, if anything. */
  strike(operation: string): Strike | undefined {
    const nth = (this.seen.get(operation) ?? 0) + 1
    this.seen.set(operation, nth)
    const bytes = createHash('sha256').update(`${this.seed} ${operation} ${nth}`).digest()
    if (bytes.readUInt32BE(0) / 2 ** 32 >= this.rate) return undefined
    return blows[bytes.readUInt32BE(4) % blows.length]
  }
}
