import type { Permission, SecurityGroup } from '../../src/domain/surroundings.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import { balancerGroup, facts, group, groupArn, service, subnets, tables, taskGroup } from './shop.js'

/** No target is healthy: nothing proves that the way is open. */
const untested = { targets: new Map([[groupArn, known([])]]) }

const groups = (task: Partial<SecurityGroup>, balancer: Partial<SecurityGroup> = {}): Partial<Facts> => ({
  securityGroups: known(
    new Map([
      ['sg-task', { ...taskGroup, ...task }],
      ['sg-lb', { ...balancerGroup, ...balancer }]
    ])
  )
})

const rule = (change: Partial<Permission>): Permission => ({
  protocol: 'tcp',
  from: 8080,
  to: 8080,
  cidrs: [],
  groups: [],
  prefixLists: [],
  ...change
})

const routed = (to: string | undefined, state = 'active'): Partial<Facts> => ({
  routeTables: known([
    {
      ...tables[0]!,
      routes: [
        { to: '10.0.0.0/16', via: 'local', state: 'active' },
        ...(to === undefined ? [] : [{ to: '0.0.0.0/0', via: to, state }])
      ]
    },
    tables[1]!
  ])
})

const newService = { service: service({ running: 0, deployments: [] }) }
const door = (name: string) => ({
  id: `vpce-${name}`,
  service: `com.amazonaws.eu-west-1.${name}`,
  type: name === 's3' ? 'Gateway' : 'Interface',
  state: 'available',
  privateDns: name !== 's3',
  subnets: [],
  groups: name === 's3' ? [] : ['sg-door'],
  routeTables: name === 's3' ? ['rtb-private'] : []
})
const doors = ['ecr.api', 'ecr.dkr', 's3', 'secretsmanager', 'logs'].map(door)
const doorGroup = (from: Permission[]): SecurityGroup => ({
  id: 'sg-door',
  name: 'endpoints',
  vpc: 'vpc-1',
  ingress: from,
  egress: [rule({ protocol: '-1' })]
})
const withDoors = (from: Permission[]): Partial<Facts> => ({
  endpoints: known(doors),
  securityGroups: known(new Map([taskGroup, balancerGroup, doorGroup(from)].map((g) => [g.id, g])))
})

export const networkCases: Case[] = [
  {
    check: 'task-lets-in',
    when: 'there is no rule for the port of the container',
    state: 'error',
    says: /lets nobody in from load balancer shop on TCP 8080.*--group-id sg-task.*--source-group sg-lb/,
    code: 'elb-health-timeout',
    world: () =>
      facts({ ...untested, ...groups({ ingress: [rule({ from: 80, to: 80, groups: ['sg-lb'] })] }) })
  },
  {
    check: 'task-lets-in',
    when: 'the health check asks another port, and that one is closed',
    state: 'error',
    says: /TCP 9090/,
    world: () => facts({ ...untested, groups: known([group({ port: '9090' })]) })
  },
  {
    check: 'task-lets-in',
    when: 'the rules look closed, and a target is healthy',
    state: 'ok',
    says: /healthy now/,
    world: () => facts(groups({ ingress: [] }))
  },
  {
    check: 'task-lets-in',
    when: 'the subnets of the load balancer are let in',
    state: 'ok',
    says: /lets shop in/,
    world: () => facts({ ...untested, ...groups({ ingress: [rule({ cidrs: ['10.0.0.0/8'] })] }) })
  },
  {
    check: 'task-lets-in',
    when: 'a prefix list is let in, whose addresses nobody knows here',
    state: 'ok',
    says: /lets shop in/,
    world: () => facts({ ...untested, ...groups({ ingress: [rule({ prefixLists: ['pl-1'] })] }) })
  },
  {
    check: 'task-lets-in',
    when: 'a group that shows no rule at all was not described',
    state: 'ok',
    says: /lets shop in/,
    world: () => facts({ ...untested, ...groups({ ingress: [], egress: [] }) })
  },
  {
    check: 'task-lets-in',
    when: 'another network is let in',
    state: 'error',
    says: /no ingress rule/,
    world: () => facts({ ...untested, ...groups({ ingress: [rule({ cidrs: ['192.168.0.0/16'] })] }) })
  },
  {
    check: 'balancer-lets-out',
    when: 'the group of the load balancer has no egress rule',
    state: 'error',
    says: /no egress to the tasks on TCP 8080.*no egress rule at all.*Terraform/,
    code: 'elb-health-timeout',
    world: () => facts({ ...untested, ...groups({}, { egress: [] }) })
  },
  {
    check: 'balancer-lets-out',
    when: 'it lets out to the tasks alone',
    state: 'ok',
    says: /lets shop out/,
    world: () => facts({ ...untested, ...groups({}, { egress: [rule({ groups: ['sg-task'] })] }) })
  },
  {
    check: 'balancer-lets-out',
    when: 'it lets out on another port',
    state: 'error',
    says: /no egress rule for TCP 8080 to tasks/,
    world: () =>
      facts({ ...untested, ...groups({}, { egress: [rule({ from: 80, to: 80, groups: ['sg-task'] })] }) })
  },
  {
    check: 'way-out',
    when: 'a new service stands in a public subnet without public addresses',
    state: 'error',
    says: /cannot reach the login of the registry.*is public \(it goes out by igw-1\)/,
    code: 'image-pull-network',
    world: () => facts({ ...newService, ...routed('igw-1') })
  },
  {
    check: 'way-out',
    when: 'with public addresses it may',
    state: 'ok',
    says: /reach what they need/,
    world: () =>
      facts({
        service: service({ network: { subnets: ['subnet-a'], securityGroups: ['sg-task'], publicIp: true } }),
        ...routed('igw-1')
      })
  },
  {
    check: 'way-out',
    when: 'a public address where no internet gateway is',
    state: 'error',
    says: /no route to the internet/,
    world: () =>
      facts({
        service: service({
          running: 0,
          network: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-task'], publicIp: true }
        }),
        ...routed(undefined)
      })
  },
  {
    check: 'way-out',
    when: 'no way is seen, and tasks run all the same',
    state: 'warning',
    says: /no route to the internet/,
    world: () => facts(routed(undefined))
  },
  {
    check: 'way-out',
    when: 'the NAT gateway was deleted while tasks run',
    state: 'error',
    says: /leads nowhere \(nat-1 is gone\)/,
    world: () => facts(routed('nat-1', 'blackhole'))
  },
  {
    check: 'way-out',
    when: 'the NAT gateway failed',
    state: 'error',
    says: /nat-1 is failed/,
    world: () => facts({ natGateways: known([{ id: 'nat-1', state: 'failed' }]) })
  },
  {
    check: 'way-out',
    when: 'a transit gateway is somebody else’s way out',
    state: 'ok',
    says: /reach what they need/,
    world: () => facts({ ...newService, ...routed('tgw-1') })
  },
  {
    check: 'way-out',
    when: 'a route to a network that may have endpoints of its own',
    state: 'unknown',
    says: /routes that cannot be judged/,
    world: () =>
      facts({
        ...newService,
        routeTables: known([
          {
            id: 'rtb-1',
            vpc: 'vpc-1',
            main: true,
            subnets: ['subnet-a', 'subnet-b'],
            routes: [{ to: '10.0.0.0/8', via: 'tgw-1', state: 'active' }]
          }
        ])
      })
  },
  {
    check: 'way-out',
    when: 'endpoints for everything',
    state: 'ok',
    says: /reach what they need/,
    world: () =>
      facts({
        ...newService,
        ...routed(undefined),
        ...withDoors([rule({ from: 443, to: 443, groups: ['sg-task'] })])
      })
  },
  {
    check: 'way-out',
    when: 'endpoints whose group lets nobody in',
    state: 'error',
    says: /endpoint vpce-ecr.api .* lets nobody in on TCP 443/,
    world: () =>
      facts({
        ...newService,
        ...routed(undefined),
        ...withDoors([rule({ from: 443, to: 443, groups: ['sg-other'] })])
      })
  },
  {
    check: 'way-out',
    when: 'no way, and the endpoints may not be read',
    state: 'unknown',
    says: /DescribeVpcEndpoints/,
    world: () =>
      facts({
        ...newService,
        ...routed(undefined),
        endpoints: unknown('the role may not call ec2:DescribeVpcEndpoints')
      })
  },
  {
    check: 'way-out',
    when: 'the tasks may not go out on 443',
    state: 'error',
    says: /no egress rule for TCP 443/,
    world: () =>
      facts({
        ...newService,
        ...groups({ egress: [rule({ from: 5432, to: 5432, cidrs: ['10.0.0.0/16'] })] })
      })
  },
  {
    check: 'way-out',
    when: 'an empty list of route tables is no answer',
    state: 'unknown',
    says: /no route table of subnet-a/,
    world: () => facts({ ...newService, routeTables: known([]) })
  },
  {
    check: 'way-out',
    when: 'one of two subnets has no way out',
    state: 'warning',
    says: /from 1 of 2 subnets/,
    world: () =>
      facts({
        ...newService,
        routeTables: known([
          tables[0]!,
          { id: 'rtb-b', vpc: 'vpc-1', main: false, subnets: ['subnet-b'], routes: [] }
        ])
      })
  },
  {
    check: 'free-addresses',
    when: 'there are plenty',
    state: 'ok',
    says: /400 addresses are free/,
    world: () => facts()
  },
  {
    check: 'free-addresses',
    when: 'none is left, and none may go first',
    state: 'error',
    says: /No address is left.*subnet-a has 0/,
    code: 'subnet-exhausted',
    world: () => facts({ subnets: known(subnets.map((s) => ({ ...s, freeAddresses: 0 }))) })
  },
  {
    check: 'free-addresses',
    when: 'subnets of IPv6 alone: only IPv4 addresses are counted',
    state: 'unknown',
    says: /shows no IPv4 addresses/,
    world: () => facts({ subnets: known(subnets.map(({ id }) => ({ id, freeAddresses: 0 }))) })
  },
  {
    check: 'free-addresses',
    when: 'none is left, but an old task may go first',
    state: 'warning',
    says: /0 addresses are free/,
    world: () =>
      facts({
        service: service({ minimumHealthyPercent: 50 }),
        subnets: known(subnets.map((s) => ({ ...s, freeAddresses: 0 })))
      })
  },
  {
    check: 'free-addresses',
    when: 'there are some, but fewer than new tasks',
    state: 'warning',
    says: /1 addresses are free, and up to 2/,
    world: () =>
      facts({
        subnets: known([
          { ...subnets[0]!, freeAddresses: 1 },
          { ...subnets[1]!, freeAddresses: 0 }
        ])
      })
  },
  {
    check: 'free-addresses',
    when: 'an empty answer is no answer',
    state: 'unknown',
    says: /did not say/,
    world: () => facts({ subnets: known([]) })
  }
]
