/* Texts from AWS, from containers and from files: they may hold anything. */

const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-_]/g
// Control characters, bidi controls and zero-width characters: nothing a reader needs.
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** One line of plain text: no escape sequences, no line breaks, no invisible characters, cut at `most`. */
export function oneLine(text: string, most = 2000): string {
  const plain = text
    .replace(ansi, '')
    .replace(/[\r\n\t\u2028\u2029\u0085]+/g, ' ')
    .replace(unseen, '')
    .trim()
  if (plain.length <= most) return plain
  // Not in the middle of a character that takes two units.
  const cut = plain.slice(0, most).replace(/[\ud800-\udbff]$/, '')
  return `${cut}…`
}

/** A line for the log: the runner reads `##[` anywhere and `::` at the start of a line as commands. */
export function forLog(text: string, most = 2000): string {
  return oneLine(text, most).replace(/##\[/g, '#\u200b#[').replace(/^::/, ':\u200b:')
}

/** A code span for Markdown: nothing inside it is a link, a mention, HTML or the end of a table cell. */
export function codeSpan(text: string, most = 300): string {
  // A bar would end a table cell, and escaping it works only inside of tables.
  const plain = oneLine(text, most).replace(/`/g, "'").replace(/\|/g, '│')
  return plain === '' ? '' : `\`${plain}\``
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(lines: string[]): string {
  // The indent of a line is layout, and stays.
  const clean = lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${oneLine(line)}`)
  const longest = Math.max(2, ...clean.flatMap((l) => (l.match(/`+/g) ?? []).map((run) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...clean, fence].join('\n')
}
