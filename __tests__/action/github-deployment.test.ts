/** The GitHub deployment of a run: what ships, against a GitHub that answers as the real one does. */
import { describe, expect, test } from '@jest/globals'
import { createGitHub, type GitHub } from '../../simulator/index.js'
import { openStory } from '../play.js'
import { deploy, merged, sha, story } from './on-github.js'

describe('the GitHub deployment', () => {
  const on = { inputs: { 'github-deployment': 'true' } }

  test('goes from in_progress to success, with its links, and what the service had before becomes inactive', async () => {
    const { hub } = await deploy((github) => {
      // Of another service of the environment, and of this one.
      github.branch('old', '3'.repeat(40))
    }, on)
    expect(hub.deployments).toHaveLength(1)
    const [made] = hub.deployments
    expect(made).toMatchObject({
      sha,
      environment: 'production',
      payload: { cluster: 'shop', service: 'shop-web' }
    })
    expect(made!.statuses.map((s) => s.state)).toEqual(['in_progress', 'success'])
    for (const status of made!.statuses) {
      expect(status.logUrl).toBe('https://github.com/octo-org/shop/actions/runs/8123456789')
      expect(status.environmentUrl).toMatch(
        /^https:\/\/us-west-2\.console\.aws\.amazon\.com\/ecs\/v2\/clusters\/shop\/services\/shop-web\//
      )
      expect(status.description.length).toBeLessThanOrEqual(140)
    }
  })

  test('of a deployment that was rolled back is a failure, and inactive', async () => {
    const { hub, played } = await deploy(undefined, on, story({ image: { exits: { code: 1, after: 2 } } }))
    expect(played.result.outputs).toMatchObject({ outcome: 'rolled-back' })
    expect(hub.deployments[0]!.statuses.map((s) => s.state)).toEqual(['in_progress', 'failure', 'inactive'])
    expect(hub.deployments[0]!.statuses.at(-1)!.description).toMatch(
      /^rolled-back: shop-web:2 failed: container web exits with code 1/
    )
  })

  test('is not made of a run that touches nothing', async () => {
    const { hub } = await deploy(undefined, { inputs: { ...on.inputs, images: 'web=nowhere' } })
    expect(hub.deployments).toEqual([])
  })

  test('of the run before is inactive once another serves: replaced by a deploy, or rolled back; nobody else is touched', async () => {
    let hub: GitHub | undefined
    const stage = await openStory(story(), {
      pace: 'lockstep',
      hub: (world) => {
        hub = createGitHub(world)
        merged(hub)
        return hub
      },
      ...on
    })
    const other = { service: 'shop-admin', cluster: 'shop' }
    const states = () => hub!.deployments.map((d) => d.statuses.map((s) => s.state))
    try {
      await made(hub!, stage.server.githubUrl, 'production', other)
      await stage.run({ inputs: { ...on.inputs, 'bake-time': '0s' } })
      expect(states()).toEqual([['success'], ['in_progress', 'success']])
      const back = { mode: 'rollback', images: '', 'bake-time': '0s' }
      const { result } = await stage.run({ inputs: { ...on.inputs, ...back } })
      expect(result.outputs['outcome']).toBe('deployed')
      expect(states()).toEqual([
        ['success'],
        ['in_progress', 'success', 'inactive'],
        ['in_progress', 'success']
      ])
    } finally {
      await stage.close()
    }
  })

  test("GitHub's own of the job replaces it in a staging environment, and the next run is not confused by either", async () => {
    let hub: GitHub | undefined
    const stage = await openStory(story(), {
      pace: 'lockstep',
      hub: (world) => {
        hub = createGitHub(world)
        merged(hub)
        return hub
      }
    })
    const inputs = { ...on.inputs, environment: 'staging', 'bake-time': '0s' }
    const states = () => hub!.deployments.map((d) => d.statuses.map((s) => s.state))
    try {
      await stage.run({ inputs })
      await made(hub!, stage.server.githubUrl, 'staging', '')
      expect(states()).toEqual([['in_progress', 'success', 'inactive'], ['success']])
      const again = await stage.run({ inputs: { ...inputs, 'force-new-deployment': 'true' } })
      expect(again.result.outputs['outcome']).toBe('deployed')
      // The job's own stays: GitHub keeps it.
      expect(states().slice(1)).toEqual([['success'], ['in_progress', 'success']])
    } finally {
      await stage.close()
    }
  })
})

/** What somebody else's deployment looks like: a success of this environment. */
async function made(hub: GitHub, url: string, environment: string, payload: unknown): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${hub.token}` }
    const answer = await fetch(`${url}/repos/octo-org/shop${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body)
    })
    return (await answer.json()) as { id: number }
  }
  const { id } = await post('/deployments', {
    ref: sha,
    environment,
    payload,
    auto_merge: false,
    required_contexts: []
  })
  await post(`/deployments/${id}/statuses`, { state: 'success' })
}
