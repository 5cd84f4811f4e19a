/** The pull request's comment: what ships, against a GitHub that behaves and one that does not. */
import { describe, expect, test } from '@jest/globals'
import { createGitHub, type FaultRule, type GitHub, type World } from '../../simulator/index.js'
import { openStory, playStory } from '../play.js'
import { shop } from '../../simulator/stories/shop.js'
import { readState } from '../../src/report/attempts.js'
import {
  attempt,
  bot,
  commentBy,
  deploy,
  key,
  merged,
  noticesOf,
  oursOf,
  start,
  story,
  writesOf,
  type Told
} from './on-github.js'

describe('the comment', () => {
  test('is found behind 250 others, a foreign one with our marker is left alone, and the earlier attempt stays in a table', async () => {
    const old = attempt('7000000000', start - 3600, {
      outcome: 'rolled-back',
      reasonCode: 'container-exit',
      took: 70
    })
    const { hub, played, ours } = await deploy((github) => {
      for (let i = 0; i < 100; i++) github.comment(1, 'mona', `comment ${i}`)
      github.comment(1, 'mallory', commentBy(attempt('9999999999', start + 60)))
      github.comment(1, bot, `quoted:\n\n${commentBy(attempt('9999999998', start + 50))}`)
      for (let i = 0; i < 150; i++) github.comment(1, 'hubot', `comment ${i}`)
      github.comment(1, bot, commentBy(old))
    })
    expect(played.result.outputs).toMatchObject({ outcome: 'deployed' })
    expect(hub.comments).toHaveLength(253)
    expect(hub.comments.filter((c) => c.body.includes('old words')).map((c) => c.author)).toEqual([
      'mallory',
      bot
    ])
    expect(ours).toHaveLength(1)
    expect(ours[0]!.body).toContain('in production: deployed · now serving `shop-web:2`, healthy')
    expect(ours[0]!.body).toContain('↩️ rolled-back (`container-exit`)')
    expect(readState(ours[0]!.body, key)).toEqual({
      current: expect.objectContaining({
        run: '8123456789',
        outcome: 'deployed',
        revision: 'shop-web:2'
      }) as unknown,
      past: [old]
    })
    expect(noticesOf(played)).toEqual([])
  })

  test('tells people once: it is made once, says how far the deployment is, and is edited at most every 15 s', async () => {
    const seen: string[] = []
    const { hub, played, ours } = await deploy()
    const writes = writesOf(hub)
    expect(writes.map((w) => w.operation).filter((o) => o !== 'updateComment')).toEqual(['createComment'])
    const edits = writes.filter((w) => w.operation === 'updateComment')
    expect(edits.length).toBeGreaterThan(2)
    for (const w of writes) seen.push(/### .*/.exec((w.input as { body: string }).body)?.[0] ?? '')
    expect(seen.join('\n')).toContain('deploying, 0 of 2 new tasks healthy · now serving `shop-web:1`')
    expect(seen.join('\n')).toContain('healthy, must stay so for 20s')
    const gaps = writes.slice(1, -1).map((w, i) => w.time - writes[i]!.time)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000)
    // Final within seconds of the verdict.
    expect(played.to - edits.at(-1)!.time).toBeLessThan(3000)
    expect(hub.notifications.filter((n) => n.comment === ours[0]!.id)).toHaveLength(1)
    expect(hub.mentions).toEqual([])
  })

  test('of a newer run is never written over by an older one that ends later', async () => {
    const newer = commentBy(attempt('8123456999', start + 60))
    const { hub, played, ours } = await deploy((github) => void github.comment(1, bot, newer))
    expect(played.result.outputs).toMatchObject({ outcome: 'deployed' })
    expect(ours.map((c) => c.body)).toEqual([newer])
    expect(writesOf(hub)).toEqual([])
    expect(played.result.stdout).toContain('shows a newer run')
  })

  test('that a newer run takes over in the middle is left to it', async () => {
    const newer = commentBy(attempt('8123456999', start + 40))
    let world: World | undefined
    const { played, ours } = await deploy(
      (github) => {
        world!.clock.after(50_000, () => {
          const made = github.comments.find((c) => c.author === bot) as { body: string } | undefined
          if (made) made.body = newer
        })
      },
      {},
      story({}, { build: (w) => ((world = w), story().build(w)) })
    )
    expect(played.result.outputs).toMatchObject({ outcome: 'deployed' })
    expect(ours.map((c) => c.body)).toEqual([newer])
  })

  test('that somebody deleted is made again', async () => {
    let world: World | undefined
    const { hub, ours } = await deploy(
      (github) => world!.clock.after(30_000, () => void (github.comments as unknown[]).splice(0)),
      {},
      story({}, { build: (w) => ((world = w), story().build(w)) })
    )
    const names = writesOf(hub).map((w) => w.operation)
    expect(names.filter((name) => name === 'createComment')).toHaveLength(2)
    expect(ours).toHaveLength(1)
    expect(ours[0]!.body).toContain('deployed')
  })

  test('that another run made between our look and our own is the one that stays', async () => {
    let world: World | undefined
    let other = 0
    const { hub, ours } = await deploy(
      (github) => {
        github.faults.add({ operation: 'listComments', fault: { kind: 'slow', ms: 500 } })
        world!.clock.after(2300, () => {
          other = github.comment(1, bot, commentBy(attempt('8000000000', start - 5))).id
        })
      },
      {},
      story({}, { build: (w) => ((world = w), story().build(w)) })
    )
    const names = writesOf(hub).map((w) => w.operation)
    expect(names.slice(0, 3)).toEqual(['createComment', 'deleteComment', 'updateComment'])
    expect(ours.map((c) => c.id)).toEqual([other])
    expect(ours[0]!.body).toContain('deployed')
  })

  test('of two services of one pull request are two, and neither touches the other', async () => {
    let hub: GitHub | undefined
    const two = story(
      {},
      {
        build: (world) => {
          const { inputs, ...scene } = shop(world, { targetGroups: 0 })
          world.ecs.service({
            cluster: 'shop',
            name: 'shop-admin',
            taskDefinition: scene.taskDefinition,
            desiredCount: 1,
            launchType: 'FARGATE'
          })
          return { ...scene, inputs: { ...inputs, 'bake-time': '0s' } }
        }
      }
    )
    const stage = await openStory(two, {
      pace: 'lockstep',
      hub: (world) => {
        hub = createGitHub(world)
        merged(hub)
        return hub
      }
    })
    try {
      await stage.run()
      const first = oursOf(hub!)[0]!.body
      await stage.run({ inputs: { service: 'shop-admin' } })
      expect(oursOf(hub!)[0]!.body).toBe(first)
    } finally {
      await stage.close()
    }
    expect(hub!.comments.map((c) => /### .*: deployed/.exec(c.body)?.[0])).toEqual([
      '### ✅ `shop-web` in production: deployed',
      '### ✅ `shop-admin` in production: deployed'
    ])
  })

  test('of a run that is cancelled ends with what the post step saw', async () => {
    const { hub, played, ours } = await deploy(undefined, {
      cancelAt: 30_000,
      inputs: { 'github-deployment': 'true' }
    })
    expect(played.result.job).toBe('cancelled')
    expect(ours).toHaveLength(1)
    expect(ours[0]!.body).toContain('### ⏹️ `shop-web` in production: cancelled · now serving `shop-web:1`')
    expect(ours[0]!.body).toContain('was put back')
    // The picture and the numbers of main are not lost.
    expect(ours[0]!.body).toContain('```mermaid')
    expect(hub.deployments[0]!.statuses.at(-1)!.state).toBe('failure')
  })

  test('is not written when it is off, and a push that belongs to no pull request says so', async () => {
    const off = await deploy(undefined, { inputs: { comment: 'off' } })
    expect(off.hub.journal.entries).toEqual([])
    const none = await deploy((github) => github.branch('main', '2'.repeat(40)), {
      github: { sha: '2'.repeat(40) }
    })
    expect(none.hub.comments).toEqual([])
    expect(none.played.result.stdout).toContain('No pull request belongs to this commit')
    expect(noticesOf(none.played)).toEqual([])
  })
})

describe('trouble with GitHub costs a notice at the most', () => {
  const error = (status: number, message: string): FaultRule['fault'] => ({
    kind: 'error',
    code: '',
    status,
    message
  })
  let untroubled: Promise<Told> | undefined

  test.each<[string, FaultRule[], { body: RegExp } | { notice: RegExp }]>([
    [
      '403',
      [{ operation: 'createComment', fault: { kind: 'access-denied' } }],
      { notice: /pull-requests: write/ }
    ],
    ['404', [{ operation: 'createComment', fault: error(404, 'Not Found') }], { notice: /404 Not Found/ }],
    [
      '422, the comment is too long: the next shorter one is taken',
      [
        {
          operation: 'createComment',
          fault: error(422, 'Body is too long (maximum is 65536 characters)'),
          calls: 2
        },
        {
          operation: 'updateComment',
          fault: error(422, 'body is too long (maximum is 65536 characters)'),
          calls: 1
        }
      ],
      { body: /deployed[^]*The rest did not fit here/ }
    ],
    ['500 to the end', [{ fault: { kind: 'server-error' } }], { notice: /comment is not written: .*502/ }],
    ['a rate limit that passes', [{ fault: { kind: 'throttle' }, calls: 1 }], { body: /: deployed/ }],
    [
      'a rate limit at the end, which the post step waits for',
      [{ operation: 'updateComment', fault: { kind: 'throttle' }, fromCall: 2, calls: 1 }],
      { body: /: deployed/ }
    ],
    [
      'a rate limit without end',
      [{ operation: 'updateComment', fault: { kind: 'throttle' }, fromCall: 2 }],
      { notice: /shows an earlier state of this run: .*secondary rate limit/ }
    ],
    [
      'a pull request that is locked',
      [
        {
          operation: 'createComment',
          fault: error(403, 'Unable to create comment because issue is locked.')
        }
      ],
      { notice: /because issue is locked\.\.$/ }
    ],
    [
      '502 for the last edit, once',
      [{ operation: 'updateComment', fault: { kind: 'server-error' }, fromCall: 4, calls: 1 }],
      { body: /: deployed/ }
    ],
    ['answers that take 2 s each', [{ fault: { kind: 'slow', ms: 2000 } }], { body: /: deployed/ }],
    [
      'answers that take a minute',
      [{ fault: { kind: 'slow', ms: 60_000 } }],
      { notice: /no answer in time/ }
    ],
    ['no answer', [{ fault: { kind: 'silence' } }], { notice: /no answer in time/ }],
    [
      'half an answer',
      [{ operation: 'createComment', fault: { kind: 'malformed', how: 'truncated' }, calls: 1 }],
      { body: /: deployed/ }
    ]
  ])('%s', async (_, rules, ends) => {
    untroubled ??= deploy()
    const { played, ours } = await deploy((github) => rules.forEach((rule) => github.faults.add(rule)))
    const good = (await untroubled).played
    const told = ({ report, ...outputs }: Record<string, string>) => [report !== '', outputs]
    expect(told(played.result.outputs)).toEqual(told(good.result.outputs))
    expect(played.result).toMatchObject({ exitCode: 0, conclusion: 'success' })
    // A few seconds for the last words; the post step has twenty, and waits for a limit to end.
    const waits = rules.some((rule) => rule.operation === 'updateComment' && rule.fault.kind === 'throttle')
    expect(played.to - played.from).toBeLessThanOrEqual(good.to - good.from + (waits ? 110_000 : 28_000))
    const notices = noticesOf(played)
    if ('notice' in ends) {
      expect(notices).toHaveLength(1)
      expect(notices[0]!.message).toMatch(ends.notice)
    } else {
      expect(notices).toEqual([])
      expect(ours).toHaveLength(1)
      expect(ours[0]!.body).toMatch(ends.body)
    }
  })

  test('the token of a fork may only read', async () => {
    let hub: GitHub | undefined
    const { result } = await playStory(story(), {
      pace: 'lockstep',
      hub: (world) => {
        hub = createGitHub(world, {
          permissions: { contents: 'read', pull_requests: 'read', deployments: 'read' }
        })
        merged(hub)
        return hub
      },
      inputs: { 'github-deployment': 'true' }
    })
    expect(result.outputs).toMatchObject({ outcome: 'deployed' })
    const notices = result.annotations.filter((a) => a.kind === 'notice')
    expect(notices).toHaveLength(1)
    expect(notices[0]!.message).toMatch(
      /comment is not written.*fork.*The GitHub deployment is not made.*deployments: write/
    )
    expect(writesOf(hub!)).toEqual([])
  })
})

test('twenty minutes and 50 tasks cost at most 60 writes', async () => {
  const slow = story({
    service: { desiredCount: 50, maximumPercent: 110, minimumHealthyPercent: 100 },
    deregistrationDelaySeconds: 60,
    targetGroups: 1
  })
  const { played, hub, ours } = await deploy(
    undefined,
    { inputs: { 'github-deployment': 'true', timeout: '2h' } },
    slow
  )
  expect(played.result.outputs).toMatchObject({ outcome: 'deployed' })
  expect(Number(played.result.outputs['duration-seconds'])).toBeGreaterThan(1200)
  const first20 = hub.journal.entries.filter((e) => e.write && e.time < played.from + 1200_000)
  expect(first20.length).toBeLessThanOrEqual(60)
  expect(first20.length).toBeGreaterThan(20)
  expect(ours[0]!.body.length).toBeLessThan(65_536)
})
