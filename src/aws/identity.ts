import type { Role, Simulated } from '../domain/surroundings.js'
import { AwsFault } from '../ports.js'
import { list, operation, structure, text } from './shapes.js'
import { iamService, type SmallClient } from './small-client.js'

const texts = () => list('Texts', text, 'member')
const result = structure('EvaluationResult', {
  EvalActionName: text,
  EvalResourceName: text,
  EvalDecision: text,
  EvalResourceDecision: text,
  MissingContextValues: texts,
  ResourceSpecificResults: () => list('Results', () => specific, 'member')
})
const specific = structure('ResourceSpecificResult', {
  EvalResourceName: text,
  EvalResourceDecision: text,
  MissingContextValues: texts
})
const getRole = operation(
  'GetRole',
  structure('GetRoleRequest', { RoleName: text }),
  structure('GetRoleResponse', {
    Role: () => structure('Role', { Arn: text, AssumeRolePolicyDocument: text })
  })
)
const simulatePrincipalPolicy = operation(
  'SimulatePrincipalPolicy',
  structure('SimulatePrincipalPolicyRequest', {
    PolicySourceArn: text,
    ActionNames: texts,
    ResourceArns: texts
  }),
  structure('SimulatePolicyResponse', {
    EvaluationResults: () => list('EvaluationResults', () => result, 'member')
  })
)

interface Evaluated {
  EvalActionName?: string
  EvalResourceName?: string
  EvalDecision?: string
  EvalResourceDecision?: string
  MissingContextValues?: string[]
  ResourceSpecificResults?: Evaluated[]
}

/** IAM, as far as roles of tasks are asked about. */
export class Identity {
  constructor(private readonly client: SmallClient) {}

  /** A role by ARN or name; undefined when IAM says that there is none of this name. */
  async role(reference: string): Promise<Role | undefined> {
    const RoleName = reference.slice(reference.lastIndexOf('/') + 1)
    try {
      const answer = await this.client.send<{ Role?: { Arn?: string; AssumeRolePolicyDocument?: string } }>(
        iamService,
        'iam:GetRole',
        getRole,
        { RoleName }
      )
      const { Arn, AssumeRolePolicyDocument: document } = answer.Role ?? {}
      if (Arn === undefined)
        throw new AwsFault('unreachable', 'iam:GetRole', 'NoAnswer', 'no role in the answer')
      return { arn: Arn, ...(document === undefined ? {} : { trust: parsed(document) }) }
    } catch (error) {
      // Only IAM's own words about a role count: another 404 says nothing of it.
      if (error instanceof AwsFault && /^NoSuchEntity/.test(error.errorCode) && /role/i.test(error.message))
        return undefined
      throw error
    }
  }

  /** What IAM's policy simulator says of these actions on these resources. */
  async simulate(
    PolicySourceArn: string,
    ActionNames: string[],
    ResourceArns: string[]
  ): Promise<Simulated[]> {
    const answer = await this.client.send<{ EvaluationResults?: Evaluated[] }>(
      iamService,
      'iam:SimulatePrincipalPolicy',
      simulatePrincipalPolicy,
      { PolicySourceArn, ActionNames, ResourceArns }
    )
    return (answer.EvaluationResults ?? []).flatMap((one) => {
      const own = one.ResourceSpecificResults ?? []
      return (own.length > 0 ? own : [one]).map((r) => ({
        action: one.EvalActionName ?? '',
        resource: r.EvalResourceName ?? '',
        decision: r.EvalResourceDecision ?? r.EvalDecision ?? '',
        ...((r.MissingContextValues ?? []).length > 0 || (one.MissingContextValues ?? []).length > 0
          ? { unsure: true }
          : {})
      }))
    })
  }
}

/** A policy document as IAM sends it: JSON, percent-encoded. */
function parsed(document: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(document)) as unknown
  } catch {
    return undefined
  }
}
