/** Answers that come later in virtual time, or never. */
import type { ServerResponse } from 'node:http'
import type { SimulatedWorld } from '../world/world.js'

/** Holds the answers that are still to come. */
export class SlowAnswers {
  private readonly due = new Set<{ at: number }>()

  constructor(private readonly world: SimulatedWorld) {}

  /** When the next of them is due, epoch ms. */
  get next(): number | undefined {
    return this.due.size === 0 ? undefined : Math.min(...[...this.due].map((one) => one.at))
  }

  /** Answers so many virtual milliseconds from now. */
  later(response: ServerResponse, ms: number, answer: () => void): void {
    const at = this.world.clock.now() + ms
    const one = { at }
    this.due.add(one)
    const forget = this.world.clock.at(at, () => {
      this.due.delete(one)
      // Whoever moves the time hears how far it came before the answer is there.
      setImmediate(answer)
    })
    response.once('close', () => {
      this.due.delete(one)
      forget()
    })
    this.announce(response)
  }

  /**
   * Clients wait on. A program whose time is in our hand, and says so, may read from this that its time goes on
   * meanwhile: no other client is sent what some (Python's http.client) would take for the answer.
   */
  announce(response: ServerResponse): void {
    if (response.req.headers['x-simulator-time'] !== undefined) response.writeProcessing()
  }
}
