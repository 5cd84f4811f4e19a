import type { JsonObject } from '../domain/task-definition.js'
import { FactReader } from '../preflight/reader.js'
import type { Ports } from '../ports.js'

/** No longer is waited for an answer about a role, milliseconds: it is a detail. */
const limitMs = 3000

const roles = [
  ['executionRoleArn', 'execution role'],
  ['taskRoleArn', 'task role']
] as const

/** Asks whether the roles that candidates name exist, each once. */
export class RoleLooks {
  private readonly asked = new Map<string, Promise<boolean | undefined>>()
  /** Why no role can be read: then none is asked for again. */
  unread: string | undefined

  constructor(private readonly ports: Ports) {}

  /** What is wrong with the roles of a definition, in words. Reads only; never throws. One that cannot be read is not wrong. */
  async problems(definition: JsonObject): Promise<string[]> {
    const found: string[] = []
    for (const [member, word] of roles) {
      const arn = definition[member]
      if (typeof arn !== 'string' || arn === '' || !this.ports.surroundings?.role) continue
      const there = this.asked.get(arn) ?? this.isThere(arn)
      this.asked.set(arn, there)
      if ((await there) === false) found.push(`its ${word} ${arn.replace(/^.*\//, '')} does not exist`)
    }
    return found
  }

  private async isThere(arn: string): Promise<boolean | undefined> {
    if (this.unread !== undefined) return undefined
    const reader = new FactReader(this.ports.clock, limitMs)
    try {
      const role = await reader.read('iam:GetRole', this.ports.surroundings?.role, arn)
      if (role.known) return role.value !== undefined
      this.unread = role.why
      return undefined
    } finally {
      reader.end()
    }
  }
}
