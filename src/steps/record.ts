import type { Audit } from '../domain/audit.js'
import type { Ending } from '../domain/outcome.js'
import type { Inputs } from '../inputs.js'
import type { Journal } from '../ports.js'
import type { Before } from './inspect.js'
import type { Counts } from '../domain/counts.js'
import { containersOf, logGroupOf, pinnedImages, type JsonObject } from '../domain/task-definition.js'

/**
 * What a run has found and done so far. Filled as the run goes, so that every face can tell the truth
 * even when the run ends in the middle.
 */
export interface Run {
  startedAt: number
  environment: string
  cluster: string
  service: string
  region?: string
  previousTaskDefinition?: string
  newTaskDefinition?: string
  deploymentId?: string
  serviceDeploymentArn?: string
  /** Container -> image of the revision that served before, as it is written there. */
  previousImages?: Record<string, string>
  /** Where the containers log. */
  logGroups?: { container: string; group: string; region?: string }[]
  /** Container -> `repo@sha256:…` */
  images: Record<string, string>
  /** Container -> full tagged reference. */
  imageTags: Record<string, string>
  failedTasks: number
  counts?: Counts
  /** Revisions cannot be tagged, and that is said already. */
  tagsDenied?: boolean
  /** What mode audit found. */
  audit?: Audit
  ending?: Ending
}

/** Notes which images change to which, and where the new containers log; `before` absent: it is not known. */
export function recordImages(run: Run, before: JsonObject | undefined, after: JsonObject): void {
  run.images = pinnedImages(after)
  if (before) run.previousImages = Object.fromEntries(containersOf(before).map((c) => [c.name, c.image]))
  run.logGroups = containersOf(after).flatMap(({ name: container }) => {
    const log = logGroupOf(after, container)
    if (!log) return []
    return [{ container, group: log.group, ...(log.region === undefined ? {} : { region: log.region }) }]
  })
}

/**
 * What the post step, or a person, needs to close a run that was cut off. Saved before and after each
 * write, each time whole, so that the last record that reached the disk is enough.
 */
export interface OpenRun {
  phase: 'planned' | 'releasing' | 'watching' | 'restoring' | 'ended'
  environment: string
  cluster: string
  service: string
  region?: string
  startedAt: number
  onCancel: 'rollback' | 'leave'
  /** The deployment that was PRIMARY before, and its revision. */
  previousDeploymentId?: string
  previousTaskDefinition?: string
  /** The revision to go back to, when one is known good. */
  knownGood?: string
  newTaskDefinition?: string
  deploymentId?: string
  /** The deployment that puts the old revision back. */
  restoreDeploymentId?: string
  /** Set when this run changed desiredCount: what it was before, and what it was set to. */
  desiredBefore?: number
  desiredAsked?: number
  outcome?: string
}

/** The name under which the open run stands in the action's state. */
export const openRunKey = 'open-run'

/** Saves the open run, whole each time, as it goes on. */
export class OpenRunLog {
  private record: OpenRun

  constructor(
    private readonly journal: Journal,
    inputs: Inputs,
    startedAt: number,
    before: Before,
    /** The revision to go back to, where there is one. */
    knownGood: string | undefined
  ) {
    this.record = {
      phase: 'planned',
      environment: inputs.environment,
      cluster: inputs.cluster,
      service: inputs.service,
      ...(inputs.region === undefined ? {} : { region: inputs.region }),
      startedAt,
      onCancel: inputs.onCancel,
      previousDeploymentId: before.primary.id,
      previousTaskDefinition: before.primary.taskDefinition,
      ...(knownGood === undefined ? {} : { knownGood }),
      ...(inputs.desiredCount === undefined
        ? {}
        : { desiredBefore: before.service.desired, desiredAsked: inputs.desiredCount })
    }
    this.save({})
  }

  save(change: Partial<OpenRun>): void {
    this.record = { ...this.record, ...change }
    this.journal.save(openRunKey, JSON.stringify(this.record))
  }
}

/** Reads what `save` wrote; undefined when there is nothing that can be used. */
export function readOpenRun(text: string): OpenRun | undefined {
  try {
    const value = JSON.parse(text) as OpenRun
    return typeof value.service === 'string' && typeof value.cluster === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
