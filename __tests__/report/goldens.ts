/** What people read at the end of a story, held as files that can be read: goldens/NAME.md and NAME.log. `-u` writes them anew. */
import { expect } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Happening } from '../../src/domain/events.js'
import { attemptOf, commentOf } from '../../src/report/comment.js'
import { pageOf } from '../../src/report/page.js'
import type { RunView } from '../../src/report/view.js'

/** Every outcome of a deploy, and causes of each kind. */
const held = new Set([
  'healthy-alb',
  'unchanged',
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
  'breaker-first',
  'no-way-back',
  'left-as-it-is',
  'superseded',
  'busy-refused',
  'refused',
  'token-expires',
  'cancelled'
])

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

/**
 * The summary is the whole page, and the comment is the same behind its two hidden lines; what stands open in both is
 * held word for word.
 */
export function expectPage(story: string, report: unknown, summary: string, mode = 'deploy'): void {
  const view = viewOfReport(report)
  if (view.mode === undefined) view.mode = mode
  const { body, level } = commentOf(view, attemptOf(view, '8123456789', 1), undefined)
  const [marker, state, blank, ...page] = body.split('\n')
  expect([
    marker?.startsWith('<!-- safe-ecs-deploy '),
    state?.startsWith('<!-- safe-ecs-deploy-state '),
    blank
  ]).toEqual([true, true, ''])
  if (level === 'whole') expect(summary).toContain(page.join('\n').trim())
  expectGolden(story, 'md', pageOf(view, 'without-timeline'))
}

/** The log as it is printed, without its colours. */
export function expectLog(story: string, stdout: string): void {
  expectGolden(story, 'txt', stdout.replace(/\u001b\[\d+m/g, ''))
}

function expectGolden(story: string, kind: 'md' | 'txt', text: string): void {
  if (!held.has(story)) return
  const file = fileURLToPath(new URL(`goldens/${story}.${kind}`, import.meta.url))
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } }
  if (snapshotState._updateSnapshot === 'all') writeFileSync(file, text)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text)
}
