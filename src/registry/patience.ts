import { RegistryFault, type Clock } from '../ports.js'

/** How long trouble that passes is waited out, on our clock. */
export interface Waiting {
  clock: Clock
  signal?: AbortSignal
  /** Milliseconds; 0: the first failure is told. */
  patienceMs: number
}

const firstDelayMs = 500
const longestDelayMs = 20_000

/** True for trouble that the same request may not meet a moment later. */
export function isPassing(error: unknown): error is RegistryFault {
  return error instanceof RegistryFault && (error.kind === 'unreachable' || error.kind === 'limited')
}

/** A registry that asks for a longer pause than this has given its answer, milliseconds. */
const longestPauseMs = 60_000

/** Whether to try once more in the middle of a copy: the trouble may pass, and within a time that is worth waiting. */
export function isWorthWaiting(error: unknown, failures: number, most: number): error is RegistryFault {
  return isPassing(error) && failures < most && (error.retryAfterMs ?? 0) <= longestPauseMs
}

/**
 * Makes a request, and again while it is not answered or too many were made, with growing delays and jitter (the
 * same as for AWS), or after the pause that the registry asks for, until the patience ends. Throws the last fault.
 */
export async function persist<T>({ clock, signal, patienceMs }: Waiting, send: () => Promise<T>): Promise<T> {
  const start = clock.now()
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted()
    try {
      return await send()
    } catch (error) {
      signal?.throwIfAborted()
      if (!isPassing(error)) throw error
      const delay = delayOf(attempt, clock, error.retryAfterMs)
      if (clock.now() + delay - start > patienceMs) throw error
      await clock.sleep(delay, signal)
    }
  }
}

/** The pause before the next attempt, milliseconds: what was asked for, else half fixed and half by chance. */
export function delayOf(attempt: number, clock: Clock, askedMs = 0): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
  return Math.max(askedMs, ceiling / 2 + (ceiling / 2) * clock.random())
}

/** Retry-After (RFC 9110, 10.2.3): seconds or a date; in milliseconds from `now`, undefined when it says nothing. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d{1,6}\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
