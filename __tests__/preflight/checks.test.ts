/** Every check in both directions, and without the permission that it needs. */
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { checks } from '../../src/preflight/checks.js'
import type { Facts } from '../../src/preflight/facts.js'
import { tableOfChecks } from '../../src/preflight/table.js'
import { findingsOf } from '../../src/preflight/run.js'
import type { Finding } from '../../src/domain/finding.js'
import { alarms, denying, facts } from './shop.js'
import { findings } from './cases.js'

const look = (name: string, world: Facts): Finding => {
  const check = checks.find((c) => c.name === name)
  if (!check) throw new Error(`there is no check ${name}`)
  return findingsOf([check], world)[0]!
}

test('a well-made production service has nothing to mend', () => {
  expect(findingsOf(checks, facts()).filter((f) => f.state !== 'ok')).toEqual([])
})

test('a role that may read nothing finds nothing, and says what it may not read', () => {
  const found = findingsOf(checks, denying({ service: { ...facts().service, alarms } }))
  expect(found.filter((f) => f.state === 'warning' || f.state === 'error')).toEqual([])
  const silent = found.filter((f) => f.state === 'unknown').map((f) => f.check)
  // What it can answer all the same are questions to the service and the definition alone.
  // A service with a load balancer needs none found.
  const asked = checks.filter((c) => c.name !== 'registered')
  const reads = asked.filter((c) => c.reads.some((r) => !/^ecs:Describe(Services|TaskDefinition)$/.test(r)))
  expect(silent).toEqual(reads.map((c) => c.name))
})

describe.each(checks.map((c) => [c.name, c] as const))('%s', (name, check) => {
  const mine = findings.filter((f) => f.check === name)

  test('is a question with a source, and has a case', () => {
    expect(check.question).toMatch(/^[A-Z].*\?$/)
    expect(check.source).not.toBe('')
    expect(check.reads.length).toBeGreaterThan(0)
    expect(mine.map((f) => f.state)).toContain(check.worst)
  })

  test.each(mine.map((f) => [f.when, f] as const))('%s', (_, { state, says, code, world }) => {
    const finding = look(name, world())
    expect({ state: finding.state, text: JSON.stringify(finding) }).toEqual({
      state,
      text: expect.stringMatching(says) as unknown
    })
    if (code !== undefined) expect(finding).toMatchObject({ reasonCode: code })
    if (finding.state === 'warning' || finding.state === 'error') {
      expect(finding.evidence.length).toBeGreaterThan(0)
      expect(finding.fix.todo).not.toBe('')
    }
  })
})

test('every case belongs to a check', () => {
  const names = checks.map((c) => c.name)
  expect(findings.filter((f) => !names.includes(f.check))).toEqual([])
})

test('a check that stumbles over an odd world has no answer', () => {
  const odd = { ...facts(), service: undefined } as unknown as Facts
  for (const finding of findingsOf(checks, odd)) expect(['unknown', 'ok']).toContain(finding.state)
})

test('the table of the README is that of the code (npm run checks-table)', () => {
  const cells = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim().replace(/^-+$/, '---')))
  const shown = /<!-- checks -->([\s\S]*?)<!-- \/checks -->/.exec(readFileSync('README.md', 'utf8'))?.[1]
  expect(cells(shown ?? '')).toEqual(cells(tableOfChecks(checks)))
})
