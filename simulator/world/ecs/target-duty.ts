/** The scheduler's duty towards target groups: registering tasks that run, deregistering those that stop. */
import type { Engine } from '../engine.js'
import type { TargetGroup } from '../elb/load-balancers.js'
import type { Service } from './service.js'
import type { Task } from './task.js'
import { eventTexts } from '../texts.js'

/** Registers every running task that is not in its target groups yet. */
export function registerRunning(engine: Engine, service: Service, changed: () => void): void {
  const counts = new Map<TargetGroup, number>()
  for (const task of service.current) {
    if (task.status !== 'RUNNING' || task.desiredStatus !== 'RUNNING') continue
    for (const r of task.registrations) {
      if (r.state !== 'not-yet') continue
      const mapping = r.container.ports.find((p) => p.containerPort === r.containerPort)
      const byInstance = r.group.settings.targetType === 'instance'
      r.id = byInstance ? (task.instance?.instanceId ?? '') : task.network.ip
      r.port = byInstance ? (mapping?.hostPort ?? r.containerPort) : r.containerPort
      r.state = 'registered'
      r.group.register(r.id, r.port, task, changed)
      counts.set(r.group, (counts.get(r.group) ?? 0) + 1)
    }
  }
  for (const [group, n] of counts) service.say(eventTexts.registered.say(service.name, n, group.arn))
}

/**
 * Takes stopping tasks out of their target groups; when all of a task's are drained it may be terminated.
 * The answer is how many tasks left.
 */
export function deregisterStopped(
  engine: Engine,
  service: Service,
  drained: (task: Task) => void,
  changed: () => void
): number {
  const now = engine.clock.now()
  const counts = new Map<TargetGroup, number>()
  const draining = new Map<string, number>()
  for (const task of service.current) {
    if (task.alive || task.noticedAt >= now) continue
    const mine = task.registrations.filter((r) => r.state === 'registered')
    if (mine.length === 0) continue
    draining.set(task.deployment.id, (draining.get(task.deployment.id) ?? 0) + 1)
    for (const r of mine) {
      r.state = 'deregistering'
      counts.set(r.group, (counts.get(r.group) ?? 0) + 1)
      r.group.deregister(r.id, r.port, () => {
        r.state = 'gone'
        if (task.registrations.every((other) => other.state === 'gone' || other.state === 'not-yet'))
          drained(task)
        changed()
      })
    }
  }
  for (const [group, n] of counts) service.say(eventTexts.deregistered.say(service.name, n, group.arn))
  for (const [deployment, n] of draining) service.say(eventTexts.draining.say(service.name, deployment, n), 6)
  return [...draining.values()].reduce((sum, n) => sum + n, 0)
}
