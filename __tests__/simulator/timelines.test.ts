import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { breaker, shop, until } from './support.js'

/** One moment of a timeline, in seconds: what was observed (as the facts' A6 gives it), what is let pass, what we say. */
interface Row {
  what: string
  observed: string
  range: [number, number]
  simulated: number
  /** Why it is not what was observed, where it is not. */
  because?: string
}

const compared: string[] = []

/** Keeps both columns for the table, and fails on rows that are out of range. */
function compare(title: string, rows: Row[]): void {
  for (const r of rows) {
    const cells = [title, r.what, r.observed, String(Math.round(r.simulated * 10) / 10), r.because ?? '']
    compared.push(cells.join(' | '))
  }
  if (process.env.TIMELINES !== undefined)
    process.stdout.write(
      rows
        .map((r) => `${title}: ${r.what.padEnd(40)} ${r.observed.padStart(9)} ${r.simulated.toFixed(1)}\n`)
        .join('')
    )
  const out = rows
    .filter((r) => r.simulated < r.range[0] || r.simulated > r.range[1])
    .map((r) => `${title}: ${r.what} ${r.simulated}`)
  expect(out).toEqual([])
}

test('timeline: healthy deploy behind an ALB', () => {
  const s = shop()
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const at = (p: RegExp) => s.log.when(p)[0]!
  const started = at(/has started/)
  const [registered, stopped, deregistered, completed] = [
    / registered 1/,
    /has stopped/,
    /deregistered/,
    /deployment completed/
  ].map(at)
  const target = s.log.all.find((h) => h.code === 'target-health' && h.text.endsWith('is healthy'))!
  compare('healthy deploy behind an ALB', [
    { what: 'started → registered', observed: '28–60', range: [28, 60], simulated: registered! - started },
    {
      what: 'registered → target healthy',
      observed: '1–2.5',
      range: [1, 2.5],
      simulated: target.s - registered!
    },
    {
      what: 'registered → old task stopped',
      observed: '10–50',
      range: [10, 50],
      simulated: stopped! - registered!
    },
    { what: 'stopped → deregistered', observed: '10', range: [9, 11], simulated: deregistered! - stopped! },
    {
      what: 'deregistered → completed (delay 30 s)',
      observed: '52',
      range: [40, 64],
      simulated: completed! - deregistered!
    },
    { what: 'started → completed', observed: '90–153', range: [90, 160], simulated: completed! - started }
  ])
  const draining = s.service.events.find((e) => e.message.includes('begun draining'))!
  const before = s.service.events.find((e) => e.message.includes('deregistered'))!
  expect(draining.createdAt - before.createdAt).toBe(6)
})

test('timeline: a bad health path with the breaker', () => {
  const s = shop({
    service: { circuitBreaker: breaker, gracePeriodSeconds: 60 },
    targetGroup: { intervalSeconds: 15, unhealthyThreshold: 3, deregistrationDelaySeconds: 90 }
  })
  s.deploy({ behaviour: { healthCheck: { status: 503 } } })
  until(
    s.world,
    () => s.service.primary.rolloutStateReason.endsWith('completed.') && s.service.deployments.length === 1
  )
  const zero = s.log.when(/has started/)[0]!
  const ill = s.log.when(/is unhealthy in/).map((t) => t - zero)
  const failed = s.log.when(/deployment failed/)[0]! - zero
  compare('bad health path with the breaker', [
    {
      what: 'first unhealthy event',
      observed: '111',
      range: [90, 120],
      simulated: ill[0]!,
      because: 'the image is pulled in 6 s here, and the scheduler looks every 10 s'
    },
    {
      what: 'first → second',
      observed: '227',
      range: [195, 235],
      simulated: ill[1]! - ill[0]!,
      because: 'its two cycles differ by 22 s; ours is like the shorter one'
    },
    { what: 'second → third', observed: '205', range: [195, 235], simulated: ill[2]! - ill[1]! },
    { what: 'third → breaker', observed: '45', range: [35, 65], simulated: failed - ill[2]! },
    {
      what: 'breaker → rollback completed',
      observed: '24',
      range: [20, 30],
      simulated: s.log.when(/deployment completed/)[0]! - zero - failed
    }
  ])
  expect(s.service.tasks[0]!.status).toBe('RUNNING')
})

test('timeline: a missing image with the breaker', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:nope`).arn })
  until(
    s.world,
    () => s.service.deployments.length === 2 && s.service.deployments[1]!.rolloutState === 'FAILED'
  )
  const [zero, second] = s.log.when(/has started/)
  const counted = s.log.when(/failed tasks$/).map((t) => t - zero!)
  compare('missing image with the breaker', [
    {
      what: 'started → unable to place',
      observed: '85–95',
      range: [85, 95],
      simulated: s.log.when(/unable to place/)[0]! - zero!
    },
    { what: 'started → second start', observed: '125', range: [115, 135], simulated: second! - zero! },
    { what: 'failedTasks 1', observed: '154', range: [140, 165], simulated: counted[0]! },
    { what: 'failedTasks 2', observed: '286', range: [270, 300], simulated: counted[1]! },
    { what: 'failedTasks 3', observed: '660', range: [640, 680], simulated: counted[2]! },
    {
      what: 'breaker',
      observed: '704',
      range: [695, 715],
      simulated: s.log.when(/deployment failed/)[0]! - zero!
    }
  ])
})

test('timeline: a missing image without the breaker', () => {
  const s = shop()
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:nope`).arn })
  s.world.clock.advanceBy(3_600_000)
  const starts = s.log.when(/has started/)
  compare('missing image without the breaker', [
    {
      what: 'cycle after the second start',
      observed: '360–420',
      range: [360, 420],
      simulated: starts[2]! - starts[1]!
    },
    {
      what: 'cycle after the third start',
      observed: '360–420',
      range: [360, 420],
      simulated: starts[3]! - starts[2]!
    }
  ])
})

test('timeline: a crash at start with the breaker', () => {
  const s = shop({ targetGroup: null, service: { circuitBreaker: breaker } })
  s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => s.service.deployments.length === 1 && s.service.primary.rolloutState === 'COMPLETED')
  const starts = s.log.when(/has started/)
  const failed = s.log.when(/deployment failed/)[0]!
  compare('crash at start with the breaker', [
    { what: 'between starts', observed: '50–52', range: [48, 54], simulated: starts[1]! - starts[0]! },
    { what: 'started → breaker', observed: '158', range: [145, 170], simulated: failed - starts[0]! },
    {
      what: 'breaker → rollback completed',
      observed: '79',
      range: [20, 85],
      simulated: s.log.when(/deployment completed/)[0]! - failed,
      because: 'the other capture took 24 s; what this one waited for is not known'
    }
  ])
  expect(starts).toHaveLength(4)
})

test('timeline: a container health check that fails', () => {
  const healthCheck = {
    command: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'],
    interval: 30,
    retries: 3
  }
  const s = shop({ targetGroup: null, container: { healthCheck } })
  s.deploy({ lacks: ['curl'] })
  until(s.world, () => s.log.when(/failed container health checks/).length > 0)
  compare('container health check fails', [
    {
      what: 'started → replaced',
      observed: '143',
      range: [120, 150],
      simulated: s.log.when(/failed container health checks/)[0]! - s.log.when(/has started/)[0]!,
      because: 'no start period here; theirs is not told'
    }
  ])
  const texts = s.service.events.map((e) => e.message)
  expect(texts[2]).toContain('Amazon ECS replaced 1 tasks due to an unhealthy status.')
  expect(texts[1]).toContain('failed container health checks.')
  expect(texts[0]).toContain('has stopped 1 running tasks')
})

test('timeline: a hang and its replacement', () => {
  const s = shop({
    service: { desiredCount: 2 },
    targetGroup: { intervalSeconds: 30, unhealthyThreshold: 3 }
  })
  const sick = s.service.tasks[0]!
  s.world.clock.advanceBy(14_000)
  s.world.ecs.misbehave(sick.arn, { healthCheck: 'timeout' })
  until(s.world, () => s.service.tasks[0]!.status === 'STOPPING')
  s.world.clock.advanceBy(60_000)
  const unhealthy = s.log.when(/is unhealthy \(Request timed out\)/)[0]!
  const created = s.log.when(/has started/)[0]!
  const stopped = s.log.when(/has stopped/)[0]!
  const deregistered = s.log.when(/deregistered/)[0]!
  compare('hang and replacement', [
    {
      what: 'hang → target unhealthy',
      observed: '89',
      range: [60, 90],
      simulated: unhealthy - 14,
      because: 'depends on where in the 30 s between two checks it hangs'
    },
    {
      what: 'unhealthy → replacement started',
      observed: '12',
      range: [0, 15],
      simulated: created - unhealthy
    },
    {
      what: 'started → registered',
      observed: '28–60',
      range: [28, 60],
      simulated: s.log.when(/ registered 1/)[0]! - created
    },
    { what: 'unhealthy → old task stopped', observed: '58', range: [45, 65], simulated: stopped - unhealthy },
    { what: 'stopped → deregistered', observed: '10', range: [9, 11], simulated: deregistered - stopped },
    {
      what: 'deregistered → steady',
      observed: '10',
      range: [5, 15],
      simulated: s.log.when(/steady state/)[0]! - deregistered
    },
    {
      what: 'deregistered → target gone',
      observed: '31',
      range: [28, 32],
      simulated: s.log.when(/is gone/)[0]! - deregistered
    }
  ])
})

test('timeline: StopTask by a person', () => {
  const s = shop()
  s.world.clock.advanceBy(3_000)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn, 'drill')
  until(s.world, () => s.log.when(/steady state/).length > 0)
  const started = s.log.when(/has started/)[0]!
  compare('StopTask by a person', [
    { what: 'stop → replacement started', observed: '15–40', range: [15, 40], simulated: started - 3 },
    {
      what: 'started → registered',
      observed: '28–60',
      range: [19, 60],
      simulated: s.log.when(/ registered 1/)[0]! - started
    },
    {
      what: 'stop → steady',
      observed: '66–97',
      range: [60, 100],
      simulated: s.log.when(/steady state/)[0]! - 3
    }
  ])
})

test('timeline: draining with the default delay', () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 300 } })
  s.repository.push()
  s.deploy()
  const old = s.service.tasks[0]!
  until(s.world, () => old.status === 'STOPPED')
  const at = (state: string) => s.log.all.find((h) => h.text === `task ${old.id} is ${state}`)!.s
  compare('draining with the default delay', [
    {
      what: 'DEACTIVATING → STOPPING',
      observed: '361',
      range: [300, 365],
      simulated: at('STOPPING') - at('DEACTIVATING'),
      because: 'a minute more than its delay; 10 s more in every other capture'
    },
    {
      what: 'STOPPING → DEPROVISIONING',
      observed: '47',
      range: [1, 48],
      simulated: at('DEPROVISIONING') - at('STOPPING'),
      because: 'their container took longer to obey SIGTERM; ours takes 3 s'
    },
    {
      what: 'DEPROVISIONING → STOPPED',
      observed: '10',
      range: [9, 20],
      simulated: at('STOPPED') - at('DEPROVISIONING')
    }
  ])
})

test('timelines: the table of the README is what is simulated, beside what was observed', () => {
  const readme = readFileSync(new URL('../../simulator/README.md', import.meta.url), 'utf8')
  const from = readme.indexOf('## Timelines, simulated beside observed')
  const rows = readme
    .slice(from, readme.indexOf('\n## ', from + 1))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
        .join(' | ')
    )
  expect(rows).toEqual(compared)
})
