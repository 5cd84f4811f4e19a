/** A run in which somebody else is quoted wherever somebody else can be, and every face of it. */
import type { AuditFinding, AuditRow } from '../../src/domain/audit.js'
import type { CandidateRow } from '../../src/domain/candidate-row.js'
import type { DeployPlan } from '../../src/domain/deploy-plan.js'
import type { Happening, HappeningBody } from '../../src/domain/events.js'
import type { Ending } from '../../src/domain/outcome.js'
import { annotationsOf } from '../../src/report/annotations.js'
import { logLines } from '../../src/report/log.js'
import { outputsOf } from '../../src/report/outputs.js'
import { paintOf } from '../../src/report/paint.js'
import { forLog, logLine } from '../../src/report/untrusted.js'
import type { RunView } from '../../src/report/view.js'

export type EndedView = RunView & { ending: Ending }

/** Gives the words for the next place. */
export type Words = () => string

const startedAt = Date.UTC(2026, 5, 1, 9)
const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-web'

/** A plan in which every name is somebody's words. */
function planOf(words: Words): DeployPlan {
  return {
    running: `${arn}:1`,
    registers: words(),
    images: [{ container: words(), before: words(), after: words() }],
    changes: [
      { container: words(), what: 'environment', key: words(), kind: 'added' },
      { what: words(), kind: 'changed', before: words(), after: words() }
    ],
    desired: { before: 1, after: 2 },
    forced: false,
    copies: [{ from: words(), to: words(), digest: words(), bytes: 1, there: false }],
    tags: [{ tagged: words(), digest: words(), there: false }],
    ifItFails: { does: 'go-back', taskDefinition: words(), says: words() },
    time: { possible: false, why: words() },
    bakeMs: 60_000
  }
}

function auditOf(words: Words): { rows: AuditRow[]; findings: AuditFinding[] } {
  const row = (standing: AuditRow['standing']): AuditRow => ({
    service: words(),
    container: words(),
    image: words(),
    neededBy: [words(), words()],
    standing,
    stays: words(),
    tags: [words()],
    rule: words(),
    digest: words()
  })
  const finding = (level: AuditFinding['level']): AuditFinding => ({
    level,
    kind: 'gone',
    service: words(),
    text: words(),
    todo: words(),
    fix: words()
  })
  return { rows: [row('gone'), row('soon')], findings: [finding('problem'), finding('warning')] }
}

function candidateOf(words: Words): CandidateRow {
  return {
    taskDefinition: words(),
    inactive: true,
    images: [{ container: words(), digest: words(), tags: [words(), words()] }],
    commit: words(),
    goodAt: startedAt,
    evidence: words(),
    standing: 'not-eligible',
    why: [words()],
    unknown: [words()]
  }
}

/** One happening of each code, so that a new one is quoted here before it is told. */
function bodiesOf(words: Words, ending: Ending, task: string, only: boolean): HappeningBody[] {
  const logs = ending.logs ?? []
  const fix = { todo: words(), command: words(), console: words() }
  const counts = { desired: 2, pending: 0, running: 0, healthy: 0, failed: 0 }
  const each: { [Code in HappeningBody['code']]: HappeningBody & { code: Code } } = {
    step: { code: 'step', step: 'watch', title: words() },
    fact: { code: 'fact', name: words(), value: words() },
    note: { code: 'note', text: words() },
    warning: { code: 'warning', text: words(), fix: words() },
    'image-at-risk': {
      code: 'image-at-risk',
      role: 'new',
      image: words(),
      text: words(),
      fix: words()
    },
    copying: { code: 'copying', digest: words(), bytes: 1, of: 2 },
    preflight: {
      code: 'preflight',
      findings: [
        { state: 'warning', check: words(), area: 'network', says: words(), evidence: [words()], fix },
        { state: 'unknown', check: words(), area: 'service', why: words() }
      ]
    },
    plan: { code: 'plan', only, plan: planOf(words) },
    audit: { code: 'audit', ...auditOf(words) },
    candidates: { code: 'candidates', candidates: [candidateOf(words)] },
    rollout: { code: 'rollout', elapsedMs: 0, counts, state: 'waiting', what: words(), first: true },
    'task-seen': {
      code: 'task-seen',
      task,
      taskDefinition: `${arn}:2`,
      state: 'failed',
      since: startedAt + 1000,
      reasonCode: words()
    },
    checks: {
      code: 'checks',
      taskDefinition: `${arn}:2`,
      checks: {
        checks: [
          { kind: 'alarm', name: words(), value: words(), limit: words(), state: 'bad' },
          { kind: 'targets', name: words(), value: '0 of 2 healthy', limit: 'every new task', state: 'wait' }
        ],
        bakeMs: 60_000,
        deadline: startedAt + 1_800_000
      }
    },
    'task-failed': { code: 'task-failed', task, reasonCode: words(), text: words() },
    'task-stopped': { code: 'task-stopped', task, text: words() },
    'service-event': { code: 'service-event', eventAt: startedAt, text: words() },
    verdict: { code: 'verdict', state: 'failing', text: words() },
    cause: {
      code: 'cause',
      reasonCode: 'container-exit',
      sentence: words(),
      evidence: [words()],
      logs,
      fix: words()
    },
    ended: { code: 'ended', ending }
  }
  const first: HappeningBody = { code: 'step', step: 'inspect', title: 'Inspect' }
  return [first, ...Object.values(each)]
}

/** `task`: the id of the task, where that is not somebody's words too. */
export function runWith(words: Words, task = words().slice(0, 50), only = false): EndedView {
  const container = words()
  const logs = [
    {
      task: `arn:aws:ecs:eu-west-1:111122223333:task/shop/${task}`,
      container,
      lines: [words(), words()]
    }
  ]
  const ending: Ending = {
    // The reason stands on the page of what was not rolled back, and the cause of what was.
    outcome: only ? 'failed' : 'rolled-back',
    reasonCode: 'container-exit',
    reason: `shop-web:2 failed: ${words()}`,
    evidence: [words(), `proof ${words()}`],
    logs,
    fix: `${words()}: aws logs tail ${words()}`,
    servingTaskDefinition: `${arn}:1`,
    servingNote: words()
  }
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
    previousImages: { web: words() },
    imageTags: {},
    failedTasks: 2,
    happenings: bodiesOf(words, ending, task, only).map((body, i): Happening => ({
      ...body,
      at: startedAt + i * 1000
    })),
    logGroups: [{ container: words(), group: words(), region: words() }],
    links: { run: 'https://github.com/octo-org/shop/actions/runs/1' },
    commit: { sha: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345', subject: words() },
    afterwards: [words()]
  }
}

/** Everything that the runner would read of it. */
export function logOf(view: EndedView): string[] {
  const style = { startedAt, paint: paintOf(false) }
  const told = view.happenings.flatMap((h, i) => logLines(h, style, view.happenings.slice(0, i)))
  const { error, warning, notice } = annotationsOf(view.ending, view.happenings, [view.ending.reason])
  return [
    ...told.flatMap((l) => ('line' in l ? [logLine(l.line)] : 'group' in l ? [forLog(l.group)] : [])),
    ...[error, warning, notice].flatMap((a) => (a ? [a.message] : [])),
    outputsOf({ ...view, endedAt: view.now, report: '' })['reason'] ?? ''
  ]
}
