/** What the next run finds when a runner died in the middle of a deployment, and what it does then. */
import { expect, test } from '@jest/globals'
import { openStory, type PlayOptions, type Played } from '../play.js'
import { releases } from '../../simulator/stories/rollback/releases.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { shop, type ShopOptions } from '../../simulator/stories/shop.js'
import type { Story } from '../../simulator/stories/story.js'

const story = (options: ShopOptions): Story => ({
  name: 'inline',
  title: '',
  about: '',
  build(world) {
    const built = shop(world, options)
    built.repository.push({ tags: ['v3'] })
    return built
  },
  expect: { outcome: '', exitCode: 0 }
})
const v3 = { images: 'web=043309339649.dkr.ecr.us-west-2.amazonaws.com/shop-web:v3' }
const dies = { exits: { code: 1, after: 10 } }
/** Neither fails nor gets healthy: the checks get no 200, and the grace period has no end. */
const hangs: ShopOptions = { image: { paths: { '/': 200 } }, service: { gracePeriodSeconds: 86_400 } }

/** The machine is gone as soon as ECS has taken UpdateService; so many minutes later comes the next run. */
async function nextRun(
  options: ShopOptions,
  minutes: number,
  again: Omit<PlayOptions, 'pace'>
): Promise<{ next: Played; deploymentId: string }> {
  const stage = await openStory(story(options), { pace: 'lockstep' })
  try {
    await stage.run({ crash: { operation: 'UpdateService', request: 1, when: 'after', what: 'machine' } })
    const deploymentId = stage.scene.service.primary.id
    stage.world.clock.advanceBy(minutes * 60_000)
    return { next: await stage.run({ github: { runId: '8123456999' }, ...again }), deploymentId }
  } finally {
    await stage.close()
  }
}
const lines = (played: Played) => played.result.stdout.split('\n')

test('a bad deployment that nobody undid: said first, and a newer image is deployed over it', async () => {
  const { next, deploymentId } = await nextRun({ image: dies }, 4, { inputs: v3 })
  expect(lines(next)[2]).toContain(
    `Found deployment ${deploymentId} of run 8123456789.1 (commit 4f1c2b9), started 4m 00s ago, which nobody finished`
  )
  expect(next.result.outputs['outcome']).toBe('deployed')
})

test('the same images again: it is gone on with, and put back because it is bad', async () => {
  const { next, deploymentId } = await nextRun({ image: dies }, 4, {})
  expect(next.result.outputs).toMatchObject({
    outcome: 'rolled-back',
    'reason-code': 'container-exit',
    'deployment-id': deploymentId
  })
  expect(next.journal.filter((e) => e.operation === 'RegisterTaskDefinition')).toEqual([])
})

test('the same images again while it goes well: it is gone on with, and is green when it is healthy', async () => {
  const { next, deploymentId } = await nextRun({}, 0.5, {})
  expect(next.result.outputs).toMatchObject({ outcome: 'deployed', 'deployment-id': deploymentId })
  expect(next.journal.filter((e) => e.write).map((e) => e.operation)).toEqual(['TagResource'])
})

test('busy: refuse keeps out of it while that run may be alive, also when both want the same', async () => {
  const { next } = await nextRun({}, 0.5, { inputs: { busy: 'refuse' } })
  expect(next.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'busy' })
  expect(next.journal.filter((e) => e.write)).toEqual([])
  const later = await nextRun(hangs, 40, { inputs: { busy: 'refuse', timeout: '5m' } })
  expect(later.next.result.stdout).toContain('going on with it')
})

test('one that neither fails nor completes is not waited for beyond the deadline of its own run', async () => {
  const { next } = await nextRun(hangs, 25, { inputs: v3 })
  const released = next.journal.find((e) => e.operation === 'UpdateService')
  expect(next.result.outputs['outcome']).toBe('deployed')
  expect(released!.time - next.from).toBeLessThanOrEqual(6 * 60_000)
  expect(next.result.stdout).toContain('nobody watches it any more')
})

test('an earlier attempt of this very run is over, whatever its deadline', async () => {
  const github = { runId: '8123456789', runAttempt: '2' }
  const { next } = await nextRun(hangs, 6, { inputs: v3, github })
  const released = next.journal.find((e) => e.operation === 'UpdateService')
  expect(released!.time - next.from).toBeLessThanOrEqual(10_000)
  expect(next.result.outputs['outcome']).toBe('deployed')
})

test('a run of another environment is somebody else, and its deployment is not found', async () => {
  const { next } = await nextRun(hangs, 25, { inputs: { ...v3, environment: 'staging' } })
  expect(next.result.stdout).not.toContain('Found deployment')
  expect(next.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'busy' })
})

test('nothing is said where everything is finished', async () => {
  const { next } = await nextRun({}, 10, { inputs: v3 })
  expect(next.result.stdout).not.toContain('Found deployment')
  expect(next.result.outputs['outcome']).toBe('deployed')
})

test('a rollback that nobody finished: the same form again goes on with it, and not one further back', async () => {
  const back: Story = { ...story({}), build: (world) => releases(world, 2) }
  const stage = await openStory(back, { pace: 'lockstep' })
  try {
    await stage.run({ crash: { operation: 'UpdateService', request: 1, when: 'after', what: 'machine' } })
    const { id, taskDefinitionArn } = stage.scene.service.primary
    stage.world.clock.advanceBy(30_000)
    const next = await stage.run({ github: { runId: '8123456999' } })
    expect(lines(next)[2]).toContain(
      `Found deployment ${id} of run 8123456789.1, which goes back from shop-web:3, started 30s ago`
    )
    expect(next.result.outputs).toMatchObject({
      outcome: 'deployed',
      'deployment-id': id,
      'task-definition-arn': taskDefinitionArn
    })
    expect(next.journal.filter((e) => e.write).map((e) => e.operation)).toEqual([
      'TagResource',
      'TagResource'
    ])
  } finally {
    await stage.close()
  }
})

test('so also when the revision had to be registered anew: its copy is a rollback, and no release', async () => {
  const stage = await openStory(storyNamed('rollback-inactive'), { pace: 'lockstep' })
  try {
    await stage.run({ crash: { operation: 'UpdateService', request: 1, when: 'after', what: 'machine' } })
    const { taskDefinitionArn } = stage.scene.service.primary
    stage.world.clock.advanceBy(30_000)
    const next = await stage.run({ github: { runId: '8123456999' } })
    expect(next.result.outputs).toMatchObject({
      outcome: 'deployed',
      'task-definition-arn': taskDefinitionArn
    })
    expect(next.journal.some((e) => e.operation === 'UpdateService')).toBe(false)
  } finally {
    await stage.close()
  }
})

test('the same form with a revision by its name goes on with it too', async () => {
  const stage = await openStory(storyNamed('rollback-fails'), { pace: 'lockstep' })
  try {
    await stage.run({ crash: { operation: 'UpdateService', request: 1, when: 'after', what: 'machine' } })
    stage.world.clock.advanceBy(30_000)
    const next = await stage.run({ github: { runId: '8123456999' } })
    expect(next.result.outputs['outcome']).toBe('rollback-failed')
    expect(next.result.outputs['task-definition-arn']).toMatch(/shop-web:3$/)
  } finally {
    await stage.close()
  }
})
