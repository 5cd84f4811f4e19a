/** Defects that attacks on the bundle brought to light, each kept from coming back. */
import { describe, expect, test } from '@jest/globals'
import type { FaultRule, Json } from '../../simulator/index.js'
import { openStory, playStory, type PlayOptions, type Played } from '../play.js'
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
const play = async (build: Story['build'], options: Partial<PlayOptions> = {}) =>
  await playStory(story(build), { pace: 'lockstep', ...options })
const minute = 60_000

async function withFaults(
  rules: FaultRule[],
  name: string,
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

describe('what is healthy is not undone', () => {
  test('a Spot interruption in a bake that outlasts the timeout', async () => {
    const { result } = await play(
      (world) => {
        const scene = shop(world)
        onFirstDeployment(world, scene.service, () => {
          world.clock.after(4 * minute, () =>
            world.ecs.interruptSpot(scene.service.tasks.filter((t) => t.status === 'RUNNING')[0]!.arn)
          )
        })
        return scene
      },
      { inputs: { timeout: '3m', 'bake-time': '3m' } }
    )
    // The whole bake time was not seen, so it is not called deployed; and nothing is undone.
    expect(result.outputs['outcome']).toBe('inconclusive')
    expect(result.outputs['task-definition-arn']).toBe(result.outputs['new-task-definition-arn'])
  })
})

describe('whose deployment it is', () => {
  test('a person mends what ECS gave up: superseded, not rolled back', async () => {
    const { result } = await play((world) => {
      const scene = shop(world, {
        image: { exits: { code: 1, after: 5 } },
        service: {
          circuitBreaker: {
            enable: true,
            rollback: false,
            thresholdConfiguration: { type: 'COUNT', value: 2 }
          }
        }
      } as never)
      const fix = scene.repository.push({ tags: ['fix'] })
      onFirstDeployment(world, scene.service, () => {
        world.clock.after(58_000, () => {
          const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
          const revision = world.ecs.taskDefinition({
            ...scene.taskDefinition.raw,
            family: 'shop-web',
            containerDefinitions: containerDefinitions.map((c) => ({ ...c, image: fix.uri }))
          })
          world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
        })
      })
      return { ...scene, inputs: { ...scene.inputs, 'poll-interval': '60s' } }
    })
    expect(result.outputs).toMatchObject({ outcome: 'superseded', 'reason-code': 'superseded' })
  })

  test('one that starts between plan and release is not overridden', async () => {
    const scene = story((world) => {
      const made = shop(world)
      let theirs = false
      world.onHappening((h) => {
        if (h.code !== 'task-definition-registered' || theirs) return
        theirs = true
        world.ecs.updateService(made.service, { forceNewDeployment: true })
      })
      return made
    })
    const played = await playStory(scene, { pace: 'lockstep' })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'busy' })
    expect(writes(played)).not.toContain('UpdateService')
  })

  test('the account of an ARN is held against that of the credentials', async () => {
    const played = await withFaults([], 'healthy-alb', {
      inputs: { service: 'arn:aws:ecs:us-west-2:111111111111:service/shop/shop-web', cluster: 'shop' }
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(played.result.outputs['reason']).toContain('111111111111')
    expect(writes(played)).toEqual([])
  })

  test('a crash loop that somebody else left, with no breaker, is said and not waited for', async () => {
    const { result } = await play((world) => {
      const scene = shop(world)
      const bad = scene.repository.push({ tags: ['bad'], behaviour: { exits: { code: 9, after: 5 } } })
      const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
      const revision = world.ecs.taskDefinition({
        ...scene.taskDefinition.raw,
        family: 'shop-web',
        containerDefinitions: containerDefinitions.map((c) => ({ ...c, image: bad.uri }))
      })
      world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
      world.clock.advanceBy(5 * minute)
      return scene
    })
    expect(result.stdout).toContain('it is not waited for')
    expect(result.outputs['outcome']).toBe('deployed')
  })
})

describe('going back', () => {
  /** Then the way back is an update of the service. */
  const noStop: FaultRule = { fault: { kind: 'access-denied' }, operation: 'StopServiceDeployment' }

  test('one denial at its beginning does not stop it', async () => {
    const stage = await openStory(storyNamed('prooflink-crash'), { pace: 'lockstep' })
    try {
      // Counted from the first run: the look that begins the way back is the first after the verdict.
      const first = await stage.run()
      expect(first.result.outputs['outcome']).toBe('rolled-back')
      const looks = first.journal.filter((e) => e.operation === 'DescribeServices')
      const second = first.journal.find((e) => e.operation === 'StopServiceDeployment')!
      const before = looks.filter(
        (e) => e.time <= second.time && first.journal.indexOf(e) < first.journal.indexOf(second)
      ).length
      const again = await withFaults(
        [{ fault: { kind: 'access-denied' }, operation: 'DescribeServices', fromCall: before, calls: 1 }],
        'prooflink-crash'
      )
      expect(again.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    } finally {
      await stage.close()
    }
  })

  test('throttling at its beginning holds it up, and does not end it', async () => {
    const throttled: FaultRule = {
      fault: { kind: 'throttle' },
      operation: 'UpdateService',
      fromCall: 2,
      until: Date.UTC(2026, 5, 1, 9, 5)
    }
    const { result } = await withFaults([noStop, throttled], 'prooflink-crash')
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
  })

  test('while it is held up, somebody else’s deployment is not written over', async () => {
    const stage = await openStory(storyNamed('prooflink-crash'), { pace: 'lockstep' })
    try {
      const { world, scene, server } = stage
      const at = (seconds: number) => Date.UTC(2026, 5, 1, 9) + seconds * 1000
      server.faults.add(noStop)
      server.faults.add({
        fault: { kind: 'throttle' },
        operation: 'UpdateService',
        fromCall: 2,
        until: at(300)
      })
      world.clock.at(at(200), () => world.ecs.updateService(scene.service, { forceNewDeployment: true }))
      const { result, journal } = await stage.run()
      expect(result.outputs).toMatchObject({ outcome: 'superseded', 'reason-code': 'superseded' })
      const sent = journal.filter((e) => e.operation === 'UpdateService')
      expect(sent.filter((e) => e.error === undefined)).toHaveLength(1)
      expect(sent.length).toBeGreaterThan(2)
    } finally {
      await stage.close()
    }
  })

  test('a count that only this run changed goes back, and the same revision is no rollback', async () => {
    const crowd = (world: Parameters<Story['build']>[0]): Scene => {
      const scene = shop(world, {
        pinned: true,
        serving: (start) => (start > 0 ? { exits: { code: 1, after: 5 } } : {})
      })
      const inputs = Object.fromEntries(Object.entries(scene.inputs).filter(([name]) => name !== 'images'))
      return { ...scene, inputs: { ...inputs, 'desired-count': '4' } }
    }
    const played = await play(crowd)
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    expect(played.scene.service.desiredCount).toBe(2)
  })

  test('on-cancel: leave leaves the deployment, and says so', async () => {
    const played = await withFaults([], 'healthy-alb', { cancelAt: 40_000, inputs: { 'on-cancel': 'leave' } })
    expect(played.result.outputs).toMatchObject({ outcome: 'cancelled' })
    expect(played.result.outputs['reason']).toContain('on-cancel is leave')
    expect(writes(played).filter((w) => w === 'UpdateService')).toHaveLength(1)
  })

  test('a cancel goes back to a revision that was deregistered meanwhile', async () => {
    const { result, scene } = await play(
      (world) => {
        const made = shop(world)
        onFirstDeployment(world, made.service, () => world.ecs.deregister(made.taskDefinition.arn))
        return made
      },
      { cancelAt: 40_000 }
    )
    expect(result.outputs['outcome']).toBe('cancelled')
    expect(scene.service.primary.rolloutState).toBe('COMPLETED')
    expect(scene.service.primary.taskDefinitionArn).not.toBe(result.outputs['new-task-definition-arn'])
  })
})

describe('writes', () => {
  test('the tag is put with the media type and the digest of the manifest', async () => {
    const played = await withFaults([], 'healthy-alb')
    const put = played.journal.find((e) => e.operation === 'PutImage')
    expect(put?.input).toMatchObject({
      imageDigest: expect.stringMatching(/^sha256:/),
      imageManifestMediaType: expect.stringContaining('manifest'),
      imageTag: 'production-4f1c2b9-8123456789.1'
    })
  })

  test('a registration whose answer is lost every time is not repeated without end', async () => {
    const played = await withFaults(
      [{ fault: { kind: 'connection-reset' }, operation: 'RegisterTaskDefinition' }],
      'healthy-alb'
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'inconclusive', 'reason-code': 'aws-unreachable' })
    expect(writes(played).filter((w) => w === 'RegisterTaskDefinition').length).toBeLessThanOrEqual(3)
  })

  test('a definition that ECS rejects is refused', async () => {
    const rejected: FaultRule = {
      fault: {
        kind: 'error',
        code: 'ClientException',
        message: 'No Fargate configuration exists for given values.'
      },
      operation: 'RegisterTaskDefinition'
    }
    const { result } = await withFaults([rejected], 'healthy-alb')
    expect(result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
  })

  test('an UpdateService whose answer and aftermath are lost may have started: it is not called untouched', async () => {
    const { result } = await withFaults(
      [
        { fault: { kind: 'connection-reset' }, operation: 'UpdateService' },
        { fault: { kind: 'expired-token' }, operation: 'DescribeServices', fromCall: 3 }
      ],
      'healthy-alb'
    )
    expect(result.outputs).toMatchObject({
      outcome: 'inconclusive',
      'reason-code': 'aws-expired',
      'task-definition-arn': ''
    })
    expect(result.outputs['reason']).toContain('may have started')
  })
})

describe('files', () => {
  const filed = (text: string) => (world: Parameters<Story['build']>[0]) => {
    const scene = shop(world)
    return {
      ...scene,
      inputs: { ...scene.inputs, 'task-definition': 'task.yml' },
      files: { 'task.yml': text }
    }
  }
  const yaml = (extra: string) => `family: shop-web
networkMode: awsvpc
requiresCompatibilities: [FARGATE]
cpu: 256
memory: 512
executionRoleArn: arn:aws:iam::043309339649:role/ecs-task-execution-role
containerDefinitions:
  - name: web
    image: x:1
    portMappings: [{ containerPort: 8080 }]
${extra}`

  test.each([
    ['a key that is a list', '? ["##[set-output name=outcome]forged"]\n: 1\n'],
    ['an alias that is meant as text', yaml('    environment: [{ name: PASSWORD, value: *hunter2 }]\n')]
  ])('%s: refused, nothing of the file is repeated, nothing is forged', async (_, text) => {
    const { result } = await play(filed(text))
    expect(result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(result.stdout + result.stderr + result.summary).not.toMatch(/forged|hunter2/)
  })

  test('numbers stay as they are written', async () => {
    const played = await play(
      filed(
        yaml(
          '    environment: [{ name: ACCOUNT, value: 012345678901 }, { name: VERSION, value: 1.10 }]\n    command: [sleep, 60]\n'
        )
      )
    )
    const registered = played.journal.find((e) => e.operation === 'RegisterTaskDefinition')?.input as {
      containerDefinitions: Json[]
    }
    expect(registered.containerDefinitions[0]).toMatchObject({
      environment: [
        { name: 'ACCOUNT', value: '012345678901' },
        { name: 'VERSION', value: '1.10' }
      ],
      command: ['sleep', '60']
    })
  })

  test('a port of the load balancer that the file no longer maps is refused before any write', async () => {
    const played = await play(filed(yaml('').replace('8080', '8081')))
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(played.result.outputs['reason']).toContain('port 8080')
    expect(writes(played)).toEqual([])
  })
})

test('invisible characters in a value are shown', async () => {
  const { result } = await withFaults([], 'healthy-alb', { inputs: { busy: 'wait\u202e' } })
  expect(result.outputs['reason']).toContain('wait\\u202e')
})
