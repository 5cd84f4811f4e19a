import type { Ports } from '../ports.js'

/**
 * Does something with registries whose every request and pause is over at `until` (epoch ms), whatever their own patience
 * is: then it throws what `late` gives. Without `until`, or without registries, it is simply done.
 */
export async function inTime<T>(
  ports: Ports,
  until: number | undefined,
  late: () => Error,
  act: (ports: Ports) => Promise<T>
): Promise<T> {
  const { clock, registries } = ports
  if (until === undefined || !registries) return await act(ports)
  const limit = new AbortController()
  const over = new AbortController()
  const alarm = clock.sleep(Math.max(0, until - clock.now()), over.signal).then(
    () => limit.abort(late()),
    () => undefined
  )
  try {
    return await act({ ...ports, registries: registries.within(limit.signal) })
  } finally {
    over.abort(new Error('over'))
    await alarm
  }
}
