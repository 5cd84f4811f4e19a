import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import { deployScene } from '../../simulator/simulate/deploy.js'
import { duration, readOptions } from '../../simulator/simulate/options.js'
import { sinceStart, Timeline } from '../../simulator/simulate/timeline.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { paintFor } from '../../simulator/terminal.js'

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** `npm run simulate` as its own process; `until` settles with the output once it says something. */
function simulate(...args: string[]) {
  const tsx = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href
  const script = fileURLToPath(new URL('../../simulator/simulate.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', tsx, script, ...args], {
    cwd: tmpdir(),
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  running.add(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
  const end = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code, out, err })
    })
  )
  const until = (words: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (words.test(out)) resolve(out)
      }
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`it ended without ${String(words)}:\n${out}${err}`)))
      look()
    })
  return { child, end, until }
}

test('simulate: any client reaches the story at the jumped-to moment; SIGINT ends it cleanly', async () => {
  const run = simulate('breaker-first', '--port', '0', '--manual', '--deploy', '--at', '65s')
  const said = await run.until(/after the start —/)
  expect(said).not.toContain('\u001b[')
  expect(said).toMatch(/^ \+0:01:00 {2}09:01:00 {2}rollback-started +rolling back to ecs-svc\/\d+$/m)
  const settings = Object.fromEntries(
    [...said.matchAll(/^export (\w+)=(.+)$/gm)].map((m) => [m[1]!, m[2]!] as const)
  )
  const ecs = new ECSClient({
    endpoint: settings['AWS_ENDPOINT_URL']!,
    region: settings['AWS_REGION']!,
    credentials: {
      accessKeyId: settings['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: settings['AWS_SECRET_ACCESS_KEY']!
    }
  })
  const look = async () => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['shop-web'] }))
    return answer.services![0]!.deployments!.map((d) => `${d.status ?? ''} ${d.rolloutState ?? ''}`)
  }
  expect(await look()).toEqual(['PRIMARY IN_PROGRESS', 'ACTIVE FAILED'])
  await fetch(`${settings['AWS_ENDPOINT_URL']!}/_simulator/advance`, { method: 'POST', body: '{"by":60000}' })
  expect(await look()).toEqual(['PRIMARY COMPLETED'])
  ecs.destroy()
  run.child.kill('SIGINT')
  const { code, out, err } = await run.end
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/Stopped \+0:02:05 after the start, 2 AWS calls\.\n$/)
})

test('simulate: what cannot be done is said, with what could be', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const port = String((taken.address() as AddressInfo).port)
  const [unknown, used, stranger] = await Promise.all([
    simulate('prod-e-bad').end,
    simulate('prod-e-good', '--port', port).end,
    simulate('prod-e-good', '--port', '0', '--fault', 'throttle:describeTargets').end
  ])
  await new Promise((resolve) => taken.close(resolve))
  expect(unknown).toMatchObject({ code: 2, out: '' })
  expect(unknown.err).toContain('There is no story "prod-e-bad". The stories are:\n  prod-e-good\n')
  expect(stranger).toMatchObject({ code: 2, out: '' })
  expect(stranger.err).toContain('the simulator plays no operation "describeTargets"')
  expect(used.code).toBe(2)
  expect(used.err).toBe(
    `Port ${port} is in use. Choose another with --port N, or let one be found with --port 0.\n`
  )
})

test('simulate: it ends with whoever started it, and with the reader of its output', async () => {
  const npm = fileURLToPath(new URL('../../scripts/simulate.mjs', import.meta.url))
  const child = spawn(process.execPath, [npm, 'prod-e-good', '--port', '0'], {
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  running.add(child)
  let out = ''
  const url = await new Promise<string>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const [, found] = /AWS_ENDPOINT_URL=(\S+)[^]*Ctrl-C/.exec(out) ?? []
      if (found !== undefined) resolve(found)
    })
  )
  expect((await fetch(`${url}/_simulator/now`)).status).toBe(200)
  // The script is killed and can tell nobody; what it started closes its output when it ends.
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('close', resolve))
  running.delete(child)
  expect(out).toMatch(/Stopped \+0:\d\d:\d\d after the start, 0 AWS calls\.\n$/)
  await expect(fetch(`${url}/_simulator/now`)).rejects.toThrow()

  const unread = simulate('prod-e-good', '--port', '0', '--deploy', '--at', '700h')
  unread.child.stdout.destroy()
  expect(await unread.end).toMatchObject({ code: 0, err: '' })
})

test('simulate: durations and options are read strictly', () => {
  expect(['90s', '12m', '1h30m', '2h5s'].map((text) => duration('--at', text) / 1000)).toEqual([
    90, 720, 5400, 7205
  ])
  for (const wrong of ['', '12', '1.5m', 'm', '5m1h', '-3m'])
    expect(() => readOptions(['x', `--at=${wrong}`])).toThrow(/a duration is written like 90s, 12m or 1h30m/)
  expect(() => readOptions(['x', '--at', '745h'])).toThrow('at most 744h, which is 31 days')
  expect(() => readOptions(['x', '--prot', '1'])).toThrow(/There is no option --prot\./)
  expect(() => readOptions(['x', '--port', '70000'])).toThrow(/a port is a whole number from 0 to 65535/)
  expect(() => readOptions(['x', '--speed', 'fast'])).toThrow(/a speed is a number/)
  expect(() => readOptions(['x', 'y'])).toThrow('One story at a time, not x and y.')
  expect(readOptions(['x', '--manual', '--speed', '5']).speed).toBe(0)
})

test('simulate: columns line up, colours only on a terminal', () => {
  expect([0, 59_999, 3_725_000].map(sinceStart)).toEqual(['+0:00:00', '+0:00:59', '+1:02:05'])
  const start = Date.parse('2026-06-01T09:00:00Z')
  const failed = {
    time: start + 61_000,
    code: 'deployment-failed',
    text: 'ecs-svc/1 failed',
    ids: {}
  } as const
  const plain = new Timeline(start, paintFor({}))
  expect(plain.happening(failed)).toBe(' +0:01:01  09:01:01  deployment-failed           ecs-svc/1 failed')
  expect(
    plain.call({
      time: start,
      service: 'ecs',
      operation: 'UpdateService',
      write: true,
      input: {},
      error: 'ThrottlingException'
    })
  ).toBe(' +0:00:00  09:00:00  call (write)                ecs:UpdateService → ThrottlingException')
  const noColor = process.env['NO_COLOR']
  delete process.env['NO_COLOR']
  expect(new Timeline(start, paintFor({ isTTY: true })).happening(failed)).toContain(
    '\u001b[31mecs-svc/1 failed\u001b[0m'
  )
  process.env['NO_COLOR'] = '1'
  expect(new Timeline(start, paintFor({ isTTY: true })).happening(failed)).not.toContain('\u001b[')
  if (noColor === undefined) delete process.env['NO_COLOR']
  else process.env['NO_COLOR'] = noColor
})

test("simulate: --deploy registers a revision with the story's image and updates the service", () => {
  const story = storyNamed('prod-e-good')
  const world = createWorld(story.world)
  const scene = story.build(world)
  const before = scene.service.primary
  const ref = deployScene(world, scene)
  const made = world.ecs.findTaskDefinition(ref)!
  expect(scene.service.primary.taskDefinitionArn).toBe(made.arn)
  expect(scene.service.primary.id).not.toBe(before.id)
  const old = world.ecs.findTaskDefinition(before.taskDefinitionArn)!
  const [container] = old.raw['containerDefinitions'] as Record<string, unknown>[]
  expect(made.raw).toEqual({
    ...old.raw,
    containerDefinitions: [{ ...container, image: scene.inputs['images']!.replace(/^[^=]+=/, '') }]
  })
})
