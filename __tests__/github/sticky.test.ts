/** Whose comment it is, and who writes it: the real client against GitHub's stand-in, without a run around it. */
import { afterEach, describe, expect, test } from '@jest/globals'
import {
  createGitHub,
  createWorld,
  startServer,
  type GitHub,
  type SimulatorServer
} from '../../simulator/index.js'
import { systemClock } from '../../src/clock.js'
import { GitHubApi } from '../../src/github/api.js'
import { StickyComment } from '../../src/github/sticky.js'
import { markerOf, readState, stateLine, type Attempt } from '../../src/report/attempts.js'
import { attemptOf } from '../../src/report/comment.js'
import type { RunView } from '../../src/report/view.js'

const key = { environment: 'production', cluster: 'shop', service: 'shop-web' }
const bot = 'github-actions[bot]'
const open: SimulatorServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function hub(): Promise<{ github: GitHub; by: (token?: string) => StickyComment }> {
  const world = createWorld()
  const github = createGitHub(world)
  github.pull({ head: { ref: 'change', sha: '1'.repeat(40) } })
  const server = await startServer(world, { github })
  open.push(server)
  const by = (token = github.token) => {
    const access = {
      apiUrl: server.githubUrl,
      graphqlUrl: `${server.githubUrl}/graphql`,
      repository: 'octo-org/shop'
    }
    return new StickyComment(new GitHubApi({ ...access, token }, systemClock, {}), 1, key)
  }
  return { github, by }
}

/** The page of a run that began at this second, and has ended when it says how. */
function runAt(second: number, outcome?: 'deployed'): { view: RunView; attempt: Attempt } {
  const startedAt = Date.now() - 60_000 + second * 1000
  const ending = { outcome, reason: 'All is well.', evidence: [] }
  const view: RunView = {
    ...key,
    startedAt,
    now: Date.now(),
    images: {},
    imageTags: {},
    failedTasks: 0,
    happenings: [],
    ...(outcome === undefined ? {} : { ending: { ...ending, outcome } })
  }
  return { view, attempt: attemptOf(view, String(100 + second), 1) }
}

const old = `${markerOf(key)}\n${stateLine({ current: { run: '1', attempt: 1, at: 1 }, past: [] })}\n\nold words`
const atOnce = () => Promise.resolve()
const authorsOf = ({ comments }: GitHub) => comments.map((c) => [c.author, c.body.includes('old words')])

describe('ours is what the author of our token wrote', () => {
  test.each([
    ["the workflow's own", 'ghs_simulated', bot, []],
    ['of another app', 'ghs_app', 'our-app[bot]', []],
    ['of a person', 'github_pat_mona', 'mona', []],
    ['of a person, and there is no GraphQL', 'github_pat_mona', 'mona', ['POST /graphql']]
  ])('the token is %s', async (_, token, login, broken) => {
    const { github, by } = await hub()
    if (login !== bot) github.addToken(token, login, { pull_requests: 'write' })
    const others = [bot, 'mallory', 'mona', 'our-app[bot]'].filter((one) => one !== login)
    for (const author of [...others, login]) github.comment(1, author, old)
    for (const operation of broken) github.faults.add({ operation, fault: { kind: 'server-error' } })
    const { view, attempt } = runAt(0)
    expect(await by(token).write(view, attempt)).toBe('written')
    expect(authorsOf(github)).toEqual([...others.map((one) => [one, true]), [login, false]])
  })

  test('an app that cannot learn its own name learns it from what it makes, and the older comment stays', async () => {
    const { github, by } = await hub()
    github.addToken('ghs_app', 'our-app[bot]', { pull_requests: 'write' })
    github.faults.add({ operation: 'POST /graphql', fault: { kind: 'server-error' } })
    github.comment(1, 'our-app[bot]', old)
    const { view, attempt } = runAt(0)
    expect(await by('ghs_app').write(view, attempt)).toBe('written')
    expect(authorsOf(github)).toEqual([['our-app[bot]', false]])
  })

  test('a marker that does not stand at the start is nobody’s', async () => {
    const { github, by } = await hub()
    for (const before of ['> ', ' ', 'see:\n']) github.comment(1, bot, `${before}${old}`)
    const { view, attempt } = runAt(0)
    await by().write(view, attempt)
    expect(github.comments.map((c) => c.body.includes('old words'))).toEqual([true, true, true, false])
  })

  test('a comment that is deleted in the middle is made again, once', async () => {
    const { github, by } = await hub()
    const sticky = by()
    const { view, attempt } = runAt(0)
    await sticky.write(view, attempt)
    ;(github.comments as unknown[]).splice(0)
    await sticky.write(view, attempt)
    await sticky.write(view, attempt)
    expect(github.comments).toHaveLength(1)
  })
})

describe('two runs of one pull request at the same time', () => {
  test('there is one comment, and it ends with the newer, whoever of them ends last', async () => {
    for (const newerLast of [true, false]) {
      const { github, by } = await hub()
      const [older, newer] = [by(), by()]
      const [first, second] = [runAt(0), runAt(10)]
      for (let round = 0; round < 4; round++)
        await Promise.all([older.write(first.view, first.attempt), newer.write(second.view, second.attempt)])
      const [firstEnd, secondEnd] = [runAt(0, 'deployed'), runAt(10, 'deployed')]
      const ends = [
        async () => await older.settle(firstEnd.view, firstEnd.attempt, atOnce),
        async () => await newer.settle(secondEnd.view, secondEnd.attempt, atOnce)
      ]
      for (const end of newerLast ? ends : ends.toReversed()) await end()
      expect(github.comments).toHaveLength(1)
      expect(readState(github.comments[0]?.body ?? '', key)).toMatchObject({
        current: { run: '110', outcome: 'deployed' },
        past: [{ run: '100' }]
      })
    }
  })

  test('what an older run wrote over the last words of the newer, having looked before, is mended', async () => {
    const { github, by } = await hub()
    const [older, newer] = [by(), by()]
    const [first, second, end] = [runAt(0), runAt(10), runAt(10, 'deployed')]
    await older.write(first.view, first.attempt)
    await newer.write(second.view, second.attempt)
    const late = github.comments[0] as { body: string }
    const stale = late.body.replace(
      stateLine(readState(late.body, key)!),
      stateLine({ current: first.attempt, past: [] })
    )
    const overwrite = () => {
      late.body = stale
      return Promise.resolve()
    }
    expect(await newer.settle(end.view, end.attempt, overwrite)).toBe('written')
    expect(readState(late.body, key)).toMatchObject({ current: { run: '110', outcome: 'deployed' } })
  })
})
