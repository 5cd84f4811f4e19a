/** The lines of a step's output that the runner takes for commands, read as actions/runner 2.336 reads them. */

/** One command that the runner acted on. */
export interface WorkflowCommand {
  name: string
  properties: Record<string, string>
  data: string
  /** The line it came in, whole. */
  line: string
  source: 'stdout' | 'stderr'
}

const known = new Set(
  'stop-commands set-env set-output save-state add-path add-mask add-matcher remove-matcher warning error notice debug group endgroup echo'.split(
    ' '
  )
)

/** Whether stop-commands takes that for its token: not empty, not `pause-logging`, not a command. */
export function isStopToken(token: string): boolean {
  const name = token.toLowerCase()
  return name !== '' && name !== 'pause-logging' && !known.has(name)
}

/** Splits text the way .NET's StreamReader.ReadLine does: at LF, CR and CRLF. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * Reads a step's output line by line. `::name props::data` counts when the line, trimmed on the left, starts with
 * it; the legacy `##[name props]data` counts anywhere in a line. What stands between stop-commands and its token
 * is text, in both streams, because a step has one reader for both.
 */
export class CommandReader {
  private token: string | undefined

  /** The command in this line, or undefined when the runner would only print it. */
  read(line: string, source: 'stdout' | 'stderr'): WorkflowCommand | undefined {
    const found = this.modern(line) ?? this.legacy(line)
    if (!found) return undefined
    const command = { ...found, line, source }
    if (this.token !== undefined) {
      if (command.name !== this.token) return undefined
      this.token = undefined
      return command
    }
    if (command.name === 'stop-commands' && isStopToken(command.data)) this.token = command.data.toLowerCase()
    return command
  }

  private isCommand(name: string): boolean {
    return known.has(name) || (this.token !== undefined && name === this.token)
  }

  private modern(line: string): Omit<WorkflowCommand, 'line' | 'source'> | undefined {
    const text = line.replace(/^[\s\u0085]+/, '')
    if (!text.startsWith('::')) return undefined
    const end = text.indexOf('::', 2)
    if (end < 0) return undefined
    const [name, rest] = head(text.slice(2, end))
    if (!this.isCommand(name)) return undefined
    const properties = propertiesOf(rest.trim().split(','), (v) =>
      unescape(v, { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' })
    )
    return { name, properties, data: unescape(text.slice(end + 2), { '%0D': '\r', '%0A': '\n', '%25': '%' }) }
  }

  private legacy(line: string): Omit<WorkflowCommand, 'line' | 'source'> | undefined {
    const start = line.indexOf('##[')
    const end = start < 0 ? -1 : line.indexOf(']', start)
    if (end < 0) return undefined
    const [name, rest] = head(line.slice(start + 3, end))
    if (!this.isCommand(name)) return undefined
    const tokens = { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%25': '%' }
    const properties = propertiesOf(rest.split(';'), (v) => unescape(v, tokens))
    return { name, properties, data: unescape(line.slice(end + 1), tokens) }
  }
}

function head(info: string): [string, string] {
  const space = info.indexOf(' ')
  return space < 0 ? [info.toLowerCase(), ''] : [info.slice(0, space).toLowerCase(), info.slice(space + 1)]
}

function propertiesOf(parts: string[], read: (value: string) => string): Record<string, string> {
  const pairs = parts.map((part) => /^([^=]+)=(.+)$/s.exec(part)).filter((pair) => pair !== null)
  return Object.fromEntries(pairs.map((pair) => [pair[1]!.toLowerCase(), read(pair[2]!)]))
}

/** One replacement after the other, the percent sign last, as the runner does it. */
function unescape(text: string, tokens: Record<string, string>): string {
  return Object.entries(tokens).reduce((done, [token, char]) => done.replaceAll(token, char), text)
}

/** A file command that the runner refuses; the step fails with it. */
export class FileCommandError extends Error {}

/**
 * The pairs of a GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV file, in order. Throws where the runner does, after the
 * pairs before that place: those count.
 */
export function* pairsOf(text: string): Generator<[string, string]> {
  const lines = text.split('\n')
  const terminated = lines.at(-1) === ''
  if (terminated) lines.pop()
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.slice(0, equals), line.slice(equals + 1)]
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc)
      const delimiter = line.slice(heredoc + 2)
      if (name === '' || delimiter === '') {
        throw new FileCommandError(
          `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`
        )
      }
      const end = lines.indexOf(delimiter, i + 1)
      if (end < 0) {
        const unfinished = !terminated && lines.length > i + 1
        throw new FileCommandError(
          unfinished
            ? 'Invalid value. EOF marker missing new line.'
            : `Invalid value. Matching delimiter not found '${delimiter}'`
        )
      }
      yield [name, lines.slice(i + 1, end).join('\n')]
      i = end
    } else {
      throw new FileCommandError(`Invalid format '${line}'`)
    }
  }
}
