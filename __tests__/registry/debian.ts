/** Debian's docker-registry on a free port of this machine: with no door, with user and password, or with tokens. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `.ci/run` unpacks Debian's package where it is not installed, so that no service starts by itself. */
const binary = process.env['DOCKER_REGISTRY'] ?? '/usr/bin/docker-registry'

/** Whether it is installed; where it is not, the tests say so in words. */
export const hasDockerRegistry = existsSync(binary)
export const whySkipped = 'skipped: no docker-registry here (apt-get install docker-registry)'

export const user = 'deployer'
export const password = 'secret'
/** That password by bcrypt. */
const hashed = '$2b$04$ajiqLA7qQEP4He.tmouaXe179Tv5RZbEGr7971yn7PTBzlOeQTaZu'

export interface Registry {
  /** `127.0.0.1:PORT` */
  host: string
  /** What its token server was asked, one line a request. */
  asked: string[]
  /** Ends the programs and takes their folder away. */
  stop: () => Promise<void>
}

export async function startRegistry(auth: 'none' | 'basic' | 'bearer' = 'none'): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-registry-'))
  const asked: string[] = []
  const tokens = auth === 'bearer' ? await startTokens(folder, asked) : undefined
  const port = await freePort()
  const doors = {
    none: '',
    basic: `auth: { htpasswd: { realm: test, path: ${folder}/htpasswd } }\n`,
    bearer: `auth: { token: { realm: '${tokens?.url ?? ''}', service: debian, issuer: tests, rootcertbundle: ${folder}/cert.pem } }\n`
  }
  writeFileSync(join(folder, 'htpasswd'), `${user}:${hashed}\n`)
  writeFileSync(
    join(folder, 'config.yml'),
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }
http: { addr: '127.0.0.1:${port}' }
${doors[auth]}`
  )
  const child = spawn(binary, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' })
  const host = `127.0.0.1:${port}`
  const stop = async () => {
    await end(child)
    tokens?.server.close()
    tokens?.server.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
  for (
    let tries = 0;
    !(await fetch(`http://${host}/v2/`).then(
      () => true,
      () => false
    ));
    tries += 1
  ) {
    if (child.exitCode !== null || tries > 200) {
      await stop()
      throw new Error('docker-registry does not start')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { host, asked, stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** A token server as distribution describes it: everybody may pull `open/…`, the user everything. */
async function startTokens(folder: string, asked: string[]): Promise<{ server: Server; url: string }> {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-days',
      '2'
    ].concat(['-subj', '/CN=tests', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]),
    { stdio: 'ignore' }
  )
  const key = createPrivateKey(readFileSync(join(folder, 'key.pem')))
  const x5c = readFileSync(join(folder, 'cert.pem'), 'utf8').replace(/-----[^-]+-----|\s/g, '')
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const scopes = searchParams.getAll('scope')
    const basic = request.headers.authorization
    asked.push(`${request.method ?? ''} ${scopes.join(' ')}${basic === undefined ? '' : ' with a user'}`)
    const known = basic === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    if (basic !== undefined && !known) {
      response.writeHead(401).end('{"details":"incorrect username or password"}')
      return
    }
    const access = scopes.map((scope) => {
      const [type, name = '', actions = ''] = scope.split(':')
      const may = actions.split(',').filter((a) => known || (a === 'pull' && name.startsWith('open/')))
      return { type, name, actions: may }
    })
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: 'tests',
      sub: '',
      aud: 'debian',
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID()
    }
    const text = `${base64({ typ: 'JWT', alg: 'ES256', x5c: [x5c] })}.${base64({ ...claims, access })}`
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url'
    )
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ token: `${text}.${signature}`, expires_in: 300 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` }
}

export const digestOf = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json'
}
