import { parseImage, repositoryOf } from '../domain/image.js'
import { samePlatform } from '../domain/platform.js'
import type { Platform } from '../domain/manifest.js'
import { AwsFault, NotFound, RegistryFault, type Ports } from '../ports.js'
import { PlatformCheck } from './platform.js'

/** What a look at an image told beyond its being in ECR: nothing, when it fits or nobody knows more. */
export interface ImageLook {
  /** It is not where its reference says. */
  gone?: string
  /** It is built for another platform than the tasks run on. */
  mismatch?: string
  /** What could not be told. */
  note?: string
}

/** Looks at the images of candidates, each once a platform. A detail: it is asked with little patience. */
export class ImageLooks {
  private readonly looks = new Map<string, Promise<ImageLook>>()
  private readonly checks: { needed: Platform; check: PlatformCheck }[] = []
  private readonly said: string[] = []

  constructor(private readonly ports: Ports) {}

  /**
   * `reference` as it stands in a task definition; `needed`: the platform of its tasks, where that is certain; `own`: ECS
   * has credentials for its registry that we have not. Never throws, but for credentials that expired.
   */
  async look(reference: string, needed: Platform | undefined, own: boolean): Promise<ImageLook> {
    const key = `${reference} ${needed ? `${needed.os}/${needed.architecture}` : ''} ${own}`
    const known = this.looks.get(key) ?? this.ask(reference, needed, own)
    this.looks.set(key, known)
    return await known
  }

  private async ask(text: string, needed: Platform | undefined, own: boolean): Promise<ImageLook> {
    const reference = parseImage(text)
    const { registries } = this.ports
    // Whether it is in ECR is known already.
    if (!registries || !reference || (reference.ecr && !needed)) return {}
    const id =
      reference.digest === undefined ? { tag: reference.tag ?? 'latest' } : { digest: reference.digest }
    try {
      const manifest = await registries.manifest(repositoryOf(reference), id, 'detail')
      const mismatch = needed && (await this.check(needed).problem(reference, manifest))
      const note = this.said.find((said) => said.includes(text))
      return { ...(mismatch === undefined ? {} : { mismatch }), ...(note === undefined ? {} : { note }) }
    } catch (error) {
      if (error instanceof NotFound)
        return own || reference.ecr ? { note: error.message } : { gone: error.message }
      if (error instanceof RegistryFault || (error instanceof AwsFault && error.kind !== 'expired'))
        return { note: `${text} could not be looked at (${error.message})` }
      throw error
    }
  }

  private check(needed: Platform): PlatformCheck {
    const known = this.checks.find((c) => samePlatform(c.needed, needed))
    if (known) return known.check
    // What it cannot tell belongs to the candidate, and not into the log.
    const quiet: Ports = {
      ...this.ports,
      announce: (h) => {
        if (h.code === 'note') this.said.push(h.text.replace(/\.$/, ''))
      }
    }
    const check = new PlatformCheck(quiet, needed)
    this.checks.push({ needed, check })
    return check
  }
}
