/** Mode audit against simulated worlds, through the product's own clients. */
import { afterEach, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import {
  createWorld,
  startServer,
  type FaultRule,
  type SimulatorServer,
  type World
} from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcsRollouts } from '../../src/aws/ecs-rollouts.js'
import { Ecs } from '../../src/aws/ecs.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import type { Audit } from '../../src/domain/audit.js'
import type { HappeningBody } from '../../src/domain/events.js'
import type { Ending } from '../../src/domain/outcome.js'
import { readInputs } from '../../src/inputs.js'
import { audit } from '../../src/modes/audit.js'
import type { Ports } from '../../src/ports.js'
import type { Run } from '../../src/steps/record.js'

let server: SimulatorServer | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  process.env = { ...before }
})

const rule = (countNumber: number, selection: object = { tagStatus: 'any' }, rulePriority = 1) => ({
  rulePriority,
  selection: { countType: 'imageCountMoreThan', countNumber, ...selection },
  action: { type: 'expire' }
})
const policy = (...rules: object[]) => ({ rules })

function define(world: World, name: string, images: Record<string, string>) {
  return world.ecs.taskDefinition({
    family: name,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: Object.entries(images).map(([container, image]) => ({ name: container, image }))
  })
}

/** A service `name` in cluster `c` that runs these images, by container. */
function serve(world: World, name: string, images: Record<string, string>) {
  return world.ecs.service({
    cluster: 'c',
    name,
    taskDefinition: define(world, name, images),
    desiredCount: 2
  })
}

async function auditOf(
  world: World,
  services: string,
  { environment = '', faults = [] as FaultRule[] } = {}
): Promise<{ ending: Ending; found: Audit; lines: string[]; calls: string[] }> {
  server = await startServer(world)
  for (const fault of faults) server.faults.add(fault)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clients = new Clients({ region: world.region, requestTimeoutMs: 2000 })
  const clock = { now: () => world.clock.now(), sleep: () => Promise.resolve(), random: () => 0.5 }
  const patience = { clock, patienceMs: 0, count: () => 0 }
  const told: HappeningBody[] = []
  const ports = {
    containers: new Ecs(clients, patience),
    images: new Ecr(clients, patience),
    rollouts: new EcsRollouts(clients, patience),
    repositories: new EcrRepositories(clients, patience),
    clock,
    announce: (happening: HappeningBody) => told.push(happening)
  } as unknown as Ports
  const given: Record<string, string> = { mode: 'audit', cluster: 'c', service: services, environment }
  const inputs = readInputs((name) => given[name] ?? '', { sha: '', runId: '', attempt: '' })
  const run = {} as Run
  const ending = await audit(ports, inputs, run)
  const { entries } = server.journal
  expect(entries.filter(({ write }) => write)).toEqual([])
  const found = run.audit!
  return {
    ending,
    found,
    lines: found.findings.map((f) => `${f.level} ${f.kind} ${f.service}`),
    calls: [...new Set(entries.map((e) => `${e.service}:${e.operation}`))].sort()
  }
}

test('all is well: images that no rule takes soon, of two services', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', {
    mutability: 'IMMUTABLE',
    lifecyclePolicy: policy(
      rule(9999, { tagStatus: 'tagged', tagPatternList: ['production-*'] }),
      rule(10, undefined, 2)
    )
  })
  const image = app.push({ tags: ['build-1', 'production-4f1c2b9-1.1'] })
  serve(world, 'web', { app: image.uri, proxy: 'docker.io/library/nginx:1' })
  serve(world, 'worker', { app: image.uri })
  const { ending, found, lines } = await auditOf(world, 'web\nworker')
  expect(ending).toMatchObject({ outcome: 'ok', reason: expect.stringContaining('of 2 services checked') })
  expect(found.rows.map((r) => `${r.service} ${r.container} ${r.standing} ${r.neededBy.join(', ')}`)).toEqual(
    [
      'web of c app later 2 running tasks, web:1',
      'web of c proxy elsewhere 2 running tasks, web:1',
      'worker of c app later 2 running tasks, worker:1'
    ]
  )
  expect(lines).toEqual(['warning named-by-tag web of c', 'warning starved web of c and worker of c'])
})

test('gone, in the archive, going next and going soon are problems, each with what to do', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', { mutability: 'IMMUTABLE' })
  const push = (tag: string) => {
    world.clock.advanceBy(60_000)
    return app.push({ tags: [tag] })
  }
  const [gone, archived, next, soon] = ['gone', 'archived', 'next', 'soon'].map((tag) => push(`${tag}-1`))
  serve(world, 'a', { app: gone!.uri })
  serve(world, 'b', { app: archived!.uri })
  serve(world, 'd', { app: next!.uri })
  serve(world, 'e', { app: soon!.uri })
  app.archive(archived!.digest)
  app.expire(gone!.digest)
  app.lifecyclePolicy(policy(rule(1)))
  const { ending, found } = await auditOf(world, 'a\nb\nd\ne', { environment: 'production' })
  expect(found.findings.filter((f) => f.kind !== 'starved').map((f) => [f.level, f.kind, f.service])).toEqual(
    [
      ['problem', 'gone', 'a of c'],
      ['problem', 'archived', 'b of c'],
      ['problem', 'expiring', 'd of c'],
      ['problem', 'soon', 'e of c']
    ]
  )
  expect(found.findings.every((f) => f.todo !== undefined)).toBe(true)
  expect(found.findings[0]?.text).toContain(
    '(its lifecycle policy takes images by rule 1 (any image, more than 1))'
  )
  expect(found.findings[1]?.fix).toContain('aws ecr update-image-storage-class')
  expect(ending).toMatchObject({
    outcome: 'problems',
    reasonCode: 'image-not-found',
    reason: expect.stringMatching(/^a of c: the image of app .* \(and 4 more problems\)\.$/)
  })
})

test('staging and production share a repository and a count rule: one starves the other', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', { mutability: 'IMMUTABLE', lifecyclePolicy: policy(rule(50)) })
  const old = app.push({ tags: ['b-1'] })
  world.clock.advanceBy(60_000)
  const young = app.push({ tags: ['b-2'] })
  serve(world, 'production', { app: old.uri })
  serve(world, 'staging', { app: young.uri })
  const shared = await auditOf(world, 'staging\nproduction')
  expect(shared.ending.outcome).toBe('ok')
  expect(shared.found.findings).toMatchObject([
    {
      level: 'warning',
      kind: 'starved',
      text: 'staging of c and production of c share app and its rule 1 (any image, more than 50): what is pushed for one pushes out what the other runs'
    }
  ])
  await server?.close()
  world.clock.advanceBy(60_000)
  for (let i = 3; i < 42; i += 1) app.push({ tags: [`b-${i}`] })
  const { lines } = await auditOf(world, 'staging\nproduction')
  expect(lines).toEqual(['problem soon production of c', 'problem starved staging of c and production of c'])
})

test('held only by a tag that can be moved, by none, and named by one', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app')
  const held = app.push({ tags: ['latest'] })
  serve(world, 'a', { app: `${app.uri}:latest` })
  const bare = app.push({ tags: [] })
  serve(world, 'b', { app: bare.uri })
  const { found, ending } = await auditOf(world, 'a\nb')
  expect(found.findings.map((f) => [f.level, f.kind, f.service])).toEqual([
    ['warning', 'movable-tag', 'a of c'],
    ['warning', 'named-by-tag', 'a of c'],
    ['warning', 'movable-tag', 'b of c']
  ])
  expect(found.findings[0]).toMatchObject({
    text: expect.stringContaining('is held only by latest'),
    fix: expect.stringContaining('put-image-tag-mutability')
  })
  expect(found.rows.find((r) => r.digest === held.digest)?.neededBy).toEqual(['2 running tasks', 'a:1'])
  expect(ending.outcome).toBe('ok')
})

test('the revision that a rollback would put back is looked at too', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', { mutability: 'IMMUTABLE' })
  const [old, now] = [app.push({ tags: ['b-1'] }), app.push({ tags: ['b-2'] })]
  const service = serve(world, 'web', { app: old.uri })
  const deploy = (image: string) => {
    world.ecs.updateService(service, { taskDefinition: define(world, 'web', { app: image }).arn })
    world.clock.advanceBy(3_600_000)
  }
  deploy(old.uri)
  deploy(now.uri)
  app.expire(old.digest)
  const { lines, found } = await auditOf(world, 'web')
  expect(lines).toEqual(['problem gone web of c'])
  expect(found.findings[0]?.text).toContain('needed by web:2 (rollback)')
})

test('a service that does not exist is said, and the others go on; none at all is a wrong input', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', { mutability: 'IMMUTABLE' })
  serve(world, 'web', { app: app.push({ tags: ['b-1'] }).uri })
  const { found, ending } = await auditOf(world, 'web\nnone')
  expect(found.findings).toMatchObject([
    { level: 'problem', kind: 'unseen', text: expect.stringContaining('none') }
  ])
  expect(found.rows).toHaveLength(1)
  expect(ending.outcome).toBe('problems')
  await server?.close()
  await expect(auditOf(world, 'none\nnobody')).rejects.toMatchObject({ reasonCode: 'input' })
})

test.each([
  'ListTasks',
  'DescribeRepositories',
  'DescribeImages',
  'GetLifecyclePolicy',
  'DescribeTaskDefinition'
])('without %s the rest is audited, and it is said', async (operation) => {
  const world = createWorld()
  const app = world.ecr.repository('app', { mutability: 'IMMUTABLE', lifecyclePolicy: policy(rule(500)) })
  serve(world, 'web', { app: app.push({ tags: ['b-1'] }).uri })
  const faults: FaultRule[] = [{ operation, fault: { kind: 'access-denied' } }]
  const { found, ending } = await auditOf(world, 'web', { faults })
  const said = JSON.stringify([found.findings, found.rows])
  expect(said).toContain(operation)
  // What decides about an image that tasks need, and could not be read, is no green word.
  const blind = ['DescribeImages', 'GetLifecyclePolicy'].includes(operation)
  expect(ending.outcome).toBe(blind ? 'problems' : 'ok')
})

test('nothing can be read: the fault itself', async () => {
  const world = createWorld()
  await expect(
    auditOf(world, 'web', { faults: [{ fault: { kind: 'access-denied' } }] })
  ).rejects.toMatchObject({ kind: 'denied' })
})

test('the documented policy is what it calls', async () => {
  const world = createWorld()
  const app = world.ecr.repository('app', { lifecyclePolicy: policy(rule(500)) })
  serve(world, 'web', { app: app.push({ tags: ['b-1'], form: 'index' }).uri })
  const { calls } = await auditOf(world, 'web', { environment: 'production' })
  const part = readFileSync('docs/iam.md', 'utf8').split('## Mode audit')[1] ?? ''
  const { Statement } = JSON.parse(/```json\n([\s\S]*?)```/.exec(part)?.[1] ?? '') as {
    Statement: { Action: string | string[] }[]
  }
  expect(Statement.flatMap((s) => s.Action).sort()).toEqual(calls)
})
