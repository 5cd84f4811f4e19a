import { getOctokit } from '@actions/github'
import { afterEach, expect, test } from '@jest/globals'
import {
  createGitHub,
  createWorld,
  startServer,
  type GitHubOptions,
  type SimulatorServer
} from '../../simulator/index.js'
import { mentionsIn } from '../../simulator/github/mentions.js'

const open: SimulatorServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const sha = (n: number) => String(n).padStart(40, '0')
const where = { owner: 'octo-org', repo: 'shop' }

/** A GitHub with its server and the toolkit's own Octokit on it. */
async function hub(options: GitHubOptions = {}) {
  const world = createWorld()
  const github = createGitHub(world, options)
  const server = await startServer(world, { github })
  open.push(server)
  const as = (token: string) => getOctokit(token, { baseUrl: server.githubUrl }).rest
  return { world, github, server, as, rest: as(github.token) }
}

interface Refused {
  status: number
  message: string
  errors: unknown
  headers: Record<string, string | undefined>
}

async function refusal(call: Promise<unknown>): Promise<Refused> {
  try {
    await call
  } catch (error) {
    const { status, message, response } = error as {
      status: number
      message: string
      response?: { headers: Refused['headers']; data: { errors?: unknown } }
    }
    return { status, message, errors: response?.data.errors, headers: response?.headers ?? {} }
  }
  throw new Error('the call was not refused')
}

test('GitHub: from a commit to its pull requests: merged on the default branch, open otherwise, none of a fork', async () => {
  const { world, github, rest } = await hub()
  const merged = github.pull({ head: { ref: 'a', sha: sha(1) } })
  github.pull({ head: { ref: 'b', sha: sha(3), commits: [sha(1)] } })
  github.pull({ head: { ref: 'c', sha: sha(4), owner: 'stranger' } })
  github.pull({ head: { ref: 'd', sha: sha(5) } }).close()
  github.lookupLagSeconds = 5
  merged.merge(sha(2))
  const of = async (commit: number) =>
    (await rest.repos.listPullRequestsAssociatedWithCommit({ ...where, commit_sha: sha(commit) })).data.map(
      (pull) => pull.number
    )
  expect(await of(2)).toEqual([])
  world.clock.advanceBy(5000)
  expect(await of(2)).toEqual([1])
  expect(await of(1)).toEqual([1, 2])
  expect(await of(3)).toEqual([2])
  expect(await of(4)).toEqual([])
  expect(await of(5)).toEqual([])
  expect(await refusal(of(9))).toMatchObject({
    status: 422,
    message: expect.stringContaining(`No commit found for SHA: ${sha(9)}`) as unknown
  })
})

test('GitHub: pull requests by head and state, newest first', async () => {
  const { github, rest } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } }).close()
  github.pull({ head: { ref: 'a', sha: sha(2), owner: 'stranger' } })
  github.pull({ head: { ref: 'b', sha: sha(3) } }).push(sha(4))
  const list = async (query: { head?: string; state?: 'open' | 'closed' | 'all' }) =>
    (await rest.pulls.list({ ...where, ...query })).data.map((pull) => `${pull.number} ${pull.head.label}`)
  expect(await list({})).toEqual(['3 octo-org:b', '2 stranger:a'])
  expect(await list({ state: 'all' })).toHaveLength(3)
  expect(await list({ head: 'octo-org:a' })).toEqual([])
  expect(await list({ head: 'octo-org:a', state: 'closed' })).toEqual(['1 octo-org:a'])
  expect(await list({ head: 'stranger:a' })).toEqual(['2 stranger:a'])
  const one = await rest.pulls.get({ ...where, pull_number: 3 })
  expect([one.data.head.sha, one.data.state, one.data.merged]).toEqual([sha(4), 'open', false])
  expect((await refusal(rest.pulls.get({ ...where, pull_number: 9 }))).status).toBe(404)
})

test('GitHub: comments by whom, told of when created and never when edited', async () => {
  const { world, github, rest } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  github.comment(1, 'mona', 'Looks good')
  const made = await rest.issues.createComment({ ...where, issue_number: 1, body: 'Deploying, @mona' })
  expect([made.status, made.data.user?.login, made.data.user?.type]).toEqual([
    201,
    'github-actions[bot]',
    'Bot'
  ])
  world.clock.advanceBy(60_000)
  const edited = await rest.issues.updateComment({
    ...where,
    comment_id: made.data.id,
    body: 'Deployed, @mona and @hubot'
  })
  expect(Date.parse(edited.data.updated_at) - Date.parse(edited.data.created_at)).toBe(60_000)
  const listed = await rest.issues.listComments({ ...where, issue_number: 1 })
  expect(listed.data.map((one) => [one.user?.login, one.body])).toEqual([
    ['mona', 'Looks good'],
    ['github-actions[bot]', 'Deployed, @mona and @hubot']
  ])
  const ours = github.notifications.filter((one) => one.comment === made.data.id)
  expect(ours).toEqual([
    { comment: made.data.id, reason: 'subscribed' },
    { comment: made.data.id, reason: 'mention', login: 'mona' }
  ])
  expect(github.mentions).toEqual([
    { comment: made.data.id, login: 'mona', edited: false },
    { comment: made.data.id, login: 'hubot', edited: true }
  ])
  expect((await rest.issues.deleteComment({ ...where, comment_id: made.data.id })).status).toBe(204)
  expect(github.comments).toHaveLength(1)
  expect((await refusal(rest.issues.getComment({ ...where, comment_id: made.data.id }))).status).toBe(404)
})

test('GitHub: pages of 30, at most 100, with links that lead on', async () => {
  const { github, rest, server } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  for (let i = 1; i <= 130; i++) github.comment(1, 'mona', `comment ${i}`)
  const first = await rest.issues.listComments({ ...where, issue_number: 1 })
  expect(first.data).toHaveLength(30)
  const url = `${server.githubUrl}/repos/octo-org/shop/issues/1/comments`
  expect(first.headers.link).toBe(`<${url}?page=2>; rel="next", <${url}?page=5>; rel="last"`)
  const third = await rest.issues.listComments({ ...where, issue_number: 1, page: 5 })
  expect(third.data.map((one) => one.body).at(-1)).toBe('comment 130')
  expect(third.headers.link).toBe(`<${url}?page=4>; rel="prev", <${url}?page=1>; rel="first"`)
  const most = await rest.issues.listComments({ ...where, issue_number: 1, per_page: 500 })
  expect(most.data).toHaveLength(100)
  const octokit = getOctokit(github.token, { baseUrl: server.githubUrl })
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...where,
    issue_number: 1,
    per_page: 100
  })
  expect(all).toHaveLength(130)
})

test('GitHub: a comment has at most 65,536 characters; too long, blank and missing are said in its words', async () => {
  const { github, rest } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  const create = (body: string) => rest.issues.createComment({ ...where, issue_number: 1, body })
  const made = await create('🚀'.repeat(65_536))
  expect(await refusal(create('x'.repeat(65_537)))).toMatchObject({
    status: 422,
    message: expect.stringContaining('Validation Failed') as unknown,
    errors: [
      {
        resource: 'IssueComment',
        code: 'unprocessable',
        field: 'data',
        message: 'Body is too long (maximum is 65536 characters)'
      }
    ]
  })
  const edit = rest.issues.updateComment({ ...where, comment_id: made.data.id, body: 'x'.repeat(65_537) })
  expect((await refusal(edit)).errors).toEqual([
    {
      resource: 'IssueComment',
      code: 'custom',
      field: 'body',
      message: 'body is too long (maximum is 65536 characters)'
    }
  ])
  expect((await refusal(create(' \n'))).status).toBe(422)
  expect(await refusal(create(undefined as never))).toMatchObject({
    status: 422,
    message: expect.stringContaining('"body" wasn\'t supplied.') as unknown
  })
  expect(github.comments).toHaveLength(1)
})

test('GitHub: a token that may only read is refused with what it would need; a wrong one is 401', async () => {
  const { github, rest, as, server } = await hub({ permissions: { contents: 'read', pull_requests: 'read' } })
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  const comment = { ...where, issue_number: 1, body: 'hello' }
  expect((await rest.issues.listComments({ ...where, issue_number: 1 })).data).toEqual([])
  const refused = await refusal(rest.issues.createComment(comment))
  expect([refused.status, refused.message.split(' - ')[0]]).toEqual([
    403,
    'Resource not accessible by integration'
  ])
  expect(refused.headers['x-accepted-github-permissions']).toBe('issues=write; pull_requests=write')
  expect((await refusal(rest.repos.listDeployments(where))).headers['x-accepted-github-permissions']).toBe(
    'deployments=read'
  )
  github.addToken('ghs_issues', 'other-app[bot]', { issues: 'write' })
  expect((await as('ghs_issues').issues.createComment(comment)).data.user?.login).toBe('other-app[bot]')
  expect(await refusal(as('ghs_wrong').issues.createComment(comment))).toMatchObject({
    status: 401,
    message: expect.stringContaining('Bad credentials') as unknown
  })
  const bare = await fetch(`${server.githubUrl}/repos/octo-org/shop/pulls`)
  expect([bare.status, ((await bare.json()) as { message: string }).message]).toEqual([
    401,
    'Requires authentication'
  ])
  expect((await refusal(rest.pulls.list({ owner: 'octo-org', repo: 'other' }))).status).toBe(404)
})

test("GitHub: GraphQL tells whom every token speaks for, REST only of people's", async () => {
  const { github, as, server } = await hub()
  github.addToken('ghs_app', 'our-app[bot]', { pull_requests: 'write' })
  github.addToken('github_pat_mona', 'mona', { pull_requests: 'write' })
  const viewer = async (token: string, query: string) => {
    const headers = { authorization: `Bearer ${token}` }
    const body = JSON.stringify({ query })
    const answer = await fetch(`${server.githubUrl}/graphql`, { method: 'POST', headers, body })
    return [
      answer.status,
      ((await answer.json()) as { data?: { viewer: { login: string } } }).data?.viewer.login
    ]
  }
  const who = '{ viewer { login } }'
  expect(await viewer(github.token, who)).toEqual([200, 'github-actions[bot]'])
  expect(await viewer('ghs_app', who)).toEqual([200, 'our-app[bot]'])
  expect(await viewer('github_pat_mona', who)).toEqual([200, 'mona'])
  expect(await viewer('github_pat_mona', '{ repository { name } }')).toEqual([404, undefined])
  expect((await as('github_pat_mona').users.getAuthenticated()).data.login).toBe('mona')
  for (const token of [github.token, 'ghs_app'])
    expect((await refusal(as(token).users.getAuthenticated())).status).toBe(403)
  expect(github.journal.entries.filter((e) => e.write)).toEqual([])
})

test('GitHub: which deployments are created: checks, auto-merge, refs, environments', async () => {
  const { github, rest } = await hub()
  github.branch('main', sha(1))
  github.branch('topic', sha(2), { behind: true })
  github.branch('clash', sha(3), { behind: true, conflicts: true })
  const create = (ref: string, more: object = {}) => rest.repos.createDeployment({ ...where, ref, ...more })
  expect((await create('main')).data).toMatchObject({
    sha: sha(1),
    environment: 'production',
    production_environment: true,
    task: 'deploy',
    creator: { login: 'github-actions[bot]' }
  })
  expect((await create('main', { environment: 'staging', payload: { a: 1 } })).data).toMatchObject({
    environment: 'staging',
    production_environment: false,
    payload: { a: 1 }
  })
  const merged = await create('topic')
  expect([merged.status, merged.data]).toEqual([202, { message: 'Auto-merged main into topic' }])
  expect((await create('topic')).status).toBe(201)
  expect(await refusal(create('clash'))).toMatchObject({
    status: 409,
    message: expect.stringContaining('Conflict merging main into clash') as unknown
  })
  expect((await create('clash', { auto_merge: false })).status).toBe(201)
  github.status(sha(1), 'ci', 'success')
  github.status(sha(1), 'deploy', 'pending')
  const failed = await refusal(create('main'))
  expect([failed.status, failed.message.includes('Conflict: Commit status checks failed for main.')]).toEqual(
    [409, true]
  )
  expect(failed.errors).toEqual([
    {
      contexts: [
        { context: 'ci', state: 'success' },
        { context: 'deploy', state: 'pending' }
      ],
      resource: 'Deployment',
      field: 'required_contexts',
      code: 'invalid'
    }
  ])
  expect((await create('main', { required_contexts: [] })).status).toBe(201)
  expect((await create('main', { required_contexts: ['ci'] })).status).toBe(201)
  expect(await refusal(create('nowhere'))).toMatchObject({
    status: 422,
    message: expect.stringContaining('No ref found for: nowhere') as unknown
  })
  const listed = await rest.repos.listDeployments({ ...where, environment: 'staging' })
  expect(listed.data.map((one) => one.environment)).toEqual(['staging'])
  expect((await rest.repos.getAllEnvironments(where)).data.environments?.map((one) => one.name)).toEqual([
    'production',
    'staging'
  ])
})

test('GitHub: deployment statuses: states, 140 characters, who becomes inactive', async () => {
  const { github, rest } = await hub()
  github.branch('main', sha(1))
  const deploy = async (environment: string, more: object = {}) =>
    (await rest.repos.createDeployment({ ...where, ref: 'main', environment, ...more })).data as {
      id: number
    }
  const say = (id: number, state: string, more: object = {}) =>
    rest.repos.createDeploymentStatus({
      ...where,
      deployment_id: id,
      state: state as 'success',
      ...more
    })
  const states = (id: number) =>
    github.deployments.find((one) => one.id === id)!.statuses.map((status) => status.state)
  const old = await deploy('staging')
  const review = await deploy('staging', { transient_environment: true })
  const other = await deploy('qa')
  const prod = await deploy('production')
  for (const { id } of [old, review, other, prod]) await say(id, 'success', { auto_inactive: false })
  const next = await deploy('staging')
  await say(next.id, 'in_progress', { description: 'x'.repeat(140), log_url: 'https://log' })
  expect(states(old.id)).toEqual(['success'])
  await say(next.id, 'success')
  const nextProd = await deploy('production')
  await say(nextProd.id, 'success')
  expect([old, review, other, prod, next].map(({ id }) => states(id))).toEqual([
    ['success', 'inactive'],
    ['success'],
    ['success'],
    ['success'],
    ['in_progress', 'success']
  ])
  const listed = await rest.repos.listDeploymentStatuses({ ...where, deployment_id: next.id })
  expect(listed.data.map((one) => [one.state, one.log_url])).toEqual([
    ['success', ''],
    ['in_progress', 'https://log']
  ])
  expect((await refusal(say(next.id, 'failure', { description: 'x'.repeat(141) }))).errors).toEqual([
    {
      resource: 'DeploymentStatus',
      code: 'custom',
      field: 'description',
      message: 'description is too long (maximum is 140 characters)'
    }
  ])
  expect((await refusal(say(next.id, 'done'))).status).toBe(422)
})

test('GitHub: 1,000 requests an hour, 80 writes a minute, 900 points a minute, with the headers that tell', async () => {
  const { world, github, rest } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  const write = () => rest.issues.createComment({ ...where, issue_number: 1, body: 'x' })
  const read = () => rest.pulls.get({ ...where, pull_number: 1 })
  for (let i = 0; i < 79; i++) await write()
  world.clock.advanceBy(20_000)
  const last = await write()
  expect([last.headers['x-ratelimit-limit'], last.headers['x-ratelimit-remaining']]).toEqual(['1000', '920'])
  const refused = await refusal(write())
  expect([refused.status, refused.headers['retry-after']]).toEqual([403, '40'])
  expect(refused.message).toContain('You have exceeded a secondary rate limit.')
  await read()
  world.clock.advanceBy(40_000)
  await write()
  world.clock.advanceBy(60_000)
  for (let i = 0; i < 900; i++) await read()
  expect((await refusal(read())).message).toContain('secondary rate limit')
  world.clock.advanceBy(60_000)
  for (let i = 0; i < 16; i++) await read()
  const spent = await refusal(read())
  expect([spent.status, spent.headers['x-ratelimit-remaining']]).toEqual([403, '0'])
  expect(spent.message).toContain('API rate limit exceeded for installation.')
  expect(Number(spent.headers['x-ratelimit-reset'])).toBe(Date.parse('2026-06-01T10:00:00Z') / 1000)
  world.clock.advanceTo(Date.parse('2026-06-01T10:00:00Z'))
  await read()
})

test('GitHub: faults by the name of the call: 502, limits, lost and slow answers; the journal has every request', async () => {
  const { world, github, rest } = await hub()
  github.pull({ head: { ref: 'a', sha: sha(1) } })
  const comment = () => rest.issues.createComment({ ...where, issue_number: 1, body: 'x' })
  const order = (fault: Parameters<typeof github.faults.add>[0]['fault']) =>
    github.faults.add({ operation: 'createComment', fault, calls: 1 })
  order({ kind: 'server-error' })
  expect(await refusal(comment())).toMatchObject({ status: 502 })
  order({ kind: 'throttle' })
  expect((await refusal(comment())).headers['retry-after']).toBe('60')
  order({ kind: 'connection-reset', when: 'after' })
  await refusal(comment())
  expect(github.comments).toHaveLength(1)
  order({ kind: 'slow', ms: 30_000 })
  let answered = false
  const slow = comment().then(() => (answered = true))
  while (github.comments.length < 2) await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  world.clock.advanceBy(30_000)
  await slow
  expect(github.journal.of('createComment').map((e) => [e.error, e.write])).toEqual([
    ['502 Server Error', true],
    ['403 You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', true],
    ['connection-reset', true],
    [undefined, true]
  ])
})

test('GitHub: whom a body mentions: entities and escapes do, code and hidden comments do not', () => {
  expect(mentionsIn('@mona, @Hub-ot. and @octo-org/team; not a@b.c nor @-x')).toEqual([
    'mona',
    'Hub-ot',
    'octo-org/team'
  ])
  expect(mentionsIn('&#64;one &commat;two &#x40;three \\@four')).toEqual(['one', 'two', 'three', 'four'])
  expect(mentionsIn('`@code` ``a ` @code`` <!-- @hidden -->')).toEqual([])
  expect(mentionsIn('before @a\n```text\n@b\n````\n@c\n~~~\n@d')).toEqual(['a', 'c'])
  expect(mentionsIn('````\n```\n@inside\n```\n````\n@outside')).toEqual(['outside'])
})
