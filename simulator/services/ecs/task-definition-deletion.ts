/** DeleteTaskDefinitions (facts E4): DELETE_IN_PROGRESS, and it stays so in this world. */
import { lifeTexts } from '../../world/texts.js'
import type { SimulatedWorld } from '../../world/world.js'
import type { Answer, Operation } from '../operation.js'
import { invalid } from './find.js'
import { extrasOf } from './task-definitions.js'

function run(world: SimulatedWorld, input: { taskDefinitions: string[] }): Answer {
  if (input.taskDefinitions.length > 10) throw invalid('Can delete at most 10 task definitions.')
  const taskDefinitions: unknown[] = []
  const failures: unknown[] = []
  const extras = new Set<string>()
  for (const ref of input.taskDefinitions) {
    const name = ref.slice(ref.lastIndexOf('/') + 1)
    const found = name.includes(':') ? world.ecs.definitions.find(ref) : undefined
    if (found === undefined) failures.push({ arn: ref, reason: 'MISSING' })
    else if (found.status === 'ACTIVE')
      failures.push({ arn: found.arn, reason: 'ACTIVE', detail: lifeTexts.stillActive.say() })
    else {
      found.status = 'DELETE_IN_PROGRESS'
      found.deleteRequestedAt ??= world.clock.now()
      taskDefinitions.push(found.describe())
      for (const path of extrasOf(found)) extras.add(path.replace('taskDefinition.', 'taskDefinitions[].'))
    }
  }
  return { output: { taskDefinitions, failures }, extras }
}

/** The operations, by name. */
export const deletionOperations: Record<string, Operation> = { DeleteTaskDefinitions: { write: true, run } }
