/** What is held covers everything that people can be told: each outcome on each face, and causes of every kind. */
import { expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import type { Outcome } from '../../src/domain/outcome.js'
import { expectPage, golden, held, viewOfReport } from './goldens.js'

const runs = Object.entries(held).flatMap(([outcome, names]) =>
  names.map((name) => [name, outcome as Outcome] as const)
)

const saysOn: Record<Outcome, RegExp> = {
  deployed: /^### ✅ (?:`.*: deployed|Rollback of `.*: done) · now serving `.*, healthy$/m,
  unchanged: /^### ✅ .*: nothing to change · now serving `.*, healthy$/m,
  'rolled-back': /^### ↩️ .*: failed and rolled back · now serving `.* as before, healthy$/m,
  'rollback-failed': /^### 🛑 .*: failed, and the rollback failed too · now serving `/m,
  failed: /^### ❌ .*: failed and left as it is · now serving `/m,
  superseded: /^### ⏭️ .*: superseded by another deployment · now serving `/m,
  refused: /^### ⛔ .*: refused, nothing was touched/m,
  inconclusive: /^### ❔ .*: no verdict · now serving `/m,
  cancelled: /^### ⏹️ .*: cancelled · now serving `/m,
  ok: /^### ✅ (?:Plan for|Diagnosis of|Audit of) .*: looks good/m,
  problems: /^### ⚠️ (?:Plan for|Diagnosis of|Audit of) .*: has problems/m
}

test.each(runs)('%s is held on page and in the log as %s', (name, outcome) => {
  const [page, log] = [golden(`${name}.md`), golden(`${name}.txt`)]
  expect(page.split('\n', 1)[0]).toMatch(saysOn[outcome])
  expect(log).toMatch(new RegExp(`^┌─ [✔✖] ${outcome.toUpperCase()} `, 'm'))
  const red = !['deployed', 'unchanged', 'ok'].includes(outcome)
  expect(/^\*\*(?:Why|Problems):\*\*/m.test(page)).toBe(red)
})

test('a red page says why with a code, and what to do', () => {
  const silent = runs.flatMap(([name, outcome]) => {
    if (['deployed', 'unchanged', 'ok'].includes(outcome)) return []
    const page = golden(`${name}.md`)
    const said = /^\*\*Why:\*\* .*· `[a-z-]+`$/m.test(page)
    const audited = page.includes('**Problems:**')
    // What comes next after a cancel is the post step's.
    const next = page.includes('**Next:**') || outcome === 'cancelled'
    return audited || (said && next) ? [] : [name]
  })
  expect(silent).toEqual([])
})

test('causes of every kind are held, and no file is left over', () => {
  const codes = runs.flatMap(([name]) => /\(([a-z-]+)\) ─+$/m.exec(golden(`${name}.txt`))?.[1] ?? [])
  expect(new Set(codes).size).toBeGreaterThanOrEqual(16)
  const files = readdirSync(new URL('goldens', import.meta.url))
  expect(files.toSorted()).toEqual(runs.flatMap(([name]) => [`${name}.md`, `${name}.txt`]).toSorted())
})

test('a summary that is not the comment is found', () => {
  const report = { environment: 'e', cluster: 'c', service: 's', startedAt: 0, endedAt: 1, images: {} }
  const whole = { ...report, imageTags: {}, failedTasks: 0, happenings: [] }
  expect(viewOfReport(whole)).toMatchObject({ now: 1 })
  expect(() => expectPage('inline', whole, 'another')).toThrow()
})
