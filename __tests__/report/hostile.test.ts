/** Every face with hostile words wherever words of others can stand: nothing forged, nobody named, nothing shown, nothing broken. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Marked, type Token, type Tokens } from 'marked'
import { mentionsIn } from '../../simulator/github/mentions.js'
import { CommandReader, linesOf } from '../../simulator/workflow-commands.js'
import type { DeployPlan } from '../../src/domain/deploy-plan.js'
import type { Happening, HappeningBody } from '../../src/domain/events.js'
import type { Ending } from '../../src/domain/outcome.js'
import { annotationsOf } from '../../src/report/annotations.js'
import { attemptOf, commentOf } from '../../src/report/comment.js'
import { statusesOf } from '../../src/report/deployment-status.js'
import { logLines } from '../../src/report/log.js'
import { outputsOf } from '../../src/report/outputs.js'
import { ladder, pageOf } from '../../src/report/page.js'
import { paintOf } from '../../src/report/paint.js'
import { summaryOf } from '../../src/report/summary.js'
import { forLog, logLine } from '../../src/report/untrusted.js'
import type { RunView } from '../../src/report/view.js'
import { hostile, secrets } from './hostile.js'

const startedAt = Date.UTC(2026, 5, 1, 9)
const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-web'

/** A plan in which every name is this. */
function hostilePlan(text: string): DeployPlan {
  return {
    running: `${arn}:1`,
    registers: text,
    images: [{ container: text, before: text, after: text }],
    changes: [
      { container: text, what: 'environment', key: text, kind: 'added' },
      { what: text, kind: 'changed', before: text, after: text }
    ],
    desired: { before: 1, after: 2 },
    forced: false,
    copies: [{ from: text, to: text, digest: text, bytes: 1, there: false }],
    tags: [{ tagged: text, digest: text, there: false }],
    ifItFails: { does: 'go-back', taskDefinition: text, says: text },
    time: { possible: false, why: text },
    bakeMs: 60_000
  }
}

/** A run in which somebody else has said this wherever somebody else is quoted. */
function runWith(text: string, task = text.slice(0, 50)): RunView & { ending: Ending } {
  const logs = [
    {
      task: `arn:aws:ecs:eu-west-1:111122223333:task/shop/${task}`,
      container: text,
      lines: [text, text]
    }
  ]
  const fix = { todo: text, command: text, console: text }
  const ending: Ending = {
    outcome: 'rolled-back',
    reasonCode: 'container-exit',
    reason: `shop-web:2 failed: ${text}`,
    evidence: [text, `proof ${text}`],
    logs,
    fix: `${text}: aws logs tail ${text}`,
    servingTaskDefinition: `${arn}:1`,
    servingNote: text
  }
  const bodies: HappeningBody[] = [
    { code: 'step', step: 'inspect', title: 'Inspect' },
    { code: 'fact', name: text, value: text },
    { code: 'note', text },
    { code: 'warning', text },
    {
      code: 'preflight',
      findings: [{ state: 'warning', check: text, area: 'network', says: text, evidence: [text], fix }]
    },
    { code: 'plan', only: text.length % 2 === 0, plan: hostilePlan(text) },
    { code: 'step', step: 'watch', title: 'Watch' },
    {
      code: 'rollout',
      elapsedMs: 0,
      counts: { desired: 2, pending: 0, running: 0, healthy: 0, failed: 0 },
      state: 'waiting',
      what: text,
      first: true
    },
    {
      code: 'task-seen',
      task,
      taskDefinition: `${arn}:2`,
      state: 'failed',
      since: startedAt + 1000,
      reasonCode: text
    },
    {
      code: 'checks',
      taskDefinition: `${arn}:2`,
      checks: {
        checks: [
          { kind: 'alarm', name: text, value: text, limit: text, state: 'bad' },
          { kind: 'targets', name: text, value: '0 of 2 healthy', limit: 'every new task', state: 'wait' }
        ],
        bakeMs: 60_000,
        deadline: startedAt + 1_800_000
      }
    },
    { code: 'task-failed', task, reasonCode: text, text },
    { code: 'task-stopped', task, text },
    { code: 'service-event', eventAt: startedAt, text },
    { code: 'cause', reasonCode: 'container-exit', sentence: text, evidence: [text], logs, fix: text },
    { code: 'ended', ending }
  ]
  return {
    environment: 'production',
    cluster: 'shop',
    service: 'shop-web',
    startedAt,
    now: startedAt + 90_000,
    ending,
    previousTaskDefinition: `${arn}:1`,
    newTaskDefinition: `${arn}:2`,
    images: { web: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:${'a'.repeat(64)}` },
    previousImages: { web: text },
    imageTags: {},
    failedTasks: 2,
    happenings: bodies.map((body, i): Happening => ({ ...body, at: startedAt + i * 1000 })),
    logGroups: [{ container: text, group: text, region: text }],
    links: { run: 'https://github.com/octo-org/shop/actions/runs/1' },
    commit: { sha: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345', subject: text },
    afterwards: [text]
  }
}

/** Everything that the runner would read of it. */
function logOf(view: RunView & { ending: Ending }): string[] {
  const style = { startedAt, paint: paintOf(false) }
  const told = view.happenings.flatMap((h) => logLines(h, style))
  const { error, warning, notice } = annotationsOf(view.ending, view.happenings, [view.ending.reason])
  return [
    ...told.flatMap((l) => ('line' in l ? [logLine(l.line)] : 'group' in l ? [forLog(l.group)] : [])),
    ...[error, warning, notice].flatMap((a) => (a ? [a.message] : [])),
    outputsOf({ ...view, endedAt: view.now, report: '' })['reason'] ?? ''
  ]
}

const unwanted =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200c-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const whole = ['<details>', '</details>', '<summary>', '</summary>', '<sub>', '</sub>']

/** What is wrong with the log of it; nothing, that is. */
function wrongInLog(view: RunView & { ending: Ending }): string[] {
  const reader = new CommandReader()
  return logOf(view).flatMap((line) => [
    ...(linesOf(line).length > 1 ? [`more than one line: ${line}`] : []),
    ...(reader.read(line, 'stdout') ? [`a command: ${line}`] : []),
    ...(unwanted.test(line) ? [`invisible: ${JSON.stringify(line)}`] : []),
    ...(line.length > 7000 ? ['a line without end'] : [])
  ])
}

const markdown = new Marked({ gfm: true })

/** What a page comes to as GitHub reads it: the text, links and HTML that stand outside of code. */
function outsideOfCode(page: string): {
  texts: string[]
  links: string[]
  html: string[]
  kinds: Set<string>
} {
  const found = {
    texts: [] as string[],
    links: [] as string[],
    html: [] as string[],
    kinds: new Set<string>()
  }
  const walk = (token: Token): void => {
    found.kinds.add(token.type)
    if (token.type === 'code' || token.type === 'codespan') return
    if (token.type === 'html') found.html.push(token.raw)
    if (token.type === 'link' || token.type === 'image') found.links.push((token as Tokens.Link).href)
    const inner = [
      ...((token as { tokens?: Token[] }).tokens ?? []),
      ...((token as { items?: Token[] }).items ?? []),
      ...(token.type === 'table'
        ? [...(token as Tokens.Table).header, ...(token as Tokens.Table).rows.flat()].flatMap(
            (cell) => cell.tokens
          )
        : [])
    ]
    if (inner.length === 0 && token.type === 'text') found.texts.push(token.raw)
    inner.forEach(walk)
  }
  markdown.lexer(page).forEach(walk)
  return found
}

const ourLinks = /^https:\/\/(?:github\.com\/octo-org\/shop\/|eu-west-1\.console\.aws\.amazon\.com\/)/
const alive = /[@<>[\]|#*~$\\]|:\/\/|www\.|\b[0-9a-f]{7,}\b|GH-\d|:[a-z]+:/
const unlikely = ['image', 'def', 'del', 'escape', 'blockquote', 'hr']

/** What is wrong with a page. */
function wrongInPage(page: string): string[] {
  const folded = (page.match(/^<details>/gm) ?? []).length
  const { texts, links, html, kinds } = outsideOfCode(page)
  const tags = html.join('').match(/<[^>]*>?/g) ?? []
  const count = (tag: string) => tags.filter((t) => t === tag).length
  const strange = tags.filter((tag) => !whole.includes(tag) && !tag.startsWith('<!-- safe-ecs-deploy'))
  const counts = ['<details>', '</details>', '<summary>', '</summary>'].map(count)
  return [
    ...(unwanted.test(page) ? ['invisible characters'] : []),
    ...mentionsIn(page).map((login) => `mentions ${login}`),
    ...links.filter((link) => !ourLinks.test(link)).map((link) => `links to ${link}`),
    ...texts.filter((text) => alive.test(text)).map((text) => `outside of code: ${text}`),
    ...strange.map((tag) => `HTML: ${tag}`),
    ...(counts.some((n) => n !== folded) ? [`folds: ${counts.join(', ')} instead of ${folded}`] : []),
    ...unlikely.filter((kind) => kinds.has(kind)).map((kind) => `a ${kind}`)
  ]
}

function wrongIn(text: string): string[] {
  const view = runWith(text)
  const attempt = attemptOf(view, '1', 1)
  const { body } = commentOf(view, attempt, { current: attemptOf(view, '0', 1), past: [] })
  const live: RunView = { ...view }
  delete live.ending
  const summary = summaryOf(view)
  const pages = [...ladder.map((level) => pageOf(view, level)), pageOf(live, 'whole'), body, summary]
  const descriptions = statusesOf(view.ending).map((s) => s.description)
  return [
    ...wrongInLog(view),
    ...pages.flatMap(wrongInPage),
    ...(body.length > 65_536 ? ['the comment is too long'] : []),
    ...(Buffer.byteLength(summary) > 1024 * 1024 ? ['the summary is too long'] : []),
    ...descriptions.flatMap((d) =>
      Array.from(d).length > 140 || unwanted.test(d) ? [`description ${JSON.stringify(d)}`] : []
    )
  ]
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
    const view = runWith(text, 'ffff0000')
    const shown = [
      ...logOf(view),
      pageOf(view, 'whole'),
      ...statusesOf(view.ending).map((s) => s.description)
    ]
    for (const face of shown) expect(face).not.toContain(value)
  }
)

test('random compositions of the same; HOSTILE=5000 tries more of them', () => {
  const short = hostile.filter((text) => text.length < 300)
  const pieces = [
    ...short,
    '`',
    '``',
    '```',
    '|',
    '<',
    '>',
    '@',
    '::',
    '##[',
    ']',
    '\n',
    '\r',
    '\u001b',
    ' ',
    '-',
    '#',
    '\\',
    '*',
    '[',
    '(',
    ')',
    'a',
    'the'
  ]
  const characters = fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0x2ff }),
        fc.integer({ min: 0x2000, max: 0x206f }),
        fc.integer({ min: 0, max: 0x10ffff })
      ),
      {
        maxLength: 40
      }
    )
    .map((points) => String.fromCodePoint(...points))
  const text = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => all.join(''))
    },
    { weight: 1, arbitrary: characters }
  )
  fc.assert(
    fc.property(text, (words) => {
      const view = runWith(words)
      const wrong = [...wrongInLog(view), ...wrongInPage(pageOf(view, 'whole'))]
      if (wrong.length > 0) throw new Error(wrong.join('\n'))
    }),
    { numRuns: Number(process.env['HOSTILE'] ?? 300), seed: 20261121 }
  )
})
