/** The AWS session of a job, where something tells when it ends: nothing renews it. Epoch milliseconds. */
export interface Session {
  endsAt: number
}

/** A time as environment variables hold it, ISO 8601, perhaps in the quotes of JSON; undefined for anything else. */
export function readExpiration(text: string | undefined): number | undefined {
  const time = /^"?(\d{4}-\d{2}-\d{2}T[^"]{5,30})"?$/.exec((text ?? '').trim())?.[1]
  const ms = Date.parse(time ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

/** When a JSON Web Token ends (its `exp`); undefined when it cannot be read. Nothing is verified. */
export function endOfToken(token: string): number | undefined {
  try {
    const body: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    const exp = (body as { exp?: unknown } | null)?.exp
    return typeof exp === 'number' ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
