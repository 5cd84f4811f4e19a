import type { Tag } from './task-definition.js'

/** Tags of ours on a task definition begin so. */
const prefix = 'safe-ecs-deploy:'
/** ECS takes so many tags on a resource. */
const mostTags = 50

/** Who registered a revision: the environment, and the workflow run with its commit. */
export interface Mark {
  environment: string
  /** `run id.attempt`; empty when the runner did not say. */
  run: string
  commit: string
  /** The run's own deadline, epoch milliseconds: after it, it is over. */
  until?: number
}

/** The tags that a person or another tool gave: all but ours. */
export function withoutMarks(tags: readonly Tag[]): Tag[] {
  return tags.filter((tag) => !tag.key.startsWith(prefix))
}

/** A definition's tags as this run registers it: those of others, and our mark in place of an older one. */
export function withMark(tags: readonly Tag[], mark: Mark): Tag[] {
  const theirs = withoutMarks(tags)
  const until = mark.until === undefined ? '' : new Date(mark.until).toISOString()
  const ours = Object.entries({ environment: mark.environment, run: mark.run, commit: mark.commit, until })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ key: prefix + name, value }))
  return theirs.length + ours.length > mostTags ? theirs : [...theirs, ...ours]
}

/** The mark among a definition's tags; undefined when none of our runs registered it. */
export function markOf(tags: readonly Tag[]): Mark | undefined {
  const value = (name: string) => tags.find((tag) => tag.key === prefix + name)?.value ?? ''
  const environment = value('environment')
  if (environment === '') return undefined
  const until = Date.parse(value('until'))
  const deadline = Number.isNaN(until) ? {} : { until }
  return { environment, run: value('run'), commit: value('commit'), ...deadline }
}

/** That a run began to go back to a revision, in an environment. Times in epoch milliseconds. */
export interface BackMark {
  /** `run id.attempt`; empty when the runner did not say. */
  run: string
  at: number
  /** The run's own deadline. */
  until: number
  /** `family:revision` that it leaves. */
  from: string
}

/** The tag that says it: one for each environment. */
export function backTag(environment: string, { run, at, until, from }: BackMark): Tag {
  const words = [run || '-', 'at', new Date(at).toISOString(), 'until', new Date(until).toISOString()]
  return { key: `${prefix}back:${environment}`, value: [...words, 'from', from].join(' ').slice(0, 256) }
}

/** The last time that a run began to go back to a revision in an environment; undefined when none can be read. */
export function backOf(tags: readonly Tag[], environment: string): BackMark | undefined {
  const value = tags.find((tag) => tag.key === `${prefix}back:${environment}`)?.value ?? ''
  const [, run = '', at = '', until = '', from = ''] =
    /^(\S+) at (\S+) until (\S+) from (\S*)$/.exec(value) ?? []
  const times = { at: Date.parse(at), until: Date.parse(until) }
  return Number.isNaN(times.at) || Number.isNaN(times.until)
    ? undefined
    : { run: run === '-' ? '' : run, ...times, from }
}

/**
 * What a run found out about a revision in an environment: it was `deployed` and stayed healthy, it `failed`, or a person
 * rolled back from it (`left`).
 */
export interface VerdictMark {
  verdict: 'deployed' | 'failed' | 'left'
  /** Epoch milliseconds. */
  at: number
}

/** The tag that says it: one for each environment, because a revision may serve in several. */
export function verdictTag(environment: string, { verdict, at }: VerdictMark): Tag {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  return { key: `${prefix}verdict:${environment}`, value: `${verdict} ${time}` }
}

/** The last verdict on a revision in an environment; undefined when there is none that can be read. */
export function verdictOf(tags: readonly Tag[], environment: string): VerdictMark | undefined {
  const value = tags.find((tag) => tag.key === `${prefix}verdict:${environment}`)?.value ?? ''
  const [, verdict, time = ''] = /^(deployed|failed|left) (\S+)$/.exec(value) ?? []
  const at = Date.parse(time)
  if (verdict === undefined || Number.isNaN(at)) return undefined
  return { verdict: verdict as VerdictMark['verdict'], at }
}
