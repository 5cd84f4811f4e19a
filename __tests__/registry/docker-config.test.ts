import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { keyMeans, readDockerConfig } from '../../src/registry/docker-config.js'

const auth = (text: string) => Buffer.from(text).toString('base64')
const config = (value: unknown) => readDockerConfig(JSON.stringify(value))

test('what docker login leaves: user and password in base64, whose password may have colons', () => {
  const { auths, problems } = config({ auths: { 'ghcr.io': { auth: auth('me:pass:word') } } })
  expect(auths).toEqual([{ key: 'ghcr.io', credentials: { username: 'me', password: 'pass:word' } }])
  expect(problems).toEqual([])
})

test('plain user and password, identity tokens, registry tokens, zeros at the end', () => {
  const { auths } = config({
    auths: {
      a: { username: 'u', password: 'p' },
      b: { auth: auth('u:'), identitytoken: 't' },
      c: { registrytoken: 'r' },
      d: { auth: auth('u:p\0\0') }
    }
  })
  expect(auths.map((a) => a.credentials)).toEqual([
    { username: 'u', password: 'p' },
    { username: 'u', password: '', identityToken: 't' },
    { registryToken: 'r' },
    { username: 'u', password: 'p' }
  ])
})

test('programs that keep credentials are named, never paths', () => {
  const read = config({
    credsStore: 'desktop',
    credHelpers: { 'gcr.io': 'gcloud', 'x.io': '../evil', 'y.io': 3 }
  })
  expect(read.store).toBe('desktop')
  expect(read.helpers).toEqual([{ key: 'gcr.io', program: 'gcloud' }])
  expect(read.problems).toEqual([
    'the credential helper of x.io is not the name of a program',
    'the credential helper of y.io is not the name of a program'
  ])
})

test.each([
  ['{', 'it is not JSON'],
  ['[]', 'it is not an object'],
  ['{"auths":[]}', 'auths is not an object'],
  ['{"auths":{"a.io":"x"}}', 'the entry of a.io is not an object'],
  [
    `{"auths":{"a.io":{"auth":"${auth('no colon')}"}}}`,
    'the entry of a.io is not user and password in base64'
  ],
  [
    `{"auths":{"a.io":{"auth":"${auth('u:p\r\nX-Evil: 1')}"}}}`,
    'the entry of a.io is of characters that no header can carry'
  ],
  ['{"auths":{"s3cret $word":1}}', 'the entry of a registry with an odd name is not an object'],
  ['{"credsStore":"a/b"}', 'credsStore is not the name of a program']
])('%s: %s', (text, problem) => {
  const read = readDockerConfig(text)
  expect(read.problems).toEqual([problem])
  expect(read.auths).toEqual([])
})

test.each([
  ['https://index.docker.io/v1/', 'docker.io', true],
  ['docker.io', 'docker.io', true],
  ['registry-1.docker.io', 'docker.io', true],
  ['https://ghcr.io', 'ghcr.io', true],
  ['GHCR.io/some/path', 'ghcr.io', true],
  ['http://localhost:5000/v2/', 'localhost:5000', true],
  ['localhost:5000', 'localhost:5001', false],
  ['evil.io/ghcr.io', 'ghcr.io', false],
  ['ghcr.io.evil.io', 'ghcr.io', false],
  ['', 'ghcr.io', false]
])('the key "%s" and the registry %s: %s', (key, host, means) => {
  expect(keyMeans(key, host)).toBe(means)
})

test('any file gives a value or says what is wrong, and no problem repeats a secret', () => {
  const secret = 'S3CRET'
  const leaf = fc.oneof(
    fc.constantFrom(secret, auth(`u:${secret}`), auth(secret), '', 'desktop', null, 0, true, '../x'),
    fc.string({ maxLength: 6 })
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(
      fc.constantFrom(
        'auths',
        'credHelpers',
        'credsStore',
        'ghcr.io',
        '__proto__',
        'auth',
        'username',
        'password',
        'identitytoken',
        'constructor'
      ),
      tie('value'),
      { maxKeys: 5 }
    )
  }))
  const text = fc.oneof(
    value.map((v) => JSON.stringify(v)),
    fc.string(),
    value.map((v) => JSON.stringify(v).slice(1))
  )
  fc.assert(
    fc.property(text, (file) => {
      const { auths, helpers, problems } = readDockerConfig(file)
      expect(problems.join(' ')).not.toContain(secret)
      for (const { program } of helpers) expect(program).toMatch(/^[A-Za-z0-9._-]+$/)
      for (const { credentials } of auths) expect(Object.keys(credentials).length).toBeGreaterThan(0)
    }),
    { numRuns: 10_000 }
  )
})
