/** Words on a terminal: colours only where a person reads them (https://no-color.org). */

/** Paints text, each in one way. */
export type Paint = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }

/** The colours of a stream; none when it is no terminal or NO_COLOR is set. */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const colourful = stream.isTTY === true && !process.env['NO_COLOR']
  const entries = Object.entries(codes).map(([name, code]) => [
    name,
    (text: string) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text)
  ])
  return Object.fromEntries(entries) as Paint
}

/** Ends the process quietly when nobody reads its output any more, as `| head` does. */
export function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
