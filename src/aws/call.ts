import type { AwsFault, Clock } from '../ports.js'
import { toFault } from './errors.js'

/** Patience with throttling and a network that fails, in milliseconds, before the caller is told. */
export interface Patience {
  clock: Clock
  signal?: AbortSignal
  patienceMs: number
  /** Told of every request that is sent. */
  count: () => unknown
  /** Told of every answer that was throttling. */
  throttled?: () => unknown
}

const firstDelayMs = 500
const longestDelayMs = 20_000

/**
 * Makes one AWS call, and again on throttling, server errors and a failing network, with growing delays
 * and full jitter, until the patience ends. The SDK's own retries are off: they sleep on a clock that is
 * not ours. A write that must not happen twice is sent again only when it cannot have arrived (`not-sent`), or
 * left to the caller, who looks before sending again (`never`).
 * Throws AwsFault.
 */
export async function call<T>(
  operation: string,
  patience: Patience,
  send: () => Promise<T>,
  again: 'any' | 'not-sent' | 'never' = 'any'
): Promise<T> {
  const { clock, signal, patienceMs } = patience
  const start = clock.now()
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted()
    try {
      patience.count()
      return await send()
    } catch (error) {
      signal?.throwIfAborted()
      const fault = toFault(operation, error)
      if (fault.kind === 'throttled') patience.throttled?.()
      if (!isPassing(fault) || again === 'never' || (again === 'not-sent' && mayHaveArrived(error, fault)))
        throw fault
      const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
      const delay = ceiling / 2 + (ceiling / 2) * clock.random()
      if (clock.now() + delay - start > patienceMs) throw fault
      await clock.sleep(delay, signal)
    }
  }
}

/** False when AWS refused the request by throttling, or no connection came about. */
function mayHaveArrived(error: unknown, fault: AwsFault): boolean {
  if (fault.kind === 'throttled') return false
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return !/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
}

/** True for trouble that the same call may not meet a moment later. */
function isPassing(fault: AwsFault): boolean {
  return fault.kind === 'throttled' || fault.kind === 'unreachable'
}
