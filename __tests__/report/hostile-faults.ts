/** What hostile words have done to a log or a page: as the runner reads it, and as GitHub does. */
import { Marked, type Token, type Tokens } from 'marked'
import { mentionsIn } from '../../simulator/github/mentions.js'
import { CommandReader, linesOf } from '../../simulator/workflow-commands.js'
import { logOf, type EndedView } from './hostile-run.js'

/** Characters that nobody needs, and halves of some. */
export const unwanted =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200c-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const whole = ['<details>', '</details>', '<summary>', '</summary>', '<sub>', '</sub>', '<br>']

/** What is wrong with the log of it; nothing, that is. */
export function wrongInLog(view: EndedView): string[] {
  const reader = new CommandReader()
  return logOf(view).flatMap((line) => [
    ...(linesOf(line).length > 1 ? [`more than one line: ${line}`] : []),
    ...(reader.read(line, 'stdout') ? [`a command: ${line}`] : []),
    ...(unwanted.test(line) ? [`invisible: ${JSON.stringify(line)}`] : []),
    ...(line.length > 7000 ? ['a line without end'] : [])
  ])
}

const markdown = new Marked({ gfm: true })

/** What a page comes to as GitHub reads it: the text, links and HTML that stand outside of code. */
function outsideOfCode(page: string): {
  texts: string[]
  links: string[]
  html: string[]
  kinds: Set<string>
} {
  const found = {
    texts: [] as string[],
    links: [] as string[],
    html: [] as string[],
    kinds: new Set<string>()
  }
  const walk = (token: Token): void => {
    found.kinds.add(token.type)
    if (token.type === 'code' || token.type === 'codespan') return
    if (token.type === 'html') found.html.push(token.raw)
    if (token.type === 'link' || token.type === 'image') found.links.push((token as Tokens.Link).href)
    const inner = [
      ...((token as { tokens?: Token[] }).tokens ?? []),
      ...((token as { items?: Token[] }).items ?? []),
      ...(token.type === 'table'
        ? [...(token as Tokens.Table).header, ...(token as Tokens.Table).rows.flat()].flatMap(
            (cell) => cell.tokens
          )
        : [])
    ]
    if (inner.length === 0 && token.type === 'text') found.texts.push(token.raw)
    inner.forEach(walk)
  }
  markdown.lexer(page).forEach(walk)
  return found
}

const ourLinks = /^https:\/\/(?:github\.com\/octo-org\/shop\/|eu-west-1\.console\.aws\.amazon\.com\/)/
const alive = /[@<>[\]|#*~$\\]|:\/\/|www\.|\b[0-9a-f]{7,}\b|GH-\d|:[a-z]+:/
const unlikely = ['image', 'def', 'del', 'escape', 'blockquote', 'hr']

/** What is wrong with a page. */
export function wrongInPage(page: string): string[] {
  const folded = (page.match(/^<details>/gm) ?? []).length
  const { texts, links, html, kinds } = outsideOfCode(page)
  const tags = html.join('').match(/<[^>]*>?/g) ?? []
  const count = (tag: string) => tags.filter((t) => t === tag).length
  const strange = tags.filter((tag) => !whole.includes(tag) && !tag.startsWith('<!-- safe-ecs-deploy'))
  const counts = ['<details>', '</details>', '<summary>', '</summary>'].map(count)
  return [
    ...(unwanted.test(page) ? ['invisible characters'] : []),
    ...mentionsIn(page).map((login) => `mentions ${login}`),
    ...links.filter((link) => !ourLinks.test(link)).map((link) => `links to ${link}`),
    ...texts.filter((text) => alive.test(text)).map((text) => `outside of code: ${text}`),
    ...strange.map((tag) => `HTML: ${tag}`),
    ...(counts.some((n) => n !== folded) ? [`folds: ${counts.join(', ')} instead of ${folded}`] : []),
    ...unlikely.filter((kind) => kinds.has(kind)).map((kind) => `a ${kind}`)
  ]
}
