/** Whether a task could pull an image now, asked of a world through the product's own clients. */
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type FaultRule, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import { imageState } from '../../src/steps/image-state.js'

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
  return { repository, image, state: async (reference: string) => await imageState(ports, reference) }
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
