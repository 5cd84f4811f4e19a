/** Registries that behave oddly, played request by request. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.js'
import { NotFound, type Clock } from '../../src/ports.js'
import { digestOf, types } from './debian.js'
import { at, hastyClock, loggedIn, registries } from './ports.js'

type Play = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown
const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A server on this machine; `asked` are its requests, one line each. */
async function serve(play: Play): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { authorization } = request.headers
      asked.push(
        `${request.method ?? ''} ${request.url ?? ''}${authorization === undefined ? '' : ` ${authorization}`}`
      )
      play(request, response, Buffer.concat(chunks))
    })
  }).listen(0, '127.0.0.1')
  open.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Waits that pass at once, and are remembered. */
function swiftClock(): { clock: Clock; waits: number[] } {
  const waits: number[] = []
  let skipped = 0
  const clock: Clock = {
    now: () => Date.now() + skipped,
    random: () => 0,
    sleep: async (ms, signal) => {
      waits.push(ms)
      await systemClock.sleep(Math.min(ms, 300), signal)
      skipped += Math.max(0, ms - 300)
    }
  }
  return { clock, waits }
}

const manifest = JSON.stringify({ schemaVersion: 2, config: { digest: digestOf('c'), size: 1 }, layers: [] })
const digest = digestOf(manifest)
const good = (response: ServerResponse, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': types.manifest, ...headers }).end(manifest)
const error = (
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {}
) =>
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ errors: [{ code, message: 'S3CRET words' }] }))

describe('manifests', () => {
  test.each([
    [
      'another digest in the header',
      { tag: 'x' },
      (r: ServerResponse) => good(r, { 'docker-content-digest': digestOf('x') }),
      'does not have the digest'
    ],
    [
      'other bytes than the digest asked for',
      { digest: digestOf('y') },
      (r: ServerResponse) => good(r),
      'does not have the digest'
    ],
    [
      'bytes that are no text',
      { tag: 'x' },
      (r: ServerResponse) => r.end(Buffer.from([0xff, 0xfe])),
      'does not have the digest'
    ],
    [
      'more than four megabytes',
      { tag: 'x' },
      (r: ServerResponse) => r.end(Buffer.alloc(5_000_000, ' ')),
      'sends more than 4194304 bytes'
    ],
    [
      'a page in place of a manifest',
      { tag: 'x' },
      (r: ServerResponse) => r.writeHead(404).end('<html>'),
      'it does not answer as a registry does'
    ],
    [
      'a way to a place without HTTPS',
      { tag: 'x' },
      (r: ServerResponse) => r.writeHead(307, { location: 'http://evil.example/' }).end(),
      'names an address that is not HTTPS'
    ],
    [
      'a refusal',
      { tag: 'x' },
      (r: ServerResponse) => error(r, 400, 'TAG_INVALID'),
      'it refuses (TAG_INVALID, HTTP status 400)'
    ]
  ] as const)('%s is refused', async (_, image, play, words) => {
    const { host } = await serve((request, response) => play(response))
    const asked = registries().registries.manifest(at(`${host}/a/b`), image, 'needed')
    await expect(asked).rejects.toThrow(words)
    await expect(asked).rejects.toMatchObject({ kind: 'rejected' })
    await expect(asked).rejects.not.toThrow('S3CRET')
  })

  test('ways without end are not followed for ever', async () => {
    const { host, asked } = await serve((request, response) =>
      response.writeHead(302, { location: '/again' }).end()
    )
    await expect(registries().registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).rejects.toThrow(
      'without end'
    )
    expect(asked).toHaveLength(6)
  })

  test('too many requests: the pause that is asked for, then on; a long one is an answer', async () => {
    let calls = 0
    const { host } = await serve((_, response) =>
      ++calls === 1 ? error(response, 429, 'TOOMANYREQUESTS', { 'retry-after': '7' }) : good(response)
    )
    const { clock, waits } = swiftClock()
    const { registries: found } = registries({}, { clock })
    expect((await found.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).digest).toBe(digest)
    expect(waits).toContain(7000)
    const busy = await serve((_, response) =>
      error(response, 429, 'TOOMANYREQUESTS', { 'retry-after': '3600' })
    )
    await expect(found.manifest(at(`${busy.host}/a/b`), { tag: 'x' }, 'needed')).rejects.toMatchObject({
      kind: 'limited',
      message: expect.not.stringContaining('S3CRET')
    })
    expect(busy.asked).toHaveLength(1)
  })

  test('a registry that answers nothing: a detail is given up after seconds, and not tried twice', async () => {
    const { host, asked } = await serve(() => undefined)
    const { clock } = swiftClock()
    const { registries: found } = registries({}, { clock })
    const began = clock.now()
    const look = () => found.manifest(at(`${host}/a/b`), { tag: 'x' }, 'detail')
    await expect(look()).rejects.toThrow('did not answer in 3 s')
    expect(clock.now() - began).toBeLessThan(8000)
    await expect(look()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(asked).toHaveLength(1)
  })

  test('a server error passes; a cancelled run does not wait for it', async () => {
    let calls = 0
    const { host } = await serve((_, response) =>
      ++calls < 3 ? response.writeHead(502).end() : good(response)
    )
    expect((await registries().registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).digest).toBe(
      digest
    )
    const cancel = new AbortController()
    const silent = await serve(() => cancel.abort(new Error('cancelled')))
    const { registries: found } = registries({}, { signal: cancel.signal })
    await expect(found.manifest(at(`${silent.host}/a/b`), { tag: 'x' }, 'needed')).rejects.toThrow(
      'cancelled'
    )
  })
})

describe('being let in', () => {
  test('the key of one house is not shown at another', async () => {
    const store = await serve((_, response) => response.end('c'))
    const { host } = await serve((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
        : response.writeHead(307, { location: `http://${store.host}/blob` }).end()
    )
    const { registries: found } = registries(loggedIn(host, 'u', 'p'))
    expect(await found.text(at(`${host}/a/b`), { digest: digestOf('c'), size: 1 }, 'needed')).toBe('c')
    expect(store.asked).toEqual(['GET /blob'])
  })

  test('within one house the key is shown again, and never after having been elsewhere', async () => {
    const far = await serve((request, response) =>
      response.writeHead(307, { location: `http://${home()}/last` }).end()
    )
    const near = await serve((request, response) => {
      const { url = '', headers } = request
      if (url === '/last') return response.end(headers.authorization === undefined ? 'c' : 'shown')
      if (headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
      const next = url === '/moved' ? `http://${far.host}/far` : '/moved'
      return response.writeHead(307, { location: next }).end()
    })
    const home = () => near.host
    const { registries: found } = registries(loggedIn(near.host, 'u', 'p'))
    expect(await found.text(at(`${near.host}/a/b`), { digest: digestOf('c'), size: 1 }, 'needed')).toBe('c')
    expect(far.asked).toEqual(['GET /far'])
  })

  test('whom the registry sends us on to cannot ask for its credentials', async () => {
    const thief = await serve((_, response) => response.end('{"token":"t"}'))
    const store = await serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${thief.host}/t"` }).end()
    )
    const { host } = await serve((request, response) =>
      response
        .writeHead(request.method === 'POST' ? 202 : 307, { location: `http://${store.host}/there` })
        .end()
    )
    const { registries: found } = registries(loggedIn(host, 'u', 'S3CRET'))
    const place = at(`${host}/a/b`)
    const blob = { digest: digestOf('c'), size: 1 }
    await expect(found.text(place, blob, 'needed')).rejects.toMatchObject({ kind: 'denied' })
    const { host: from } = await serve((_, response) => response.end('c'))
    await expect(found.copy(blob, at(`${from}/a/b`), place, () => undefined)).rejects.toMatchObject({
      kind: 'denied'
    })
    expect(thief.asked).toEqual([])
  })

  test('an empty token is none, when the other name of it has one', async () => {
    const tokens = await serve((_, response) => response.end('{"token":"","access_token":"t0ken"}'))
    const { host } = await serve((request, response) =>
      request.headers.authorization === 'Bearer t0ken'
        ? good(response)
        : response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/t"` }).end()
    )
    expect((await registries().registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).digest).toBe(
      digest
    )
  })

  test('a refresh token is changed for a token, as docker does it', async () => {
    let form = ''
    const tokens = await serve((_, response, body) => {
      form = body.toString()
      response.end('{"access_token":"t0ken","expires_in":60}')
    })
    const { host, asked } = await serve((request, response) =>
      request.headers.authorization === 'Bearer t0ken'
        ? good(response)
        : response
            .writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/t",service="s"` })
            .end()
    )
    const file = { auths: { [host]: { identitytoken: 'refresh' } } }
    await registries(file).registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')
    expect(Object.fromEntries(new URLSearchParams(form))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh',
      service: 's',
      scope: 'repository:a/b:pull'
    })
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['no place for tokens', 'Bearer service="s"', 'names no place to get a token from'],
    ['a place without HTTPS', 'Bearer realm="http://evil.example/t"', 'not HTTPS'],
    ['a way that nobody knows', 'Negotiate', 'in a way that is not known here'],
    ['nothing at all', '', 'in a way that is not known here']
  ])('%s: said, and nothing is sent there', async (_, challenge, words) => {
    const { host } = await serve((__, response) =>
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    )
    const { registries: found } = registries(loggedIn(host, 'u', 'S3CRET'))
    const asked = found.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')
    await expect(asked).rejects.toThrow(words)
    await expect(asked).rejects.not.toThrow('S3CRET')
  })

  test.each([
    ['not JSON', 'hello', 'does not answer in JSON'],
    ['no token', '{}', 'gives no token'],
    ['a token that would end the header', '{"token":"a\\r\\nb"}', 'gives no token']
  ])('a token server that answers with %s', async (_, body, words) => {
    const tokens = await serve((__, response) => response.end(body))
    const challenge = `Bearer realm="http://${tokens.host}/t"`
    const { host } = await serve((__, response) =>
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    )
    await expect(registries().registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).rejects.toThrow(
      words
    )
  })
})

describe('programs that keep credentials', () => {
  const helper = (script: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'helpers-'))
    writeFileSync(join(folder, 'docker-credential-test'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'docker-credential-test'), 0o755)
    return `${folder}:${process.env['PATH'] ?? ''}`
  }
  const ask = async (
    script: string,
    config: (host: string) => object,
    { clock }: { clock: Clock } = { clock: hastyClock }
  ) => {
    const { host, asked } = await serve((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
        : good(response)
    )
    const folder = mkdtempSync(join(tmpdir(), 'docker-config-'))
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config(host)))
    const env = { DOCKER_CONFIG: folder, PATH: helper(script) }
    const { registries: found, warnings } = registries({}, { env, clock })
    const result = await found.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed').then(
      () => asked.at(-1)?.split(' ').slice(2).join(' '),
      (fault: unknown) => String(fault)
    )
    return { result, warnings }
  }
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const says = `read server; printf '{"ServerURL":"%s","Username":"u","Secret":"%s"}' "$server" "$server"`

  test('one is asked for the registry by name, as docker asks it', async () => {
    const { result } = await ask(says, (host) => ({ credHelpers: { [host]: 'test' } }))
    expect(result).toMatch(/^Basic /)
    const { result: all } = await ask(`${says}; exit 0`, () => ({ credsStore: 'test' }))
    expect(Buffer.from(all?.slice(6) ?? '', 'base64').toString()).toMatch(/^u:127\.0\.0\.1:\d+$/)
  })

  test.each([
    ['has nothing', 'exit 1'],
    ['writes no JSON', 'echo hello'],
    ['hangs', 'sleep 60']
  ])('one that %s: what the file says itself', async (_, script) => {
    const auths = (host: string) => ({ [host]: { auth: Buffer.from('me:mine').toString('base64') } })
    // Only for the one that hangs time is made to pass.
    const time = script.startsWith('sleep') ? swiftClock() : undefined
    const { result } = await ask(script, (host) => ({ credsStore: 'test', auths: auths(host) }), time)
    expect(result).toBe(basic('me:mine'))
  })

  test('one that is not installed is said once', async () => {
    const { result, warnings } = await ask('', () => ({ credsStore: 'not-there-at-all' }))
    expect(warnings).toEqual([
      'The Docker config file keeps credentials with "not-there-at-all", which is not installed here.'
    ])
    expect(result).toContain('wants user and password')
  })
})

describe('copies', () => {
  const layer = Buffer.alloc(9_000_000, 'abcdefghijk')
  const blob = { digest: digestOf(layer), size: layer.length }

  /** A source that breaks off after each so many bytes, and answers ranges or does not. */
  async function source(breaks: number, ranges: boolean) {
    return await serve((request, response) => {
      const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
      const start = ranges ? Number(from) : 0
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': layer.length - start })
      const end = breaks > 0 ? Number(from) + breaks : layer.length
      response.write(layer.subarray(start, end), () => {
        if (end >= layer.length) response.end()
        else response.destroy()
      })
    })
  }

  /** A target that keeps what it gets; `play` may answer in its place. */
  async function target(
    play: (request: IncomingMessage, response: ServerResponse, state: State) => boolean = () => false
  ) {
    const state: State = { bytes: Buffer.alloc(0), begun: 0, patches: 0, done: false }
    const server = await serve((request, response, body) => {
      const { method, url = '' } = request
      if (method === 'HEAD') return response.writeHead(state.done ? 200 : 404).end()
      if (method === 'POST') {
        state.begun += 1
        state.bytes = Buffer.alloc(0)
        return response.writeHead(202, { location: `/upload/${state.begun}?_state=x` }).end()
      }
      if (method === 'PATCH') state.patches += 1
      if (play(request, response, state)) return undefined
      if (method !== 'GET') state.bytes = Buffer.concat([state.bytes, body])
      const location = url.replace(/&digest.*/, '')
      const range = `0-${Math.max(0, state.bytes.length - 1)}`
      if (method !== 'PUT') return response.writeHead(method === 'GET' ? 204 : 202, { location, range }).end()
      state.done = digestOf(state.bytes) === new URL(url, 'http://x').searchParams.get('digest')
      return state.done ? response.writeHead(201).end() : error(response, 400, 'DIGEST_INVALID')
    })
    return { ...server, state }
  }
  interface State {
    bytes: Buffer
    begun: number
    patches: number
    done: boolean
  }
  const copy = async (from: string, to: string) =>
    await registries().registries.copy(blob, at(`${from}/a/b`), at(`${to}/c/d`), () => undefined)

  test.each([
    ['is read on from there', true],
    ['without ranges is read again, and what came already is left out', false]
  ])('a source that breaks off %s', async (_, ranges) => {
    const { host, asked } = await source(4_000_000, ranges)
    const { host: to, state } = await target()
    expect(await copy(host, to)).toBe('copied')
    expect(state).toMatchObject({ done: true, begun: 1, patches: 2 })
    expect(asked).toHaveLength(3)
  })

  test('a source that gives other bytes is found out before the end', async () => {
    const wrong = await serve((_, response) => response.end(Buffer.alloc(layer.length)))
    const { host: to, state } = await target()
    await expect(copy(wrong.host, to)).rejects.toThrow('do not have that digest')
    expect(state.done).toBe(false)
    const longer = await serve((_, response) => response.end(Buffer.alloc(layer.length + 1)))
    await expect(copy(longer.host, to)).rejects.toThrow('gives more bytes')
  })

  test('an upload that goes on at another host does so without the key', async () => {
    const { host: from } = await source(0, true)
    const elsewhere = await serve((request, response) =>
      response.writeHead(request.method === 'PUT' ? 201 : 202, { location: '/here' }).end()
    )
    const { host, asked } = await serve((request, response) => {
      if (request.headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
      return response.writeHead(202, { location: `http://${elsewhere.host}/there` }).end()
    })
    const { registries: found } = registries(loggedIn(host, 'u', 'S3CRET'))
    await found.copy(blob, at(`${from}/a/b`), at(`${host}/c/d`), () => undefined)
    expect(asked).toHaveLength(2)
    expect(elsewhere.asked.map((a) => a.split('?')[0])).toEqual(['PATCH /there', 'PATCH /here', 'PUT /here'])
  })

  test('a part that came half goes on in the middle', async () => {
    const { host } = await source(0, true)
    const {
      host: to,
      state,
      asked
    } = await target((request, response, s) => {
      if (request.method !== 'PATCH' || s.patches !== 2) return false
      s.bytes = Buffer.concat([s.bytes, layer.subarray(s.bytes.length, s.bytes.length + 1_000_000)])
      response.destroy()
      return true
    })
    expect(await copy(host, to)).toBe('copied')
    expect(state).toMatchObject({ done: true, begun: 1 })
    expect(asked.filter((a) => a.startsWith('GET /upload'))).toHaveLength(1)
  })

  test('an upload that is lost begins again, but not for ever', async () => {
    const { host } = await source(0, true)
    const once = await target((request, response, s) => {
      if (s.begun > 1 || (request.method === 'PATCH' && s.patches < 2)) return false
      error(response, 404, 'BLOB_UPLOAD_UNKNOWN')
      return true
    })
    expect(await copy(host, once.host)).toBe('copied')
    expect(once.state).toMatchObject({ done: true, begun: 2 })
    const never = await target((_, response) => Boolean(error(response, 404, 'BLOB_UPLOAD_UNKNOWN')))
    await expect(copy(host, never.host)).rejects.toThrow('lost the upload')
    expect(never.state.begun).toBe(4)
  })

  test.each([
    ['does not know PATCH', (r: ServerResponse) => r.writeHead(405).end()],
    ['says that it is unsupported', (r: ServerResponse) => error(r, 400, 'UNSUPPORTED')],
    ['wants other parts', (r: ServerResponse) => error(r, 416, 'BLOB_UPLOAD_INVALID')],
    ['forgets the upload at once', (r: ServerResponse) => error(r, 404, 'BLOB_UPLOAD_UNKNOWN')]
  ])('a registry that %s gets the blob in one piece', async (_, refuse) => {
    const { host, asked: read } = await source(0, true)
    let told = 0
    const { host: to, state } = await target((request, response, s) => {
      if (request.method === 'PATCH') refuse(response)
      // What it forgot it cannot say anything about.
      else if (request.method === 'GET' && s.bytes.length === 0) error(response, 404, 'BLOB_UPLOAD_UNKNOWN')
      else {
        if (request.method === 'PUT') expect(request.headers['content-range']).toBeUndefined()
        return false
      }
      return true
    })
    const { registries: found } = registries()
    const how = await found.copy(blob, at(`${host}/a/b`), at(`${to}/c/d`), (bytes) => (told = bytes))
    expect(how).toBe('copied')
    expect(state).toMatchObject({ done: true })
    expect(state.begun).toBeLessThanOrEqual(3)
    expect(told).toBe(layer.length)
    expect(read.length).toBeLessThanOrEqual(3)
  })

  test('parts that are larger than our memory is for: one piece from the beginning', async () => {
    const { host } = await source(0, true)
    let patches = 0
    const whole = await serve((request, response, body) => {
      if (request.method === 'PATCH') patches += 1
      if (request.method === 'HEAD') return response.writeHead(404).end()
      if (request.method === 'POST')
        return response.writeHead(202, { location: '/u', 'oci-chunk-min-length': '50000000' }).end()
      return response.writeHead(body.equals(layer) ? 201 : 400).end()
    })
    expect(await copy(host, whole.host)).toBe('copied')
    expect(patches).toBe(0)
  })

  test('in one piece too: a broken line begins again, wrong bytes never become a blob, a refusal is said', async () => {
    const noParts = (request: IncomingMessage, response: ServerResponse) => {
      if (request.method === 'PATCH') response.writeHead(405).end()
      return request.method === 'PATCH'
    }
    const { host } = await source(4_000_000, true)
    let puts = 0
    const broken = await target((request, response, s) => {
      if (noParts(request, response)) return true
      if (request.method !== 'PUT' || ++puts > 1) return false
      s.bytes = Buffer.alloc(0)
      response.destroy()
      return true
    })
    expect(await copy(host, broken.host)).toBe('copied')
    expect(broken.state).toMatchObject({ done: true, begun: 3 })
    const wrong = await serve((_, response) => response.end(Buffer.alloc(layer.length)))
    const kept = await target(noParts)
    await expect(copy(wrong.host, kept.host)).rejects.toThrow('do not have that digest')
    expect(kept.asked.filter((a) => a.startsWith('PUT'))).toEqual([])
    const full = await target((request, response) => {
      if (noParts(request, response)) return true
      if (request.method === 'PUT') error(response, 413, 'SIZE_INVALID')
      return request.method === 'PUT'
    })
    await expect(copy(host, full.host)).rejects.toThrow('it refuses (SIZE_INVALID, HTTP status 413)')
  })

  test('an early answer to what is still on its way is heard', async () => {
    const { host } = await source(0, true)
    const server = createServer((request, response) => {
      if (request.method === 'POST') response.writeHead(202, { location: '/u' }).end()
      else if (request.method === 'PATCH') response.writeHead(405).end()
      else error(response, 403, 'DENIED')
    }).listen(0, '127.0.0.1')
    open.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    const to = `127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(copy(host, to)).rejects.toThrow('does not let an anonymous user into c/d')
  })

  test('an hour of pause that is asked for in the middle of a copy is an answer', async () => {
    const { host } = await source(0, true)
    const { host: to, state } = await target((request, response, s) => {
      if (request.method !== 'PATCH' || s.patches < 2) return false
      error(response, 429, 'TOOMANYREQUESTS', { 'retry-after': '3600' })
      return true
    })
    const { clock, waits } = swiftClock()
    const { registries: found } = registries({}, { clock })
    const copied = found.copy(blob, at(`${host}/a/b`), at(`${to}/c/d`), () => undefined)
    await expect(copied).rejects.toMatchObject({ kind: 'limited' })
    expect(waits).not.toContain(3_600_000)
    expect(state.patches).toBe(2)
  })

  test('a token that runs out in the middle of a copy is changed for a new one', async () => {
    let given = 0
    const tokens = await serve((_, response) =>
      response.end(`{"token":"t${(given += 1)}","expires_in":3600}`)
    )
    const { host } = await source(0, true)
    const closed = await target((request, response, s) => {
      // The first token is good for one part only.
      const good = s.patches <= 1 ? 't1' : 't2'
      if (request.headers.authorization === `Bearer ${good}`) return false
      const challenge = `Bearer realm="http://${tokens.host}/t",service="s"`
      if (request.method === 'PATCH') s.patches -= 1
      response.writeHead(401, { 'www-authenticate': challenge }).end()
      if (request.method === 'PATCH') s.patches += given > 0 ? 1 : 0
      return true
    })
    expect(await copy(host, closed.host)).toBe('copied')
    expect(closed.state).toMatchObject({ done: true, begun: 1 })
    expect(given).toBe(2)
  })

  test('a source whose range begins earlier than asked is read from the right byte', async () => {
    let calls = 0
    const early = await serve((_, response) => {
      const first = ++calls === 1
      const start = first ? 0 : 3_000_000
      response.writeHead(first ? 200 : 206, {
        'content-length': layer.length - start,
        ...(first ? {} : { 'content-range': `bytes ${start}-${layer.length - 1}/${layer.length}` })
      })
      response.write(layer.subarray(start, first ? 4_000_000 : undefined), () =>
        first ? response.destroy() : response.end()
      )
    })
    const { host: to, state } = await target()
    expect(await copy(early.host, to)).toBe('copied')
    expect(state.done).toBe(true)
  })

  test('a blob whose HEAD is sent on elsewhere is there', async () => {
    const { host, asked } = await serve((_, response) =>
      response.writeHead(307, { location: 'https://cdn.example/signed-for-get-only' }).end()
    )
    expect(await registries().registries.missing(at(`${host}/a/b`), [blob])).toEqual([])
    expect(asked).toHaveLength(1)
  })

  test('the end whose answer is lost is looked for, not sent again', async () => {
    const { host } = await source(0, true)
    const {
      host: to,
      state,
      asked
    } = await target((request, response, s) => {
      if (request.method !== 'PUT') return false
      s.done = true
      response.destroy()
      return true
    })
    expect(await copy(host, to)).toBe('copied')
    expect(state.begun).toBe(1)
    expect(asked.filter((a) => a.startsWith('PUT'))).toHaveLength(1)
  })
})

test('nothing at all is not there: a NotFound only in the words of the specification', async () => {
  const { host } = await serve((_, response) => error(response, 404, 'MANIFEST_UNKNOWN'))
  await expect(registries().registries.manifest(at(`${host}/a/b`), { tag: 'x' }, 'needed')).rejects.toThrow(
    NotFound
  )
})
