/**
 * docs/iam.md names what each mode calls, and no more. That no run calls anything beyond it is held wherever a story is
 * played (`__tests__/play.ts`); here each mode plays worlds in which it needs all of its policy.
 */
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import type { FaultRule, World, WorldOptions } from '../../simulator/index.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { releases } from '../../simulator/stories/rollback/releases.js'
import { shop, type ShopOptions } from '../../simulator/stories/shop.js'
import type { Scene, Story } from '../../simulator/stories/story.js'
import { playStory } from '../play.js'
import { callsOf, destroying, policies, type Mode } from './policy.js'

const crash = { exits: { code: 1, after: 2 } }
const breaker = {
  circuitBreaker: {
    enable: true,
    rollback: false,
    thresholdConfiguration: { type: 'COUNT' as const, value: 9 }
  }
}
const denied = (operation: string): FaultRule => ({ fault: { kind: 'access-denied' }, operation })
const story = (build: (world: World) => Scene, options?: WorldOptions): Story => ({
  name: 'inline',
  title: '',
  about: '',
  build,
  expect: { outcome: '', exitCode: 0 },
  ...(options === undefined ? {} : { world: options })
})

const secrets = [
  { name: 'TOKEN', valueFrom: 'arn:aws:secretsmanager:us-west-2:043309339649:secret:shop-AbCdEf' },
  { name: 'KEY', valueFrom: '/shop/key' }
]

/** The shop on EC2 instances, with secrets, behind a rule of a listener, with an alarm and a breaker that only counts. */
function onInstances(world: World, { service = {}, ...more }: ShopOptions): Scene {
  world.cloudwatch.alarm('shop-5xx')
  const group = (name: string) =>
    world.elb.targetGroup(name, { port: 8080, targetType: 'instance', loadBalancer: null })
  const [site, web] = [group('site'), group('shop-web')]
  const listener = world.elb.listener(world.elb.loadBalancer('shop'), { port: 80, forward: site })
  listener.rule({ priority: 1, paths: ['/shop/*'], forward: web })
  const loadBalancers = [{ targetGroup: web, containerName: 'web', containerPort: 8080 }]
  const alarms = { alarmNames: ['shop-5xx'], enable: true, rollback: false }
  return shop(world, {
    ec2: true,
    secrets,
    targetGroups: 0,
    service: { ...breaker, gracePeriodSeconds: 60, loadBalancers, alarms, ...service },
    ...more
  })
}

/** The new image crashes, and ECS's own history may not be read. */
const instances = story((world) => ({
  ...onInstances(world, { image: crash }),
  faults: [denied('ListServiceDeployments')]
}))

/** What serves crashes from its first deployment on, which ECS does not name yet; images may not be described. */
const crashing = story(
  (world) => {
    const scene = onInstances(world, { serving: crash, service: { settled: false } })
    world.clock.advanceBy(3 * 60_000)
    return { ...scene, faults: [denied('DescribeImages')] }
  },
  { timings: { listDeployments: 3600 } }
)

/** A rollback on EC2 instances to what crashes by now, or answers its health check with 404. */
const backOnInstances = story((world) => {
  const scene = releases(world, 1, {
    ec2: true,
    service: breaker,
    serving: (start) => (start === 1 ? crash : { paths: { '/': 200 } })
  })
  return { ...scene, inputs: { ...scene.inputs, 'rollback-to': '1' } }
})

const worlds: Record<Exclude<Mode, 'audit'>, Story[]> = {
  deploy: [instances, storyNamed('promoted'), storyNamed('prooflink-crash')],
  rollback: [backOnInstances, storyNamed('rollback-inactive'), storyNamed('rollback-takes-over')],
  plan: [instances, storyNamed('promoted'), storyNamed('prooflink-crash')],
  diagnose: [crashing, storyNamed('prooflink-crash'), storyNamed('rollback-breaker-first')]
}

describe.each(Object.entries(worlds))('mode %s', (mode, stories) => {
  test('calls all that its policy allows, and no more', async () => {
    const called = new Set<string>()
    for (const one of stories) {
      const { journal } = await playStory(one, { pace: 'lockstep', inputs: { mode } })
      if (mode === 'plan' || mode === 'diagnose') expect(journal.filter((e) => e.write)).toEqual([])
      for (const call of callsOf(journal)) called.add(call)
    }
    expect([...called].sort()).toEqual(policies.get(mode as Mode))
  })
})

test('no policy allows anything that destroys, and only these that write', () => {
  const all = [...new Set([...policies.values()].flat())].sort()
  expect(all.filter((action) => destroying.test(action))).toEqual([])
  const reads = /:(Describe|List|Get|BatchGet|BatchCheck|Simulate)/
  expect(all.filter((action) => !reads.test(action))).toEqual([
    'ecr:CompleteLayerUpload',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
    'ecs:RegisterTaskDefinition',
    'ecs:StopServiceDeployment',
    'ecs:TagResource',
    'ecs:UpdateService'
  ])
  for (const call of ['ecs:DeregisterTaskDefinition', 'ecs:DeleteTaskDefinitions', 'ecr:BatchDeleteImage'])
    expect(call).toMatch(destroying)
  for (const call of ['ecs:DeleteService', 'ecs:StopTask', 'ecs:UntagResource', 'ecs:RunTask'])
    expect(call).toMatch(destroying)
  for (const mode of ['plan', 'diagnose', 'audit'] as const)
    expect(policies.get(mode)?.filter((action) => !reads.test(action))).toEqual([])
})

test('nothing that destroys is anywhere in the source', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .map((f) => readFileSync(`src/${f}`, 'utf8'))
    .join('\n')
  expect(source).not.toMatch(/Deregister\w*Command|Delete\w+Command|BatchDelete|StopTaskCommand/)
})

test('every test that plays a story holds it to its policy', () => {
  const past = readdirSync('__tests__', { recursive: true, encoding: 'utf8' })
    .filter((f) => /^(action|contract|crash|modes|report)\/.*\.ts$/.test(f))
    .filter((f) => /from '[./]+\/simulator\/play\.js'/.test(readFileSync(`__tests__/${f}`, 'utf8')))
  expect(past).toEqual([])
})
