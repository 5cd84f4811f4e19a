import { clockFace } from '../domain/duration.js'
import type { Happening } from '../domain/events.js'
import { tally } from '../domain/finding.js'
import { shortly } from './shortly.js'
import { pageLine } from './untrusted.js'
import { wrap } from './wrap.js'

/** Columns behind the time that a fence shows without scrolling. */
const width = 84

/** What happened, a line each with its time since the start; `most` lines, of which the ends of a long story say most. */
export function storyLines(happenings: readonly Happening[], startedAt: number, most = 350): string[] {
  const lines = happenings.flatMap((h) => {
    const text = sayHappening(h)
    const time = clockFace(h.at - startedAt).padStart(6)
    const said = text === undefined ? [] : wrap(pageLine(shortly(text), 600), width)
    return said.map((line, i) => `${i === 0 ? time : ' '.repeat(time.length)}  ${line}`)
  })
  if (lines.length <= most) return lines
  const first = Math.floor(most * 0.4)
  const last = most - first
  return [...lines.slice(0, first), `… ${lines.length - most} lines left out …`, ...lines.slice(-last)]
}

/** One happening as plain text; undefined for those that other parts of a page show. */
export function sayHappening(h: Happening): string | undefined {
  switch (h.code) {
    case 'step':
      return h.title
    case 'fact':
      return `${h.name}: ${h.value}`
    case 'note':
    case 'warning':
    case 'image-at-risk':
      return h.text
    case 'copying':
      // Where it stood while it went on is for who watches the log.
      return undefined
    case 'preflight':
      return `preflight: ${tally(h.findings)}`
    case 'rollout':
      return `${h.counts.healthy} of ${h.counts.desired} healthy, ${h.counts.running} running, ${h.counts.failed} failed; ${h.what}`
    case 'task-failed':
    case 'task-stopped':
      return h.text
    case 'service-event':
      return h.text
    case 'cause':
      return `failing: ${h.sentence}`
    case 'plan':
    case 'audit':
    case 'candidates':
    case 'task-seen':
    case 'checks':
    case 'verdict':
    case 'ended':
      return undefined
  }
}
