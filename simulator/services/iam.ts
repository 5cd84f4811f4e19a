/** IAM: roles, and what the policy simulator says of them. */
import { AwsError } from '../world/errors.js'
import type { Role } from '../world/identity.js'
import { identityTexts } from '../world/texts.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, type Operation } from './operation.js'

function roleOf(world: SimulatedWorld, reference: string): Role {
  const role = world.identity.look(reference)
  if (role === undefined)
    throw new AwsError(
      'NoSuchEntity',
      identityTexts.noRole.say(reference.slice(reference.lastIndexOf('/') + 1)),
      404
    )
  return role
}

/** The id that IAM gives a role: the same for the same name. */
function idOf(name: string): string {
  const letters = Buffer.from(name).toString('hex').toUpperCase().padEnd(17, '0')
  return `AROA${letters.slice(0, 17)}`
}

/** RFC 3986, as policy documents travel. */
function encoded(document: unknown): string {
  return encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

export const iamOperations: Record<string, Operation> = {
  GetRole: read((world, { RoleName }: { RoleName: string }) => {
    const role = roleOf(world, RoleName)
    return {
      Role: {
        Path: role.path,
        RoleName: role.name,
        RoleId: idOf(role.name),
        Arn: role.arn,
        CreateDate: new Date(world.identity.createdAt),
        AssumeRolePolicyDocument: encoded(role.trust),
        MaxSessionDuration: 3600,
        RoleLastUsed: {}
      }
    }
  }),
  SimulatePrincipalPolicy: read(
    (world, input: { PolicySourceArn: string; ActionNames: string[]; ResourceArns?: string[] }) => {
      const role = roleOf(world, input.PolicySourceArn)
      const resources = input.ResourceArns ?? ['*']
      return {
        EvaluationResults: input.ActionNames.flatMap((action) =>
          resources.map((resource) => ({
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: world.secrets.mayBeRead(action, resource) ? 'allowed' : 'implicitDeny',
            MatchedStatements: [],
            MissingContextValues: [...role.conditions]
          }))
        ),
        IsTruncated: false
      }
    }
  )
}
