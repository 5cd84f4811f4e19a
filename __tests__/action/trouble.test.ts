/** Trouble on the way: faults of AWS, a busy service, odd answers, and the choices a person has. */
import { describe, expect, test } from '@jest/globals'
import { openStory, playStory, type PlayOptions, type Played } from '../play.js'
import type { FaultRule, Json } from '../../simulator/index.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { shop } from '../../simulator/stories/shop.js'
import { onFirstDeployment, type Scene, type Story } from '../../simulator/stories/story.js'

const story = (build: Story['build']): Story => ({
  name: 'inline',
  title: '',
  about: '',
  build,
  expect: { outcome: '', exitCode: 0 }
})

const writes = (played: Played): string[] => played.journal.filter((e) => e.write).map((e) => e.operation)
const lines = (played: Played, words: string): string[] =>
  played.result.stdout.split('\n').filter((line) => line.includes(words))

async function withFaults(
  rules: FaultRule[],
  name = 'healthy-alb',
  options: Partial<PlayOptions> = {}
): Promise<Played> {
  const stage = await openStory(storyNamed(name), { pace: 'lockstep', ...options })
  try {
    for (const rule of rules) stage.server.faults.add(rule)
    return await stage.run()
  } finally {
    await stage.close()
  }
}

const at = (seconds: number) => Date.UTC(2026, 5, 1, 9) + seconds * 1000

describe('faults of AWS', () => {
  test('throttling in the middle costs time, not the deployment', async () => {
    const { result } = await withFaults([{ fault: { kind: 'throttle' }, after: at(30), until: at(100) }])
    expect(result.outputs).toMatchObject({ outcome: 'deployed' })
  })

  test.each<[string, FaultRule['fault']]>([
    ['a server error', { kind: 'server-error' }],
    ['a connection that is reset', { kind: 'connection-reset' }],
    ['an answer that never comes', { kind: 'silence' }]
  ])('%s at each operation is tried again', async (_, fault) => {
    const once = [
      'DescribeServices',
      'DescribeTaskDefinition',
      'BatchGetImage',
      'PutImage',
      'RegisterTaskDefinition',
      'UpdateService',
      'ListTasks',
      'DescribeTasks',
      'DescribeTargetHealth'
    ]
    const { result } = await withFaults(once.map((operation) => ({ fault, operation, calls: 1 })))
    expect(result.outputs).toMatchObject({ outcome: 'deployed' })
  })

  test('answers from before a write are not read as a take-over', async () => {
    const { result } = await withFaults([{ fault: { kind: 'stale', seconds: 25 } }])
    expect(result.outputs).toMatchObject({ outcome: 'deployed' })
  })

  test.each(['ListTasks', 'DescribeTasks', 'DescribeTargetHealth'])(
    'without permission for %s: deployed, and one line says what is missing',
    async (operation) => {
      const played = await withFaults([{ fault: { kind: 'access-denied' }, operation }])
      expect(played.result.outputs).toMatchObject({ outcome: 'deployed' })
      expect(lines(played, 'No permission for')).toHaveLength(1)
    }
  )

  test.each<[string, FaultRule[], string]>([
    [
      'denied from the start',
      [{ fault: { kind: 'access-denied' }, operation: 'DescribeServices' }],
      'aws-denied'
    ],
    ['credentials that have expired', [{ fault: { kind: 'expired-token' } }], 'aws-expired'],
    ['no answer at all', [{ fault: { kind: 'connection-reset' } }], 'aws-unreachable']
  ])('%s: inconclusive, and nothing is written', async (_, rules, code) => {
    const played = await withFaults(rules)
    expect(played.result).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'inconclusive', 'reason-code': code }
    })
    expect(played.result.outputs['reason']).toContain('The service was not touched.')
    expect(writes(played)).toEqual([])
  })

  test('credentials that expire while it watches: foretold, inconclusive, last seen, and nothing is undone', async () => {
    const played = await withFaults(
      [{ fault: { kind: 'expired-token' }, after: at(60) }],
      'prooflink-crash',
      { env: { AWS_CREDENTIAL_EXPIRATION: new Date(at(60)).toISOString() } }
    )
    expect(lines(played, '! The AWS session of this job ends at 09:01:00Z, in 1m 00s, before')).toHaveLength(
      1
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'inconclusive', 'reason-code': 'aws-expired' })
    expect(played.result.outputs['reason']).toMatch(
      /ExpiredToken.*; last seen at 09:00:\d\dZ: \S+:2, IN_PROGRESS, \d of \d tasks running, \d healthy, \d failed; nothing was undone\.$/
    )
    expect(writes(played).filter((w) => w === 'UpdateService')).toHaveLength(1)
  })

  test('UpdateService denied: inconclusive, the service is not touched', async () => {
    const { result, scene } = await withFaults([
      { fault: { kind: 'access-denied' }, operation: 'UpdateService' }
    ])
    expect(result.outputs).toMatchObject({ outcome: 'inconclusive', 'reason-code': 'aws-denied' })
    expect(scene.service.primary.taskDefinitionArn).toBe(result.outputs['previous-task-definition-arn'])
  })

  test('going back denied: rollback-failed, with what was tried and the command to run', async () => {
    const { result } = await withFaults(
      [
        { fault: { kind: 'access-denied' }, operation: 'StopServiceDeployment' },
        { fault: { kind: 'access-denied' }, operation: 'UpdateService', fromCall: 2 }
      ],
      'prooflink-crash'
    )
    expect(result.outputs).toMatchObject({ outcome: 'rollback-failed', 'reason-code': 'container-exit' })
    expect(result.outputs['reason']).toMatch(
      /tried StopServiceDeployment back to prooflink-dev-task:1 \(.*AccessDenied.*\), then UpdateService to prooflink-dev-task:1/
    )
    expect(result.stdout).toContain(
      'aws ecs update-service --cluster prooflink-dev-cluster --service prooflink-service --task-definition prooflink-dev-task:1'
    )
  })

  test.each<[string, FaultRule['fault']]>([
    ['denied', { kind: 'access-denied' }],
    [
      'not known to this AWS',
      { kind: 'error', code: 'UnsupportedFeatureException', status: 400, message: 'Not here.' }
    ],
    [
      'refused, because the deployment moved on',
      { kind: 'error', code: 'ConflictException', status: 400, message: 'No.' }
    ],
    ['never answered', { kind: 'silence' }]
  ])('StopServiceDeployment %s: back by UpdateService, soon', async (_, fault) => {
    const played = await withFaults([{ fault, operation: 'StopServiceDeployment' }], 'prooflink-crash')
    const { result, journal, scene } = played
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    const first = journal.find((e) => e.operation === 'StopServiceDeployment')!
    const second = journal.filter((e) => e.operation === 'UpdateService')[1]!
    expect(second.time - first.time).toBeLessThanOrEqual(10_000)
    expect(scene.service.primary.taskDefinitionArn).toBe(result.outputs['previous-task-definition-arn'])
  })
})

describe('requests', () => {
  test('at most 30 a minute on average, and 40 in any, while watching a service of 10 tasks', async () => {
    const ten = story((world) => shop(world, { service: { desiredCount: 10 } }))
    const played = await playStory(ten, { pace: 'lockstep' })
    expect(played.result.outputs['outcome']).toBe('deployed')
    const watching = played.journal
      .map((e) => e.time)
      .slice(played.journal.findIndex((e) => e.operation === 'UpdateService') + 1)
    const busiest = Math.max(
      ...watching.map((from) => watching.filter((t) => t >= from && t < from + 60_000).length)
    )
    const average = watching.length / ((watching[watching.length - 1]! - watching[0]!) / 60_000)
    expect(average).toBeLessThanOrEqual(30)
    expect(busiest).toBeLessThanOrEqual(40)
  })

  test('at most 40 in any minute, polled every second, with three alarms', async () => {
    const alarms = ['web-5xx', 'web-latency', 'web-cpu']
    const ten = story((world) => {
      for (const name of alarms) world.cloudwatch.alarm(name)
      return shop(world, { service: { desiredCount: 10 } })
    })
    const inputs = { 'poll-interval': '1s', alarms: alarms.join('\n') }
    const played = await playStory(ten, { pace: 'lockstep', inputs })
    expect(played.result.outputs['outcome']).toBe('deployed')
    const watching = played.journal
      .map((e) => e.time)
      .slice(played.journal.findIndex((e) => e.operation === 'UpdateService') + 1)
    for (const from of watching)
      expect(watching.filter((t) => t >= from && t < from + 60_000).length).toBeLessThanOrEqual(40)
    const asked = played.journal.filter((e) => e.operation === 'DescribeAlarms').map((e) => e.time)
    const gaps = asked.slice(1).map((at, i) => at - asked[i]!)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000)
  })
})

describe('choices', () => {
  test('on-failure: leave leaves the bad deployment and says so', async () => {
    const played = await playStory(storyNamed('prooflink-crash'), {
      pace: 'lockstep',
      inputs: { 'on-failure': 'leave' }
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'failed', 'reason-code': 'container-exit' })
    expect(played.result.outputs['task-definition-arn']).toBe(
      played.result.outputs['new-task-definition-arn']
    )
    expect(writes(played).filter((w) => w === 'UpdateService')).toHaveLength(1)
  })

  const busy = story((world) => {
    const scene = shop(world)
    world.ecs.updateService(scene.service, { forceNewDeployment: true })
    return scene
  })
  test.each([
    ['wait', 'deployed', ''],
    ['take-over', 'deployed', ''],
    ['refuse', 'refused', 'busy']
  ])('busy: %s', async (value, outcome, code) => {
    const { result } = await playStory(busy, { pace: 'lockstep', inputs: { busy: value } })
    expect(result.outputs).toMatchObject({ outcome, 'reason-code': code })
  })

  test('busy: take-over does not race a way back that ECS has begun', async () => {
    const goingBack = story((world) => {
      const breaker = {
        enable: true,
        rollback: true,
        thresholdConfiguration: { type: 'COUNT' as const, value: 1 }
      }
      const scene = shop(world, { service: { circuitBreaker: breaker } })
      const bad = scene.repository.push({ tags: ['bad'], behaviour: { exits: { code: 1, after: 1 } } })
      const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
      const revision = world.ecs.taskDefinition({
        ...scene.taskDefinition.raw,
        family: 'shop-web',
        containerDefinitions: containerDefinitions.map((c) => ({ ...c, image: bad.uri }))
      })
      world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
      const back = () => /rolling back/.test(scene.service.primary.rolloutStateReason)
      for (let i = 0; i < 600 && !back(); i++) world.clock.advanceBy(1000)
      return scene
    })
    const played = await playStory(goingBack, { pace: 'lockstep', inputs: { busy: 'take-over' } })
    expect(played.result.outputs['outcome']).toBe('deployed')
    expect(played.result.stdout).toContain('Waiting: deployment')
    expect(played.result.stdout).not.toContain('taking over')
  })

  test('busy: wait ends at the timeout, with nothing written', async () => {
    const played = await playStory(busy, { pace: 'lockstep', inputs: { timeout: '30s' } })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'busy' })
    expect(writes(played)).toEqual([])
  })

  test('a service at 0 tasks is refused, and started by desired-count', async () => {
    const asleep = story((world) => shop(world, { service: { desiredCount: 0 } }))
    const refused = await playStory(asleep, { pace: 'lockstep' })
    expect(refused.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(refused.result.outputs['reason']).toContain('nothing would run')
    const started = await playStory(asleep, { pace: 'lockstep', inputs: { 'desired-count': '2' } })
    expect(started.result.outputs['outcome']).toBe('deployed')
    expect(started.scene.service.desiredCount).toBe(2)
  })

  test('force-new-deployment deploys though nothing differs, and tags', async () => {
    const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
    try {
      await stage.run()
      const again = await stage.run({
        github: { runAttempt: '2' },
        inputs: { 'force-new-deployment': 'true' }
      })
      expect(again.result.outputs['outcome']).toBe('deployed')
      expect(writes(again)).toEqual(['PutImage', 'UpdateService', 'TagResource'])
    } finally {
      await stage.close()
    }
  })

  test('desired-count alone changes the count and makes no revision', async () => {
    const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
    try {
      await stage.run()
      const again = await stage.run({ inputs: { 'desired-count': '3' } })
      expect(again.result.outputs['outcome']).toBe('deployed')
      expect(writes(again)).toEqual(['UpdateService', 'TagResource'])
      expect(again.scene.service.desiredCount).toBe(3)
    } finally {
      await stage.close()
    }
  })

  test('tag-images: false writes no tag', async () => {
    const played = await playStory(storyNamed('healthy-alb'), {
      pace: 'lockstep',
      inputs: { 'tag-images': 'false' }
    })
    expect(writes(played)).toEqual(['RegisterTaskDefinition', 'UpdateService', 'TagResource'])
    expect(played.result.outputs['image-tags']).toBe('{}')
  })
})

describe('the task definition', () => {
  const definitionOf = (played: Played) =>
    played.world.ecs.findTaskDefinition(played.result.outputs['new-task-definition-arn'] ?? '')?.raw as {
      containerDefinitions: Record<string, unknown>[]
    } & Record<string, unknown>

  test('no field is lost on the way, also none that the SDK does not know; tags are kept', async () => {
    const future = story((world): Scene => {
      const scene = shop(world)
      const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
      const revision = world.ecs.taskDefinition(
        {
          ...scene.taskDefinition.raw,
          family: 'shop-web',
          hyperdrive: { factor: 9.5, stages: ['a', { deep: true }] },
          containerDefinitions: containerDefinitions.map((c) => ({ ...c, afterburner: 'on' }))
        },
        { tags: [{ key: 'team', value: 'shop' }] }
      )
      world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
      return scene
    })
    const played = await playStory(future, { pace: 'lockstep' })
    expect(played.result.outputs['outcome']).toBe('deployed')
    const made = definitionOf(played)
    expect(made).toMatchObject({ hyperdrive: { factor: 9.5, stages: ['a', { deep: true }] } })
    expect(made.containerDefinitions[0]).toMatchObject({
      afterburner: 'on',
      environment: [{ name: 'LOG_LEVEL', value: 'info' }]
    })
    const registered = played.journal.find((e) => e.operation === 'RegisterTaskDefinition')
    expect(registered?.input).toMatchObject({
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'safe-ecs-deploy:environment', value: 'production' },
        { key: 'safe-ecs-deploy:run', value: '8123456789.1' },
        { key: 'safe-ecs-deploy:commit', value: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345' },
        { key: 'safe-ecs-deploy:until', value: '2026-06-01T09:30:00.000Z' }
      ]
    })
  })

  test('without permission to tag, what has no tags of its own is registered without ours, and that is said', async () => {
    const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
    try {
      const message =
        'User: arn:aws:sts::1:assumed-role/deploy/s is not authorized to perform: ecs:TagResource on resource: *'
      stage.server.faults.add({
        fault: { kind: 'error', code: 'AccessDeniedException', message },
        operation: 'RegisterTaskDefinition',
        calls: 1
      })
      const played = await stage.run()
      expect(played.result.outputs['outcome']).toBe('deployed')
      expect(played.result.stdout).toContain('No permission for ecs:TagResource')
      const [, second] = played.journal.filter((e) => e.operation === 'RegisterTaskDefinition')
      expect(second?.input).not.toHaveProperty('tags')
    } finally {
      await stage.close()
    }
  })

  const yaml = (image: string) => `family: shop-web
networkMode: awsvpc
requiresCompatibilities: [FARGATE]
cpu: 256
memory: 512
executionRoleArn: arn:aws:iam::043309339649:role/ecs-task-execution-role
containerDefinitions:
  - name: web
    image: ${image}
    portMappings: [{ containerPort: 8080 }]
    environment: [{ name: WORKERS, value: 4 }]
`
  const filed = (text: string, path = 'ecs/task.yml') =>
    story((world) => {
      const scene = shop(world)
      return {
        ...scene,
        inputs: { ...scene.inputs, 'task-definition': path },
        files: { 'ecs/task.yml': text }
      }
    })

  test('a YAML file is registered, and the second run with it says unchanged', async () => {
    const stage = await openStory(filed(yaml('anything:1')), { pace: 'lockstep' })
    try {
      const first = await stage.run()
      expect(first.result.outputs['outcome']).toBe('deployed')
      expect(definitionOf(first)).toMatchObject({
        cpu: '256',
        containerDefinitions: [{ environment: [{ name: 'WORKERS', value: '4' }] }]
      })
      const second = await stage.run({ github: { runAttempt: '2' } })
      expect(second.result.outputs['outcome']).toBe('unchanged')
    } finally {
      await stage.close()
    }
  })

  test.each([
    ['a file that is missing', '', 'ecs/none.yml', 'file "ecs/none.yml" does not exist'],
    ['a file that is neither', 'family: [', 'ecs/task.yml', 'line 1'],
    ['a file that is a list', '[1]', 'ecs/task.yml', 'not an object with containerDefinitions'],
    ['a file outside of the workspace', '', '../../etc/passwd', 'does not exist in the workspace'],
    ['a family that ECS does not know', '', 'no-such-family', 'neither a file']
  ])('%s is refused before any write', async (_, text, path, words) => {
    const played = await playStory(filed(text, path), { pace: 'lockstep' })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(played.result.outputs['reason']).toContain(words)
    expect(writes(played)).toEqual([])
  })

  const ecr = '043309339649.dkr.ecr.us-west-2.amazonaws.com'
  test.each([
    ['a cluster that does not exist', { cluster: 'shoop' }, 'input', 'cluster "shoop" does not exist'],
    [
      'a service that does not exist',
      { service: 'shop-wib' },
      'input',
      'service "shop-wib" does not exist in cluster "shop"'
    ],
    [
      'a container that does not exist',
      { images: `wab=${ecr}/shop-web:v2` },
      'input',
      'has no container "wab"; it has web'
    ],
    [
      'a repository that does not exist',
      { images: `web=${ecr}/shop-wib:v2` },
      'image-not-found',
      '"shop-wib" of account 043309339649'
    ],
    [
      'a tag that does not exist',
      { images: `web=${ecr}/shop-web:v9` },
      'image-not-found',
      'tag "v9" does not exist'
    ],
    [
      'a digest that does not exist',
      { images: `web=${ecr}/shop-web@sha256:${'0'.repeat(64)}` },
      'image-not-found',
      'does not exist in ECR repository'
    ],
    [
      'a tag of a registry that is not there',
      { images: 'web=registry.example/web:1' },
      'image-pull-network',
      'registry.example is not reached: its name is not known'
    ]
  ])('%s is refused, and the sentence says which', async (_, inputs, code, words) => {
    const played = await playStory(storyNamed('healthy-alb'), { pace: 'lockstep', inputs })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': code })
    expect(played.result.outputs['reason']).toContain(words)
    expect(writes(played)).toEqual([])
  })

  test('a tag that is on another digest is refused before any write; on the same it is success', async () => {
    const first = await playStory(
      story((world) => {
        const scene = shop(world)
        scene.repository.push({ tags: ['taken'] })
        return scene
      }),
      { pace: 'lockstep', inputs: { 'image-tag-template': 'taken' } }
    )
    expect(first.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(first.result.outputs['reason']).toContain('an environment tag never moves')
    expect(first.journal.filter((e) => e.write)).toEqual([])
    const same = await playStory(storyNamed('healthy-alb'), {
      pace: 'lockstep',
      inputs: { 'image-tag-template': 'v2' }
    })
    expect(same.result.outputs['outcome']).toBe('deployed')
    expect(writes(same)).toEqual(['RegisterTaskDefinition', 'UpdateService', 'TagResource'])
  })

  test('several essential containers need a name beside the reference', async () => {
    const two = story((world) => {
      const scene = shop(world)
      const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: Json[] }
      const revision = world.ecs.taskDefinition({
        ...scene.taskDefinition.raw,
        family: 'shop-web',
        containerDefinitions: [
          ...containerDefinitions,
          { name: 'log', image: `${scene.repository.uri}:v1`, essential: true }
        ]
      })
      world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
      return { ...scene, inputs: { ...scene.inputs, images: `${scene.repository.uri}:v2` } }
    })
    const { result } = await playStory(two, { pace: 'lockstep' })
    expect(result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(result.outputs['reason']).toContain('2 are essential (web, log)')
  })
})

test('a revision that was deregistered meanwhile is registered again as it was, to go back to it', async () => {
  const terraform = story((world) => {
    const scene = shop(world, { image: { exits: { code: 3, after: 10 } } })
    onFirstDeployment(world, scene.service, () => {
      world.ecs.deregister(scene.taskDefinition.arn)
    })
    return scene
  })
  const { result, scene } = await playStory(terraform, { pace: 'lockstep' })
  expect(result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
  expect(scene.service.primary).toMatchObject({
    rolloutState: 'COMPLETED',
    taskDefinitionArn: result.outputs['task-definition-arn']
  })
})
