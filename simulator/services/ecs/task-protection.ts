/** UpdateTaskProtection and GetTaskProtection (facts A3.10; the SDK's requests). */
import { protectionMinutes } from '../../world/ecs/protection.js'
import type { Cluster } from '../../world/ecs/clusters.js'
import type { Task } from '../../world/ecs/task.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { clusterOf, invalid, missingArn } from './find.js'

function shape(task: Task): Record<string, unknown> {
  return {
    taskArn: task.arn,
    protectionEnabled: task.protected,
    ...(task.protected ? { expirationDate: new Date(task.protectedUntil!) } : {})
  }
}

function split(world: SimulatedWorld, cluster: Cluster, refs: readonly string[]): [Task[], unknown[]] {
  const tasks: Task[] = []
  const failures: unknown[] = []
  for (const ref of refs) {
    const found = world.ecs.findTask(ref)
    if (found?.clusterArn !== cluster.arn)
      failures.push({ arn: missingArn(world, 'task', cluster, ref), reason: 'MISSING' })
    else if (found.desiredStatus === 'STOPPED' || found.standalone !== undefined)
      failures.push({ arn: found.arn, reason: 'TASK_NOT_VALID' })
    else tasks.push(found)
  }
  return [tasks, failures]
}

function update(
  world: SimulatedWorld,
  input: { cluster: string; tasks: string[]; protectionEnabled: boolean; expiresInMinutes?: number }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  const { usual, longest } = protectionMinutes
  const minutes = input.expiresInMinutes ?? usual
  if (input.tasks.length === 0 || input.tasks.length > 10) throw invalid('Tasks must be 1 to 10.')
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > longest)
    throw invalid(`expiresInMinutes must be from 1 to ${longest}.`)
  const [tasks, failures] = split(world, cluster, input.tasks)
  for (const task of tasks) world.ecs.protect(task.arn, input.protectionEnabled ? minutes : 0)
  return { protectedTasks: tasks.map(shape), failures }
}

function get(world: SimulatedWorld, input: { cluster: string; tasks?: string[] }): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if ((input.tasks?.length ?? 0) > 100) throw invalid('Can describe at most 100 tasks.')
  const [tasks, failures] = split(world, cluster, input.tasks ?? [])
  return { protectedTasks: tasks.map(shape), failures }
}

/** The operations, by name. */
export const protectionOperations: Record<string, Operation> = {
  UpdateTaskProtection: write(update),
  GetTaskProtection: read(get)
}
