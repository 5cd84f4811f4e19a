/** Small pages, always, so that whoever forgets the second page is found out. */
import { AwsError } from '../world/errors.js'

export const defaultPage = 5

/** One page of a list and the token of the next. Refuses a token that no answer ever held, with the code `invalid`. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number | undefined,
  invalid = 'InvalidParameterException'
): { items: T[]; next: string | undefined } {
  const from = token === undefined ? 0 : placeOf(token)
  if (from === undefined) throw new AwsError(invalid, 'Invalid token.')
  const size = Math.max(1, Math.min(limit ?? defaultPage, defaultPage))
  const next = from + size < items.length ? tokenOf(from + size) : undefined
  return { items: items.slice(from, from + size), next }
}

function tokenOf(place: number): string {
  return Buffer.from(`page ${place}`).toString('base64')
}

function placeOf(token: string): number | undefined {
  const [, digits] = /^page ([1-9]\d{0,8})$/.exec(Buffer.from(token, 'base64').toString('utf8')) ?? []
  const place = Number(digits)
  return digits === undefined || tokenOf(place) !== token ? undefined : place
}
