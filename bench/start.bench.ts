import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

/*
 * Start-up: from the start of the process to its first AWS request, of the shipped bundle against a
 * ten-line bundle that imports only @actions/core and @aws-sdk/client-ecs. Side by side, in turns, so that
 * the machine's mood hits both; the ratio of the medians counts.
 */
const runs = 15
const limit = 1.3
const root = fileURLToPath(new URL('..', import.meta.url))

const baseline = `import * as core from '@actions/core'
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'

const cluster = core.getInput('cluster')
const service = core.getInput('service')
const ecs = new ECSClient({ maxAttempts: 1 })
const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))
core.setOutput('count', answer.services?.length)
`

/** A server whose only use is to say when the first request arrives. */
async function listen(): Promise<{ server: Server; url: string; first: () => Promise<number> }> {
  let arrived: (at: number) => void = () => undefined
  const server = createServer((request, response) => {
    arrived(performance.now())
    request.resume()
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end('{"__type":"ClientException","message":"enough"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    first: () => new Promise((resolve) => (arrived = resolve))
  }
}

async function measure(entry: string, url: string, first: () => Promise<number>): Promise<number> {
  const arrival = first()
  const started = performance.now()
  const child = spawn(process.execPath, ['--no-warnings', entry], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      RUNNER_TEMP: tmpdir(),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_ENDPOINT_URL: url,
      INPUT_ENVIRONMENT: 'bench',
      INPUT_CLUSTER: 'main',
      INPUT_SERVICE: 'web'
    }
  })
  const closed = once(child, 'close')
  const at = await Promise.race([arrival, closed.then(() => NaN)])
  child.kill('SIGKILL')
  await closed
  if (Number.isNaN(at)) throw new Error(`${entry} ended without an AWS request`)
  return at - started
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

const directory = mkdtempSync(`${root}node_modules/.bench-`)
const { server, url, first } = await listen()
try {
  writeFileSync(`${directory}/baseline.mjs`, baseline)
  const ncc = `${root}node_modules/@vercel/ncc/dist/ncc/cli.js`
  const built = spawnSync(process.execPath, [
    ncc,
    'build',
    `${directory}/baseline.mjs`,
    '-o',
    `${directory}/out`,
    '-q'
  ])
  if (built.status !== 0) throw new Error(`ncc: ${built.stderr.toString()}`)
  const entries = { baseline: `${directory}/out/index.mjs`, action: `${root}dist/index.js` }
  const times: Record<keyof typeof entries, number[]> = { baseline: [], action: [] }
  for (let i = -1; i < runs; i += 1)
    for (const name of ['baseline', 'action'] as const) {
      const ms = await measure(entries[name], url, first)
      if (i >= 0) times[name].push(ms) // the first of each warms the disk
    }
  const ratio = median(times.action) / median(times.baseline)
  for (const name of ['baseline', 'action'] as const) {
    const all = times[name]
    const say = (n: number) => `${n.toFixed(0)} ms`
    console.log(
      `${name.padEnd(9)} min ${say(Math.min(...all))}  median ${say(median(all))}  max ${say(Math.max(...all))}`
    )
  }
  console.log(
    `start     ${ratio.toFixed(2)} times the baseline (limit ${limit}), median of ${runs}, Node ${process.version}`
  )
  if (!(ratio <= limit)) process.exitCode = 1
} finally {
  server.close()
  server.closeAllConnections()
  rmSync(directory, { recursive: true, force: true })
}
