import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readImages } from '../../src/inputs/images.js'
import { apiHost, isImageTag, parseImage, repositoryOf } from '../../src/domain/image.js'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com'

test.each([
  ['nginx:1', { repository: 'nginx', tag: '1' }],
  [`nginx@${digest}`, { repository: 'nginx', digest }],
  [`docker.io/library/nginx:1.27@${digest}`, { repository: 'docker.io/library/nginx', tag: '1.27', digest }],
  ['localhost:5000/a/b:x', { repository: 'localhost:5000/a/b', tag: 'x' }],
  ['ghcr.io/o/r', { repository: 'ghcr.io/o/r' }]
])('%s', (text, expected) => {
  const found = parseImage(text)
  expect(found).toEqual({ text, ...expected })
  expect(found?.ecr).toBeUndefined()
})

test.each([
  [`${ecr}/team/app:1`, 'team/app', 'eu-west-1'],
  ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1', 'app', 'cn-north-1'],
  ['111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app:1', 'app', 'us-gov-west-1'],
  ['111122223333.dkr-ecr.us-west-2.on.aws/app:1', 'app', 'us-west-2']
])('%s lives in ECR', (text, name, region) => {
  expect(parseImage(text)?.ecr).toMatchObject({ account: '111122223333', name, region })
})

test.each([
  '',
  'Upper:1',
  'a:',
  'a@sha256:12',
  `a@${digest.toUpperCase()}`,
  'a b',
  'a:ta/g',
  'http://a/b:1',
  '-a:1',
  `${'a'.repeat(300)}:1`
])('"%s" is no image reference', (text) => {
  expect(parseImage(text)).toBeUndefined()
})

test('what is read can be written again and reads the same', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const found = parseImage(text)
      if (!found) return
      const again = `${found.repository}${found.tag === undefined ? '' : `:${found.tag}`}${found.digest === undefined ? '' : `@${found.digest}`}`
      expect(again).toBe(text)
    }),
    { numRuns: 2000 }
  )
})

test('ECR takes tags of 128 characters, not starting with a dot or dash', () => {
  expect(isImageTag('a'.repeat(128))).toBe(true)
  expect(isImageTag('a'.repeat(129))).toBe(false)
  expect(isImageTag('.a')).toBe(false)
  expect(isImageTag('a/b')).toBe(false)
})

test.each([
  ['nginx', 'docker.io', 'library/nginx'],
  ['grafana/loki:3', 'docker.io', 'grafana/loki'],
  ['docker.io/nginx:1', 'docker.io', 'library/nginx'],
  ['index.docker.io/library/nginx', 'docker.io', 'library/nginx'],
  ['ghcr.io/o/r:1', 'ghcr.io', 'o/r'],
  ['public.ecr.aws/docker/library/nginx:1', 'public.ecr.aws', 'docker/library/nginx'],
  ['localhost/a:1', 'localhost', 'a'],
  ['localhost:5000/a/b:x', 'localhost:5000', 'a/b'],
  ['registry:5000/a', 'registry:5000', 'a'],
  ['Upper/a', 'upper', 'a'],
  [`${ecr}/team/app:1`, ecr, 'team/app']
])('%s lies in %s as %s', (text, host, name) => {
  const found = parseImage(text)
  expect(found && repositoryOf(found)).toMatchObject({ host, name })
  expect(found && repositoryOf(found).ecr !== undefined).toBe(host === ecr)
})

test('any text is an image reference, or a sentence that says why not; what it means can be asked for', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a',
      'nginx',
      '/',
      ':',
      '@',
      '.',
      '-',
      '__',
      'sha256:',
      digest,
      ecr,
      'ghcr.io',
      '1',
      'A',
      '[::1]'
    ),
    fc.string({ maxLength: 4 })
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, named) => {
      const found = parseImage(pieces.join(''))
      // As a line of the input `images`, for one container or for the only one.
      const problems: string[] = []
      const given = readImages([`${named ? 'app=' : ''}${pieces.join('')}`], problems)
      expect(given.length + problems.length).toBeGreaterThan(0)
      for (const problem of problems) expect(problem).toMatch(/^images: .+\.$/s)
      if (given[0]) expect(parseImage(given[0].reference.text)).toEqual(given[0].reference)
      if (!found) return
      const { host, name } = repositoryOf(found)
      expect(new URL(`https://${apiHost(host)}/v2/${name}/manifests/x`).pathname).toBe(
        `/v2/${name}/manifests/x`
      )
    }),
    { numRuns: 10_000 }
  )
})
