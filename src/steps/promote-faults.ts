import { sayDuration } from '../domain/duration.js'
import { shortDigest } from '../domain/image.js'
import { Refusal, type ReasonCode } from '../domain/outcome.js'
import { AwsFault, NotFound, RegistryFault, type Ports, type Registries } from '../ports.js'
import { codeOfEcr, codeOfRegistry } from './resolve.js'

/** What promotion goes by. `until`: when it has to be over, epoch milliseconds. */
export interface Bounds {
  until?: number
  signal?: AbortSignal
}

/**
 * How long promotion may take of a run that ends at `deadline`: half of what is left, because the deployment needs the
 * rest. No patience with a registry can make the run longer than that.
 */
export function boundsOf(clock: Ports['clock'], deadline: number | undefined): Bounds {
  return deadline === undefined ? {} : { until: (clock.now() + deadline) / 2 }
}

/** What ends a promotion whose time is over; `far` says how far it came. Times in epoch milliseconds. */
export function tooLate(digest: string, to: string, began: number, now: number, far: string): Refusal {
  return new Refusal(
    [
      `promote: ${shortDigest(digest)} was not in ${to} within ${sayDuration(now - began)}, half of the time that this run had left: ${far}.`
    ],
    'stuck',
    'Run again (layers that have arrived whole are not copied again), with a longer timeout if need be.'
  )
}

/** Trouble of registries as a refusal: the service was not touched. */
export async function guarded<T>(digest: string, act: () => Promise<T>): Promise<T> {
  const refuse = (message: string, code: ReasonCode) =>
    new Refusal(
      [`promote: ${shortDigest(digest)} cannot be copied: ${message}.`],
      code,
      'Mend what is said above and run again; the service runs on as before.'
    )
  try {
    return await act()
  } catch (error) {
    if (error instanceof RegistryFault) throw refuse(error.message, codeOfRegistry(error.kind))
    if (error instanceof NotFound) throw refuse(error.message, 'image-not-found')
    if (error instanceof AwsFault && error.kind === 'rejected') throw refuse(error.message, codeOf(error))
    throw error
  }
}

/** What ECR refuses to give or to take. */
function codeOf({ errorCode }: AwsFault): ReasonCode {
  if (errorCode === 'KmsException') return 'aws-denied'
  return errorCode === 'LimitExceededException' ? 'quota' : codeOfEcr(errorCode)
}

/** The registries, or a RegistryFault where there are none. */
export function registriesOf({ registries }: Ports): Registries {
  if (!registries) throw new RegistryFault('unreachable', '', 'there are no registries to copy between')
  return registries
}
