import type { DefinitionChange } from './definition-diff.js'
import type { RolloutEstimate } from './rollout-estimate.js'

/** An image that a container would run instead of another. */
export interface ImageChange {
  container: string
  /** As it stands in the revision that runs; absent: the container is new. */
  before?: string
  /** With its tag where one is known, and its digest. */
  after: string
}

/** An image that is copied into another repository, by its digest. */
export interface PlannedCopy {
  from: string
  to: string
  digest: string
  /** Bytes of the layers that the target has not. */
  bytes: number
  /** True when it is there already. */
  there: boolean
}

/** A tag of the environment on an image. */
export interface PlannedTag {
  /** `repo:tag`. */
  tagged: string
  digest: string
  /** True when it is there already. */
  there: boolean
}

/** What happens when the deployment fails. */
export type IfItFails =
  /** Back to this revision; `says` why it is known good, or how it is put back. */
  | { does: 'go-back'; taskDefinition: string; says: string }
  | { does: 'leave' }
  /** There is nothing to go back to, and why. */
  | { does: 'nothing'; why: string }

/**
 * What a deploy would change, as data: names, numbers, images. No value of an environment, a secret, a command, a label or
 * a log option ever stands in it.
 */
export interface DeployPlan {
  /** The revision that is compared with. */
  running: string
  /** The family of the revision that would be registered; absent: none would be. */
  registers?: string
  images: ImageChange[]
  changes: DefinitionChange[]
  desired: { before: number; after: number }
  /** Nothing differs, and a deployment is asked for all the same. */
  forced: boolean
  copies: PlannedCopy[]
  tags: PlannedTag[]
  /** Absent when nothing would be written. */
  ifItFails?: IfItFails
  /** The least time; absent when nothing would be deployed. */
  time?: RolloutEstimate
  /** How long the last rollouts took, milliseconds: the middle one, and of how many. */
  lately?: { medianMs: number; rollouts: number }
  /** How long all must stay healthy after that, milliseconds. */
  bakeMs: number
}

/** True when a deploy would write nothing. */
export function changesNothing({ registers, desired, forced }: DeployPlan): boolean {
  return registers === undefined && !forced && desired.before === desired.after
}

/** The middle of some numbers; undefined when there are none. Of two, the greater. */
export function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
