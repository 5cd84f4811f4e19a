/** Small pages, always, so that whoever forgets the second page is found out. */
import { AwsError } from '../world/errors.js'

export const defaultPage = 5

/** One page of a list and the token of the next. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  limit: number | undefined,
  invalid = 'InvalidParameterException'
): { items: T[]; next: string | undefined } {
  const given = token === undefined ? 'page 0' : Buffer.from(token, 'base64').toString('utf8')
  const from = Number(/^page (\d{1,9})$/.exec(given)?.[1])
  if (Number.isNaN(from)) throw new AwsError(invalid, 'Invalid token.')
  const size = Math.max(1, Math.min(limit ?? defaultPage, defaultPage))
  const next = from + size < items.length ? Buffer.from(`page ${from + size}`).toString('base64') : undefined
  return { items: items.slice(from, from + size), next }
}
