import { parseArn } from '../domain/arn.js'
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

  /** `account`: the service's; roles of another one cannot be asked for. `running`: the definition whose tasks run now. */
  constructor(
    private readonly ports: Ports,
    private readonly account?: string,
    private readonly running: JsonObject = {}
  ) {}

  /**
   * What is wrong with the roles of a definition, in words. Reads only; never throws. One that cannot be read is not
   * wrong, and one that running tasks have is a doubt of what was read, not of the revision.
   */
  async look(definition: JsonObject): Promise<{ problems: string[]; notes: string[] }> {
    const found = { problems: [] as string[], notes: [] as string[] }
    const isRunning = (arn: string) => roles.some(([member]) => this.running[member] === arn)
    for (const [member, word] of roles) {
      const arn = definition[member]
      if (typeof arn !== 'string' || arn === '' || !this.ports.surroundings?.role) continue
      if (this.account !== undefined && parseArn(arn)?.account !== this.account) continue
      const there = this.asked.get(arn) ?? this.isThere(arn)
      this.asked.set(arn, there)
      if ((await there) !== false) continue
      const which = `its ${word} ${arn.replace(/^.*\//, '')}`
      if (isRunning(arn)) found.notes.push(`IAM does not know ${which}, though tasks run with it`)
      else found.problems.push(`${which} does not exist`)
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
