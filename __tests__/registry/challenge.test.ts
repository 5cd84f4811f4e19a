import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readChallenges } from '../../src/registry/challenge.js'

const read = (header: string) =>
  readChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

test.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    [
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull,push'
        }
      ]
    ]
  ],
  ['Basic realm="Registry"', [['basic', { realm: 'Registry' }]]],
  ['BASIC', [['basic', {}]]],
  [
    'Negotiate, Basic realm="a \\"b\\", c" , bearer REALM=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'a "b", c' }],
      ['bearer', { realm: 'x' }]
    ]
  ],
  ['Bearer realm="one",realm="two"', [['bearer', { realm: 'one' }]]],
  ['Bearer realm="never ends', [['bearer', {}]]],
  ['', []],
  [',, ,', []],
  ['"quoted first"', []]
])('%s', (header, expected) => {
  expect(read(header)).toEqual(expected)
})

test('any header gives a list, and never an exception', () => {
  const piece = fc.oneof(
    fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'realm', 'scope="a:b:c"', 'é', '\t', '=='),
    fc.string({ maxLength: 8 })
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const { scheme, parameters } of readChallenges(pieces.join(''))) {
        expect(scheme).toMatch(/^[!#$%&'*+\-.^_`|~0-9a-z]+$/)
        expect([...parameters.keys()].every((k) => k !== '')).toBe(true)
      }
    }),
    { numRuns: 10_000 }
  )
})

test('what is written as the specification says is read back', () => {
  const value = fc.string({ maxLength: 20 })
  fc.assert(
    fc.property(fc.constantFrom('Bearer', 'Basic'), value, value, (scheme, realm, scope) => {
      const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
      expect(read(`${scheme} realm=${quote(realm)},scope=${quote(scope)}`)).toEqual([
        [scheme.toLowerCase(), { realm, scope }]
      ])
    }),
    { numRuns: 2000 }
  )
})
