/** When the session of a job ends: what tells it, and what does not. */
import { afterAll, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clients } from '../../src/aws/clients.js'
import { sessionOf } from '../../src/aws/session.js'
import { endOfToken, readExpiration } from '../../src/domain/session.js'
import { warnOfSession } from '../../src/steps/session.js'
import type { Ports } from '../../src/ports.js'

const directory = mkdtempSync(join(tmpdir(), 'session-'))
afterAll(() => rmSync(directory, { recursive: true }))

const at = (text: string) => Date.parse(`2026-06-01T${text}Z`)

test.each([
  ['2026-06-01T10:00:00Z', at('10:00:00')],
  ['2026-06-01T12:00:00+02:00', at('10:00:00')],
  // configure-aws-credentials writes its output as JSON.
  ['"2026-06-01T10:00:00.000Z"', at('10:00:00')],
  ['', undefined],
  [undefined, undefined],
  ['1780308000', undefined],
  ['soon', undefined],
  ['2026-06-01T99:99:99Z', undefined]
])('an expiration %s', (text, ms) => {
  expect(readExpiration(text)).toBe(ms)
})

const token = (body: object) => `e30.${Buffer.from(JSON.stringify(body)).toString('base64url')}.x`

test('the end of a token, and texts that are none', () => {
  expect(endOfToken(token({ exp: at('09:05:00') / 1000, sub: 'repo:ä/~~>>' }))).toBe(at('09:05:00'))
  for (const text of ['', 'a.b.c', 'e30', token({}), token({ exp: '1' })])
    expect(endOfToken(text)).toBeUndefined()
})

/** Clients whose credentials end then. */
const clients = (expiration?: Date): Clients =>
  ({
    ecs: () => Promise.resolve({ config: { credentials: () => Promise.resolve({ expiration }) } })
  }) as never

test('keys in the environment end as the environment says, whatever the SDK would', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'ASIA', AWS_CREDENTIAL_EXPIRATION: '2026-06-01T10:00:00Z' }
  expect(await sessionOf(clients(), keys)).toEqual({ endsAt: at('10:00:00') })
  expect(await sessionOf(clients(), { AWS_ACCESS_KEY_ID: 'ASIA' })).toBeUndefined()
  // The SDK takes the profile then.
  expect(await sessionOf(clients(), { ...keys, AWS_PROFILE: 'other' })).toBeUndefined()
})

test('a role assumed by a token file ends when the token cannot renew it', async () => {
  const file = join(directory, 'token')
  const env = { AWS_WEB_IDENTITY_TOKEN_FILE: file }
  writeFileSync(file, token({ exp: at('09:05:00') / 1000 }))
  expect(await sessionOf(clients(new Date(at('10:00:00'))), env)).toEqual({ endsAt: at('10:00:00') })
  writeFileSync(file, token({ exp: at('21:00:00') / 1000 }))
  expect(await sessionOf(clients(new Date(at('10:00:00'))), env)).toBeUndefined()
  expect(await sessionOf(clients(), { AWS_WEB_IDENTITY_TOKEN_FILE: join(directory, 'none') })).toBeUndefined()
})

test.each([
  ['10:00:00', ''],
  ['09:59:59', 'ends at 09:59:59Z, in 59m 59s, before the deadline of this run at 10:00:00Z'],
  ['08:00:00', 'ended at 08:00:00Z, before']
])('a session that ends at %s', async (ends, said) => {
  const texts: string[] = []
  const ports = {
    session: () => Promise.resolve({ endsAt: at(ends) }),
    clock: { now: () => at('09:00:00') },
    announce: (h: { code: string; text: string }) => texts.push(h.text)
  }
  await warnOfSession(ports as never, at('10:00:00'))
  expect(texts.join()).toContain(said)
  expect(texts).toHaveLength(said === '' ? 0 : 1)
})

test('a world that tells nothing hears nothing', async () => {
  await expect(warnOfSession({} as Ports, 0)).resolves.toBeUndefined()
})
