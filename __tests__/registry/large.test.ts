/** A layer of 300 MB between two of Debian's docker-registry, by a program whose memory is watched. */
import { execFile } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { hasDockerRegistry, startRegistry, whySkipped } from './debian.js'
import { pushBlob, pusher } from './images.js'

const size = 300_000_000

/** Bytes that look like chance and are always the same. */
function* bytes(): Generator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  const zeros = Buffer.alloc(1_000_000)
  for (let i = 0; i < size / zeros.length; i += 1) yield cipher.update(zeros)
}

async function pushLarge(host: string, name: string): Promise<string> {
  const hash = createHash('sha256')
  for (const chunk of bytes()) hash.update(chunk)
  const digest = `sha256:${hash.digest('hex')}`
  const begun = await pusher(host)(`${name}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(begun.headers.get('location') ?? '', begun.url)
  place.searchParams.set('digest', digest)
  await new Promise<void>((resolve, reject) => {
    const put = request(place, { method: 'PUT', headers: { 'content-length': size } }, (response) => {
      response.resume()
      if (response.statusCode === 201) resolve()
      else reject(new Error(`HTTP status ${response.statusCode ?? 0}`))
    })
    pipeline(Readable.from(bytes()), put).catch(reject)
  })
  return digest
}

test('a layer of 300 MB needs less than 64 MB of memory', async () => {
  if (!hasDockerRegistry) {
    console.log(whySkipped)
    return
  }
  const [from, to] = [await startRegistry(), await startRegistry()]
  try {
    const small = await pushBlob(pusher(from.host), 'a/b', 'a small one')
    const large = await pushLarge(from.host, 'a/b')
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', '__tests__/registry/copy-large.ts', `${from.host}/a/b`, `${to.host}/c/d`],
      ...[small.digest, large, String(small.size), String(size)]
    ])
    const { how, grewBytes } = JSON.parse(stdout) as { how: string; grewBytes: number }
    expect(how).toBe('copied')
    expect(grewBytes).toBeLessThan(64_000_000)
    const there = await fetch(`http://${to.host}/v2/c/d/blobs/${large}`, { method: 'HEAD' })
    expect([there.status, there.headers.get('content-length')]).toEqual([200, String(size)])
  } finally {
    await from.stop()
    await to.stop()
  }
})
