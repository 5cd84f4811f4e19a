import type { TargetGroup } from '../../src/domain/service.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import {
  alone,
  balancerArn,
  byRules,
  dead,
  definition,
  facts,
  group,
  groupArn,
  otherArn,
  region,
  service,
  subnets,
  task
} from './shop.js'

const unused = {
  targets: new Map([
    [groupArn, known([{ id: '10.0.1.5', port: 8080, state: 'unused', reason: 'Target.NotInUse' }])]
  ])
}
const noTargets = { targets: new Map([[groupArn, known([])]]) }
const asking = (change: Partial<TargetGroup>) => facts({ groups: known([group(change)]) })

const failedChecks = `Task failed ELB health checks in (target-group ${groupArn})`
/** The current deployment stopped its first old task so long after its first new one ran. */
const startedIn = (ms: number): Partial<Facts> => {
  const [primary] = service().deployments
  const began = -3_700_000
  const events = [
    {
      id: '2',
      at: began + 30_000 + ms,
      message: '(service shop-web) has stopped 1 running tasks: (task 0).'
    },
    { id: '1', at: began, message: '(service shop-web) has started 2 tasks: (task 1) (task 2).' }
  ]
  return {
    service: service({ deployments: [{ ...primary!, createdAt: began }], events }),
    tasks: known([task({ createdAt: began, startedAt: began + 30_000 })])
  }
}

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
    world: () => facts(alone)
  },
  {
    check: 'target-group-in-use',
    when: 'only a rule forwards to it, and all else goes elsewhere',
    state: 'ok',
    says: /rule 10 of listener HTTPS 443 \(path-pattern \/shop\/\*\) forwards to shop-web/,
    world: () => facts({ ...noTargets, ...byRules([{}]) })
  },
  {
    check: 'target-group-in-use',
    when: 'a rule before takes the same requests',
    state: 'warning',
    says: /Rule 20 of listener HTTPS 443 forwards to shop-web and is never reached: rule 10 takes.*set-rule-priorities/,
    world: () => facts(byRules([{ conditions: [], targetGroups: [otherArn] }, {}]))
  },
  {
    check: 'target-group-in-use',
    when: 'a rule before takes some of them',
    state: 'ok',
    says: /gets requests/,
    world: () =>
      facts(
        byRules([
          { conditions: [{ field: 'path-pattern', values: ['/shop/api/*'] }], targetGroups: [otherArn] },
          {}
        ])
      )
  },
  {
    check: 'target-group-in-use',
    when: 'a rule before asks for another host as well',
    state: 'ok',
    says: /gets requests/,
    world: () =>
      facts(
        byRules([
          {
            conditions: [
              { field: 'path-pattern', values: ['/*'] },
              { field: 'host-header', values: ['other.example.org'] }
            ],
            targetGroups: [otherArn]
          },
          {}
        ])
      )
  },
  {
    check: 'target-group-in-use',
    when: 'no rule forwards to it, and its targets are unused',
    state: 'error',
    says: /gets no requests: no listener and no rule of load balancer shop forwards to it/,
    code: 'target-not-in-use',
    world: () => facts({ ...unused, ...byRules([{ targetGroups: [otherArn] }]) })
  },
  {
    check: 'target-group-in-use',
    when: 'the load balancer has no listener, and the targets are unused',
    state: 'error',
    says: /load balancer shop has no listener.*create-listener --load-balancer-arn arn:/,
    code: 'target-not-in-use',
    world: () => facts({ ...unused, listeners: new Map([[balancerArn, known([])]]) })
  },
  {
    check: 'target-group-in-use',
    when: 'no listener is shown, and nothing else says that it is unused',
    state: 'warning',
    says: /has no listener/,
    world: () => facts({ ...noTargets, listeners: new Map([[balancerArn, known([])]]) })
  },
  {
    check: 'target-group-in-use',
    when: 'no listener is shown, and a target is healthy: the world says two things',
    state: 'ok',
    says: /healthy now/,
    world: () => facts({ listeners: new Map([[balancerArn, known([])]]) })
  },
  {
    check: 'target-group-in-use',
    when: 'the rules may not be read: ELB names a load balancer, and that is enough',
    state: 'ok',
    says: /attached to a load balancer/,
    world: () => facts({ ...noTargets, ...byRules([{}]), rules: new Map() })
  },
  {
    check: 'container-port',
    when: 'the container maps the port',
    state: 'ok',
    says: /web:8080 is mapped/,
    world: () => facts()
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
    when: 'awsvpc and ip',
    state: 'ok',
    says: /takes ip targets/,
    world: () => facts()
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
    when: 'tasks were replaced when their time was over, while others answer',
    state: 'warning',
    says: /2 tasks of the last hour did not answer shop-web within the 1m 00s.*the first 1m 05s after RUNNING/,
    world: () => facts({ stopped: known([dead(failedChecks, 65_000), dead(failedChecks, 80_000)]) })
  },
  {
    check: 'grace-period',
    when: 'tasks failed their checks long after their start: that is no matter of grace',
    state: 'ok',
    says: /1m 00s to start/,
    world: () => facts({ stopped: known([dead(failedChecks, 1_200_000)]) })
  },
  {
    check: 'grace-period',
    when: 'the last start took nearly all of the time',
    state: 'warning',
    says: /The last start took 55s of the 1m 00s/,
    world: () => facts(startedIn(55_000))
  },
  {
    check: 'grace-period',
    when: 'the last start took half of the time',
    state: 'ok',
    says: /healthy at most 30s later/,
    world: () => facts(startedIn(30_000))
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
    when: 'the load balancer is where the tasks are',
    state: 'ok',
    says: /serves eu-west-1a, eu-west-1b/,
    world: () => facts()
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
