import { parseImage } from '../../domain/image.js'
import { plural } from '../../domain/plural.js'
import type { Task } from '../../domain/service.js'
import { containersOf } from '../../domain/task-definition.js'
import { readStop } from '../../judge/stop-reason.js'
import { ok, unknowable, warning, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceConsole } from '../fixes.js'

/** The same images, tried within the last hour: what killed those tasks may kill the next ones. */
export const triedBefore: Check = {
  name: 'tried-before',
  area: 'service',
  question: 'Did no task with these images fail within the last hour?',
  reads: ['ecs:ListTasks', 'ecs:DescribeTasks'],
  worst: 'warning',
  source:
    'ECS keeps stopped tasks with their reasons for an hour; a deployment that failed is tried again unchanged',
  look(facts) {
    // What runs is judged by how it runs now.
    if (facts.purpose === 'diagnose') return ok('Nothing new is about to start.')
    const { stopped, service } = facts
    if (!stopped.known) return unknowable(stopped.why)
    const failed = stopped.value.filter((t) => readStop(t).kind === 'failed' && hasImages(t, facts))
    if (failed.length === 0) return ok('No task with these images failed.')
    const runs = (task: Task) => task.taskDefinition === service.taskDefinition
    // Tasks of the revision that serves fail now and then; that one has proven itself since.
    if (failed.every(runs) && service.running >= service.desired)
      return ok('These images run now, and every task is there.')
    const reasons = [...new Set(failed.map((t) => t.stoppedReason ?? t.stopCode ?? 'no reason'))]
    return warning(
      `${plural(failed.length, 'task')} with these images failed within the last hour.`,
      reasons.slice(0, 3).map((r) => `stopped: ${r}`),
      {
        todo: 'Make sure that what stopped them is mended before they are deployed again.',
        console: serviceConsole(service, 'Tasks → Stopped')
      }
    )
  }
}

/** True when the task was made of what is to be deployed: the same digest in every container that is known. */
function hasImages(task: Task, { definition }: Facts): boolean {
  const wanted = containersOf(definition).filter((c) => c.essential)
  const same = wanted.map(({ name, image }) => {
    const had = task.containers.find((c) => c.name === name)
    const digest = parseImage(image)?.digest
    if (!had) return false
    return had.image === image || (digest !== undefined && had.imageDigest === digest)
  })
  return same.length > 0 && same.every(Boolean)
}
