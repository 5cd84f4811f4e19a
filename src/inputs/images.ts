import { parseImage, type ImageReference } from '../domain/image.js'
import { shown } from './reader.js'

/** An image a person asked for; `container` is absent for a lone reference. */
export interface GivenImage {
  container?: string
  reference: ImageReference
}

const containerName = /^[A-Za-z0-9_-]{1,255}$/

/** Reads the lines of `images`; adds to the problems what cannot be used. */
export function readImages(lines: string[], problems: string[]): GivenImage[] {
  const given: GivenImage[] = []
  for (const line of lines) {
    const equals = line.indexOf('=')
    const container = equals < 0 ? undefined : line.slice(0, equals).trim()
    const text = equals < 0 ? line : line.slice(equals + 1).trim()
    const reference = parseImage(text)
    if (container !== undefined && !containerName.test(container))
      problems.push(
        `images: "${shown(container)}" is not a container name (letters, digits, dashes, underscores).`
      )
    if (!reference)
      problems.push(
        `images: "${shown(text)}" is not an image reference; allowed are repo:tag, repo@sha256:<64 hex digits>, or both.`
      )
    else if (reference.tag === undefined && reference.digest === undefined)
      problems.push(
        `images: "${shown(text)}" names no tag and no digest; say which image, such as ${shown(text)}:TAG.`
      )
    else given.push({ reference, ...(container === undefined ? {} : { container }) })
  }
  const names = given.map((g) => g.container)
  const twice = names.find((n, i) => n !== undefined && names.indexOf(n) !== i)
  if (twice !== undefined) problems.push(`images: container "${shown(twice)}" is given more than once.`)
  if (lines.length > 1 && names.includes(undefined))
    problems.push('images: with more than one line each must say its container, as container=reference.')
  return given
}
