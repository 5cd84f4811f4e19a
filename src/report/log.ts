import type { AuditFinding } from '../domain/audit.js'
import { sayBytes } from '../domain/bytes.js'
import type { Happening } from '../domain/events.js'
import { shortDigest } from '../domain/image.js'
import { auditTable } from './audit-table.js'
import { candidatesTable } from './candidates-table.js'
import { rowLines, noteLines, rowsHead } from './log-rows.js'
import { saidLast, sayServing, verdictBox } from './log-box.js'
import type { Paint } from './paint.js'
import { foldedLines, troubleLines, type Line } from './findings.js'
import { planRows, planTitle } from './plan-rows.js'
import { shortEvent } from './shortly.js'
import { timeLeftOf } from './time-left.js'
import { codeLines } from './redact.js'
import { forLog } from './untrusted.js'
import { wrap } from './wrap.js'

export { saidLast, sayServing, verdictBox }

/** What the log host is asked to do: open a group, close it, or print a line. */
export type LogLine = { group: string } | { endGroup: true } | { line: string }

/** What the lines of a run have in common. */
export interface LogStyle {
  /** Epoch milliseconds; every time in the log counts from here. */
  startedAt: number
  paint: Paint
}

/** Columns for what stands in groups and below them. */
const width = 132

/**
 * One happening as log lines. Groups are the steps; GitHub shows them closed, so what a person waits for stands
 * outside of them, under a heading. A row stands only when something changed. `past`: what happened until now, for the
 * time that is left. Pure: the host prints.
 */
export function logLines(
  h: Happening,
  { startedAt, paint }: LogStyle,
  past: readonly Happening[] = []
): LogLine[] {
  const since = (at: number) => Math.max(0, at - startedAt)
  switch (h.code) {
    case 'step':
      return ['promote', 'watch', 'restore'].includes(h.step)
        ? [{ endGroup: true }, ...lines(['', paint.strong(forLog(h.title))])]
        : [{ group: h.title }]
    case 'fact':
      return lines(told(`  ${forLog(h.name).padEnd(16)} `, h.value))
    case 'note':
      return lines(told('  ', h.text))
    case 'warning':
      return lines(warned(h.text, h.fix))
    case 'image-at-risk':
      return [{ endGroup: true }, ...lines(warned(h.text, h.fix))]
    case 'copying':
      return lines(
        told(
          `  ${'copying'.padEnd(16)} `,
          `${shortDigest(h.digest)}: ${sayBytes(h.bytes)} of ${sayBytes(h.of)} (${Math.floor((100 * h.bytes) / h.of)} %)`
        )
      )
    case 'preflight': {
      const said = (all: readonly Line[]) => lines(all.flatMap(([front, text]) => told(front, text)))
      const trouble = said(troubleLines(h.findings))
      return [
        ...said(foldedLines(h.findings)),
        ...(trouble.length === 0 ? [] : [{ endGroup: true } as const]),
        ...trouble
      ]
    }
    case 'plan':
      return [
        { endGroup: true },
        ...lines([
          '',
          paint.strong(planTitle(h.only)),
          ...planRows(h.plan).flatMap(([name, text]) => told(`  ${name.padEnd(11)}  `, text))
        ])
      ]
    case 'audit':
      return [
        { endGroup: true },
        ...lines(['', ...auditTable(h.rows, width)]),
        ...lines(h.findings.flatMap((f) => found(f)))
      ]
    case 'candidates':
      return [
        { endGroup: true },
        ...lines(['', paint.strong('Candidates'), ...candidatesTable(h.candidates, width)])
      ]
    case 'rollout': {
      const open = h.state === 'waiting' || h.state === 'healthy'
      const left = open ? timeLeftOf(past, h.at) : undefined
      return lines([
        ...(h.first ? [paint.quiet(rowsHead)] : []),
        ...rowLines(since(h.at), h.counts, h.state, h.what, paint, left)
      ])
    }
    case 'task-failed':
      return lines(noteLines(since(h.at), '✖', `failed: ${h.text}`).map(paint.bad))
    case 'task-stopped':
      return lines(noteLines(since(h.at), '·', `not counted: ${h.text}`))
    case 'service-event':
      return lines(noteLines(since(h.eventAt), '·', `ECS: ${shortEvent(h.text)}`).map(paint.quiet))
    case 'task-seen':
    case 'checks':
    case 'verdict':
      // The row above and the box below say it.
      return []
    case 'cause':
      return lines([
        '',
        ...told('  ', `Failing: ${h.sentence}`).map(paint.strong),
        // The tasks that stopped stand above.
        ...h.evidence
          .filter((proof) => !/^task \S+ stopped/.test(proof))
          .flatMap((p) => told('    proof  ', p)),
        ...saidLast(h.logs).map((line) => `    ${line}`),
        ...told('    to do  ', h.fix)
      ])
    case 'ended':
      return [{ endGroup: true }, ...lines(['', ...verdictBox(h.ending, paint)])]
  }
}

function found({ level, service, text, todo, fix }: AuditFinding): string[] {
  const front = level === 'problem' ? '  ✖ ' : '  ! '
  return [
    ...told(front, `${service}: ${text}`),
    ...(todo === undefined ? [] : told('    to do  ', todo)),
    ...(fix === undefined ? [] : commands(fix).map((line) => `           ${line}`))
  ]
}

/** A warning, and what to do: its lines whole, because they are there to be copied. */
function warned(text: string, fix: string | undefined): string[] {
  const todo = (line: string, i: number) => `${i === 0 ? '    to do  ' : '           '}${line}`
  return [...told('  ! ', text), ...(fix === undefined ? [] : commands(fix).map(todo))]
}

/** Commands as they are to be run: line by line, each behind its own indent. */
function commands(fix: string): string[] {
  return codeLines(fix).map((line) => `${/^ {0,40}/.exec(line)?.[0] ?? ''}${forLog(line, 6000)}`)
}

/** A text behind a front, wrapped so that its lines begin under each other. */
function told(front: string, text: string): string[] {
  return wrap(forLog(text), width - front.length).map(
    (line, i) => (i === 0 ? front : ' '.repeat(front.length)) + forLog(line)
  )
}

const lines = (texts: string[]): LogLine[] => texts.map((line) => ({ line }))
