/** Every face with hostile words wherever words of others can stand: nothing forged, nobody named, nothing shown, nothing broken. */
import { expect, test } from '@jest/globals'
import { attemptOf, commentOf } from '../../src/report/comment.js'
import { statusesOf } from '../../src/report/deployment-status.js'
import { ladder, pageOf } from '../../src/report/page.js'
import { summaryOf } from '../../src/report/summary.js'
import type { RunView } from '../../src/report/view.js'
import { hostile, secrets } from './hostile.js'
import { unwanted, wrongInLog, wrongInPage } from './hostile-faults.js'
import { randomTexts } from './hostile-random.js'
import { logOf, runWith, type EndedView } from './hostile-run.js'

/** The pages of a run that has ended, and of the same run while it went on. */
function pagesOf(view: EndedView): string[] {
  const before = { current: attemptOf(view, '0', 1), past: [] }
  const { body } = commentOf(view, attemptOf(view, '1', 1), before)
  const live: RunView = { ...view, happenings: view.happenings.filter((h) => h.code !== 'ended') }
  delete live.ending
  const calm = live.happenings.filter((h) => h.code !== 'cause')
  return [
    ...ladder.map((level) => pageOf(view, level)),
    pageOf(live, 'whole'),
    pageOf({ ...live, happenings: calm }, 'whole'),
    body,
    summaryOf(view)
  ]
}

function wrongInDescriptions({ ending }: EndedView): string[] {
  return statusesOf(ending)
    .map((s) => s.description)
    .filter((d) => Array.from(d).length > 140 || unwanted.test(d))
}

function wrongIn(text: string): string[] {
  // A megabyte takes its time.
  const views = [
    ...(text.length > 100_000 ? [] : [runWith(() => text)]),
    runWith(() => text, 'ffff0000', true)
  ]
  return views.flatMap((view) => {
    const pages = pagesOf(view)
    return [
      ...wrongInLog(view),
      ...[...new Set(pages)].flatMap(wrongInPage),
      ...wrongInDescriptions(view),
      ...pages.filter((page) => page.length > 1_000_000).map(() => 'a page is too long'),
      ...((pages.at(-2)?.length ?? 0) > 65_536 ? ['the comment is too long'] : [])
    ]
  })
}

test('the corpus is no small one', () => {
  expect(new Set(hostile).size).toBeGreaterThanOrEqual(120)
})

test.each(hostile.map((text) => [text.length > 60 ? `${text.slice(0, 57)}…` : text, text]))(
  '%j',
  (_, text) => {
    expect(wrongIn(text)).toEqual([])
  }
)

test.each(secrets.map(({ text, value }) => [text.slice(0, 60), text, value]))(
  '%j is not shown',
  (_, text, value) => {
    for (const only of [true, false]) {
      const view = runWith(() => text, 'ffff0000', only)
      const shown = [...logOf(view), ...pagesOf(view), ...statusesOf(view.ending).map((s) => s.description)]
      for (const face of shown) expect(face).not.toContain(value)
    }
  }
)

/** So many texts share a run: each stands in about six places of it, others than in the run before. */
const together = 12

/** Every text in every place of the log, of the annotations and of the deployment's status; on pages a few at a time. */
function wrongWith(texts: readonly string[], turn: number): string[] {
  let place = turn
  const mixed = runWith(() => texts[place++ % texts.length] ?? '', undefined, turn % 2 === 0)
  const alone = texts.map((text) => runWith(() => text, undefined, turn % 2 === 1))
  return [
    ...alone.flatMap((view) => [...wrongInLog(view), ...wrongInDescriptions(view)]),
    ...wrongInPage(commentOf(mixed, attemptOf(mixed, '1', 1), undefined).body)
  ]
}

test('five thousand random compositions of the same', () => {
  const texts = randomTexts(5000)
  for (let i = 0; i < texts.length; i += together) {
    const some = texts.slice(i, i + together)
    const wrong = wrongWith(some, i / together)
    if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\nof ${JSON.stringify(some)}`)
  }
})
