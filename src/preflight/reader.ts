import { AwsFault, NotFound, type Clock } from '../ports.js'
import { known, unknown, type Known } from './known.js'

/** Reads facts side by side, all of them within one time limit; what is late or refused is unknown. */
export class FactReader {
  private readonly late: Promise<typeof lateMark>
  private readonly done = new AbortController()
  private over = false

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
    signal?: AbortSignal
  ) {
    signal?.addEventListener('abort', () => {
      this.done.abort()
    })
    const end = (): typeof lateMark => {
      this.over = true
      return lateMark
    }
    this.late = clock.sleep(limitMs, this.done.signal).then(end, end)
  }

  /** Asks one question; `undefined` as the question means that this world has no such answer. */
  async read<A extends unknown[], T>(
    operation: string,
    question: ((...about: A) => Promise<T>) | undefined,
    ...about: A
  ): Promise<Known<T>> {
    if (!question) return unknown(`${operation} is not asked here`)
    // Nobody would wait for the answer.
    if (this.over) return unknown(`${operation} was not asked in time`)
    const asked = Promise.resolve().then(async () => await question(...about))
    const answer = asked.then(
      (value) => known(value),
      (error: unknown) => unknown(whyNot(operation, error))
    )
    const first = await Promise.race([answer, this.late])
    return first === lateMark ? unknown(`${operation} did not answer within ${this.limitMs / 1000} s`) : first
  }

  /** Whether something exists: `false` only when AWS says that exactly this does not. */
  async exists<A extends unknown[]>(
    operation: string,
    question: ((...about: A) => Promise<unknown>) | undefined,
    ...about: A
  ): Promise<Known<boolean>> {
    const there = question && (async (...of: A) => await question(...of).then(() => true, notFoundIsFalse))
    return await this.read(operation, there, ...about)
  }

  /** A reader that waits for less, beside this one. */
  quicker(limitMs: number): FactReader {
    return new FactReader(this.clock, limitMs, this.done.signal)
  }

  /** Nothing more is read. */
  end(): void {
    this.done.abort()
  }
}

/** Facts on their way, each by itself. */
export type Reading<T> = { [K in keyof T]: Promise<T[K]> }

/** Waits for all of them. */
export async function whole<T extends object>(reading: Reading<T>): Promise<T> {
  const entries = Object.entries<Promise<unknown>>(reading)
  const read = await Promise.all(entries.map(async ([key, value]) => [key, await value] as const))
  const facts: unknown = Object.fromEntries(read)
  return facts as T
}

/** Asks the same question about each of these, side by side. */
export async function each<T>(
  keys: readonly string[],
  look: (key: string) => Promise<Known<T>>
): Promise<ReadonlyMap<string, Known<T>>> {
  return new Map(
    await Promise.all(
      [...new Set(keys)].map(async (key): Promise<[string, Known<T>]> => [key, await look(key)])
    )
  )
}

const lateMark = Symbol('late')

function notFoundIsFalse(error: unknown): boolean {
  if (error instanceof NotFound) return false
  throw error
}

function whyNot(operation: string, error: unknown): string {
  if (error instanceof AwsFault)
    return error.kind === 'denied'
      ? `the role may not call ${operation}`
      : `${operation} was not answered (${error.errorCode})`
  if (error instanceof NotFound) return `${operation}: ${error.message}`
  return `${operation} could not be asked`
}
