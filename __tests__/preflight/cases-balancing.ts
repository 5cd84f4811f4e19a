import type { TargetGroup } from '../../src/domain/service.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import { definition, facts, group, groupArn, region, service, subnets } from './shop.js'

const noTargets = { targets: new Map([[groupArn, known([])]]) }
const asking = (change: Partial<TargetGroup>) => facts({ groups: known([group(change)]) })

const alone = { service: service({ loadBalancers: [] }) }

export const balancingCases: Case[] = [
  {
    check: 'registered',
    when: 'an empty target group waits for the port',
    state: 'warning',
    says: /shop-web has no targets.*--load-balancers targetGroupArn=\S+,containerName=web,containerPort=8080/,
    world: () => facts({ ...alone, strays: known([group()]) })
  },
  {
    check: 'registered',
    when: 'nobody waits for it: a worker with a port',
    state: 'ok',
    says: /No empty target group/,
    world: () => facts(alone)
  },
  {
    check: 'registered',
    when: 'the role may not look for one',
    state: 'unknown',
    says: /may not call/,
    world: () => facts({ ...alone, strays: unknown('the role may not call it') })
  },
  {
    check: 'target-group-in-use',
    when: 'no load balancer has the target group',
    state: 'error',
    says: /attached to no load balancer.*create-listener/,
    code: 'target-not-in-use',
    world: () => facts({ ...noTargets, groups: known([group({ loadBalancers: [] })]) })
  },
  {
    check: 'target-group-in-use',
    when: 'none has it, and yet a target is healthy: the world says two things',
    state: 'warning',
    says: /and yet a target of it is healthy/,
    world: () => facts({ groups: known([group({ loadBalancers: [] })]) })
  },
  {
    check: 'target-group-in-use',
    when: 'ELB does not say who has it',
    state: 'unknown',
    says: /does not say who uses/,
    world: () => {
      const silent = group()
      delete silent.loadBalancers
      return facts({ ...noTargets, groups: known([silent]) })
    }
  },
  {
    check: 'target-group-in-use',
    when: 'the service has no load balancer',
    state: 'ok',
    says: /no load balancer/,
    world: () => facts({ service: service({ loadBalancers: [] }) })
  },
  {
    check: 'container-port',
    when: 'the definition has no such container',
    state: 'error',
    says: /container web, which the task definition has not/,
    world: () => facts({ definition: definition({ name: 'app' }) })
  },
  {
    check: 'container-port',
    when: 'the container maps another port than before',
    state: 'error',
    says: /it maps 3000/,
    world: () => facts({ definition: definition({ portMappings: [{ containerPort: 3000 }] }) })
  },
  {
    check: 'container-port',
    when: 'neither maps it, and ECS has taken that before',
    state: 'warning',
    says: /it maps none/,
    world: () =>
      facts({ definition: definition({ portMappings: [] }), running: definition({ portMappings: [] }) })
  },
  {
    check: 'target-type',
    when: 'the network mode changes to bridge',
    state: 'error',
    says: /network mode bridge, target type ip/,
    world: () => facts({ ...noTargets, definition: definition({}, { networkMode: 'bridge' }) })
  },
  {
    check: 'target-type',
    when: 'it has always been so',
    state: 'warning',
    says: /type instance/,
    world: () => asking({ targetType: 'instance' })
  },
  {
    check: 'health-check',
    when: 'it asks /',
    state: 'warning',
    says: /asks \/.*--health-check-path \/health/,
    world: () => asking({ path: '/' })
  },
  {
    check: 'health-check',
    when: 'it waits as long as it asks',
    state: 'warning',
    says: /checks overlap/,
    world: () => asking({ timeoutMs: 15_000 })
  },
  {
    check: 'health-check',
    when: 'errors count as healthy',
    state: 'warning',
    says: /errors among them/,
    world: () => asking({ matcher: '200-499' })
  },
  {
    check: 'health-check',
    when: 'redirects are as good as answers',
    state: 'ok',
    says: /200,301 is healthy/,
    world: () => asking({ matcher: '200,301' })
  },
  {
    check: 'grace-period',
    when: 'two checks every five seconds, and no grace',
    state: 'warning',
    says: /10s after its start.*health-check-grace-period-seconds 60/,
    world: () =>
      facts({
        service: service({ gracePeriodMs: 0 }),
        groups: known([group({ intervalMs: 5000 })])
      })
  },
  {
    check: 'grace-period',
    when: 'the container says that it starts for longer',
    state: 'warning',
    says: /startPeriod of the containers 2m/,
    world: () =>
      facts({ definition: definition({ healthCheck: { command: ['CMD', 'true'], startPeriod: 120 } }) })
  },
  {
    check: 'grace-period',
    when: 'no grace, but checks that take minutes to fail',
    state: 'ok',
    says: /1m 30s to start/,
    world: () =>
      facts({
        service: service({ gracePeriodMs: 0 }),
        groups: known([group({ intervalMs: 30_000, unhealthyThreshold: 3 })])
      })
  },
  {
    check: 'drain',
    when: 'old tasks stay for an hour',
    state: 'warning',
    says: /most of the timeout of 30m/,
    world: () =>
      facts({
        attributes: new Map([[groupArn, known({ 'deregistration_delay.timeout_seconds': '3600' })]])
      })
  },
  {
    check: 'drain',
    when: 'five minutes of half an hour',
    state: 'ok',
    says: /5m 30s to leave/,
    world: () =>
      facts({
        attributes: new Map([[groupArn, known({ 'deregistration_delay.timeout_seconds': '300' })]])
      })
  },
  {
    check: 'zones',
    when: 'every task stands where the load balancer is not',
    state: 'error',
    says: /none of the zones.*subnet-a is in eu-west-1c/,
    code: 'target-not-in-use',
    world: () => facts({ ...noTargets, subnets: known(subnets.map((s) => ({ ...s, zone: `${region}c` }))) })
  },
  {
    check: 'zones',
    when: 'every task stands there, and one is healthy: the world says two things',
    state: 'warning',
    says: /not serve every zone/,
    world: () => facts({ subnets: known(subnets.map((s) => ({ ...s, zone: `${region}c` }))) })
  },
  {
    check: 'zones',
    when: 'one of two zones is not served',
    state: 'warning',
    says: /subnet-b is in eu-west-1c/,
    world: () => facts({ subnets: known([subnets[0]!, { ...subnets[1]!, zone: `${region}c` }]) })
  },
  {
    check: 'zones',
    when: 'an empty answer is no answer',
    state: 'unknown',
    says: /not every zone/,
    world: () => facts({ subnets: known([]) })
  }
]
