import { parseArn } from '../domain/arn.js'
import type { Candidate } from '../domain/known-good.js'
import { parseImage, pinned, shortDigest } from '../domain/image.js'
import { markOf, verdictOf } from '../domain/marks.js'
import { startProblems } from '../domain/start-problems.js'
import type { Service } from '../domain/service.js'
import type { Platform } from '../domain/manifest.js'
import { platformNeeded, sayPlatform } from '../domain/platform.js'
import {
  containersOf,
  isObject,
  type ContainerDefinition,
  type JsonObject,
  type TaskDefinition
} from '../domain/task-definition.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'
import type { ImageState } from './image-state.js'
import { ImageLooks } from './prove-image.js'
import { RoleLooks } from './prove-roles.js'
import { pullState } from './pull-state.js'

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
  /** An image of it is built for another platform than its tasks run on. */
  wrongPlatform?: true
  /** Why nobody should go there by himself, though tasks could start. */
  doubts: string[]
  /** What could not be checked. */
  notes: string[]
}

/** True for a revision that may be gone back to without asking anybody. */
export function isEligible({ problems, doubts }: Proven): boolean {
  return problems.length === 0 && doubts.length === 0
}

/** Proves candidates, and asks for each image and role once. `running`: the definition whose tasks run now. */
export class Prover {
  private readonly images = new Map<string, Promise<ImageState>>()
  private readonly looks: ImageLooks
  private readonly roles: RoleLooks

  constructor(
    private readonly ports: Ports,
    private readonly service: Service,
    private readonly environment: string,
    running?: TaskDefinition
  ) {
    this.looks = new ImageLooks(ports)
    this.roles = new RoleLooks(ports, parseArn(service.arn)?.account, running?.definition)
  }

  /**
   * Could tasks of this revision start now? Its definition is readable and fits the service, every image is there and for
   * the platform of its tasks, its roles exist, and the last verdict of our runs on it is not worse than what speaks for
   * it. `known`: its definition, when it was read already. Reads only. Throws AwsFault only for expired credentials.
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
    const { definition, tags } = read
    proven.definition = read
    const status = definition['status']
    proven.inactive = typeof status === 'string' && status !== 'ACTIVE'
    const commit = markOf(tags)?.commit ?? ''
    if (commit !== '') proven.commit = commit
    proven.doubts.push(...this.doubts(candidate, read))
    proven.problems.push(...startProblems(this.service, definition))
    const roles = await this.roles.look(definition)
    proven.problems.push(...roles.problems)
    proven.notes.push(...roles.notes)
    for (const container of containersOf(definition)) await this.image(proven, container, definition)
    return proven
  }

  /** Why nobody knows whether the roles exist; undefined when that is known of all. */
  get rolesUnread(): string | undefined {
    return this.roles.unread
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

  private async image(
    proven: Proven,
    { name, image }: ContainerDefinition,
    definition: JsonObject
  ): Promise<void> {
    const needed = platformNeeded(definition, this.service.launchType === 'FARGATE')
    const stands = await this.standing(proven, name, image, needed)
    const { problem, ...listed } = stands
    proven.images.push(listed)
    if (problem !== undefined) {
      proven.problems.push(`container ${name}: ${problem}`)
      proven.imageGone = true
      return
    }
    // What its tasks run at this moment is not doubted.
    if (proven.deploymentId !== undefined) return
    const look = await this.looks.look(listed.reference, needed, hasCredentials(definition, name))
    const wrong = look.gone ?? look.mismatch
    if (wrong !== undefined) proven.problems.push(`container ${name}: ${wrong}`)
    if (look.gone !== undefined) proven.imageGone = true
    if (look.mismatch !== undefined) proven.wrongPlatform = true
    if (look.note !== undefined) proven.notes.push(look.note)
  }

  /** The image as it would be pulled, and why it cannot be. Where the tag names another image by now, what was good. */
  private async standing(
    proven: Proven,
    container: string,
    image: string,
    needed: Platform | undefined
  ): Promise<ProvenImage & { problem?: string }> {
    const asked = await this.state(image, needed)
    const reference = parseImage(image)
    const good = proven.digests[container]
    const digest = reference?.digest ?? (asked.state === 'there' ? asked.image?.digest : undefined)
    const moved = good !== undefined && reference?.digest === undefined && digest !== good
    if (moved && reference?.ecr && asked.state !== 'unknown') {
      const exact = pinned(reference.repository, good)
      const kept = await this.state(exact, needed)
      const was = { container, reference: exact, digest: good }
      if (kept.state === 'there') {
        proven.pins.set(container, exact)
        return { ...was, tags: kept.image?.tags ?? [] }
      }
      const gone = `the image that was good, ${shortDigest(good)}, is gone`
      return { ...was, tags: [], problem: kept.state === 'unknown' ? kept.text : gone }
    }
    if (asked.state === 'unknown' && reference?.ecr) proven.notes.push(asked.text)
    const tags = asked.state === 'there' || asked.state === 'archived' ? (asked.image?.tags ?? []) : []
    return {
      container,
      reference: image,
      tags,
      ...(digest === undefined ? {} : { digest }),
      ...(asked.state === 'gone' || asked.state === 'archived' ? { problem: asked.text } : {})
    }
  }

  private async state(reference: string, needed: Platform | undefined): Promise<ImageState> {
    const key = `${reference} ${needed ? sayPlatform(needed) : ''}`
    const known = this.images.get(key) ?? pullState(this.ports, reference, needed)
    this.images.set(key, known)
    return await known
  }
}

/** ECS has credentials for the container's registry that we have not. */
function hasCredentials(definition: JsonObject, container: string): boolean {
  const list = definition['containerDefinitions']
  const own = Array.isArray(list) ? list.filter(isObject).find((c) => c['name'] === container) : undefined
  return isObject(own?.['repositoryCredentials'] ?? null)
}
