/**
 * Breaks a text into lines of at most `width` characters, at spaces. A word that is longer stays whole, and so does a
 * command, alone or at the end of the text (`…: aws logs tail …`), on a line of its own: it is there to be copied.
 */
export function wrap(text: string, width: number): string[] {
  const [, before, command] = /^(?:(.*:) )?(aws [a-z0-9-]+ [a-z0-9-]+ .+)$/.exec(text) ?? []
  if (command === undefined || text.length <= width) return broken(text, width)
  return before === undefined ? [command] : [...broken(before, width), command]
}

function broken(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || longer.length <= width) line = longer
    else {
      // Rather between two parts of a sentence than within one.
      const part = line.lastIndexOf('; ') + 1
      const end = part > width / 2 ? part : line.length
      lines.push(line.slice(0, end))
      const rest = line.slice(end).trimStart()
      const fits = rest !== '' && rest.length + 1 + word.length <= width
      if (rest !== '' && !fits) lines.push(rest)
      line = fits ? `${rest} ${word}` : word
    }
  }
  return [...lines, line]
}
