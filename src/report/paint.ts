/**
 * Colours of the log, as a second signal only: whatever they say stands in words or signs as well. They are put around
 * texts that were cleaned before, so that no escape sequence in the log is anybody's but ours.
 */
export interface Paint {
  good: (text: string) => string
  bad: (text: string) => string
  strong: (text: string) => string
  quiet: (text: string) => string
}

/** The colours that GitHub's log and terminals know; with `false` every text stays as it is. */
export function paintOf(colourful: boolean): Paint {
  const paint = (code: number) => (text: string) =>
    colourful && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text
  return { good: paint(32), bad: paint(31), strong: paint(1), quiet: paint(90) }
}
