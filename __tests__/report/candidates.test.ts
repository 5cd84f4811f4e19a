/** The candidates of a rollback, as log and job summary show them. */
import { expect, test } from '@jest/globals'
import type { CandidateRow } from '../../src/domain/candidate-row.js'
import { candidatesPart, candidatesTable } from '../../src/report/candidates-table.js'

const arn = (revision: number) => `arn:aws:ecs:us-west-2:043309339649:task-definition/shop-web:${revision}`
const digest = (c: string) => `sha256:${c.repeat(64)}`
const base = { inactive: false, why: [], unknown: [], evidence: 'ECS calls its rollout SUCCESSFUL' }

const rows: CandidateRow[] = [
  {
    ...base,
    taskDefinition: arn(12),
    images: [{ container: 'web', digest: digest('a'), tags: ['production-1', 'v12', 'x', 'y', 'z'] }],
    commit: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345',
    goodAt: Date.UTC(2026, 5, 1, 9),
    evidence: 'its deployment is COMPLETED and its tasks run',
    standing: 'runs-now'
  },
  {
    ...base,
    taskDefinition: arn(11),
    images: [{ container: 'web', digest: digest('b'), tags: [] }],
    goodAt: Date.UTC(2026, 4, 30, 9, 30),
    standing: 'not-eligible',
    why: ['container web: it is gone | and <b>that</b> ::error::is\nthat']
  },
  {
    ...base,
    taskDefinition: arn(9),
    inactive: true,
    images: [
      { container: 'web', digest: digest('c'), tags: ['v9'] },
      { container: 'log', tags: [] }
    ],
    standing: 'taken',
    unknown: ['whether its task role x exists']
  }
]

test('a table, with what speaks against one under it', () => {
  const lines = candidatesTable(rows, 100)
  expect(lines.map((line) => line.slice(0, 74).trimEnd())).toEqual([
    '    revision               image',
    '  · shop-web:12            web production-1 v12 x +2 sha256:aaaaaaaaaaaa',
    '  ✖ shop-web:11            web sha256:bbbbbbbbbbbb',
    expect.stringMatching(/^ {6}container web: it is gone \| and <b>that<\/b> .*error::is/),
    '  → shop-web:9 (INACTIVE)  web v9 sha256:cccccccccccc',
    '                           log digest unknown',
    '      not known: whether its task role x exists'
  ])
  expect(lines[0]).toMatch(/ commit {3}was good$/)
  expect(lines[1]).toMatch(/ 4f1c2b9 {2}2026-06-01 09:00Z {2}runs now \(its deployment is COMPLETED/)
  expect(lines[2]).toMatch(/ 2026-05-30 09:30Z {2}not eligible$/)
  expect(lines[4]).toMatch(/ taken \(ECS calls its rollout SUCCESSFUL\)$/)
  expect(lines.join('\n')).not.toMatch(/^\s*::/m)
})

test('in the job summary every cell is harmless', () => {
  const part = candidatesPart([{ code: 'candidates', candidates: rows, at: 0 }])
  const table = part.split('\n').filter((line) => line.startsWith('|'))
  expect(table).toHaveLength(2 + rows.length)
  // Cells of GitHub's tables end at every bar that is not escaped.
  expect(table.map((line) => line.replace(/\\\|/g, '').split('|').length)).toEqual([7, 7, 7, 7, 7])
  expect(part.replace(/`[^`]*`/g, '').replaceAll('<br>', '')).not.toMatch(/[<@]|:::*error/)
  expect(table[2]).toContain('| `4f1c2b9` | 2026-06-01 09:00Z<br>')
  expect(table[4]).toContain('➡️ taken')
  expect(candidatesPart([])).toBe('')
})
