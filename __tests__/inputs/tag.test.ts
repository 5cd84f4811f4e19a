/** Any image-tag-template at all: a tag that ECR takes and its pattern, or a sentence. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { matches } from '../../src/domain/lifecycle-rules.js'
import { Reader } from '../../src/inputs/reader.js'
import { readTag } from '../../src/inputs/tag.js'

const run = { sha: '4f1c2b90aa', runId: '8123456789', attempt: '2' }
const read = (template: string, context = run) => {
  const problems: string[] = []
  return { ...readTag(new Reader(() => template, problems), 'staging', context, problems), problems }
}

test.each([
  ['', 'staging-4f1c2b9-8123456789.2', 'staging-*'],
  ['{sha}-{environment}', '4f1c2b9-staging', '*-staging'],
  ['v{run}-{environment}-{attempt}', 'v8123456789-staging-2', 'v*'],
  ['{environment}-1.4.2', 'staging-1.4.2', 'staging-1.4.2']
])('template "%s": %s, among %s', (template, imageTag, imageTagPattern) => {
  expect(read(template)).toEqual({ imageTag, imageTagPattern, problems: [] })
})

test('fuzzed templates', () => {
  const part = fc.constantFrom(
    '{environment}',
    '{sha}',
    '{run}',
    '{attempt}',
    '{sha',
    '}',
    '{other}',
    '-',
    '.',
    'v1',
    '{{'
  )
  const templates = fc.oneof(
    fc
      .array(fc.oneof(part, part, part, fc.string({ maxLength: 3 })), { maxLength: 6 })
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 140 })
  )
  const contexts = fc.record({
    sha: fc.constantFrom('', '4f1c2b90aa'),
    runId: fc.constantFrom('', '8123456789'),
    attempt: fc.constantFrom('', '1')
  })
  let good = 0
  fc.assert(
    fc.property(templates, contexts, (template, context) => {
      const { imageTag, imageTagPattern, problems } = read(template, context)
      if (problems.length > 0) {
        expect(problems).toEqual([expect.stringMatching(/^image-tag-template.+\.$/)])
        return
      }
      good += 1
      expect(imageTag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
      expect(matches(imageTag, imageTagPattern)).toBe(true)
      expect(imageTagPattern.split('*').length).toBeLessThanOrEqual(2)
    }),
    { seed: 9, numRuns: 10_000 }
  )
  expect(good).toBeGreaterThan(1000)
})
