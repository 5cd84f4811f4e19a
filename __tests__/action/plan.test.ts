/** Mode plan, as it ships: what a pull request is told that a deploy would do, without a single write. */
import { describe, expect, test } from '@jest/globals'
import { createGitHub, type FaultRule, type GitHub, type World } from '../../simulator/index.js'
import { openStory, playStory, type Played } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { shop, type Shop, type ShopOptions } from '../../simulator/stories/shop.js'
import type { Story } from '../../simulator/stories/story.js'
import { expectGolden, expectLog } from '../report/goldens.js'

function story(options: ShopOptions = {}, more: (world: World, shop: Shop) => object = () => ({})): Story {
  return {
    name: 'inline',
    title: '',
    about: '',
    build: (world) => {
      const made = shop(world, { pinned: true, ...options })
      const extra = more(world, made) as { inputs?: Record<string, string>; files?: Record<string, string> }
      world.clock.advanceBy(60_000)
      return {
        service: made.service,
        ...(extra.files ? { files: extra.files } : {}),
        inputs: { mode: 'plan', ...made.inputs, ...extra.inputs }
      }
    },
    event: { name: 'pull_request', payload: { action: 'opened', pull_request: { number: 1 } } },
    expect: { outcome: '', exitCode: 0 }
  }
}

/** Plays a plan on pull request 1, and gives what its readers see. */
async function plan(which: Story, faults: FaultRule[] = []): Promise<{ played: Played; comment: string }> {
  let hub: GitHub | undefined
  const build = (world: World) => ({ ...which.build(world), faults })
  const played = await playStory(
    { ...which, build },
    {
      pace: 'lockstep',
      hub: (world) => {
        hub = createGitHub(world)
        hub.pull({ title: 'Change the shop', head: { ref: 'change', sha: '1'.repeat(40) } })
        return hub
      }
    }
  )
  expect(played.journal.filter((e) => e.write).map((e) => e.operation)).toEqual([])
  expect(hub?.comments).toHaveLength(1)
  return { played, comment: hub?.comments[0]?.body ?? '' }
}

/** The definition that a pull request brings: another value, a new key, more memory. */
const changed = (
  { taskDefinition }: Shop,
  change: (container: object) => object,
  more: object = {}
): string => {
  const raw = structuredClone(taskDefinition.raw) as { containerDefinitions: object[] }
  return JSON.stringify({
    ...raw,
    ...more,
    containerDefinitions: raw.containerDefinitions.map((c, i) => (i === 0 ? change(c) : c))
  })
}

describe('a plan', () => {
  test('of a change says what differs, where a deploy would go back to and how long it takes, in comment and log', async () => {
    const { played, comment } = await plan(
      story({}, (_, made) => ({
        files: {
          'task.json': changed(
            made,
            (c) => ({
              ...c,
              environment: [
                { name: 'LOG_LEVEL', value: 'debug-of-the-shop' },
                { name: 'REGION_NAME', value: 'north' }
              ]
            }),
            { memory: '1024' }
          )
        },
        inputs: { 'task-definition': 'task.json', 'desired-count': '3' }
      }))
    )
    const { result } = played
    expect(result.outputs).toMatchObject({ outcome: 'ok', 'reason-code': '', 'image-tags': '{}' })
    expect(result.exitCode).toBe(0)
    expectGolden('plan.md', comment.split('\n').slice(3).join('\n'))
    expectLog('plan', result.stdout)
    expect(comment + result.stdout).not.toContain('debug-of-the-shop')
    const report = played.report as { happenings: { code: string; only?: boolean; plan?: object }[] }
    expect(report.happenings.find((h) => h.code === 'plan')).toMatchObject({
      only: true,
      plan: {
        desired: { before: 2, after: 3 },
        images: [{ container: 'web' }],
        changes: [
          { what: 'memory', before: '512', after: '1024' },
          { container: 'web', what: 'environment', key: 'LOG_LEVEL', kind: 'changed' },
          { container: 'web', what: 'environment', key: 'REGION_NAME', kind: 'added' }
        ],
        ifItFails: { does: 'go-back' },
        time: { possible: true }
      }
    })
  })

  test('of no change says so, and asks nobody anything more', async () => {
    const { played, comment } = await plan(
      story({}, (_, { repository }) => ({ inputs: { images: `web=${repository.uri}:v1` } }))
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'ok' })
    expect(played.result.outputs['reason']).toContain('would change nothing')
    expect(comment).toContain('| Revision | `shop-web:1` | the same |')
    expect(played.journal.map((e) => e.operation)).not.toContain('ListServiceDeployments')
  })

  test('in which a check finds an error is red with the cause, and still says what would change', async () => {
    const { played, comment } = await plan(
      story({ service: { minimumHealthyPercent: 100, maximumPercent: 100 } })
    )
    const { outputs, exitCode, annotations } = played.result
    expect(outputs).toMatchObject({ outcome: 'problems', 'reason-code': 'stuck' })
    expect(outputs['reason']).toMatch(/neither start a new task nor stop an old one/)
    expect(exitCode).toBe(1)
    expect(annotations.filter((a) => a.kind === 'error')).toHaveLength(1)
    expect(comment).toContain('**What would change:**')
    expect(comment).toContain('it can never end')
    expectGolden('plan-problems.md', comment.split('\n').slice(3).join('\n'))
    expectLog('plan-problems', played.result.stdout)

    const warned = await plan(
      story({ service: { minimumHealthyPercent: 100, maximumPercent: 100 } }, () => ({
        inputs: { preflight: 'warn' }
      }))
    )
    expect(warned.played.result.outputs).toMatchObject({ outcome: 'ok', 'reason-code': '' })
    const says = /It would fail, and go on all the same \(preflight: warn\): .*neither start a new task/
    expect(warned.played.result.outputs['reason']).toMatch(says)
    expect(warned.comment.replace(/\s+/g, ' ')).toMatch(says)
  })

  test.each([
    ['wait', 'would wait for its end'],
    ['refuse', 'would be refused'],
    ['take-over', 'would take over']
  ])('of a busy service with busy: %s does not wait, and says that a deploy now %s', async (busy, says) => {
    const { played } = await plan(
      story({}, (world, { service }) => {
        world.ecs.updateService(service, { forceNewDeployment: true })
        return { inputs: { busy } }
      })
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'ok' })
    expect(played.result.stdout).toMatch(new RegExp(`is in progress: a deploy now\\s+${says}`))
    expect(played.to - played.from).toBeLessThan(20_000)
  })

  test('in a world where a service never answers takes some seconds, and says what was not answered', async () => {
    const silent = [
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'DescribeRouteTables',
      'DescribeVpcEndpoints'
    ]
    const { played } = await plan(
      story({}, () => ({})),
      silent.map((operation) => ({ fault: { kind: 'silence' }, operation }))
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'ok' })
    expect(played.result.stdout.replace(/\s+/g, ' ')).toMatch(
      /checks could not be made: ec2:DescribeSubnets (did not answer|was not answered)/
    )
    expect(played.to - played.from).toBeLessThanOrEqual(10_000)
  })

  test('with an input that is wrong is refused, as a deploy is', async () => {
    const { played } = await plan(
      story({}, (_, { repository }) => ({ inputs: { images: `nobody=${repository.uri}:v2` } }))
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input' })
  })
})

test('an image whose tasks failed a moment ago is said to have been tried, with what stopped them', async () => {
  const stage = await openStory(storyNamed('prod-e-curl-missing'), { pace: 'lockstep' })
  try {
    const first = await stage.run()
    expect(first.result.outputs['outcome']).toBe('rolled-back')
    const again = await stage.run({ inputs: { mode: 'plan' } })
    const { happenings } = again.report as { happenings: { code: string; findings?: object[] }[] }
    expect(happenings.find((h) => h.code === 'preflight')?.findings).toContainEqual(
      expect.objectContaining({
        check: 'tried-before',
        state: 'warning',
        evidence: [expect.stringMatching(/failed container health checks/)]
      })
    )
    expect(again.journal.filter((e) => e.write)).toEqual([])
  } finally {
    await stage.close()
  }
})

test('no value of either definition is in anything that any mode writes', async () => {
  const canary = (field: string) => `canary-${field}-zq7Xw`
  const parameter = (field: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter/${canary(field)}`
  const fields = (when: string) => ({
    environment: [
      { name: 'PLAIN', value: canary(`${when}-environment`) },
      { name: `ONLY_${when.toUpperCase()}`, value: canary(`${when}-other-environment`) }
    ],
    secrets: [{ name: 'SECRET', valueFrom: parameter(`${when}-secret`) }],
    command: ['sh', '-c', canary(`${when}-command`)],
    entryPoint: [canary(`${when}-entry`)],
    dockerLabels: { label: canary(`${when}-label`) },
    healthCheck: { command: ['CMD-SHELL', canary(`${when}-health`)], interval: 10 },
    logConfiguration: {
      logDriver: 'splunk',
      options: {
        'splunk-url': `https://${canary(`${when}-log-url`)}`,
        'splunk-source': canary(`${when}-log`)
      },
      secretOptions: [{ name: 'splunk-token', valueFrom: parameter(`${when}-log-secret`) }]
    },
    environmentFiles: [{ type: 's3', value: `arn:aws:s3:::${canary(`${when}-file`)}/web.env` }],
    links: [canary(`${when}-link`)],
    hostname: canary(`${when}-hostname`),
    dnsSearchDomains: [canary(`${when}-domain`)],
    dockerSecurityOptions: [canary(`${when}-option`)],
    notYetKnown: { toAnyone: canary(`${when}-new-member`) },
    user: canary(`${when}-user`),
    workingDirectory: `/${canary(`${when}-directory`)}`,
    extraHosts: [{ hostname: canary(`${when}-host`), ipAddress: '10.0.0.1' }],
    systemControls: [{ namespace: 'net.core.somaxconn', value: canary(`${when}-control`) }]
  })
  const hostile = story({}, (world, made) => {
    const family = {
      ...(JSON.parse(changed(made, (c) => ({ ...c, ...fields('old') }))) as object),
      family: 'shop-web',
      tags: [{ key: 'owner', value: canary('old-tag') }]
    }
    const old = world.ecs.taskDefinition(family as never)
    world.ecs.updateService(made.service, { taskDefinition: old.arn })
    world.clock.advanceBy(600_000)
    return {
      files: {
        'task.json': changed(made, (c) => ({ ...c, ...fields('new') }), {
          tags: [{ key: 'owner', value: canary('new-tag') }]
        })
      },
      inputs: { 'task-definition': 'task.json', preflight: 'warn' }
    }
  })
  const { played, comment } = await plan(hostile)
  const everything = (one: Played) => {
    const { stdout, stderr, summary, outputs } = one.result
    return [stdout, stderr, summary, JSON.stringify([outputs, one.report])].join('\n')
  }
  const told = comment.replace(/\s+/g, ' ')
  for (const says of [
    'environment PLAIN changed',
    'environment ONLY_NEW added',
    'secrets SECRET changed',
    'tags changed'
  ])
    expect(told).toContain(says)
  expect(comment + everything(played)).not.toContain('zq7Xw')
  const deployed = await playStory(
    {
      ...hostile,
      build: (world) =>
        ((scene) => ({ ...scene, inputs: { ...scene.inputs, mode: 'deploy' } }))(hostile.build(world))
    },
    { pace: 'lockstep' }
  )
  expect(deployed.result.stdout).toContain('What changes')
  expect(everything(deployed)).not.toContain('zq7Xw')
  // As a deploy finds it, and as a crash leaves it, whose log prints what it was started with.
  const crashed = story({}, (world, made) => {
    const prints = [`PLAIN=${canary('new-environment')}`, 'Error: cannot go on']
    const bad = made.repository.push({ tags: ['bad'], behaviour: { prints, exits: { code: 1, after: 5 } } })
    const definition = changed(made, (c) => {
      const { logConfiguration } = c as { logConfiguration: object }
      return { ...c, ...fields('new'), image: bad.uri, logConfiguration }
    })
    const revision = world.ecs.taskDefinition({
      ...(JSON.parse(definition) as object),
      family: 'shop-web'
    } as never)
    world.ecs.updateService(made.service, { taskDefinition: revision.arn })
    world.clock.advanceBy(300_000)
    return {}
  })
  for (const [mode, which, outcome] of [
    ['audit', hostile, /ok|problems/],
    ['diagnose', hostile, /ok/],
    ['diagnose', crashed, /problems/]
  ] as const) {
    const build = (world: World) => ({
      ...which.build(world),
      inputs: { mode, cluster: 'shop', service: 'shop-web' }
    })
    const looked = await playStory({ ...which, build }, { pace: 'lockstep' })
    expect(looked.result.outputs['outcome']).toMatch(outcome)
    if (which === crashed) expect(everything(looked)).toContain('cannot go on')
    expect(everything(looked)).not.toContain('zq7Xw')
  }
})
