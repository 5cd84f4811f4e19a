import type { ReasonCode } from '../../domain/outcome.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check, type Fix } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceCommand } from '../fixes.js'
import { isFargate, logNeeds, rawContainers, secretNeeds, textOf, usesEcr } from '../needs.js'
import { wayOut as way } from '../way-out.js'

/** Something that a task must reach before its containers start. */
interface Need {
  what: string
  /** The AWS service; absent: a registry in the internet. */
  service?: string
  code: ReasonCode
}

/** What tasks must reach to start: the registry, the secrets and the log. */
export const wayOut: Check = {
  name: 'way-out',
  area: 'network',
  question: 'Do tasks reach the registry, the secrets and the log from every subnet?',
  reads: [
    'ec2:DescribeSubnets',
    'ec2:DescribeRouteTables',
    'ec2:DescribeNatGateways',
    'ec2:DescribeVpcEndpoints'
  ],
  worst: 'error',
  source:
    'A runbook for 503: a public subnet without a public address, a private one without NAT; ECS guide, pulling images',
  look(facts) {
    const { subnets, service, definition } = facts
    if (service.network === undefined || !isFargate(service, definition))
      return ok('The instances fetch what tasks need.')
    if (!subnets.known) return unknowable(subnets.why)
    if (subnets.value.length < service.network.subnets.length)
      return unknowable('ec2:DescribeSubnets did not show every subnet')
    return together(facts, needsOf(facts))
  }
}

/** Needs that cannot be reached for the same reason are one finding. */
function together(facts: Facts, needs: Need[]): Answer {
  const answers = needs.map((need) => reached(facts, need))
  const worst = gravest(answers, 'Tasks need nothing from outside.')
  if (worst.state !== 'error' && worst.state !== 'warning') return worst
  const those = needs.filter((_, i) => answers[i]?.state === worst.state).map((n) => n.what)
  return { ...worst, says: `New tasks cannot reach ${those.join(', ')}${where(worst)}.` }
}

/** Said of some subnets only, and not of all. */
function where({ says }: { says: string }): string {
  const some = / from \d+ of \d+ subnets/.exec(says)?.[0]
  return some ?? ''
}

function needsOf({ definition }: Facts): Need[] {
  const secrets = secretNeeds(definition)
  const elsewhere = rawContainers(definition).some(
    (c) => !/^\d{12}\.dkr[.-]ecr/.test(textOf(c, 'image') ?? '')
  )
  const code = 'image-pull-network'
  return [
    ...(usesEcr(definition)
      ? [
          { what: 'the login of the registry (ECR)', service: 'ecr.api', code } as const,
          { what: 'the registry (ECR)', service: 'ecr.dkr', code } as const,
          { what: 'the layers of images (S3)', service: 's3', code } as const
        ]
      : []),
    ...(elsewhere ? [{ what: 'the registry in the internet', code } as const] : []),
    ...(secrets.some((s) => s.kind === 'secret')
      ? [{ what: 'Secrets Manager', service: 'secretsmanager', code: 'secret-network' } as const]
      : []),
    ...(secrets.some((s) => s.kind === 'parameter')
      ? [{ what: 'the parameters of Systems Manager', service: 'ssm', code: 'secret-network' } as const]
      : []),
    ...(logNeeds(definition).length > 0
      ? [{ what: 'CloudWatch Logs', service: 'logs', code: 'log-network' } as const]
      : [])
  ]
}

function reached(facts: Facts, { what, service, code }: Need): Answer {
  const subnets = facts.subnets.known ? facts.subnets.value : []
  const ways = subnets.map((subnet) => way(facts, subnet, service))
  const closed = ways.filter((w) => w.open === false)
  const dark = ways.find((w) => w.open === 'unknown')
  if (closed.length === 0)
    return dark?.open === 'unknown' ? unknowable(dark.why) : ok('Tasks reach what they need.')
  const evidence = [...new Set(closed.map((w) => w.says))]
  const all = closed.length === subnets.length
  const says = all
    ? `A new task cannot reach ${what}.`
    : `A new task cannot reach ${what} from ${closed.length} of ${subnets.length} subnets.`
  // Tasks that run have once come through: unless something on the way has gone since, our reading is in doubt.
  const certain = all && (facts.service.running === 0 || closed.every((w) => w.broken))
  const fix = fixOf(facts, evidence)
  return certain ? error(says, evidence, fix, code) : warning(says, evidence, fix)
}

function fixOf({ service, routeTables }: Facts, evidence: string[]): Fix {
  const network = service.network
  const subnets = network?.subnets.join(',') ?? ''
  const groups = network?.securityGroups.join(',') ?? ''
  const tables = routeTables.known ? routeTables.value : []
  if (evidence.some((e) => e.includes('no egress rule')))
    return {
      todo: `Let the tasks out on TCP 443: an egress rule of ${groups}.`,
      command: `aws ec2 authorize-security-group-egress --group-id ${network?.securityGroups[0] ?? ''} --protocol tcp --port 443 --cidr 0.0.0.0/0`
    }
  if (evidence.some((e) => e.includes('lets nobody in on TCP 443')))
    return { todo: `Let ${groups} in on TCP 443 in the security group of the endpoint.` }
  const nat = tables.find((t) => t.routes.some((r) => r.via.startsWith('nat-') && r.state !== 'blackhole'))
  const inNat = nat?.subnets.join(',') ?? ''
  if (evidence.some((e) => e.includes('is public')))
    return {
      todo: `Put the tasks of ${service.name} into private subnets with a NAT gateway${inNat === '' ? '' : ` (${inNat})`}, or give them public addresses.`,
      command: serviceCommand(
        service,
        `--network-configuration 'awsvpcConfiguration={subnets=[${inNat === '' ? subnets : inNat}],securityGroups=[${groups}],assignPublicIp=${inNat === '' ? 'ENABLED' : 'DISABLED'}}'`
      )
    }
  const table = /\brtb-[0-9a-z]+/.exec(evidence.join(' '))?.[0] ?? 'ROUTE_TABLE'
  return {
    todo: `Give the subnets ${subnets} a way out: a NAT gateway in a public subnet and a route 0.0.0.0/0 to it (a public address is of no use without an internet gateway), or endpoints for ECR, S3, Logs and Secrets Manager.`,
    console: 'VPC → NAT gateways → Create, then VPC → Route tables → Routes → Edit',
    command: `aws ec2 create-route --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id NAT_GATEWAY`
  }
}
