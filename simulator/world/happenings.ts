/** The world tells what happens in it to whoever listens. */
import type { Clock } from '../clock.js'
import type { Happening, HappeningCode } from './api.js'

/** Tells that something happened now. */
export type Happen = (code: HappeningCode, text: string, ids?: Record<string, string>) => void

/** A list of listeners and the function that tells them. */
export class Happenings {
  private listeners: ((happening: Happening) => void)[] = []

  constructor(private readonly clock: Clock) {}

  listen(listener: (happening: Happening) => void): () => void {
    this.listeners = [...this.listeners, listener]
    return () => {
      this.listeners = this.listeners.filter((l) => l !== listener)
    }
  }

  private quiet = false

  readonly quietly = (fn: () => void): void => {
    this.quiet = true
    fn()
    this.quiet = false
  }

  readonly happen: Happen = (code, text, ids = {}) => {
    if (this.quiet) return
    const happening = { time: this.clock.now(), code, text, ids }
    for (const listener of this.listeners) listener(happening)
  }
}
