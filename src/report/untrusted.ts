import { redact, withoutAccounts } from './redact.js'

/* Texts from AWS, from containers and from files: they may hold anything. */

// CSI, and the strings that OSC, DCS, SOS, PM and APC begin, to their terminator.
const ansi =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\r\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g
// Control, bidi, zero-width, filler, tag and private characters: nothing that a reader needs.
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu
const stacked = /(\p{M}{3})\p{M}+/gu

/**
 * One line of plain text: no escape sequences, no line breaks, no invisible characters, values that betray themselves
 * as secret covered, cut at `most`.
 */
export function oneLine(text: string, most = 2000): string {
  const plain = redact(clean(beginning(text, most)))
  if (plain.length <= most && text.length <= far(most)) return plain
  // Not in the middle of a character that takes two units.
  const cut = plain.slice(0, most).replace(/[\ud800-\udbff]$/, '')
  return `${cut}…`
}

function clean(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(ansi, '')
    .replace(/[\r\n\t\u0085\u2028\u2029]+/g, ' ')
    .replace(unseen, '')
    .replace(stacked, '$1')
    .trim()
}

const far = (most: number) => 4 * most + 4000

/** As much of a long text as may be shown; a word that is cut there could be the half of a secret. */
function beginning(text: string, most: number): string {
  if (text.length <= far(most)) return text
  const end = text.slice(far(most) - 1500, far(most)).search(/\s\S*$/)
  return text.slice(0, far(most) - 1500 + Math.max(0, end))
}

/**
 * A line of the log as the runner may have it: it reads `##[` anywhere and `::` at the start of a line as commands.
 * Leaves the layout alone; for texts that are not ours use `forLog`.
 */
export function logLine(line: string): string {
  return line
    .replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')
    .replace(/##\[/g, '#\u200b#[')
    .replace(/^([\s\u0085\p{Cf}]*):(?=:)/u, '$1:\u200b')
}

/** A text for the log, made harmless. */
export function forLog(text: string, most = 2000): string {
  return logLine(oneLine(text, most))
}

/** One line for a page on GitHub: as `oneLine`, without account numbers and without the marks of comments. */
export function pageLine(text: string, most = 2000): string {
  return oneLine(withoutAccounts(beginning(text, most)), most)
    .replace(/<!-{2,}/g, '<!')
    .replace(/-{2,}!?>/g, '->')
}

/** A code span for Markdown: nothing inside it is a link, a mention, HTML or the end of a table cell. */
export function codeSpan(text: string, most = 300): string {
  // A bar would end a table cell, and escaping it works only inside of tables.
  return inCode(pageLine(text, most).replace(/\|/g, '│'))
}

function inCode(line: string): string {
  return line === '' ? '' : `\`${line.replace(/`/g, "'")}\``
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(lines: readonly string[], language = 'text'): string {
  // The indent of a line is layout, and stays.
  const shown = lines.map((line) => `${/^ {0,40}/.exec(line)?.[0] ?? ''}${pageLine(line)}`)
  const longest = shown.flatMap((l) => (l.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(Math.max(2, ...longest) + 1)
  return [`${fence}${language}`, ...shown, fence].join('\n')
}

// Letters alone, or a few digits, with the punctuation of sentences around them: no link, mention, mark or number of
// an issue can be made of these.
const plainWord = /^[("]{0,2}(?:\p{L}{1,30}(?:['’]\p{L}{1,3})?|\d{1,6}(?:%|ms|s|m|h)?)[.,;:!?…)"]{0,3}$/u
const hexadecimal = /^[("]*[0-9a-f]{7,}\W*$/i

/**
 * A sentence for Markdown that reads as one: plain words stand as they are, everything else in code spans. Words that
 * follow each other in code share a span.
 */
export function prose(text: string, most = 1500): string {
  const words = pageLine(text, most)
    .replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1')
    .split(/\s+/)
    .filter((w) => w !== '')
  const parts: { code: boolean; text: string }[] = []
  for (const word of words) {
    const code = !(plainWord.test(word) && !hexadecimal.test(word)) && !/^[—–→·…]$/.test(word)
    const last = parts.at(-1)
    if (last?.code === true && code && !/[.,;:!?)]$/.test(last.text)) last.text += ` ${word}`
    else parts.push({ code, text: word })
  }
  return parts.map((part) => (part.code ? codeWords(part.text) : part.text)).join(' ')
}

/** The same for the cell of a table, which a bar would end, in code too. */
export function cellProse(text: string, most = 300): string {
  return prose(text, most).replace(/\|/g, '│')
}

/** Punctuation around code belongs to the sentence. */
function codeWords(text: string): string {
  const [, before = '', inside = '', after = ''] = /^(\(?)(.*?)([.,;:!?)]*)$/s.exec(text) ?? []
  // A bracket that opens inside is closed inside.
  const own = after.startsWith(')') && inside.includes('(') && before === '' ? ')' : ''
  const span = inCode(inside + own)
  return span === '' ? before + after : `${before}${span}${after.slice(own.length)}`
}
