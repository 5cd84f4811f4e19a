import type { Candidate } from '../domain/known-good.js'
import { parseImage, pinned, shortDigest } from '../domain/image.js'
import { markOf, verdictOf } from '../domain/marks.js'
import { startProblems } from '../domain/start-problems.js'
import type { Service } from '../domain/service.js'
import { containersOf, type ContainerDefinition, type TaskDefinition } from '../domain/task-definition.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'
import { imageState, type ImageState } from './image-state.js'

/** One image of a candidate, as it stands in its definition, and what ECR says of it. */
export interface ProvenImage {
  container: string
  reference: string
  digest?: string
  tags: string[]
}

/** A candidate, and whether a task of it could start now. */
export interface Proven extends Candidate {
  /** Absent when it cannot be read. */
  definition?: TaskDefinition
  /** No longer ACTIVE: UpdateService takes it only as a copy that is registered anew. */
  inactive: boolean
  images: ProvenImage[]
  /** Container -> `repo@sha256:…`, where the tag in the definition means another image by now. */
  pins: Map<string, string>
  /** The commit that our mark names. */
  commit?: string
  /** Why no task of it could start; empty: they could. */
  problems: string[]
  /** An image of it is gone or in the archive. */
  imageGone?: true
  /** Why nobody should go there by himself, though tasks could start. */
  doubts: string[]
  /** What could not be checked. */
  notes: string[]
}

/** True for a revision that may be gone back to without asking anybody. */
export function isEligible({ problems, doubts }: Proven): boolean {
  return problems.length === 0 && doubts.length === 0
}

/** Proves candidates one after the other, and asks for each image once. */
export class Prover {
  private readonly images = new Map<string, Promise<ImageState>>()

  constructor(
    private readonly ports: Ports,
    private readonly service: Service,
    private readonly environment: string
  ) {}

  /**
   * Could tasks of this revision start now? Its definition is readable and fits the service, every image is there, and
   * the last verdict of our runs on it is not worse than what speaks for it. `known`: its definition, when it was read
   * already. Reads only. Throws AwsFault only for expired credentials.
   */
  async prove(candidate: Candidate, known?: TaskDefinition): Promise<Proven> {
    const proven: Proven = {
      ...candidate,
      inactive: false,
      images: [],
      pins: new Map(),
      problems: [],
      doubts: [],
      notes: []
    }
    const read = known ?? (await this.read(candidate.taskDefinition))
    if (typeof read === 'string') return { ...proven, problems: [read] }
    proven.definition = read
    const status = read.definition['status']
    proven.inactive = typeof status === 'string' && status !== 'ACTIVE'
    const commit = markOf(read.tags)?.commit ?? ''
    if (commit !== '') proven.commit = commit
    proven.doubts.push(...this.doubts(candidate, read))
    proven.problems.push(...startProblems(this.service, read.definition))
    for (const container of containersOf(read.definition)) await this.image(proven, container)
    return proven
  }

  private async read(taskDefinition: string): Promise<TaskDefinition | string> {
    try {
      return await this.ports.containers.taskDefinition(taskDefinition)
    } catch (error) {
      if (error instanceof NotFound) return error.message
      if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
      return `its definition cannot be read (${error.message})`
    }
  }

  private doubts({ goodAt = 0, abandoned }: Candidate, { tags }: TaskDefinition): string[] {
    const mark = verdictOf(tags, this.environment)
    const left = abandoned ? ['the service went back from it to an older revision'] : []
    if (!mark || mark.verdict === 'deployed' || mark.at < goodAt) return left
    const when = new Date(mark.at).toISOString()
    return [
      mark.verdict === 'failed' ? `a run of ours saw it fail, ${when}` : `it was rolled back from, ${when}`
    ]
  }

  private async image(proven: Proven, { name, image }: ContainerDefinition): Promise<void> {
    const asked = await this.state(image)
    const reference = parseImage(image)
    const good = proven.digests[name]
    const digest = reference?.digest ?? (asked.state === 'there' ? asked.image?.digest : undefined)
    const tags = asked.state === 'there' || asked.state === 'archived' ? (asked.image?.tags ?? []) : []
    const moved = good !== undefined && reference?.digest === undefined && digest !== good
    if (moved && reference?.ecr && asked.state !== 'unknown') {
      // The tag names another image by now, or none; what was good is known by its digest.
      const exact = pinned(reference.repository, good)
      const kept = await this.state(exact)
      if (kept.state === 'there') {
        proven.pins.set(name, exact)
        proven.images.push({ container: name, reference: exact, digest: good, tags: kept.image?.tags ?? [] })
        return
      }
      const what =
        kept.state === 'unknown' ? kept.text : `the image that was good, ${shortDigest(good)}, is gone`
      proven.problems.push(`container ${name}: ${what}`)
      proven.imageGone = true
      return
    }
    proven.images.push({
      container: name,
      reference: image,
      tags,
      ...(digest === undefined ? {} : { digest })
    })
    if (asked.state === 'gone' || asked.state === 'archived') {
      proven.problems.push(`container ${name}: ${asked.text}`)
      proven.imageGone = true
    }
    if (asked.state === 'unknown') proven.notes.push(asked.text)
  }

  private async state(reference: string): Promise<ImageState> {
    const known = this.images.get(reference) ?? imageState(this.ports, reference)
    this.images.set(reference, known)
    return await known
  }
}
