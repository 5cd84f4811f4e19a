/** What stories and tests say about roles. */
import type { Json } from './common.js'

/** What is said of a role; all else of it stays as it was. */
export interface RoleOptions {
  /** There is no such role any more. */
  missing?: boolean
  /** Its trust policy, in place of one that lets in ecs-tasks.amazonaws.com. */
  trust?: Json
  /** What IAM's policy simulator is not told of, when it decides: names of condition keys. */
  conditions?: readonly string[]
}

export interface IdentityBuilder {
  /** How a role (by ARN or name) is from now on; each is there and trusts ECS tasks until told otherwise. */
  role(reference: string, options: RoleOptions): void
}
