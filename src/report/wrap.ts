/**
 * Breaks a text into lines of at most `width` characters, at spaces. A word that is longer stays whole, and so does a
 * command at the end of the text (`…: aws logs tail …`), on a line of its own: both are there to be copied.
 */
export function wrap(text: string, width: number): string[] {
  const command = /^(.*:) (aws [a-z0-9-]+ .+)$/.exec(text)
  if (command && text.length > width) return [...broken(command[1] ?? '', width), command[2] ?? '']
  return broken(text, width)
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
      line = [line.slice(end).trimStart(), word].filter((t) => t !== '').join(' ')
    }
  }
  return [...lines, line]
}
