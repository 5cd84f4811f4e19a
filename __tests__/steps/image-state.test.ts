/** Whether a task could pull an image now, asked of a world through the product's own clients. */
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type FaultRule, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import { imageState } from '../../src/steps/image-state.js'
import { pullState } from '../../src/steps/pull-state.js'

let server: SimulatorServer | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  process.env = { ...before }
})

async function shelf(faults: readonly FaultRule[] = []) {
  const world = createWorld()
  const repository = world.ecr.repository('app')
  const image = repository.push({ tags: ['v1'] })
  server = await startServer(world)
  for (const rule of faults) server.faults.add(rule)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clients = new Clients({ region: world.region, requestTimeoutMs: 2000 })
  const clock = { now: () => world.clock.now(), sleep: () => Promise.resolve(), random: () => 0.5 }
  const patience = { clock, patienceMs: 0, count: () => 0 }
  const ports = { images: new Ecr(clients, patience), repositories: new EcrRepositories(clients, patience) }
  const amd64 = { os: 'linux', architecture: 'amd64' }
  return {
    repository,
    image,
    state: async (reference: string) => await imageState(ports, reference),
    pull: async (reference: string, needed = true) =>
      await pullState(ports, reference, needed ? amd64 : undefined),
    pass: (ms: number) => world.clock.advanceBy(ms),
    asked: () => server!.journal.entries.map((entry) => entry.operation)
  }
}

test('an image that is there, by digest and by tag', async () => {
  const { image, repository, state } = await shelf()
  expect(await state(image.uri)).toMatchObject({
    state: 'there',
    image: { digest: image.digest, tags: ['v1'] }
  })
  expect(await state(`${repository.uri}:v1`)).toMatchObject({ state: 'there' })
})

test('one that is gone, one in the archive, one on its way back', async () => {
  const { image, repository, state } = await shelf()
  repository.archive(image.digest)
  expect(await state(image.uri)).toMatchObject({ state: 'archived' })
  repository.restore(image.digest)
  expect(await state(image.uri)).toMatchObject({
    state: 'archived',
    text: expect.stringContaining('ACTIVATING')
  })
  repository.expire(image.digest)
  expect(await state(image.uri)).toMatchObject({ state: 'gone', text: expect.stringContaining(image.digest) })
  expect(await state(image.uri.replace('/app@', '/none@'))).toMatchObject({ state: 'gone' })
})

test('who may not describe images still learns whether the manifest is served', async () => {
  const denied: FaultRule = { operation: 'DescribeImages', fault: { kind: 'access-denied' } }
  const { image, repository, state } = await shelf([denied])
  expect(await state(image.uri)).toEqual({ state: 'there' })
  repository.archive(image.digest)
  expect(await state(image.uri)).toMatchObject({ state: 'gone' })
})

test('other registries and silence: unknown, and no error', async () => {
  expect(await imageState({ images: {} as never }, 'nginx:1')).toMatchObject({ state: 'unknown' })
  const { image, state } = await shelf([{ fault: { kind: 'access-denied' } }])
  expect(await state(image.uri)).toMatchObject({ state: 'unknown' })
})

test('what is not answered is not asked again at once', async () => {
  const { image, state, asked, pass } = await shelf([
    { operation: 'DescribeImages', fault: { kind: 'server-error' } }
  ])
  const described = () => asked().filter((operation) => operation === 'DescribeImages').length
  expect(await state(image.uri)).toMatchObject({ state: 'there' })
  pass(20_000)
  expect(await state(image.uri)).toMatchObject({ state: 'there' })
  expect(described()).toBe(1)
  pass(20_000)
  expect(await state(image.uri)).toMatchObject({ state: 'there' })
  expect(described()).toBe(2)
})

test('of an index the manifest for the tasks has to be there too', async () => {
  const { repository, image, pull, asked } = await shelf()
  expect(await pull(image.uri)).toMatchObject({ state: 'there' })
  expect(asked()).toEqual(['DescribeImages'])
  const index = repository.push({ tags: ['many'], form: 'index' })
  const { manifests } = JSON.parse(index.manifest) as { manifests: { digest: string }[] }
  const [amd64, arm64] = manifests.map((m) => m.digest)
  expect(await pull(index.uri)).toMatchObject({ state: 'there', image: { digest: index.digest } })
  repository.archive(arm64!)
  expect(await pull(`${repository.uri}:many`)).toMatchObject({ state: 'there' })
  repository.archive(amd64!)
  const text = expect.stringMatching(/^the manifest for linux\/amd64 of .+ cannot be pulled: .+ ARCHIVED/)
  expect(await pull(index.uri)).toMatchObject({ state: 'archived', text })
  expect(await pull(index.uri, false)).toMatchObject({ state: 'archived' })
  repository.restore(arm64!)
  repository.expire(amd64!)
  // ARM is on its way back: not one of them is served, which might be the view's own fault.
  expect(await pull(index.uri)).toMatchObject({ state: 'unknown' })
  const other = repository.push({ tags: ['other'], form: 'index', content: 'other' })
  repository.expire((JSON.parse(other.manifest) as { manifests: { digest: string }[] }).manifests[0]!.digest)
  expect(await pull(other.uri)).toMatchObject({ state: 'gone' })
  expect(await pull(other.uri, false)).toMatchObject({ state: 'there' })
})

test.each(['BatchGetImage', 'DescribeImages'])(
  'where %s is denied an index is as there as before',
  async (operation) => {
    const { repository, pull } = await shelf([{ operation, fault: { kind: 'access-denied' } }])
    const index = repository.push({ form: 'index' })
    expect(await pull(index.uri)).toMatchObject({ state: 'there' })
  }
)
