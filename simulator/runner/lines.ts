/** A stream of output cut into the lines that the runner sees. */
import { linesOf } from '../workflow-commands.js'

/** Gives each line as soon as it is whole. */
export class LineSplitter {
  private rest = ''
  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: string): void {
    this.rest += chunk
    // A CR at the very end may be half of a CRLF: it waits for the next chunk.
    const parts = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = parts.pop()!
    parts.forEach(this.onLine)
  }

  end(): void {
    linesOf(this.rest).forEach(this.onLine)
    this.rest = ''
  }
}
