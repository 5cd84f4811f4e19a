/** How a container behaves: said by the story when it pushes the image, never guessed. */

import type { StartFailure } from './ecs/start-failures.js'

/** Something printed so many seconds after the start, or when the container exits or gets its SIGTERM. */
export interface Print {
  line: string
  after?: number
  at?: 'exit' | 'sigterm'
}

/** What an application answers to an HTTP health check. */
export type Answer =
  | {
      status: number
      /** Seconds until it comes; slower than the check's timeout is no answer. Default 0. */
      seconds?: number
      /** What a gRPC health check reads; default 0 for a status below 400, else 12 (UNIMPLEMENTED). */
      grpcStatus?: number
    }
  | 'refused'
  | 'timeout'
  /** Something that is no HTTP. */
  | 'malformed'

export interface Behaviour {
  /** Seconds after the container's start until it listens; before that connections are refused. */
  healthyAfter?: number
  /** Once listening it answers every path so. Default: status 200. */
  healthCheck?: Answer
  /** Status per path; a path that is not listed answers 404. */
  paths?: Record<string, number>
  /** The port it really listens on; absent: whatever port is asked. */
  listensOn?: number
  /** So many seconds after its start the answers turn into this (a hang, a lost database). */
  turns?: { after: number; into: Answer }
  /** From `after` on, in every `period` seconds the first `down` answer with `into`. */
  flaps?: { after: number; period: number; down: number; into: Answer }
  exits?: { code: number; after: number }
  oom?: { after: number }
  /** The task does not get to run, for a reason that has a name (start-failures.ts has them all). */
  fails?: StartFailure
  /** The same in words of one's own. */
  cannotPull?: string
  initError?: string
  /** What it prints, by itself a line at the start; whatever is in it is written as it is. */
  prints?: string | readonly (string | Print)[]
  /** The container health check: `fails` whatever the command, or by a missing program. */
  containerHealth?: 'fails' | { lacks: string[] }
  /** What SIGTERM does. Default: exits 0 after a few seconds; `ignored`: SIGKILL after stopTimeout, 137. */
  onSigterm?: 'ignored' | { code: number; after: number }
  pullSeconds?: number
}

/** One behaviour; or one for each start (the last repeats); or a function of the start's number, from 1. */
export type Behaviours = Behaviour | readonly Behaviour[] | ((attempt: number) => Behaviour)

/** The behaviour of the n-th start (from 1). */
export function behaviourOf(behaviours: Behaviours | undefined, attempt: number): Behaviour {
  if (behaviours === undefined) return {}
  if (typeof behaviours === 'function') return behaviours(attempt)
  if (isList(behaviours)) return behaviours[Math.min(attempt, behaviours.length) - 1] ?? {}
  return behaviours
}

/** What a behaviour prints, each line with its moment. */
export function printsOf(b: Behaviour): Print[] {
  const prints = b.prints ?? []
  return (typeof prints === 'string' ? [prints] : prints).map((p) =>
    typeof p === 'string' ? { line: p } : p
  )
}

function isList(b: Behaviour | readonly Behaviour[]): b is readonly Behaviour[] {
  return Array.isArray(b)
}

/** What the application answers on a port and path, so many seconds after its start. */
export function answerOf(b: Behaviour, age: number, port: number, path: string): Answer {
  if (age < (b.healthyAfter ?? 0)) return 'refused'
  if (b.listensOn !== undefined && b.listensOn !== port) return 'refused'
  if (b.turns !== undefined && age >= b.turns.after) return b.turns.into
  if (b.flaps !== undefined && flapsDown(b.flaps, age)) return b.flaps.into
  if (b.paths !== undefined) return { status: b.paths[path] ?? 404 }
  return b.healthCheck ?? { status: 200 }
}

function flapsDown({ after, period, down }: NonNullable<Behaviour['flaps']>, age: number): boolean {
  return age >= after && (age - after) % period < down
}

/** The age at which a flapping answer changes next. */
function nextFlap({ flaps }: Behaviour, age: number): number | undefined {
  if (flaps === undefined) return undefined
  const { after, period, down } = flaps
  if (age < after) return after
  const inside = (age - after) % period
  return age - inside + (inside < down ? down : period)
}

/** Whether the answers may still change after this age, and if so at which age next. */
export function nextChange(b: Behaviour, age: number): number | undefined {
  const moments = [b.healthyAfter, b.turns?.after, nextFlap(b, age)].filter(
    (m): m is number => m !== undefined && m > age
  )
  return moments.length === 0 ? undefined : Math.min(...moments)
}

/** Whether a container health check command succeeds, so many seconds after the container's start. */
export function commandPasses(
  b: Behaviour,
  imageLacks: readonly string[],
  command: readonly string[],
  age: number
): boolean {
  if (b.containerHealth === 'fails') return false
  const text = command.slice(1).join(' ')
  const lacks = [...imageLacks, ...(b.containerHealth?.lacks ?? [])]
  if (lacks.some((program) => callsProgram(text, program))) return false
  const request = requestOf(text)
  if (request === undefined)
    return age >= (b.healthyAfter ?? 0) && (b.turns === undefined || age < b.turns.after)
  const answer = answerOf(b, age, request.port ?? b.listensOn ?? 0, request.path)
  return typeof answer === 'object' && answer.status < 400
}

function callsProgram(text: string, program: string): boolean {
  const name = program.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(^|[\\s;&|(/])${name}(\\s|$)`).test(text)
}

/** The HTTP request that a command makes, if it makes one. */
function requestOf(text: string): { port: number | undefined; path: string } | undefined {
  const url = /https?:\/\/[^/\s'":]+(?::(\d+))?(\/[^\s'"|;]*)?/.exec(text)
  if (url !== null) return { port: url[1] === undefined ? 80 : Number(url[1]), path: url[2] ?? '/' }
  const port = /port:\s*(\d+)/.exec(text)?.[1]
  const path = /path:\s*['"]([^'"]+)/.exec(text)?.[1]
  if (port === undefined && path === undefined) return undefined
  return { port: port === undefined ? undefined : Number(port), path: path ?? '/' }
}
