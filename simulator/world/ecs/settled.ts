/** Tasks that have been running since before the story began. */
import { behaviourOf } from '../behaviour.js'
import { startContainerChecks } from './container-checks.js'
import { logStreamOf } from './containers.js'
import type { Engine } from '../engine.js'
import type { Task } from './task.js'

/** A task that has been running since a moment in the past (epoch ms), and well. */
export function settleTask(engine: Engine, task: Task, since: number, changed: () => void): void {
  task.pullStartedAt = since + 20_000
  task.pullStoppedAt = since + 26_000
  task.startedAt = since + 32_000
  task.connectedAt = since + 18_000
  task.interfaceMade = task.hasEni
  task.status = 'RUNNING'
  for (const container of task.containers) {
    const found = engine.ecr.pull(container.definition.image, task.definition.platform)
    container.status = 'RUNNING'
    container.startedAt = task.startedAt
    container.runtimeId = task.fargate ? `${task.id}-${engine.ids.digits(10)}` : engine.ids.hex(64)
    if (found.kind === 'image') {
      container.digest = found.digest
      task.deployment.established.set(container.name, found.digest)
      container.behaviours = found.nature.behaviour
      // It began well before the story did: only what it says about signals matters still.
      container.behaviour = {
        onSigterm: behaviourOf(found.nature.behaviour, 1).onSigterm ?? {
          code: 0,
          after: engine.timings.gracefulStop
        }
      }
      container.lacks = []
    }
    const stream = logStreamOf(task, container)
    if (stream !== undefined) engine.logs.groups.get(stream.group)?.stream(stream.name)
    if (container.definition.healthCheck !== undefined) container.health = 'HEALTHY'
    startContainerChecks(engine, task, container, changed)
  }
  // What ran to its end before the others began has done so long ago.
  for (const container of task.containers) {
    const waited = task.containers.some((c) =>
      c.definition.dependsOn?.some(
        (d) => d.containerName === container.name && ['SUCCESS', 'COMPLETE'].includes(d.condition)
      )
    )
    if (!waited) continue
    container.status = 'STOPPED'
    container.exitCode = 0
  }
  task.deployment.anyRan = true
}
