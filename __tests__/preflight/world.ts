/** Ports over facts: a world that answers the questions of preflight, and denies or leaves open those that it shall. */
import type { EcrRepository } from '../../src/domain/image.js'
import { AwsFault, NotFound, type Ports } from '../../src/ports.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, type Known } from '../../src/preflight/known.js'

/** What becomes of the calls of one action. */
export type How = 'answered' | 'denied' | 'silent'

/** A world, and what was asked of it. */
export interface AskedWorld {
  ports: Ports
  /** The actions, in the order of their first call. */
  asked: () => string[]
}

/**
 * The world that these facts were read from. Whatever preflight asks beyond reading is missing here, so a check that
 * wrote would fail. Its clock stands until all that can be answered is answered, and then jumps to the end of a wait.
 */
export function worldOf(facts: Facts, how: (action: string) => How = () => 'answered'): AskedWorld {
  const asked = new Set<string>()
  let now = facts.now
  const waiting = new Set<{ at: number; done: () => void }>()
  const say = async <T>(action: string, fact: Known<T>): Promise<T> => {
    asked.add(action)
    if (how(action) === 'silent') return await new Promise(() => undefined)
    if (how(action) === 'denied' || !fact.known)
      throw new AwsFault('denied', action, 'AccessDeniedException', 'not authorized')
    return fact.value
  }
  const at = <T>(map: ReadonlyMap<string, Known<T>>, key: string): Known<T> =>
    map.get(key) ?? { known: false, why: '' }
  const strays = facts.strays.known ? facts.strays.value : []
  const waits = (arn: string) => strays.some((g) => g.arn === arn)
  const exists = async (action: string, map: Facts['logGroups'], key: string): Promise<void> => {
    if (!(await say(action, at(map, key)))) throw new NotFound(`${key} does not exist`)
  }
  const pull = async (action: string, reference: string): Promise<object> => {
    const found = await say(action, at(facts.images, reference))
    if (!found.there) throw new NotFound(found.says)
    return { tags: [] }
  }
  const allGroups =
    facts.groups.known && facts.strays.known
      ? known([...facts.groups.value, ...facts.strays.value])
      : facts.strays

  const ports = {
    clock: {
      now: () => now,
      random: () => 0.5,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((done) => {
          const wait = { at: now + ms, done }
          waiting.add(wait)
          signal?.addEventListener('abort', () => waiting.delete(wait))
          setImmediate(() => {
            const next = [...waiting].sort((a, b) => a.at - b.at)[0]
            if (!next) return
            waiting.delete(next)
            now = next.at
            next.done()
          })
        })
    },
    containers: {
      taskArns: async (_: object, status: string) =>
        (await say('ecs:ListTasks', status === 'RUNNING' ? facts.tasks : facts.stopped)).map((t) => t.arn),
      tasks: async (_: string, arns: string[]) => {
        const all = [facts.tasks, facts.stopped].flatMap((f) => (f.known ? f.value : []))
        return (await say('ecs:DescribeTasks', known(all))).filter((t) => arns.includes(t.arn))
      }
    },
    repositories: {
      image: (repository: EcrRepository, { digest }: { digest: string }) =>
        pull('ecr:DescribeImages', `${repository.host}/${repository.name}@${digest}`),
      serves: (repository: EcrRepository, { digest }: { digest: string }) =>
        pull('ecr:BatchGetImage', `${repository.host}/${repository.name}@${digest}`).then(() => true)
    },
    targets: {
      health: (arn: string) =>
        say('elasticloadbalancing:DescribeTargetHealth', waits(arn) ? known([]) : at(facts.targets, arn)),
      describe: () => say('elasticloadbalancing:DescribeTargetGroups', facts.groups)
    },
    alarms: { states: () => say('cloudwatch:DescribeAlarms', facts.alarms) },
    surroundings: {
      targetGroups: () => say('elasticloadbalancing:DescribeTargetGroups', allGroups),
      attributes: (arn: string) =>
        say('elasticloadbalancing:DescribeTargetGroupAttributes', at(facts.attributes, arn)),
      balancers: () => say('elasticloadbalancing:DescribeLoadBalancers', facts.balancers),
      listeners: (arn: string) => say('elasticloadbalancing:DescribeListeners', at(facts.listeners, arn)),
      rules: (arn: string) => say('elasticloadbalancing:DescribeRules', at(facts.rules, arn)),
      subnets: async (ids: string[]) => {
        const all = [facts.subnets, facts.balancerSubnets].flatMap((f) => (f.known ? f.value : []))
        return (await say('ec2:DescribeSubnets', known(all))).filter((s) => ids.includes(s.id))
      },
      securityGroups: async (ids: string[]) =>
        [...(await say('ec2:DescribeSecurityGroups', facts.securityGroups)).values()].filter((g) =>
          ids.includes(g.id)
        ),
      routeTables: () => say('ec2:DescribeRouteTables', facts.routeTables),
      natGateways: () => say('ec2:DescribeNatGateways', facts.natGateways),
      endpoints: () => say('ec2:DescribeVpcEndpoints', facts.endpoints),
      logGroup: (name: string) => exists('logs:DescribeLogStreams', facts.logGroups, name),
      secret: (arn: string) => say('secretsmanager:DescribeSecret', at(facts.secrets, arn)),
      parameters: async (names: string[]) => {
        const there = names.map((id) => [id, at(facts.parameters, id)] as const)
        const answer = await say('ssm:DescribeParameters', known(there))
        return answer.flatMap(([id, found]) => (found.known && found.value ? [id] : []))
      },
      role: (arn: string) => say('iam:GetRole', at(facts.roles, arn)),
      simulate: (_: string, wanted: string[]) =>
        say('iam:SimulatePrincipalPolicy', facts.simulated).then((all) =>
          all.filter(({ action }) => wanted.includes(action))
        )
    }
  }
  return { ports: ports as unknown as Ports, asked: () => [...asked] }
}
