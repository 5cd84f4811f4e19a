import type { Outcome } from '../domain/outcome.js'

/**
 * What a comment remembers of a run: shown as a row of its table, and kept in its hidden part. Times in seconds since
 * the epoch. Short names, because the hidden part is small.
 */
export interface Attempt {
  /** Id of the workflow run, and its attempt. */
  run: string
  attempt: number
  /** When it began. */
  at: number
  /** How it ended; absent while it goes on. */
  outcome?: Outcome
  reasonCode?: string
  /** `family:revision` that was to be deployed. */
  revision?: string
  /** Short commit. */
  commit?: string
  /** How long it took, seconds. */
  took?: number
}

/** What the hidden part of a comment holds: the run that wrote it, and those before. */
export interface CommentState {
  current: Attempt
  past: Attempt[]
}

/** Which comment: one for each environment and service. */
export interface CommentKey {
  environment: string
  cluster: string
  service: string
}

/** So many older runs are kept. */
const mostPast = 5
const longestState = 6000

/** The first line of a comment, by which it is found again. */
export function markerOf({ environment, cluster, service }: CommentKey): string {
  const part = (text: string) => text.replace(/[^\w-]/g, '_').slice(0, 255)
  return `<!-- safe-ecs-deploy ${part(environment)} ${part(cluster)} ${part(service)} -->`
}

/** The second line: base64 has no character that could end it. */
export function stateLine(state: CommentState): string {
  const short = { c: pack(state.current), p: state.past.slice(0, mostPast).map(pack) }
  return `<!-- safe-ecs-deploy-state ${toBase64(JSON.stringify(short))} -->`
}

/**
 * Reads a comment's hidden part; undefined when the comment is not ours by its first line, or holds nothing that can
 * be used. Whoever may edit comments may have written it: every value is checked by its form, and nothing but the
 * comment itself depends on it.
 */
export function readState(body: string, key: CommentKey): CommentState | undefined {
  if (!isOurs(body, key)) return undefined
  const coded = /^[^\n]*\r?\n<!-- safe-ecs-deploy-state ([A-Za-z0-9+/=]{1,6000}) -->/.exec(body)?.[1]
  if (coded === undefined || coded.length > longestState) return undefined
  try {
    const value = JSON.parse(fromBase64(coded)) as { c?: unknown; p?: unknown }
    const current = unpack(value.c)
    if (!current) return undefined
    const past = Array.isArray(value.p) ? value.p.slice(0, mostPast).flatMap((p) => unpack(p) ?? []) : []
    return { current, past }
  } catch {
    return undefined
  }
}

/** True when a comment begins with our marker. */
export function isOurs(body: string, key: CommentKey): boolean {
  const marker = markerOf(key)
  return body.startsWith(marker) && /^(?:\r?\n|$)/.test(body.slice(marker.length))
}

/** The state that a run leaves: what was there before goes into the past, itself once. */
export function stateAfter(before: CommentState | undefined, current: Attempt): CommentState {
  const all = before === undefined ? [] : [before.current, ...before.past]
  const past = all.filter((a) => a.run !== current.run || a.attempt !== current.attempt).slice(0, mostPast)
  return { current, past }
}

/**
 * True when what stands in the comment is of a newer run than ours: then ours writes nothing. One that says to be from
 * the future (`now` in seconds, clocks of runners differ a little) is not believed.
 */
export function isNewer(there: Attempt, ours: Attempt, now: number): boolean {
  if (there.at > now + 300) return false
  if (there.run === ours.run) return there.attempt > ours.attempt
  if (there.at !== ours.at) return there.at > ours.at
  return BigInt(there.run) > BigInt(ours.run)
}

const outcomes: readonly Outcome[] = [
  'deployed',
  'unchanged',
  'rolled-back',
  'rollback-failed',
  'failed',
  'superseded',
  'refused',
  'inconclusive',
  'cancelled',
  'ok',
  'problems'
]

function pack(a: Attempt): unknown[] {
  return [
    a.run,
    a.attempt,
    a.at,
    a.outcome ?? '',
    a.reasonCode ?? '',
    a.revision ?? '',
    a.commit ?? '',
    a.took ?? -1
  ]
}

function unpack(value: unknown): Attempt | undefined {
  if (!Array.isArray(value)) return undefined
  const [run, attempt, at, outcome, reasonCode, revision, commit, took] = value as unknown[]
  const matches = (v: unknown, form: RegExp): v is string => typeof v === 'string' && form.test(v)
  const whole = (v: unknown, most: number): v is number =>
    typeof v === 'number' && Number.isInteger(v) && v >= 0 && v <= most
  if (!matches(run, /^\d{1,20}$/) || !whole(attempt, 10_000) || !whole(at, 9_999_999_999)) return undefined
  const known = outcomes.find((o) => o === outcome)
  return {
    run,
    attempt,
    at,
    ...(known === undefined ? {} : { outcome: known }),
    ...(matches(reasonCode, /^[a-z]{2,20}(?:-[a-z]{2,20}){0,4}$/) ? { reasonCode } : {}),
    ...(matches(revision, /^[\w-]{1,255}:\d{1,9}$/) ? { revision } : {}),
    ...(matches(commit, /^[0-9a-f]{7,12}$/) ? { commit } : {}),
    ...(whole(took, 999_999) ? { took } : {})
  }
}

const toBase64 = (text: string) => btoa(text.replace(/[^\x20-\x7e]/g, '_'))
const fromBase64 = (text: string) => atob(text)
