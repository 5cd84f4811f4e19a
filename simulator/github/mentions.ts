/** Whom a comment names, as GitHub renders it. */

/**
 * The logins that a Markdown body mentions, each once. Entities for the at sign name somebody too, and so does an
 * escaped one (facts 5); code spans, fenced blocks and HTML comments name nobody.
 */
export function mentionsIn(body: string): string[] {
  const shown = body
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1[`~]*\s*$|$(?![\s\S]))/gm, ' ')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, ' ')
    .replace(/&#0*64;|&#x0*40;|&commat;/gi, '@')
  const found = shown.matchAll(/(?<![\w@/.-])@([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}(?:\/[\w-]+)?)/gi)
  return [...new Set([...found].map((m) => m[1]!))]
}
