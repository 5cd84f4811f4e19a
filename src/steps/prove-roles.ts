import type { JsonObject } from '../domain/task-definition.js'
import { FactReader } from '../preflight/reader.js'
import type { Ports } from '../ports.js'

/** No longer is waited for an answer about a role, milliseconds: it is a detail. */
const limitMs = 3000

const roles = [
  ['executionRoleArn', 'execution role'],
  ['taskRoleArn', 'task role']
] as const

/** What is wrong with the roles of a definition, and what could not be told; in words. */
export interface RolesLook {
  problems: string[]
  notes: string[]
}

/** Asks whether the roles that candidates name exist, each once. */
export class RoleLooks {
  private readonly asked = new Map<string, Promise<{ known: boolean; there?: boolean; why?: string }>>()
  /** Why no role can be read: then none is asked for again. */
  private closed: string | undefined

  constructor(private readonly ports: Ports) {}

  /** Reads only; never throws. A role that may not be read is no problem, and said. */
  async look(definition: JsonObject): Promise<RolesLook> {
    const found: RolesLook = { problems: [], notes: [] }
    for (const [member, word] of roles) {
      const arn = definition[member]
      if (typeof arn !== 'string' || arn === '' || !this.ports.surroundings?.role) continue
      const look = this.asked.get(arn) ?? this.ask(arn)
      this.asked.set(arn, look)
      const { known, there, why = '' } = await look
      const name = arn.replace(/^.*\//, '')
      if (known && there === false) found.problems.push(`its ${word} ${name} does not exist`)
      if (!known) found.notes.push(`whether its ${word} ${name} exists is not known: ${why}`)
    }
    return found
  }

  private async ask(arn: string): Promise<{ known: boolean; there?: boolean; why?: string }> {
    if (this.closed !== undefined) return { known: false, why: this.closed }
    const reader = new FactReader(this.ports.clock, limitMs)
    try {
      const role = await reader.read('iam:GetRole', this.ports.surroundings?.role, arn)
      if (role.known) return { known: true, there: role.value !== undefined }
      this.closed = role.why
      return { known: false, why: role.why }
    } finally {
      reader.end()
    }
  }
}
