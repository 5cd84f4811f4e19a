import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createGitHub, type GitHub } from '../../simulator/index.js'
import { openStory, playStory, type Played } from '../../simulator/play.js'
import { storyNamed } from '../../simulator/stories/index.js'

/** A tiny deploy: starts a deployment, and looks every five seconds until ECS calls it completed. */
const tinyDeploy = `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  const ecs = async (operation, input) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.' + operation,
        authorization: 'AWS4-HMAC-SHA256 Credential=a/20260601/us-west-2/ecs/aws4_request, SignedHeaders=host, Signature=0'
      },
      body: JSON.stringify(input)
    })
    return await response.json()
  }
  const began = Date.now()
  const say = (what) => console.log(((Date.now() - began) / 1000).toFixed(0).padStart(4) + ' ' + what)
  process.once('SIGINT', () => { say('cancelled'); process.exit(1) })
  const { INPUT_CLUSTER: cluster, INPUT_SERVICE: service } = process.env
  const started = await ecs('UpdateService', { cluster, service, forceNewDeployment: true })
  appendFileSync(process.env.GITHUB_STATE, 'deployment=' + started.service.deployments[0].id + '\\n')
  for (let last; ; await sleep(5000)) {
    const { services } = await ecs('DescribeServices', { cluster, services: [service] })
    const [primary] = services[0].deployments
    const line = primary.runningCount + ' running, ' + primary.rolloutState
    if (line !== last) say((last = line))
    if (primary.rolloutState === 'COMPLETED') break
  }
  appendFileSync(process.env.GITHUB_OUTPUT, 'outcome=deployed\\n')`

let action: string

beforeAll(() => {
  action = mkdtempSync(join(tmpdir(), 'action-'))
  writeFileSync(
    join(action, 'action.yml'),
    'inputs: { cluster: {}, service: {}, environment: {}, images: {} }\nruns: { using: node24, main: main.mjs, post: post.mjs }'
  )
  writeFileSync(join(action, 'main.mjs'), tinyDeploy)
  writeFileSync(
    join(action, 'post.mjs'),
    `console.log(process.env.STATE_deployment, new Date().toISOString())`
  )
})

afterAll(() => rmSync(action, { recursive: true, force: true }))

const story = storyNamed('healthy-alb')

describe('lockstep', () => {
  test('the action and the world live through the same time, and it always goes the same way', async () => {
    const plays: Played[] = []
    for (let i = 0; i < 3; i++) plays.push(await playStory(story, { pace: 'lockstep', action }))
    const [first] = plays
    expect(first!.result.stderr).toBe('')
    expect(first!.result.stdout).toMatchInlineSnapshot(`
     "   0 0 running, IN_PROGRESS
       40 1 running, IN_PROGRESS
       70 2 running, IN_PROGRESS
      145 2 running, COMPLETED
     "
    `)
    expect(first!.result.outputs).toEqual({ outcome: 'deployed' })
    const shown = ({ result, journal, from, to }: Played): unknown => [
      result.stdout,
      result.post?.stdout,
      journal.map((entry) => `${entry.time - from} ${entry.operation}`),
      to - from
    ]
    for (const play of plays) expect(shown(play)).toEqual(shown(first!))
    expect(first!.journal[0]).toMatchObject({ operation: 'UpdateService', write: true, time: first!.from })
  })

  test('a cancel comes at its virtual moment, and post goes on where the world then is', async () => {
    const { result, from, journal } = await playStory(story, { pace: 'lockstep', action, cancelAt: 42_000 })
    expect(result.stdout.split('\n').at(-2)).toBe('  42 cancelled')
    expect(result).toMatchObject({ conclusion: 'cancelled', exitCode: 1, signals: ['SIGINT'] })
    // The world is told of each step before it is taken, the last one included.
    expect(result.post?.stdout).toBe(
      `${result.state['deployment']!} ${new Date(from + 42_000).toISOString()}\n`
    )
    expect(journal.at(-1)!.time).toBe(from + 40_000)
  })

  test('the end of the job, a time-out and a step that runs on come at their virtual moments too', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'action-'))
    writeFileSync(
      join(dir, 'action.yml'),
      'inputs: { cluster: {}, service: {}, environment: {}, images: {} }\nruns: { using: node24, main: main.mjs, post: main.mjs }'
    )
    writeFileSync(
      join(dir, 'main.mjs'),
      `
      import { setTimeout as sleep } from 'node:timers/promises'
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
      for (;;) { await sleep(1000); console.log(new Date().toISOString()) }`
    )
    const last = (text = '') => Date.parse(text.trimEnd().split('\n').at(-1)!)
    const play = async (options: Partial<Parameters<typeof playStory>[1]>) => {
      const { result, from } = await playStory(story, { pace: 'lockstep', action: dir, ...options })
      return { result, main: last(result.stdout) - from, post: last(result.post?.stdout) - from }
    }
    const budget = await play({ cancelAt: 60_000 })
    expect(budget.main).toBe(69_000)
    expect(budget.post).toBe(344_000)
    expect(budget.result.post).toMatchObject({ signals: ['SIGKILL'], conclusion: 'cancelled' })
    const always = await play({ cancelAt: 60_000, if: 'always()' })
    expect(always.main).toBe(344_000)
    expect(always.result).toMatchObject({ signals: ['SIGKILL'], job: 'cancelled' })
    expect(always.result.post).toBeUndefined()
    const timeout = await play({ timeoutMinutes: 2 })
    expect([timeout.main, timeout.post]).toEqual([129_000, 259_000])
    expect(timeout.result).toMatchObject({ conclusion: 'failure', job: 'failure' })
    expect(timeout.result.errors).toEqual(["The action 'Run ./' has timed out after 2 minutes."])
    rmSync(dir, { recursive: true, force: true })
  })

  test('a stage can be played on: a second run finds the world as the first one left it', async () => {
    const stage = await openStory(story, { pace: 'lockstep', action })
    try {
      const first = await stage.run()
      const second = await stage.run({ inputs: { service: 'nobody' } }).catch((error: unknown) => error)
      expect((first.result.outputs as { outcome: string }).outcome).toBe('deployed')
      expect(second).toMatchObject({ from: first.to, result: { conclusion: 'failure' } })
      expect((second as Played).journal[0]).toMatchObject({ operation: 'UpdateService' })
    } finally {
      await stage.close()
    }
  })
})

test.each<['before' | 'after', 'process' | 'machine', number, string | undefined]>([
  ['before', 'process', 0, 'undefined'],
  ['after', 'process', 1, 'undefined'],
  ['after', 'machine', 1, undefined]
])('killed at a request, %s the work; with the %s gone', async (when, what, deployments, state) => {
  const played = await playStory(story, { pace: 'lockstep', action, crash: { request: 1, when, what } })
  const { result, scene, world } = played
  expect(result).toMatchObject({ signal: 'SIGKILL', exitCode: 137, conclusion: 'failure', signals: [] })
  expect(played.journal).toMatchObject([{ operation: 'UpdateService', error: 'caller-killed' }])
  expect(scene.service.deployments.length).toBe(1 + deployments)
  expect(result.post?.stdout.split(' ')[0]).toBe(state)
  expect(world.clock.now()).toBe(played.from)
})

test('in scaled time the same happens, as fast as asked', async () => {
  const { result, from, to } = await playStory(story, { pace: { speed: 1000 }, action })
  expect(result.stderr).toBe('')
  expect(result.outputs).toEqual({ outcome: 'deployed' })
  expect(to - from).toBeGreaterThan(60_000)
})

test('a run can be given a GitHub, which lives in the same time', async () => {
  const talker = mkdtempSync(join(tmpdir(), 'talker-'))
  writeFileSync(
    join(talker, 'action.yml'),
    "inputs: { token: { default: '${{ github.token }}' }, cluster: {}, service: {}, environment: {}, images: {} }\n" +
      'runs: { using: node24, main: main.mjs }'
  )
  writeFileSync(
    join(talker, 'main.mjs'),
    `
    import { setTimeout as sleep } from 'node:timers/promises'
    await sleep(60_000)
    const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, INPUT_TOKEN: token } = process.env
    const response = await fetch(api + '/repos/' + repository + '/issues/1/comments', {
      method: 'POST', headers: { authorization: 'token ' + token }, body: JSON.stringify({ body: 'hello' })
    })
    console.log((await response.json()).created_at, new Date().toISOString())`
  )
  let hub: GitHub | undefined
  const { result, from } = await playStory(story, {
    pace: 'lockstep',
    action: talker,
    hub: (world) => {
      hub = createGitHub(world, { repository: 'acme/web' })
      hub.pull({ head: { ref: 'a', sha: '1'.repeat(40) } })
      hub.faults.add({ fault: { kind: 'slow', ms: 7000 } })
      return hub
    }
  })
  rmSync(talker, { recursive: true, force: true })
  expect(result.stderr).toBe('')
  const at = (ms: number) => new Date(from + ms).toISOString()
  expect(result.stdout).toBe(`${at(60_000).replace('.000', '')} ${at(67_000)}\n`)
  expect(hub!.comments.map((one) => [one.author, one.body])).toEqual([['github-actions[bot]', 'hello']])
  expect(hub!.journal.entries.map((one) => [one.time - from, one.operation])).toEqual([
    [60_000, 'createComment']
  ])
})
