/** What people read at the end of a story, held as files that can be read: goldens/NAME.md and NAME.txt. `-u` writes them anew. */
import { expect } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Happening } from '../../src/domain/events.js'
import type { Outcome } from '../../src/domain/outcome.js'
import { attemptOf, commentOf } from '../../src/report/comment.js'
import type { RunView } from '../../src/report/view.js'

/** The runs whose log and page are held word for word, by how they end: every outcome, and causes of each kind. */
export const held: Record<Outcome, readonly string[]> = {
  deployed: ['healthy-alb', 'rollback'],
  unchanged: ['unchanged'],
  'rolled-back': [
    'crash-at-start',
    'out-of-memory',
    'check-fails',
    'elb-404',
    'too-slow',
    'wrong-port',
    'image-expired',
    'wrong-platform',
    'pull-denied',
    'secret-missing',
    'log-group-missing',
    'no-capacity',
    'alarm',
    'flapping',
    'deadline',
    'prooflink-crash',
    'prod-e-curl-missing',
    'breaker-first'
  ],
  'rollback-failed': ['no-way-back'],
  failed: ['left-as-it-is'],
  superseded: ['superseded'],
  refused: ['busy-refused', 'refused'],
  inconclusive: ['token-expires'],
  cancelled: ['cancelled'],
  ok: ['plan', 'diagnose-well', 'audit-well'],
  problems: ['plan-problems', 'diagnose', 'audit-before', 'audit-after']
}

const isHeld = (name: string): boolean => Object.values(held).some((names) => names.includes(name))

const sha = '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345'
const home = 'https://github.com/octo-org/shop'

/** The view of an ended run out of its report. */
export function viewOfReport(report: unknown): RunView {
  const { endedAt, ...run } = report as Omit<RunView, 'now'> & { endedAt: number; happenings: Happening[] }
  return {
    ...run,
    now: endedAt,
    links: { run: `${home}/actions/runs/8123456789`, commit: `${home}/commit/${sha}` },
    commit: { sha }
  }
}

/** The summary is the whole page, and the comment is the same behind its two hidden lines; both are held word for word. */
export function expectPage(story: string, report: unknown, summary: string): void {
  const view = viewOfReport(report)
  const { body, level } = commentOf(view, attemptOf(view, '8123456789', 1), undefined)
  const [marker, state, blank, ...page] = body.split('\n')
  expect([
    marker?.startsWith('<!-- safe-ecs-deploy '),
    state?.startsWith('<!-- safe-ecs-deploy-state '),
    blank
  ]).toEqual([true, true, ''])
  if (level === 'whole') expect(summary.trim()).toBe(page.join('\n').trim())
  if (isHeld(story)) expectGolden(`${story}.md`, page.join('\n'))
}

/** The log as it is printed, without its colours. */
export function expectLog(story: string, stdout: string): void {
  if (isHeld(story)) expectGolden(`${story}.txt`, stdout.replace(/\u001b\[\d+m/g, ''))
}

/** What a file of the goldens holds; an empty text when there is none. */
export function golden(name: string): string {
  const file = fileURLToPath(new URL(`goldens/${name}`, import.meta.url))
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Holds a text to a file of the goldens, or writes it with `-u`. */
export function expectGolden(name: string, text: string): void {
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } }
  if (snapshotState._updateSnapshot === 'all')
    writeFileSync(fileURLToPath(new URL(`goldens/${name}`, import.meta.url)), text)
  expect(golden(name)).toBe(text)
}
