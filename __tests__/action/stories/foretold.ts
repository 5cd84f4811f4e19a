/** What a deploy says before its first write, held against what comes of it. */
import { expect } from '@jest/globals'
import type { Played } from '../../play.js'

interface Told {
  code: string
  findings?: { state: string; check: string }[]
  plan?: { time?: { possible: boolean; leastMs?: number } }
  state?: string
  elapsedMs?: number
}

const toldOf = (played: Played): Told[] => (played.report as { happenings: Told[] }).happenings

/** The mistakes of the documents, and the check that finds each before anything is written. */
const foundBy: Record<string, string> = {
  'prooflink-503': 'registered',
  'prooflink-public-subnet': 'way-out',
  'prooflink-public-ip': 'way-out',
  'prooflink-closed-group': 'task-lets-in',
  'prooflink-strict-check': 'grace-period',
  'replacement-loop-without-grace': 'grace-period',
  'prod-e-curl-missing': 'container-check-program',
  'expired-digest-504': 'image-kept',
  'alb-without-egress': 'balancer-lets-out'
}

/** A mistake that can be known is a finding before the first write. */
export function expectFoundBefore(story: string, played: Played): void {
  const check = foundBy[story]
  if (check === undefined) return
  const told = toldOf(played)
  const findings = told.find((h) => h.code === 'preflight')?.findings ?? []
  const found = findings.filter((f) => f.state === 'warning' || f.state === 'error').map((f) => f.check)
  expect(found).toContain(check)
  const at = (code: string) => told.findIndex((h) => h.code === code)
  const written = told.findIndex((h) => h.code === 'rollout')
  if (written >= 0) expect(at('preflight')).toBeLessThan(written)
}

/** Stories in which nothing holds the rollout up but the service's own numbers. */
const ideal = new Set([
  'healthy-alb',
  'no-load-balancer',
  'two-target-groups',
  'ec2-instances',
  'many-tasks',
  'multi-platform',
  'stop-before-start',
  'all-at-once',
  'one-and-a-half',
  'slow-drain',
  'old-tasks-linger',
  'bakes-with-alarms',
  'alarm-was-red',
  'prod-e-good'
])

/** The least time is no more than what it took; and no less than four fifths of it where all goes as it can. */
export function expectForecast(story: string, played: Played): void {
  const told = toldOf(played)
  const time = told.find((h) => h.code === 'plan')?.plan?.time
  // Healthy is not said before ECS has called the deployment completed.
  const done = told.find((h) => h.code === 'rollout' && h.state === 'healthy')?.elapsedMs
  if (ideal.has(story)) expect([time?.leastMs, done]).not.toContain(undefined)
  if (time?.leastMs === undefined || done === undefined) return
  // A look sees the end at most one interval late.
  expect(time.leastMs).toBeLessThanOrEqual(done * 1.2)
  if (ideal.has(story)) expect(time.leastMs).toBeGreaterThanOrEqual(done * 0.8)
}
