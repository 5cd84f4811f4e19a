/** Tasks: listing, describing, stopping. */
import { lastOf } from '../../world/ids.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, missingArn, serviceOf, type Page } from './find.js'
import { runTask } from './run-task.js'
import { taskShape } from './task-shapes.js'

function listTasks(
  world: SimulatedWorld,
  input: Page & {
    cluster?: string
    serviceName?: string
    startedBy?: string
    desiredStatus?: string
    family?: string
    launchType?: string
    containerInstance?: string
  }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  const filters = [
    input.serviceName,
    input.desiredStatus,
    input.family,
    input.launchType,
    input.containerInstance
  ]
  if (input.startedBy !== undefined && filters.some((f) => f !== undefined))
    throw invalid('Invalid combination of filters: startedBy must be the only filter.')
  if (input.desiredStatus !== undefined && !['RUNNING', 'STOPPED', 'PENDING'].includes(input.desiredStatus))
    throw invalid('Invalid desiredStatus.')
  let tasks = [
    ...world.ecs.services.filter((s) => s.cluster === cluster).flatMap((s) => s.tasks),
    ...world.ecs.standalone.tasks.filter((t) => t.clusterArn === cluster.arn)
  ]
  if (input.serviceName !== undefined) {
    const service = serviceOf(world, cluster, input.serviceName)
    tasks = service.tasks
  }
  const status = input.desiredStatus ?? 'RUNNING'
  tasks = tasks.filter((t) => t.desiredStatus === status)
  if (input.startedBy !== undefined) tasks = tasks.filter((t) => t.startedBy === input.startedBy)
  if (input.family !== undefined) tasks = tasks.filter((t) => t.definition.family === input.family)
  if (input.launchType !== undefined)
    tasks = tasks.filter((t) => (t.fargate ? 'FARGATE' : 'EC2') === input.launchType)
  if (input.containerInstance !== undefined) {
    const id = lastOf(input.containerInstance)
    tasks = tasks.filter((t) => t.instance !== undefined && lastOf(t.instance.arn) === id)
  }
  const { items, next } = page(tasks, input.nextToken, input.maxResults)
  return { taskArns: items.map((t) => t.arn), nextToken: next }
}

function describeTasks(
  world: SimulatedWorld,
  input: { cluster?: string; tasks: string[]; include?: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.tasks.length === 0) throw invalid('Tasks cannot be empty.')
  if (input.tasks.length > 100) throw invalid('Can describe at most 100 tasks.')
  const tasks: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.tasks) {
    const found = world.ecs.findTask(ref)
    if (found?.clusterArn === cluster.arn) tasks.push(taskShape(found, input.include?.includes('TAGS')))
    else failures.push({ arn: missingArn(world, 'task', cluster, ref), reason: 'MISSING' })
  }
  return { tasks, failures }
}

/** The operations, by name. */
export const taskOperations: Record<string, Operation> = {
  ListTasks: read(listTasks),
  DescribeTasks: read(describeTasks),
  RunTask: write(runTask),
  StopTask: write((world, input: { cluster?: string; task: string; reason?: string }) => {
    const cluster = clusterOf(world, input.cluster)
    const task = world.ecs.findTask(input.task)
    if (task?.clusterArn !== cluster.arn) throw invalid('The referenced task was not found.')
    world.ecs.stopTask(task.arn, input.reason)
    return { task: taskShape(task) }
  })
}
