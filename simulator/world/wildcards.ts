/** Patterns with wildcards, as filters of EC2, exclusion filters and lifecycle rules of ECR write them. */

/**
 * Whether a text fits a pattern in which `*` stands for any characters and, when it is given, `one` for a single one.
 * Walks both once and goes back to the last star only, so that no pattern takes long.
 */
export function matchesWildcards(pattern: string, text: string, one?: '?'): boolean {
  let p = 0
  let star = -1
  let tried = 0
  for (let t = 0; t < text.length;) {
    if (pattern[p] === '*') {
      star = p++
      tried = t
    } else if (p < pattern.length && (pattern[p] === text[t] || pattern[p] === one)) {
      p++
      t++
    } else if (star !== -1) {
      p = star + 1
      t = ++tried
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
