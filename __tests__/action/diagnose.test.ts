/** Mode diagnose, on the incidents of the seed documents: the cause first, and the fix mends the world. */
import { describe, expect, test } from '@jest/globals'
import type { SecurityGroupHandle, SubnetHandle, World } from '../../simulator/index.js'
import { incident as demo } from '../../simulator/incident.js'
import { openStory, type Played, type Stage } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { expectLog, expectPage } from '../report/goldens.js'

const minutes = (n: number): number => n * 60_000

/** What a person would do who reads the answer. */
interface Incident {
  story: string
  /** What went wrong before anybody looked, when the story itself has not begun yet. */
  before?: (stage: Stage) => void
  code: string
  says: RegExp
  fix: RegExp
  mend: (stage: Stage, played: Played) => void
}

const deployImage =
  (image: (world: World, running: string) => string) =>
  ({ world, scene }: Stage): void => {
    const { service } = scene
    const definition = world.ecs.findTaskDefinition(service.primary.taskDefinitionArn)!
    const [first, ...others] = (definition.raw as { containerDefinitions: { image: string }[] })
      .containerDefinitions
    const next = world.ecs.taskDefinition({
      ...definition.raw,
      family: definition.family,
      containerDefinitions: [{ ...first, image: image(world, first!.image) }, ...others]
    })
    world.ecs.updateService(service, { taskDefinition: next.arn })
    world.clock.advanceBy(minutes(12))
  }

const tagged = (tag: string) => (_: World, running: string) => `${running.split(/[:@]/)[0]!}:${tag}`

const grace = ({ world, scene }: Stage): void =>
  world.ecs.updateService(scene.service, { healthCheckGracePeriodSeconds: 300 })

const group = (world: World, id: string): SecurityGroupHandle => world.ec2.findSecurityGroup(id)!
const ids = (text: string, kind: string): string[] =>
  [...text.matchAll(new RegExp(`\\b${kind}-[0-9a-f]+`, 'g'))].map(([id]) => id)
const next = (played: Played): string => {
  const { ending } = played.report as { ending: { fix: string } }
  return ending.fix
}

const incidents: Incident[] = [
  {
    story: 'prooflink-503',
    code: 'target-not-registered',
    says: /^503 because no target is registered in prooflink-tg: service prooflink-service has no load balancer attached/,
    fix: /aws ecs update-service .*--load-balancers targetGroupArn=\S+,containerName=prooflink-app,containerPort=3000/,
    mend: ({ world, scene }, played) => {
      const [, targetGroupArn = '', containerName = '', port = ''] =
        /targetGroupArn=([^,]+),containerName=([^,]+),containerPort=(\d+)/.exec(next(played))!
      world.ecs.updateService(scene.service, {
        loadBalancers: [{ targetGroupArn, containerName, containerPort: Number(port) }],
        healthCheckGracePeriodSeconds: 60
      })
    }
  },
  {
    story: 'prooflink-public-subnet',
    code: 'image-pull-network',
    says: /^503 because no target is registered in prooflink-tg: new tasks cannot reach the login of the registry/,
    fix: /subnets=\[subnet-0b11c22d33e44f551\]/,
    mend: ({ world, scene }, played) => {
      const [, subnets = ''] = /subnets=\[([^\]]+)\]/.exec(next(played))!
      const securityGroups = /securityGroups=\[([^\]]+)\]/.exec(next(played))![1]!.split(',')
      world.ecs.updateService(scene.service, {
        networkConfiguration: {
          awsvpcConfiguration: { subnets: subnets.split(','), securityGroups, assignPublicIp: 'DISABLED' }
        }
      })
    }
  },
  {
    story: 'prooflink-public-ip',
    code: 'image-pull-network',
    says: /^503 because .*: new tasks cannot reach the login of the registry/,
    fix: /NAT gateway in a public subnet and a route 0\.0\.0\.0\/0.*--route-table-id rtb-/,
    mend: ({ world }, played) => {
      const [privateId = ''] = ids(next(played), 'subnet')
      const table = world.ec2.routeTableOf(world.ec2.findSubnet(privateId)!)
      const nat = world.ec2.natGateway({ subnet: publicSubnet(world) })
      table.route('0.0.0.0/0', nat)
    }
  },
  {
    story: 'prooflink-closed-group',
    code: 'elb-health-timeout',
    says: /the security group of the tasks lets nobody in from load balancer prooflink-alb on TCP 3000/,
    fix: /authorize-security-group-ingress --group-id sg-0b11c22d33e44f552 --protocol tcp --port 3000 --source-group sg-/,
    mend: ({ world }, played) => {
      const [, to = '', from = ''] = /--group-id (\S+) .*--source-group (\S+)/.exec(next(played))!
      group(world, to).allow('ingress', { protocol: 'tcp', port: 3000, group: group(world, from) })
    }
  },
  {
    story: 'alb-without-egress',
    code: 'elb-health-timeout',
    says: /the security group of load balancer shop-alb has no egress to the tasks on TCP 8080/,
    fix: /authorize-security-group-egress --group-id sg-/,
    mend: ({ world }, played) => {
      const [, from = '', to = ''] = /--group-id (\S+) .*GroupId=([^}]+)\}/.exec(next(played))!
      group(world, from).allow('egress', { protocol: 'tcp', port: 8080, group: group(world, to) })
    }
  },
  {
    story: 'prooflink-strict-check',
    before: deployImage(tagged('release-12')),
    code: 'elb-health-unreachable',
    says: /A task that does not answer prooflink-tg 10s after its start is replaced: there is no grace period/,
    fix: /--health-check-grace-period-seconds 60/,
    mend: grace
  },
  {
    story: 'replacement-loop-without-grace',
    before: deployImage(tagged('v2')),
    code: 'elb-health-unreachable',
    says: /A task that does not answer shop-web 30s after its start is replaced: there is no grace period/,
    fix: /--health-check-grace-period-seconds/,
    mend: grace
  },
  {
    story: 'prod-e-curl-missing',
    before: deployImage(tagged('2.5.0-slim')),
    code: 'container-health-check',
    says: /health check/,
    fix: /curl/,
    mend: deployImage(tagged('latest'))
  },
  {
    story: 'expired-digest-504',
    code: 'image-not-found',
    says: /^504 because only 1 of 2 targets of app-prod are healthy.*app-prod@sha256:\w+ .*(not found|does not exist|not exist)/,
    fix: /deploy one that exists/,
    mend: (stage) => {
      const image = (_: World, running: string) => `${running.split('@')[0]!}:build-11`
      deployImage(image)(stage)
    }
  }
]

/** A subnet with a public address for each of its interfaces, in the network of the story. */
function publicSubnet(world: World): SubnetHandle {
  const { subnets } = world.ec2 as unknown as { subnets: Map<string, SubnetHandle & { vpc: { id: string } }> }
  return [...subnets.values()].find((s) => s.mapPublicIp && s.vpc.id !== world.ec2.mainVpc.id)!
}

function expectFaces(name: string, { report, result }: Played): void {
  expectPage(name, report, result.summary)
  expectLog(name, result.stdout)
}

describe.each(incidents.map((i) => [i.story, i] as const))('%s', (name, incident) => {
  test('the cause first, and the fix mends it', async () => {
    const stage = await openStory(storyNamed(name), { pace: 'lockstep' })
    try {
      incident.before?.(stage)
      const inputs = { mode: 'diagnose', environment: '', images: '' }
      const ill = await stage.run({ inputs })
      expect({
        outcome: ill.result.outputs['outcome'],
        code: ill.result.outputs['reason-code'],
        reason: ill.result.outputs['reason'],
        fix: next(ill),
        exitCode: ill.result.exitCode,
        writes: ill.journal.filter((e) => e.write)
      }).toEqual({
        outcome: 'problems',
        code: incident.code,
        reason: expect.stringMatching(incident.says) as unknown,
        fix: expect.stringMatching(incident.fix) as unknown,
        exitCode: 1,
        writes: []
      })
      if (name === 'prod-e-curl-missing') expectFaces('diagnose', ill)
      incident.mend(stage, ill)
      stage.world.clock.advanceBy(minutes(25))
      const well = await stage.run({ inputs })
      expect({ outcome: well.result.outputs['outcome'], reason: well.result.outputs['reason'] }).toEqual({
        outcome: 'ok',
        reason: expect.stringMatching(/is well/) as unknown
      })
    } finally {
      await stage.close()
    }
  })
})

const looking = { mode: 'diagnose', environment: '', images: '' }

test('a service that is well is said to be well', async () => {
  const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
  try {
    const well = await stage.run({ inputs: looking })
    const { result, journal } = well
    expectFaces('diagnose-well', well)
    expectFaces('audit-well', await stage.run({ inputs: { ...looking, mode: 'audit' } }))
    expect({ ...result.outputs, report: '' }).toMatchObject({
      outcome: 'ok',
      'reason-code': '',
      reason: 'Service shop-web is well: 2 of 2 tasks run.'
    })
    expect(result.exitCode).toBe(0)
    expect(journal.filter((e) => e.write)).toEqual([])
  } finally {
    await stage.close()
  }
})

test('a role that may read the service alone gets an answer, and hears what was not to be read', async () => {
  const stage = await openStory(storyNamed('alb-without-egress'), { pace: 'lockstep' })
  const may = ['DescribeServices', 'DescribeTaskDefinition']
  const denied = ['ListTasks', 'DescribeTasks', 'DescribeTargetHealth', 'DescribeTargetGroups']
  const around = [
    'DescribeSubnets',
    'DescribeSecurityGroups',
    'DescribeLogStreams',
    'DescribeAlarms',
    'DescribeImages',
    'GetRole'
  ]
  for (const operation of [...denied, ...around, 'DescribeTargetGroupAttributes', 'BatchGetImage'])
    stage.server.faults.add({ fault: { kind: 'access-denied' }, operation })
  try {
    const { result, journal } = await stage.run({ inputs: looking })
    expect(result.outputs['outcome']).toBe('problems')
    expect(result.stdout).toMatch(/checks could not be made:[\s\S]*the role may not call/)
    expect(journal.filter((e) => e.error === undefined && !may.includes(e.operation))).toEqual([])
  } finally {
    await stage.close()
  }
})

test('a role that may not even read the service learns which permission it lacks', async () => {
  const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
  stage.server.faults.add({ fault: { kind: 'access-denied' } })
  try {
    const { result } = await stage.run({ inputs: looking })
    expect(result.outputs).toMatchObject({ outcome: 'inconclusive', 'reason-code': 'aws-denied' })
    expect(result.outputs['reason']).toMatch(/ecs:DescribeServices/)
    expect(result.exitCode).toBe(1)
  } finally {
    await stage.close()
  }
})

test('odd services side by side: each gets its own answer', async () => {
  const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
  try {
    const { world, scene } = stage
    const { cluster } = scene.inputs as { cluster: string }
    const other = (name: string, options: object) =>
      world.ecs.service({
        cluster,
        name,
        taskDefinition: world.ecs.findTaskDefinition(scene.service.primary.taskDefinitionArn)!,
        launchType: 'FARGATE',
        desiredCount: 1,
        ...options
      })
    other('asleep', { desiredCount: 0 })
    other('worker', {})
    const moving = other('moving', { desiredCount: 2 })
    world.clock.advanceBy(minutes(10))
    world.ecs.updateService(moving, { forceNewDeployment: true })
    world.clock.advanceBy(20_000)
    const { result, journal } = await stage.run({
      inputs: { ...looking, service: 'worker\nasleep\nmoving\nshop-web' }
    })
    expect(result.outputs).toMatchObject({
      outcome: 'problems',
      reason: 'Service asleep has 0 desired tasks: nothing runs.'
    })
    const told = result.stdout.replace(/\s+/g, ' ')
    for (const name of ['worker', 'asleep', 'moving', 'shop-web']) expect(told).toContain(`Diagnose ${name}`)
    expect(journal.filter((e) => e.write)).toEqual([])
  } finally {
    await stage.close()
  }
})

test('several services, one of which does not exist', async () => {
  const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
  try {
    const { result } = await stage.run({ inputs: { ...looking, service: 'shop-web\nshop-api' } })
    expect(result.outputs).toMatchObject({
      outcome: 'problems',
      'reason-code': 'input',
      reason: 'service "shop-api" does not exist in cluster "shop".'
    })
  } finally {
    await stage.close()
  }
})

test('npm run demo -- diagnose walks from 503 to healthy', async () => {
  const nobody = () => undefined
  expect(await demo({ heading: nobody, line: nobody })).toBe(true)
})
