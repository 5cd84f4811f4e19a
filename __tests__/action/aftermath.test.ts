/** What a run of the shipped bundle leaves in AWS, for the next run and for a person who looks. */
import { describe, expect, test } from '@jest/globals'
import { openStory, playStory, type Played } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'

const writes = (played: Played): string[] =>
  played.journal.filter((entry) => entry.write).map((e) => e.operation)

const imagesOf = (played: Played, taskDefinition: string | undefined): string[] => {
  const { raw } = played.world.ecs.findTaskDefinition(taskDefinition ?? '')!
  return (raw as { containerDefinitions: { image: string }[] }).containerDefinitions.map((c) => c.image)
}

describe('after a deploy', () => {
  test('every image is pinned by digest, and the environment tag points at that digest', async () => {
    const played = await playStory(storyNamed('prod-e-good'), { pace: 'lockstep' })
    const { outputs } = played.result
    const images = imagesOf(played, outputs['task-definition-arn'])
    for (const image of images) expect(image).toMatch(/^[^:]+@sha256:[0-9a-f]{64}$/)
    expect(Object.values(JSON.parse(outputs['images']!) as Record<string, string>)).toEqual(images)
    const tagged = Object.values(JSON.parse(outputs['image-tags']!) as Record<string, string>)
    expect(tagged).toEqual([
      '043309339649.dkr.ecr.us-west-2.amazonaws.com/prod-e-backend:production-4f1c2b9-8123456789.1'
    ])
    const repository = played.world.ecr.repository('prod-e-backend')
    expect(images).toEqual([`${repository.uri}@${repository.digestOf('production-4f1c2b9-8123456789.1')!}`])
    expect(writes(played)).toEqual(['PutImage', 'RegisterTaskDefinition', 'UpdateService', 'TagResource'])
  })

  test('the same run again says unchanged, and writes nothing', async () => {
    const stage = await openStory(storyNamed('healthy-alb'), { pace: 'lockstep' })
    try {
      const first = await stage.run()
      const second = await stage.run({ github: { runAttempt: '2' } })
      expect([first.result.outputs['outcome'], second.result.outputs['outcome']]).toEqual([
        'deployed',
        'unchanged'
      ])
      expect(second.result.exitCode).toBe(0)
      expect(second.result.outputs['task-definition-arn']).toBe(first.result.outputs['task-definition-arn'])
      expect(writes(second)).toEqual([])
    } finally {
      await stage.close()
    }
  })

  test('a way back after a bad image leaves the old revision registered and its image tagged', async () => {
    const played = await playStory(storyNamed('elb-404'), { pace: 'lockstep' })
    const { outputs } = played.result
    expect(played.world.ecs.findTaskDefinition(outputs['previous-task-definition-arn']!)!.status).toBe(
      'ACTIVE'
    )
    expect(played.world.ecr.repository('shop-web').digestOf('v1')).toBeDefined()
    expect(writes(played)).toEqual([
      'PutImage',
      'RegisterTaskDefinition',
      'UpdateService',
      'StopServiceDeployment'
    ])
  })
})

describe('a cancel', () => {
  test('in the middle of the deployment: main starts the way back, post watches it to its end', async () => {
    const played = await playStory(storyNamed('healthy-alb'), { pace: 'lockstep', cancelAt: 62_000 })
    const { result, scene } = played
    expect(result).toMatchObject({ conclusion: 'cancelled', signals: ['SIGINT'], exitCode: 1, errors: [] })
    expect(result.outputs).toMatchObject({ outcome: 'cancelled', 'reason-code': 'cancelled' })
    expect(result.post).toMatchObject({ exitCode: 0, errors: [] })
    expect(scene.service.primary).toMatchObject({
      taskDefinitionArn: result.outputs['previous-task-definition-arn'],
      rolloutState: 'COMPLETED'
    })
    // Main must be gone within 7.5 s of the signal, and all of it within the five minutes that GitHub gives.
    expect(played.to - played.from).toBeLessThan(62_000 + 285_000)
  })

  test('while it bakes, the completed deployment is left as it is', async () => {
    const { result, scene } = await playStory(storyNamed('healthy-alb'), {
      pace: 'lockstep',
      cancelAt: 160_000
    })
    expect(result.outputs).toMatchObject({ outcome: 'cancelled', 'reason-code': 'cancelled' })
    expect(scene.service.primary).toMatchObject({
      taskDefinitionArn: result.outputs['new-task-definition-arn'],
      rolloutState: 'COMPLETED'
    })
  })
})
