// Other implementations that the simulator is held against: how they are found, started and ended, and what differs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = process.getuid?.() === 0

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort() {
  return await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** Starts a program and waits until its URL answers; `stop` ends it, by its own id, and takes its folder away. */
async function start(program, args, url, folder) {
  const child = spawn(program, args, { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', kill)
  for (let attempt = 0; (await fetch(url).catch(() => undefined)) === undefined; attempt++) {
    if (attempt > 300 || child.exitCode !== null) throw new Error(`${program} does not start`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    kill()
  }
  return { url: new URL(url).origin, stop }
}

/** Debian's docker-registry; undefined where it cannot be had. */
export async function startDockerRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'docker-registry-'))
  const binary = findDockerRegistry(folder)
  if (binary === undefined) {
    rmSync(folder, { recursive: true, force: true })
    return undefined
  }
  const port = await freePort()
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }
http: { addr: '127.0.0.1:${port}' }
`
  )
  return await start(binary, ['serve', config], `http://127.0.0.1:${port}/v2/`, folder)
}

/** What is installed, else Debian's package unpacked into a folder: so no service starts by itself. */
export function findDockerRegistry(folder) {
  const installed = '/usr/bin/docker-registry'
  if (existsSync(installed)) return installed
  const run = (program, ...args) => spawnSync(program, args, { stdio: 'ignore', cwd: folder }).status === 0
  if (!run('apt-get', 'download', 'docker-registry')) {
    if (root) run('apt-get', 'update')
    else run('sudo', '-n', 'apt-get', 'update')
    run('apt-get', 'download', 'docker-registry')
  }
  run('sh', '-c', 'dpkg -x docker-registry_*.deb unpacked')
  const unpacked = join(folder, 'unpacked/usr/bin/docker-registry')
  return existsSync(unpacked) ? unpacked : undefined
}

/** moto's server, where this machine has it; undefined elsewhere. */
export async function startMoto() {
  const works = (program, ...args) =>
    spawnSync(program, [...args, '--help'], { stdio: 'ignore' }).status === 0
  const found = [['moto_server'], ['python3', '-m', 'moto.server']].find((command) => works(...command))
  if (found === undefined) return undefined
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'moto-'))
  const [program, ...args] = found
  return await start(
    program,
    [...args, '-H', '127.0.0.1', '-p', String(port)],
    `http://127.0.0.1:${port}/`,
    folder
  )
}

/**
 * Comparisons that print a line each. `known` says which differences are right as they are, and why, by
 * `NAME: PLACE`. `finish` gives the exit code: 1 after a difference that is not known, or a known one that is none.
 */
export function differences(title, known) {
  let failures = 0
  const met = new Set()
  const fail = (line) => {
    failures++
    console.log(`FAIL  ${line}`)
  }
  return {
    compare(name, place, actual, expected) {
      const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)]
      const key = `${name}: ${place}`
      if (a === e) console.log(`ok    ${key}`)
      else if (key in known) {
        met.add(key)
        console.log(`known ${key}: ${a} instead of ${e}: ${known[key]}`)
      } else fail(`${key}: ${a} instead of ${e}`)
    },
    finish() {
      for (const key of Object.keys(known)) if (!met.has(key)) fail(`${key}: no difference any more`)
      console.log(`${title}: ${failures === 0 ? 'as expected' : `${failures} unexpected`}`)
      return failures === 0 ? 0 : 1
    }
  }
}
