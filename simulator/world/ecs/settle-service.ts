/** A service as a story finds it: deployed an hour ago, every task healthy. */
import { completeDeployment } from './deploy.js'
import { makeTask, placeOnInstance } from './placement.js'
import type { Scheduler } from './scheduler.js'
import type { Service } from './service.js'
import { settleTask } from './settled.js'
import { registerRunning } from './target-duty.js'
import { eventTexts } from '../texts.js'

/** Makes the service's first deployment COMPLETED; throws when an EC2 service finds no room. */
export function settleService(service: Service, scheduler: Scheduler): void {
  const { engine, primary } = service
  const now = engine.clock.now()
  const ago = 3_600_000
  primary.createdAt = primary.revisionCreatedAt = now - ago
  for (let i = 0; i < service.desiredCount; i++) {
    const task = makeTask(engine, primary, now - ago)
    if (!service.isFargate && placeOnInstance(service, task) !== undefined)
      throw new Error(`${service.name}: no container instance has room for ${task.definition.ref}`)
    service.addTask(task)
    settleTask(engine, task, now - ago, () => scheduler.wake())
  }
  registerRunning(engine, service, () => scheduler.wake())
  for (const task of service.tasks) {
    for (const r of task.registrations) r.group.settle(r.id, r.port)
    if (task.healthy) task.healthyAt = now - ago
  }
  completeDeployment(service)
  primary.updatedAt = now - ago + 180_000
  service.eventLog.length = 0
  service.say(eventTexts.completed.say(service.name, primary.id), 180_000 - ago)
  service.say(eventTexts.steady.say(service.name), 180_001 - ago)
  const { record } = primary
  if (record !== undefined) {
    record.createdAt = record.startedAt = record.listedFrom = now - ago
    record.finishedAt = record.updatedAt = primary.updatedAt
  }
  service.unsettled = false
  scheduler.beatOn()
}
