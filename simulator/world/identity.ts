/** Roles, as far as tasks and those who look after them care: whether they exist, and whom they trust. */
import type { Clock } from '../clock.js'
import type { IdentityBuilder, Json, RoleOptions } from './api.js'

/** A role that is there. */
export interface Role {
  name: string
  path: string
  arn: string
  trust: Json
  conditions: readonly string[]
}

const trusting = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }
  ]
}

export class Identity implements IdentityBuilder {
  private readonly said = new Map<string, RoleOptions>()
  readonly createdAt: number

  constructor(
    clock: Clock,
    private readonly account: string
  ) {
    this.createdAt = clock.now() - 90 * 86_400_000
  }

  role(reference: string, options: RoleOptions): void {
    const name = nameOf(reference)
    this.said.set(name, { ...this.said.get(name), ...options })
  }

  /** The role of this ARN or name; undefined when it is missing. */
  look(reference: string): Role | undefined {
    const name = nameOf(reference)
    const said = this.said.get(name) ?? {}
    if (said.missing === true) return undefined
    const path = /^arn:[^:]*:iam::\d*:role(\/.*\/|\/)[^/]+$/.exec(reference)?.[1] ?? '/'
    return {
      name,
      path,
      arn: `arn:aws:iam::${this.account}:role${path}${name}`,
      trust: said.trust ?? trusting,
      conditions: said.conditions ?? []
    }
  }

  /** Whether ECS can launch a task as this role. */
  trusts(reference: string): boolean {
    const statements = this.look(reference)?.trust['Statement']
    return (
      Array.isArray(statements) &&
      statements.some((s) =>
        JSON.stringify((s as Json)['Principal'] ?? '').includes('"ecs-tasks.amazonaws.com"')
      )
    )
  }
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}
