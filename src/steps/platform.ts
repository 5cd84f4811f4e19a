import { repositoryOf, type ImageReference } from '../domain/image.js'
import { readManifest, type Platform } from '../domain/manifest.js'
import { fitOf, sayPlatform } from '../domain/platform.js'
import { AwsFault, NotFound, RegistryFault, type Manifest, type Ports } from '../ports.js'

/** Holds images against the platform that the tasks need. */
export class PlatformCheck {
  /** Registries whose configs could not be read: the next image of theirs is not worth another wait. */
  private readonly closed = new Map<string, string>()

  constructor(
    private readonly ports: Ports,
    private readonly needed: Platform
  ) {}

  /** A sentence when the image has no manifest for the platform; undefined when it fits or nothing is known. */
  async problem(reference: ImageReference, manifest: Manifest): Promise<string | undefined> {
    const content = readManifest(manifest.bytes)
    const config = content.kind === 'image' ? await this.config(reference, content.config) : undefined
    const fit = fitOf(content, this.needed, config)
    if (fit.state === 'fits') return undefined
    if (fit.state === 'unknown') {
      this.note(reference, fit.why)
      return undefined
    }
    const has = [...new Set(fit.has.map(sayPlatform))].join(', ')
    return `${reference.text} is built for ${has}, but the tasks run on ${sayPlatform(this.needed)}`
  }

  private async config(
    reference: ImageReference,
    { digest, size }: { digest: string; size: number }
  ): Promise<string | undefined> {
    const repository = repositoryOf(reference)
    if (!this.ports.registries || this.closed.has(repository.host)) return undefined
    try {
      return await this.ports.registries.text(repository, { digest, size }, 'detail')
    } catch (error) {
      if (!(error instanceof AwsFault) && !(error instanceof RegistryFault) && !(error instanceof NotFound))
        throw error
      this.closed.set(repository.host, error.message)
      return undefined
    }
  }

  private note(reference: ImageReference, why: string): void {
    const cause = this.closed.get(repositoryOf(reference).host)
    const because = cause === undefined ? why : `${why} (${cause})`
    this.ports.announce({
      code: 'note',
      text: `For which platform ${reference.text} is built is not known: ${because}.`
    })
  }
}
