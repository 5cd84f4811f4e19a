import { targetGroupName } from '../domain/arn.js'
import type { Check, Checks } from '../domain/checks.js'
import type { Observation } from '../domain/observation.js'
import { breakerThreshold, primaryOf } from '../domain/service.js'
import { ownDeployment, type Memory, type Subject } from './memory.js'
import { tolerance, type Policy } from './policy.js'
import { isOurs } from './task-memory.js'
import { healthOf, isRunning, withTargetGroup } from './task-health.js'

/** Every thing that the deployment is held to, value against limit, by what is remembered and was just seen. */
export function checksOf(policy: Policy, subject: Subject, memory: Memory, seen: Observation): Checks {
  return {
    checks: [
      tasksHealthy(memory),
      failedTasks(policy, memory, seen),
      ...targets(subject, seen),
      ...containers(subject, seen),
      ...oldTasks(subject, seen),
      rolloutState(subject, seen),
      ...alarms(policy, seen),
      ...breaker(seen)
    ],
    ...(memory.healthySince === undefined ? {} : { healthySince: memory.healthySince }),
    bakeMs: policy.bakeMs,
    deadline: policy.end ?? policy.deadline + policy.bakeMs
  }
}

function tasksHealthy({ counts }: Memory): Check {
  const all = counts.desired > 0 && counts.healthy >= counts.desired
  return {
    kind: 'tasks-healthy',
    value: `${counts.healthy} of ${counts.desired}`,
    limit: 'all',
    state: all ? 'good' : 'wait'
  }
}

function failedTasks(policy: Policy, memory: Memory, seen: Observation): Check {
  const tolerated = tolerance(policy.maxFailedTasks, seen.service, memory.mostDesired)
  const failed = memory.failed.size + memory.doomed.length
  const since = memory.failedSinceGain + memory.restartsSinceGain + memory.doomed.length
  return {
    kind: 'failed-tasks',
    value: String(failed),
    limit: `at most ${tolerated} without progress`,
    state: since > tolerated ? 'bad' : 'good'
  }
}

/** By target group: how many of our running tasks it calls healthy. */
function targets(subject: Subject, seen: Observation): Check[] {
  const groups = [...new Set(withTargetGroup(seen.service).map((l) => l.targetGroupArn))]
  return groups.map((arn): Check => {
    const name = targetGroupName(arn)
    const list = seen.targets?.get(arn)
    if (!list || seen.unreadableTargetGroups.includes(arn))
      return {
        kind: 'targets',
        name,
        value: 'not seen',
        limit: 'every new task',
        state: list ? 'wait' : 'unread'
      }
    const service = {
      ...seen.service,
      loadBalancers: seen.service.loadBalancers.filter((l) => l.targetGroupArn === arn)
    }
    const running = (seen.tasks ?? []).filter((t) => isOurs(subject, t) && isRunning(t))
    const health = running.map((t) => healthOf(t, { ...seen, service }, [], true))
    const healthy = health.filter((h) => h.state === 'healthy').length
    const sick = health.some((h) => h.state === 'unhealthy')
    const desired = ownDeployment(subject, seen)?.desired ?? seen.service.desired
    return {
      kind: 'targets',
      name,
      value: `${healthy} of ${desired} healthy`,
      limit: 'every new task',
      state: sick ? 'bad' : healthy >= desired && desired > 0 ? 'good' : 'wait'
    }
  })
}

/** Containers with a health check of their own, over all running tasks of ours. */
function containers(subject: Subject, seen: Observation): Check[] {
  const running = (seen.tasks ?? []).filter((t) => isOurs(subject, t) && isRunning(t))
  return (subject.healthChecked ?? []).map((name): Check => {
    const states = running
      .flatMap((t) => t.containers.filter((c) => c.name === name))
      .map((c) => c.healthStatus)
    const healthy = states.filter((s) => s === 'HEALTHY').length
    return {
      kind: 'container',
      name,
      value: `${healthy} of ${running.length} HEALTHY`,
      limit: 'every new task',
      state: states.includes('UNHEALTHY')
        ? 'bad'
        : healthy > 0 && healthy === running.length
          ? 'good'
          : 'wait'
    }
  })
}

function oldTasks(subject: Subject, seen: Observation): Check[] {
  if (primaryOf(seen.service)?.id !== subject.deploymentId) return []
  const old = seen.service.deployments
    .filter((d) => d.id !== subject.deploymentId)
    .reduce((n, d) => n + d.running, 0)
  return [{ kind: 'old-tasks', value: String(old), limit: 'none', state: old === 0 ? 'good' : 'wait' }]
}

function rolloutState(subject: Subject, seen: Observation): Check {
  const own = ownDeployment(subject, seen)
  const state = own?.rolloutState
  return {
    kind: 'rollout-state',
    value: state ?? (own ? 'not said' : 'not listed'),
    limit: 'COMPLETED',
    state: state === 'COMPLETED' ? 'good' : state === 'FAILED' ? 'bad' : 'wait'
  }
}

function alarms(policy: Policy, seen: Observation): Check[] {
  return (policy.alarms ?? []).map((name): Check => {
    const alarm = seen.alarms?.find((a) => a.name === name)
    return {
      kind: 'alarm',
      name,
      value: alarm?.state ?? 'not seen',
      limit: 'not ALARM',
      state: alarm === undefined ? 'unread' : alarm.state === 'ALARM' ? 'bad' : 'good'
    }
  })
}

/** ECS's own: its count where it was read, and what it would do. */
function breaker({ service, rollout }: Observation): Check[] {
  const threshold = breakerThreshold(service.breaker, service.desired)
  if (threshold === undefined) return []
  const trips = rollout?.breaker?.threshold ?? threshold
  const count = rollout?.breaker?.failureCount
  const does = service.breaker.rollback ? 'ECS goes back' : 'ECS gives up'
  return [
    {
      kind: 'circuit-breaker',
      value: count === undefined ? 'not seen' : `${count} counted`,
      limit: `at ${trips} ${does}`,
      state: count === undefined ? 'unread' : count >= trips ? 'bad' : 'good'
    }
  ]
}
