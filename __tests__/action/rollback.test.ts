/** Going back, beyond how it ends: what is kept, what is waited for, what is asked and said. */
import { describe, expect, test } from '@jest/globals'
import type { FaultRule, World } from '../../simulator/index.js'
import { openStory, playStory, type Played } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { releases } from '../../simulator/stories/rollback/releases.js'
import { shop } from '../../simulator/stories/shop.js'
import type { Scene, Story } from '../../simulator/stories/story.js'

const crash = { exits: { code: 1, after: 2 } }
const deploy = { environment: 'production', cluster: 'shop', service: 'shop-web' }
const denied = (operation: string): FaultRule => ({ fault: { kind: 'access-denied' }, operation })

const story = (build: (world: World) => Scene): Story => ({
  name: 'inline',
  title: '',
  about: '',
  build,
  expect: { outcome: '', exitCode: 0 }
})
const play = async (build: (world: World) => Scene, inputs: Record<string, string> = {}): Promise<Played> =>
  await playStory(story(build), { pace: 'lockstep', inputs })
const moves = ({ journal }: Played): string[] =>
  journal.map((e) => e.operation).filter((o) => /^(UpdateService|StopServiceDeployment)$/.test(o))

describe('by hand, while another deployment is in progress', () => {
  test('ECS is asked, and the old tasks that still run are all that is needed', async () => {
    const stage = await openStory(storyNamed('rollback-takes-over'), { pace: 'lockstep' })
    try {
      const { service } = stage.scene
      const old = () => service.tasks.filter((t) => t.taskDefinitionArn.endsWith(':2')).map((t) => t.arn)
      const before = old()
      const played = await stage.run()
      expect(played.result.outputs['outcome']).toBe('deployed')
      expect(before).toHaveLength(2)
      expect(old()).toEqual(before)
      expect(moves(played)).toEqual(['StopServiceDeployment'])
      expect(played.result.stdout).toContain('what still runs of shop-web:2 is kept')
    } finally {
      await stage.close()
    }
  })

  test('where ECS may not be asked, that is said, and it is an update', async () => {
    const stage = await openStory(storyNamed('rollback-takes-over'), { pace: 'lockstep' })
    try {
      stage.server.faults.add(denied('StopServiceDeployment'))
      const played = await stage.run()
      expect(played.result.outputs['outcome']).toBe('deployed')
      expect(moves(played)).toEqual(['StopServiceDeployment', 'UpdateService'])
      // Network, load balancers and count of the service stay as they are.
      const { input } = played.journal.find((e) => e.operation === 'UpdateService')!
      expect(Object.keys(input as object).sort()).toEqual(['cluster', 'service', 'taskDefinition'])
      expect(played.result.stdout.replace(/\s+/g, ' ')).toMatch(
        /ECS does not go back by itself: ecs:StopServiceDeployment: AccessDenied.* Going back by UpdateService instead\./
      )
    } finally {
      await stage.close()
    }
  })

  test('busy: refuse is refused, and nothing is written', async () => {
    const played = await playStory(storyNamed('rollback-waits'), {
      pace: 'lockstep',
      inputs: { busy: 'refuse' }
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'busy' })
    expect(moves(played)).toEqual([])
  })
})

test('two bad deploys in a row: both go back to the one that was good', async () => {
  const stage = await openStory(
    story((world) => {
      const scene = releases(world, 0)
      for (const tag of ['bad-1', 'bad-2']) scene.repository.push({ tags: [tag], behaviour: crash })
      return { ...scene, inputs: deploy }
    }),
    { pace: 'lockstep' }
  )
  try {
    const { repository } = stage.scene as ReturnType<typeof releases>
    for (const [i, tag] of ['bad-1', 'bad-2'].entries()) {
      const inputs = { images: `web=${repository.uri}:${tag}` }
      const { result } = await stage.run({ inputs, github: { runId: `812345678${i}` } })
      expect(result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
      expect(result.outputs['task-definition-arn']).toMatch(/:1$/)
      expect(result.outputs['new-task-definition-arn']).toMatch(new RegExp(`:${i + 2}$`))
    }
    expect(stage.scene.service.primary).toMatchObject({ rolloutState: 'COMPLETED' })
  } finally {
    await stage.close()
  }
})

test('ECS’s own history does not answer: what our runs marked as good is gone back to', async () => {
  const stage = await openStory(
    story((world) => {
      const scene = releases(world, 0)
      for (const tag of ['v2', 'v3']) scene.repository.push({ tags: [tag] })
      return { ...scene, inputs: deploy }
    }),
    { pace: 'lockstep' }
  )
  try {
    const { repository } = stage.scene as ReturnType<typeof releases>
    for (const tag of ['v2', 'v3']) {
      const inputs = { images: `web=${repository.uri}:${tag}`, 'tag-images': 'false' }
      expect((await stage.run({ inputs })).result.outputs['outcome']).toBe('deployed')
    }
    stage.server.faults.add({ fault: { kind: 'silence' }, operation: 'ListServiceDeployments' })
    const { result } = await stage.run({ inputs: { mode: 'rollback' } })
    expect(result.outputs['outcome']).toBe('deployed')
    expect(result.outputs['task-definition-arn']).toMatch(/:2$/)
    // The commit of an image is what our mark on its revision names.
    expect(result.stdout).toMatch(
      /→ shop-web:2 .* 4f1c2b9 .* taken \(a run of ours deployed it to production\)/
    )
    expect(result.summary).toContain('| Commit | `4f1c2b9` | `4f1c2b9` |')
  } finally {
    await stage.close()
  }
})

describe('a deploy that takes over', () => {
  const busy = { images: '', busy: 'take-over' }
  /** Somebody's release is in progress, and what served before it may have lost its image. */
  const inProgress = (expired: boolean) => (world: World) => {
    const scene = releases(world, 0)
    scene.release(undefined, 30_000)
    const next = scene.repository.push({ tags: ['v3'] })
    if (expired) scene.repository.expire(scene.digests[0]!)
    return { ...scene, inputs: { ...deploy, ...busy, images: `web=${next.uri}` } }
  }

  test('has a known-good revision first, and names it', async () => {
    const { result } = await play(inProgress(false))
    expect(result.outputs['outcome']).toBe('deployed')
    expect(result.stdout).toContain('If this run fails too, shop-web:1 is known good and can be gone back to')
    expect(result.stdout).toContain('taking over, as busy says')
  })

  test('waits where nothing is known good: what is in progress may become it', async () => {
    const { result } = await play(inProgress(true))
    expect(result.outputs['outcome']).toBe('deployed')
    expect(result.stdout).toContain('and it is not taken over: shop-web:1:')
    expect(result.stdout).toMatch(/if it fails {6}we go back to shop-web:2/)
    expect(result.stdout).not.toContain('taking over, as busy says')
  })
})

describe('the same revision deployed again', () => {
  const force = { ...deploy, 'force-new-deployment': 'true' }
  const noStop = (scene: Scene): Scene => ({ ...scene, faults: [denied('StopServiceDeployment')] })

  test('goes to another that was good, where ECS may not be asked for the old tasks', async () => {
    const played = await play((world) => {
      const scene = releases(world, 0, { serving: {} })
      scene.release((start) => (start > 2 ? crash : {}))
      return noStop({ ...scene, inputs: force })
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'container-exit' })
    expect(played.result.outputs['task-definition-arn']).toMatch(/:1$/)
    expect(played.result.stdout.replace(/\s+/g, ' ')).toContain(
      'ECS is asked to put back the deployment of shop-web:2 that runs now; else we go back to shop-web:1'
    )
    expect(moves(played)).toEqual(['UpdateService', 'StopServiceDeployment', 'UpdateService'])
  })

  test('has no way back where ECS may not be asked and no other was good: the same again would be none', async () => {
    const played = await play((world) => {
      const scene = shop(world, { pinned: true, serving: (start) => (start > 0 ? crash : {}) })
      return noStop({ ...scene, inputs: force })
    })
    const { result } = played
    expect(result.outputs).toMatchObject({ outcome: 'rollback-failed', 'reason-code': 'container-exit' })
    expect(result.outputs['reason']).toMatch(
      /going back to shop-web:1 failed too \(tried StopServiceDeployment back to shop-web:1 \(.*denied.*\)\): no other revision is known good/i
    )
    expect(result.stdout).toContain('--task-definition shop-web:1 --force-new-deployment')
    expect(moves(played)).toEqual(['UpdateService', 'StopServiceDeployment'])
  })
})
