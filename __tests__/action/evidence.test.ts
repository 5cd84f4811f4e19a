/** What the shipped bundle finds out about a failure: log lines, target groups, alarms; and what it does without them. */
import { describe, expect, test } from '@jest/globals'
import { openStory, type Played } from '../play.js'
import type { Behaviour, FaultRule, World } from '../../simulator/index.js'
import { shop, type ShopOptions } from '../../simulator/stories/shop.js'
import { onFirstDeployment, type Scene, type Story } from '../../simulator/stories/story.js'

const story = (build: Story['build']): Story => ({
  name: 'inline',
  title: '',
  about: '',
  build,
  expect: { outcome: '', exitCode: 0 }
})

const group = '/ecs/shop-web'
/** A shop whose container logs, and has a value in its environment that nobody may see. */
const logging = (image: Behaviour, options: Partial<ShopOptions> = {}, more: object[] = []) =>
  story((world): Scene => {
    world.logs.group(group)
    const scene = shop(world, { ...options, image })
    const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
    const revision = world.ecs.taskDefinition({
      ...scene.taskDefinition.raw,
      family: 'shop-web',
      containerDefinitions: containerDefinitions.map((c) => ({
        ...c,
        environment: [{ name: 'DB_PASSWORD', value: 'hunter2-hunter2' }, ...more],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': group, 'awslogs-region': world.region, 'awslogs-stream-prefix': 'web' }
        }
      }))
    })
    world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
    return scene
  })

/** Without the checks before the deploy: what is asked and found here is the watching's own. */
const play = async (one: Story, rules: FaultRule[] = [], inputs = {}): Promise<Played> => {
  const stage = await openStory(one, { pace: 'lockstep', inputs: { preflight: 'off', ...inputs } })
  try {
    for (const rule of rules) stage.server.faults.add(rule)
    return await stage.run()
  } finally {
    await stage.close()
  }
}
const asked = (played: Played, operation: string) =>
  played.journal.filter((e) => e.operation === operation).length

describe('the last lines of a container', () => {
  const crash: Behaviour = {
    exits: { code: 1, after: 10 },
    prints: [
      { line: 'connecting as hunter2-hunter2' },
      { line: '::error::\u001b[31mno such table: users\u001b[0m', at: 'exit' }
    ]
  }

  test('stand beside the cause, harmless and without a value of the environment', async () => {
    const played = await play(logging(crash))
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    const { stdout, summary } = played.result
    expect(stdout).toContain('  > ::error::no such table: users')
    expect(stdout).toContain('  > connecting as ***')
    expect(stdout + summary + JSON.stringify(played.result.outputs)).not.toContain('hunter2')
    // The one error annotation is ours.
    expect(played.result.commands.filter((c) => c.name === 'error')).toHaveLength(1)
    expect(asked(played, 'GetLogEvents')).toBeLessThanOrEqual(3)
  })

  test('a value of the environment is covered in colours, over several lines, and in front of a cut', async () => {
    const played = await play(
      logging(
        {
          exits: { code: 1, after: 10 },
          prints: [
            { line: 'coloured \u001b[32mhunter2\u001b[0m-hunter2' },
            { line: 'unseen hunter2\u200b-hunter2' },
            { line: '  second-part-of-key' },
            { line: `${'x'.repeat(290)}hunter2-hunter2` }
          ]
        },
        {},
        [{ name: 'KEY', value: 'first-part-of-key\nsecond-part-of-key' }]
      )
    )
    const { stdout, summary } = played.result
    expect(stdout).toContain('  > coloured ***')
    expect(stdout + summary + JSON.stringify(played.result.outputs)).not.toMatch(/hunter2|second-part/)
  })

  test('without permission: the cause stands, and one line says what is missing', async () => {
    const played = await play(logging(crash), [
      { fault: { kind: 'access-denied' }, operation: 'GetLogEvents' }
    ])
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    expect(played.result.stdout.match(/No permission for logs:GetLogEvents/g)).toHaveLength(1)
  })

  test('that never come do not hold up the end of the run either', async () => {
    const played = await play(logging(crash), [{ fault: { kind: 'silence' }, operation: 'GetLogEvents' }], {
      'on-failure': 'leave'
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'failed', 'reason-code': 'container-exit' })
    const asked = played.journal.find((e) => e.operation === 'GetLogEvents')?.time ?? NaN
    expect(played.to - asked).toBeLessThanOrEqual(6000)
  })

  test('that never come do not hold up the way back', async () => {
    const prompt = await play(logging(crash))
    const silent = await play(logging(crash), [{ fault: { kind: 'silence' }, operation: 'GetLogEvents' }])
    const back = (p: Played) => p.journal.find((e) => e.operation === 'StopServiceDeployment')?.time ?? NaN
    expect(silent.result.outputs['outcome']).toBe('rolled-back')
    expect(back(silent) - back(prompt)).toBeLessThanOrEqual(10_000)
  })

  test('name the wrong processor', async () => {
    const played = await play(
      logging({ exits: { code: 255, after: 1 }, prints: 'exec /app/server: exec format error' })
    )
    expect(played.result.outputs).toMatchObject({ 'reason-code': 'container-exec-format' })
    expect(played.result.outputs['reason']).toContain('another processor than linux/amd64')
  })

  test('name the port that it listens on instead', async () => {
    const played = await play(logging({ listensOn: 3000, prints: 'Server listening on http://0.0.0.0:3000' }))
    expect(played.result.outputs).toMatchObject({ 'reason-code': 'elb-health-unreachable' })
    expect(played.result.outputs['reason']).toContain('its log speaks of port 3000')
  })
})

describe('how the target group checks', () => {
  const wrongPath = story((world) => shop(world, { image: { paths: { '/': 200 } } }))

  test('stands in the sentence: path, port, answer and what is wanted; one request each watch', async () => {
    const played = await play(wrongPath)
    expect(played.result.outputs['reason']).toMatch(
      /gets the code 404 from GET \/healthz on port 8080; target group \S+ wants 200/
    )
    expect(asked(played, 'DescribeTargetGroups')).toBeLessThanOrEqual(2)
  })

  test('is not asked when all is well', async () => {
    const played = await play(story((world) => shop(world)))
    expect(asked(played, 'DescribeTargetGroups')).toBe(0)
    expect(asked(played, 'DescribeServiceDeployments')).toBe(0)
  })

  test('is left out without permission, and one line says so', async () => {
    const played = await play(wrongPath, [
      { fault: { kind: 'access-denied' }, operation: 'DescribeTargetGroups' }
    ])
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'elb-health-code' })
    expect(played.result.outputs['reason']).toContain('gets the code 404')
    expect(
      played.result.stdout.match(/No permission for elasticloadbalancing:DescribeTargetGroups/g)
    ).toHaveLength(1)
  })
})

describe('alarms', () => {
  const withAlarm = (then: (world: World) => void = () => undefined, state?: 'ALARM') =>
    story((world) => {
      const scene = shop(world)
      world.cloudwatch.alarm('web-5xx', state === undefined ? {} : { state })
      world.cloudwatch.alarm('any', { rule: 'ALARM("web-5xx")' })
      onFirstDeployment(world, scene.service, () => then(world))
      return scene
    })
  const turns = (seconds: number) =>
    withAlarm((world) => {
      world.clock.after(seconds * 1000, () => world.cloudwatch.alarm('web-5xx').set('ALARM'))
    })

  test.each([
    ['during the deployment', 'web-5xx', 60],
    ['a composite one', 'any', 60],
    ['by its ARN', 'arn:aws:cloudwatch:us-west-2:043309339649:alarm:web-5xx', 60]
  ])('one that goes to ALARM: %s', async (_, alarms, seconds) => {
    const played = await play(turns(seconds), [], { alarms })
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'alarm' })
    expect(played.result.outputs['reason']).toMatch(/CloudWatch alarm (web-5xx|any) went to ALARM/)
    expect(played.result.stdout).toContain('aws cloudwatch describe-alarm-history --alarm-name')
  })

  test('one that goes to ALARM during the bake, after ECS had completed', async () => {
    const played = await play(turns(400), [], { alarms: 'web-5xx', 'bake-time': '10m' })
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'alarm' })
  })

  const late = Date.UTC(2026, 5, 1, 9, 2)
  test.each([
    ['once', 1, 'deployed', ''],
    ['for good', undefined, 'inconclusive', 'aws-denied']
  ])('refused at the last word, %s: no green without them', async (_, calls, outcome, code) => {
    const played = await play(
      withAlarm(),
      [
        {
          fault: { kind: 'access-denied' },
          operation: 'DescribeAlarms',
          after: late,
          ...(calls ? { calls } : {})
        }
      ],
      { alarms: 'web-5xx' }
    )
    expect(played.result.outputs).toMatchObject({ outcome, 'reason-code': code })
    expect(played.journal.filter((e) => e.operation === 'UpdateService')).toHaveLength(1)
    const end = played.journal.filter((e) => e.operation === 'DescribeAlarms').at(-1)
    if (outcome === 'deployed') expect(end?.error).toBeUndefined()
  })

  test('throttled, they hide no task that dies', async () => {
    const played = await play(
      story((world) => {
        world.cloudwatch.alarm('web-5xx')
        return shop(world, { image: { exits: { code: 1, after: 5 } } })
      }),
      [{ fault: { kind: 'throttle' }, operation: 'DescribeAlarms', fromCall: 2 }],
      { alarms: 'web-5xx' }
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
  })

  test('one that is in ALARM before is told, and does not count', async () => {
    const played = await play(withAlarm(undefined, 'ALARM'), [], { alarms: 'web-5xx' })
    expect(played.result.outputs['outcome']).toBe('deployed')
    expect(played.result.stdout).toContain('Alarm web-5xx is in ALARM already')
  })

  test('one that does not exist is refused, with every name, and nothing is written', async () => {
    const played = await play(withAlarm(), [], { alarms: 'web-5xx\nnone\nnor-this' })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
    expect(played.result.outputs['reason']).toMatch(/"none".*"nor-this"/)
    expect(played.journal.filter((e) => e.write)).toEqual([])
  })

  test('that cannot be read: inconclusive before anything is written', async () => {
    const played = await play(
      withAlarm(),
      [{ fault: { kind: 'access-denied' }, operation: 'DescribeAlarms' }],
      {
        alarms: 'web-5xx'
      }
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'inconclusive', 'reason-code': 'aws-denied' })
    expect(played.journal.filter((e) => e.write)).toEqual([])
  })
})

test('percentages that leave no room: said after a minute, with the arithmetic and the command', async () => {
  const played = await play(
    story((world) => shop(world, { service: { minimumHealthyPercent: 100, maximumPercent: 100 } }))
  )
  expect(played.result.outputs).toMatchObject({ 'reason-code': 'stuck' })
  expect(played.result.outputs['reason']).toContain(
    'minimumHealthyPercent 100 and maximumPercent 100 leave no room at 2 wanted tasks'
  )
  expect(played.result.stdout).toContain('minimumHealthyPercent=100,maximumPercent=200')
  const moves = ['UpdateService', 'StopServiceDeployment']
  const written = played.journal.filter((e) => moves.includes(e.operation))
  expect(written[1]!.time - written[0]!.time).toBeLessThanOrEqual(90_000)
})
