/** Container health checks, as the container runtime plays them: interval, retries, start period. */
import type { Engine } from '../engine.js'
import { commandPasses, nextChange } from '../behaviour.js'
import type { Container, Task } from './task.js'

/** Starts the health checks of a container that has just started. */
export function startContainerChecks(
  engine: Engine,
  task: Task,
  container: Container,
  changed: () => void
): void {
  const check = container.definition.healthCheck
  if (check === undefined || check.command[0] === 'NONE') return
  const step = (check.interval ?? 30) * 1000
  const retries = check.retries ?? 3
  const startPeriod = check.startPeriod ?? 0
  const started = engine.clock.now()
  const birth = container.startedAt
  // Each look belongs to the behaviour that the container has then; a new behaviour wakes the checks again.
  let cancel = (): void => undefined
  const plan = (notBefore: number): void => {
    cancel()
    const steps = Math.max(1, Math.ceil((notBefore - started) / step))
    cancel = engine.clock.at(started + steps * step, look)
  }
  const turn = (health: 'HEALTHY' | 'UNHEALTHY'): void => {
    if (container.health === health) return
    container.health = health
    engine.happen('container-health', `container ${container.name} of task ${task.id} is ${health}`, {
      task: task.arn,
      container: container.name,
      health
    })
    changed()
  }
  const look = (): void => {
    if (container.status !== 'RUNNING' || container.startedAt !== birth) return
    const age = task.age(container)
    const passes = commandPasses(container.behaviour, container.lacks, check.command, age)
    if (passes) {
      container.checkFailures = 0
      turn('HEALTHY')
    } else if (age >= startPeriod || container.health === 'HEALTHY') {
      container.checkFailures++
      if (container.checkFailures >= retries) turn('UNHEALTHY')
    }
    const settled = passes ? container.health === 'HEALTHY' : container.health === 'UNHEALTHY'
    const next = nextChange(container.behaviour, age)
    if (!settled) plan(engine.clock.now() + 1)
    else if (next !== undefined) plan(Math.max(started + next * 1000, engine.clock.now() + 1))
  }
  container.recheck = () => plan(engine.clock.now() + 1)
  plan(started + step)
}
