import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createWorld, startServer } from '../../simulator/index.js'
import { runAction, type RunResult } from '../../simulator/runner.js'
import { node24 } from '../node24.js'

const preload = (name: string): string =>
  fileURLToPath(new URL(`../../simulator/preload/${name}.cjs`, import.meta.url))
const start = Date.parse('2026-06-01T09:00:00.000Z')

let dir: string
let server: Server
let url: string
/** What the world was asked, in order: `advance +5000` or the path. */
let asked: string[]
/** Where the world's clock stands, in ms since the start. */
let worldAt: number

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'preload-'))
  asked = []
  worldAt = 0
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      if (request.url === '/_simulator/advance') {
        worldAt = (JSON.parse(text) as { to: number }).to - start
        asked.push(`advance +${worldAt}`)
      } else asked.push(`${request.url ?? ''} at +${worldAt}`)
      response.end(JSON.stringify({ now: start + worldAt }))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.close()
  server.closeAllConnections()
  rmSync(dir, { recursive: true, force: true })
})

/** Runs a script as an action's main with a preload. */
async function run(
  kind: string,
  script: string,
  options: { env?: Record<string, string>; node?: string; module?: boolean } = {}
): Promise<RunResult> {
  const file = options.module === true ? 'main.mjs' : 'main.cjs'
  writeFileSync(join(dir, 'action.yml'), `runs: { using: node24, main: ${file} }`)
  writeFileSync(join(dir, file), script)
  return await runAction({
    action: dir,
    preload: [preload(kind)],
    ...(options.node === undefined ? {} : { node: options.node }),
    env: { SIMULATOR_NOW: String(start), SIMULATOR_URL: url, WORLD: url, ...options.env }
  })
}

describe.each([
  ['this Node', (): string => process.execPath],
  ['Node 24', node24]
])('lockstep on %s', (_, node) => {
  test('an hour of sleeping takes no time, and the world lives through the same moments', async () => {
    const result = await run(
      'lockstep',
      `
      import { setTimeout as sleep } from 'node:timers/promises'
      const began = Date.now()
      for (let i = 0; i < 720; i++) await sleep(5000)
      console.log(new Date().toISOString(), Date.now() - began, Math.round(performance.now()), Date().slice(0, 24))`,
      { module: true, node: node() }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout).toBe('2026-06-01T10:00:00.000Z 3600000 3600000 Mon Jun 01 2026 10:00:00\n')
    expect(asked).toHaveLength(720)
    expect(asked.at(-1)).toBe('advance +3600000')
  })

  test('the clock stands while a request is in flight, by http, by fetch, with keep-alive', async () => {
    const result = await run(
      'lockstep',
      `
      import http from 'node:http'
      const agent = new http.Agent({ keepAlive: true })
      const get = (path) => new Promise((done) => http.get(process.env.WORLD + path, { agent }, (res) => {
        res.resume(); res.on('end', done)
      }))
      const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
      const tooLate = setTimeout(() => console.log('never'), 1)
      await get('/first')
      clearTimeout(tooLate)
      await sleep(2000)
      await Promise.all([get('/second'), sleep(500)])
      await (await fetch(process.env.WORLD + '/third')).text()
      await sleep(1000)
      await get('/last')
      console.log(Date.now() - ${start})`,
      { module: true, node: node() }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout).toBe('3500\n')
    expect(asked.filter((what) => !what.startsWith('advance'))).toEqual([
      '/first at +0',
      '/second at +2000',
      '/third at +2500',
      '/last at +3500'
    ])
  })

  test('time goes on while a slow answer is awaited, to the moment it comes; silence is left to time-outs', async () => {
    const world = createWorld({ start })
    const aws = await startServer(world)
    aws.faults.add({ operation: 'ListClusters', fault: { kind: 'slow', ms: 5000 } })
    aws.faults.add({ operation: 'ListTasks', fault: { kind: 'silence' } })
    const result = await run(
      'lockstep',
      `
      import http from 'node:http'
      const target = (name) => ({ 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.' + name })
      const at = (what) => console.log(what, Date.now() - ${start})
      const byHttp = (name) => new Promise((done, failed) => {
        const request = http.request(process.env.WORLD, { method: 'POST', headers: target(name) }, (res) => {
          res.resume(); res.on('end', done)
        })
        request.on('error', failed)
        request.end('{}')
      })
      const byFetch = async (name, signal) => (
        await fetch(process.env.WORLD, { method: 'POST', headers: target(name), body: '{}', signal })
      ).text()
      const tick = setInterval(() => at('tick'), 2000)
      await byHttp('ListClusters')
      at('http')
      clearInterval(tick)
      await byFetch('ListClusters')
      at('fetch')
      await byFetch('ListTasks', AbortSignal.timeout(30_000)).catch((error) => at(error.name))
      await Promise.all([byFetch('ListClusters'), byHttp('ListClusters')])
      at('both')`,
      { module: true, node: node(), env: { SIMULATOR_URL: aws.url, WORLD: aws.url } }
    )
    await aws.close()
    expect(result.stderr).toBe('')
    expect(result.stdout.trim().split('\n')).toEqual([
      'tick 2000',
      'tick 4000',
      'http 5000',
      'fetch 10000',
      'TimeoutError 40000',
      'both 45000'
    ])
    expect(world.clock.now() - start).toBe(45_000)
  })

  test('work on files, in the thread pool and in many turns is not overtaken by time', async () => {
    const result = await run(
      'lockstep',
      `
      import { promises as fs } from 'node:fs'
      import { webcrypto, pbkdf2, randomBytes } from 'node:crypto'
      import { gzip } from 'node:zlib'
      import { promisify } from 'node:util'
      const log = []
      const deadline = setTimeout(() => log.push('too late'), 1)
      for (let i = 0; i < 20; i++) {
        await fs.writeFile('x', 'y'.repeat(10_000)); await fs.readFile('x')
        await new Promise((done) => setImmediate(done))
      }
      await webcrypto.subtle.digest('SHA-256', new Uint8Array(1e7))
      await promisify(gzip)(Buffer.alloc(1e4))
      await promisify(pbkdf2)('a', 'b', 50_000, 32, 'sha256')
      await promisify(randomBytes)(16)
      clearTimeout(deadline)
      console.log(log.length, Date.now() - ${start})`,
      { module: true, node: node() }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout).toBe('0 0\n')
  })

  test('timers run in order, in every form, and behave as Node has them', async () => {
    const result = await run(
      'lockstep',
      `
      const timers = require('node:timers')
      const { promisify } = require('node:util')
      const { AsyncLocalStorage } = require('node:async_hooks')
      const at = (what) => console.log(what, Date.now() - ${start})
      setTimeout(at, 30, 'third'); setTimeout(at, 10, 'first'); timers.setTimeout(at, 10, 'second')
      clearTimeout(setTimeout(at, 5, 'cleared'))
      clearTimeout(+setTimeout(at, 5, 'cleared by number'))
      const refreshed = setTimeout(at, 20, 'refreshed'); setTimeout(() => refreshed.refresh(), 15)
      let n = 0
      const every = setInterval(() => { at('interval'); if (++n === 2) clearInterval(every) }, 100)
      promisify(setTimeout)(300, 'promised').then(at)
      const store = new AsyncLocalStorage()
      store.run('context', () => setTimeout(() => at(store.getStore()), 400))
      ;(async () => {
        for await (const _ of require('node:timers/promises').setInterval(500)) { at('each'); break }
        await require('node:timers/promises').scheduler.wait(250); at('waited')
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 10)
        await require('node:timers/promises').setTimeout(1e6, 0, { signal: controller.signal }).catch((e) => at(e.name))
        const signal = AbortSignal.timeout(50)
        signal.onabort = () => at(signal.reason.name)
        setTimeout(() => {}, 60)
      })()`,
      { node: node() }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout.split('\n')).toEqual([
      'first 10',
      'second 10',
      'third 30',
      'refreshed 35',
      'interval 100',
      'interval 200',
      'promised 300',
      'context 400',
      'each 500',
      'waited 750',
      'AbortError 760',
      'TimeoutError 810',
      ''
    ])
  })

  test('a timer that was unref-ed neither runs alone nor keeps the process', async () => {
    const result = await run(
      'lockstep',
      `
      setTimeout(() => console.log('never'), 1000).unref()
      setTimeout(() => console.log('on the way'), 100).unref()
      setTimeout(() => console.log('held'), 200)`,
      { node: node() }
    )
    expect(result.stdout).toBe('on the way\nheld\n')
    expect(result.exitCode).toBe(0)
  })

  test('a callback that throws ends the process as it would without', async () => {
    const result = await run('lockstep', `setTimeout(() => { throw new Error('boom') }, 10)`, {
      node: node()
    })
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('Error: boom')
  })

  test('SIGINT comes at its virtual moment, and the cancel ladder goes on in virtual time', async () => {
    const env = { SIMULATOR_SIGINT_AT: String(start + 12_000) }
    const polling = `
      import { setTimeout as sleep } from 'node:timers/promises'
      const at = (what) => console.log(what, Date.now() - ${start})
      if (process.env.POLITE) process.once('SIGINT', async () => { at('SIGINT'); await sleep(500); at('bye'); process.exit(0) })
      else { process.on('SIGINT', () => at('SIGINT')); process.on('SIGTERM', () => at('SIGTERM')) }
      for (;;) { await sleep(5000); at('poll') }`
    const polite = await run('lockstep', polling, {
      module: true,
      node: node(),
      env: { ...env, POLITE: 'yes' }
    })
    expect(polite.stdout).toBe('poll 5000\npoll 10000\nSIGINT 12000\nbye 12500\n')
    expect(polite).toMatchObject({ exitCode: 0, conclusion: 'cancelled', signals: ['SIGINT'] })
    const stubborn = await run('lockstep', polling, { module: true, node: node(), env })
    expect(stubborn.stdout).toBe(
      'poll 5000\npoll 10000\nSIGINT 12000\npoll 15000\nSIGTERM 19500\npoll 20000\n'
    )
    expect(stubborn).toMatchObject({ exitCode: 137, conclusion: 'cancelled' })
    const deaf = await run('lockstep', `setInterval(() => console.log('poll'), 5000)`, { node: node(), env })
    expect(deaf).toMatchObject({
      stdout: 'poll\npoll\n',
      signal: 'SIGINT',
      exitCode: 130,
      signals: ['SIGINT']
    })
  })

  test('the program cannot see how it is driven', async () => {
    const result = await run(
      'lockstep',
      `console.log(Object.keys(process.env).filter((name) => name.startsWith('SIMULATOR_')).length,
         new Date() instanceof Date, new Date(0).constructor === Date, Date.UTC(2026, 0), typeof Date.parse, new (class extends Date {})() instanceof Date)`,
      { node: node() }
    )
    expect(result.stdout).toBe('0 true true 1767225600000 function true\n')
  })

  test('a world that is gone is said', async () => {
    const result = await run('lockstep', 'setTimeout(() => {}, 10)', {
      node: node(),
      env: { SIMULATOR_URL: 'http://127.0.0.1:9' }
    })
    expect(result.exitCode).toBe(70)
    expect(result.stderr).toMatch(
      /^lockstep: the world at http:\/\/127\.0\.0\.1:9 did not advance: .*ECONNREFUSED/
    )
  })
})

describe.each([
  ['this Node', (): string => process.execPath],
  ['Node 24', node24]
])('scaled on %s', (_, node) => {
  test('dates, waits and intervals pass at the given speed, for modules and for scripts', async () => {
    // At a million to one, ten hours are 36 ms: what counts is that virtual time passed, not how much real time.
    const result = await run(
      'scaled',
      `
      import { setTimeout as sleep, scheduler } from 'node:timers/promises'
      import timers, { setTimeout as named } from 'node:timers'
      import { promisify } from 'node:util'
      const began = Date.now()
      const past = (what) => console.log(what, new Date() - began >= 36e6 - 1e6)
      await sleep(36e6); past('promises')
      await new Promise((done) => named(done, 36e6)); past('named')
      await new Promise((done) => timers.setTimeout(done, 36e6)); past('timers')
      await new Promise((done) => setTimeout(done, 36e6)); past('global')
      await promisify(setTimeout)(36e6); past('promisify')
      await scheduler.wait(36e6); past('scheduler')
      await new Promise((done) => { const i = setInterval(() => { clearInterval(i); done() }, 36e6) }); past('interval')
      console.log(began >= ${start}, new Date().getUTCFullYear() >= 2026, Object.keys(process.env).filter((n) => n.startsWith('SIMULATOR_SPEED')).length)`,
      { module: true, node: node(), env: { SIMULATOR_SPEED: '1000000' } }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout.split('\n')).toEqual([
      ...['promises', 'named', 'timers', 'global', 'promisify', 'scheduler', 'interval'].map(
        (w) => `${w} true`
      ),
      'true true 0',
      ''
    ])
  })

  test('a clock that was started earlier is joined, not restarted', async () => {
    const result = await run('scaled', `console.log(Date.now() - ${start} >= 1000 * 1000)`, {
      node: node(),
      env: { SIMULATOR_SPEED: '1000', SIMULATOR_STARTED_AT: String(Date.now() - 1000) }
    })
    expect(result.stdout).toBe('true\n')
  })

  test('a speed that is none is refused', async () => {
    const result = await run('scaled', '', { node: node(), env: { SIMULATOR_SPEED: 'fast' } })
    expect(result.stderr).toContain('SIMULATOR_SPEED must be a positive number')
  })
})

test('hosts: a program meets the registries of the world by HTTPS, and nobody else', async () => {
  const world = createWorld()
  const { digest } = world.registries
    .add('ghcr.io', { auth: 'none' })
    .repository('acme/web')
    .push({ tags: ['v1'] })
  const real = await startServer(world)
  try {
    const result = await run(
      'hosts',
      `
      import https, { get } from 'node:https'
      const ask = (request) => new Promise((done) => request
        .on('response', (res) => { res.resume(); done(res.statusCode + ' ' + res.headers['docker-content-digest']) })
        .on('error', (error) => done(error.code)).end())
      const path = '/v2/acme/web/manifests/v1'
      console.log(await ask(https.request(new URL('https://ghcr.io' + path), { method: 'HEAD' })))
      console.log(await ask(get({ hostname: 'ghcr.io', path })))
      console.log(await ask(https.request('https://nobody.example/v2/')))
      console.log(process.env.SIMULATOR_HOSTS)`,
      { module: true, env: { SIMULATOR_HOSTS: real.url } }
    )
    expect(result.stderr).toBe('')
    expect(result.stdout).toBe(`200 ${digest}\n200 ${digest}\nENOTFOUND\nundefined\n`)
  } finally {
    await real.close()
  }
})
