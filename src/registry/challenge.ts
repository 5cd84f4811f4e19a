/** One way to be let in that a registry offers: a scheme such as `bearer`, and its parameters by lower-case name. */
export interface Challenge {
  scheme: string
  parameters: Map<string, string>
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const space = /[ \t]*/y
const longest = 16_384

/**
 * Reads a WWW-Authenticate header (RFC 9110, 11.6.1): several challenges may stand in one header, and several headers
 * come joined by commas. What cannot be read ends the reading; what was read before it stands. Never throws.
 */
export function readChallenges(header: string): Challenge[] {
  const text = header.slice(0, longest)
  const challenges: Challenge[] = []
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const skip = () => {
    do take(space)
    while (text[at] === ',' && ++at > 0)
  }
  while (at < text.length) {
    skip()
    const name = take(token)
    if (name === '') break
    take(space)
    if (text[at] !== '=') {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
      continue
    }
    at += 1
    // Padding of a token68, which no registry's scheme has.
    take(/=*/y)
    take(space)
    const value = text[at] === '"' ? quoted() : take(token)
    if (value === undefined) break
    const into = challenges.at(-1)?.parameters
    if (into && !into.has(name.toLowerCase())) into.set(name.toLowerCase(), value)
  }
  return challenges

  /** A text in quotes; undefined when it does not end. */
  function quoted(): string | undefined {
    let value = ''
    for (at += 1; at < text.length; at += 1) {
      if (text[at] === '"') {
        at += 1
        return value
      }
      if (text[at] === '\\') at += 1
      value += text[at] ?? ''
    }
    return undefined
  }
}
