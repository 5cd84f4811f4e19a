/** The world's only time: a discrete-event clock. Nothing happens between two events, so hours cost nothing. */

/** Where virtual time begins when a story does not say otherwise. */
export const defaultStart = Date.parse('2026-06-01T09:00:00.000Z')

interface Due {
  readonly at: number
  readonly order: number
  fn: (() => void) | undefined
}

/** Takes a planned event back. Calling it twice, or after the event ran, does nothing. */
export type Cancel = () => void

/** A virtual clock in epoch milliseconds; events run in time order, ties in the order they were planned. */
export class Clock {
  private readonly heap: Due[] = []
  private time: number
  private order = 0

  constructor(start: number = defaultStart) {
    this.time = start
  }

  /** Virtual now, epoch milliseconds. */
  now(): number {
    return this.time
  }

  /** Plans `fn` for a moment; a moment already past runs at the next advance. */
  at(ms: number, fn: () => void): Cancel {
    const due: Due = { at: Math.max(ms, this.time), order: this.order++, fn }
    this.push(due)
    return () => {
      due.fn = undefined
    }
  }

  /** Plans `fn` for so many milliseconds from now. */
  after(ms: number, fn: () => void): Cancel {
    return this.at(this.time + ms, fn)
  }

  /** Moves time forward by so many milliseconds, running what falls due. */
  advanceBy(ms: number): void {
    this.advanceTo(this.time + ms)
  }

  /** Moves time forward to a moment, running what falls due; never backwards. Throws for what is no moment. */
  advanceTo(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError(`time cannot go to ${ms}`)
    for (let next = this.heap[0]; next !== undefined && next.at <= ms; next = this.heap[0]) {
      this.pop()
      if (next.fn === undefined) continue
      this.time = Math.max(this.time, next.at)
      next.fn()
    }
    this.time = Math.max(this.time, ms)
  }

  private before(a: Due, b: Due): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order)
  }

  private push(due: Due): void {
    const heap = this.heap
    let i = heap.push(due) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.before(due, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = due
  }

  private pop(): void {
    const heap = this.heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.before(heap[child + 1]!, heap[child]!)) child++
      if (!this.before(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}
