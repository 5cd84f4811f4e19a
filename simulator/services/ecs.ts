/** ECS operations over the world. */
import type { ServiceUpdate, Tag, TaskDefinitionSpec } from '../world/api.js'
import type { Cluster } from '../world/clusters.js'
import { AwsError } from '../world/errors.js'
import { lastOf } from '../world/ids.js'
import type { Service } from '../world/service.js'
import type { TaskDefinition } from '../world/task-definitions.js'
import type { SimulatedWorld } from '../world/world.js'
import { deploymentBrief, deploymentDetail, instanceShape, serviceShape, taskShape } from './ecs-shapes.js'
import { read, write, type Operation } from './operation.js'
import { page } from './paging.js'
import { schemasOf } from '../wire/schemas.js'
import { inspectRequest } from '../wire/validate.js'

interface Page {
  nextToken?: string
  maxResults?: number
}

function clusterOf(world: SimulatedWorld, ref = 'default'): Cluster {
  const found = world.ecs.clusters.get(lastOf(ref))
  if (found === undefined || found.status === 'INACTIVE')
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
  return found
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

function serviceOf(world: SimulatedWorld, cluster: Cluster, ref: string): Service {
  const found = world.ecs.find(cluster, ref)
  if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.')
  return found
}

function definitionOf(world: SimulatedWorld, ref: string): TaskDefinition {
  const found = world.ecs.definitions.find(ref)
  if (found === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.')
  return found
}

/** Where in an answer stand the members that no schema knows, because a story or a client planted them. */
function extrasOf(definition: TaskDefinition): Set<string> {
  const schemas = schemasOf('ecs', 'RegisterTaskDefinition')
  const { unknown } = inspectRequest(schemas!.input, definition.raw)
  return new Set(unknown.map((path) => `taskDefinition.${path}`))
}

const missingArn = (world: SimulatedWorld, kind: string, cluster: Cluster, ref: string): string =>
  ref.startsWith('arn:') ? ref : `${world.ecs.prefix}:${kind}/${cluster.name}/${ref}`

/** DescribeServices, also used for stale answers. */
export function describeServices(
  world: SimulatedWorld,
  input: { cluster?: string; services: string[]; include?: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.services.length === 0) throw invalid('Services cannot be empty.')
  if (input.services.length > 10) throw invalid('Can describe at most 10 services.')
  const withTags = input.include?.includes('TAGS') ?? false
  const services: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.services) {
    const found = world.ecs.find(cluster, ref)
    if (found !== undefined) services.push(serviceShape(found, withTags))
    else failures.push({ arn: missingArn(world, 'service', cluster, ref), reason: 'MISSING' })
  }
  return { services, failures }
}

const registerTaskDefinition: Operation = {
  write: true,
  openEnded: true,
  run: (world, input: TaskDefinitionSpec & { tags?: Tag[] }, { unknown }) => {
    const responseOnly = [
      'taskDefinitionArn',
      'revision',
      'status',
      'requiresAttributes',
      'compatibilities',
      'registeredAt',
      'deregisteredAt',
      'deleteRequestedAt',
      'registeredBy'
    ]
    const refused = unknown.find((path) => responseOnly.includes(path))
    if (refused !== undefined)
      throw new AwsError('ClientException', `Unknown parameter in input: "${refused}"`)
    const { tags, ...spec } = input
    if (spec.containerDefinitions.length === 0)
      throw new AwsError('ClientException', 'Container list cannot be empty.')
    const made = world.ecs.definitions.register(spec, tags ?? [])
    return {
      output: { taskDefinition: made.describe(), ...(tags === undefined ? {} : { tags }) },
      extras: extrasOf(made)
    }
  }
}

const describeTaskDefinition: Operation = {
  write: false,
  run: (world, input: { taskDefinition: string; include?: string[] }) => {
    const found = definitionOf(world, input.taskDefinition)
    const tags = input.include?.includes('TAGS') === true ? { tags: found.tags } : {}
    return { output: { taskDefinition: found.describe(), ...tags }, extras: extrasOf(found) }
  }
}

const deregisterTaskDefinition: Operation = {
  write: true,
  run: (world, input: { taskDefinition: string }) => {
    const found = world.ecs.definitions.deregister(input.taskDefinition)
    return { output: { taskDefinition: found.describe() }, extras: extrasOf(found) }
  }
}

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
  let tasks = world.ecs.services.filter((s) => s.cluster === cluster).flatMap((s) => s.tasks)
  if (input.serviceName !== undefined) {
    const service = serviceOf(world, cluster, input.serviceName)
    tasks = service.tasks
  }
  const status = input.desiredStatus ?? 'RUNNING'
  tasks = tasks.filter((t) => t.desiredStatus === status)
  if (input.startedBy !== undefined) tasks = tasks.filter((t) => t.deployment.id === input.startedBy)
  if (input.family !== undefined) tasks = tasks.filter((t) => t.definition.family === input.family)
  if (input.launchType !== undefined)
    tasks = tasks.filter((t) => (t.deployment.service.isFargate ? 'FARGATE' : 'EC2') === input.launchType)
  if (input.containerInstance !== undefined) {
    const id = lastOf(input.containerInstance)
    tasks = tasks.filter((t) => t.instance !== undefined && lastOf(t.instance.arn) === id)
  }
  const { items, next } = page(tasks, input.nextToken, input.maxResults)
  return { taskArns: items.map((t) => t.arn), nextToken: next }
}

function describeTasks(
  world: SimulatedWorld,
  input: { cluster?: string; tasks: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.tasks.length === 0) throw invalid('Tasks cannot be empty.')
  if (input.tasks.length > 100) throw invalid('Can describe at most 100 tasks.')
  const tasks: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.tasks) {
    const found = world.ecs.findTask(ref)
    if (found?.clusterArn === cluster.arn) tasks.push(taskShape(found))
    else failures.push({ arn: missingArn(world, 'task', cluster, ref), reason: 'MISSING' })
  }
  return { tasks, failures }
}

function taggable(world: SimulatedWorld, arn: string): { tags: Tag[] } {
  const service = world.ecs.services.find((s) => s.arn === arn)
  if (service !== undefined) return service
  const definition = arn.includes(':task-definition/') ? world.ecs.definitions.find(arn) : undefined
  if (definition !== undefined) return definition
  throw invalid('The specified resource ARN was not found.')
}

function tagResource(
  world: SimulatedWorld,
  input: { resourceArn: string; tags: Tag[] }
): Record<string, unknown> {
  const { tags } = taggable(world, input.resourceArn)
  for (const tag of input.tags) {
    const at = tags.findIndex((t) => t.key === tag.key)
    if (at >= 0) tags[at] = tag
    else tags.push(tag)
  }
  return {}
}

function describeClusters(world: SimulatedWorld, input: { clusters?: string[] }): Record<string, unknown> {
  const clusters: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.clusters ?? ['default']) {
    const found = world.ecs.clusters.get(lastOf(ref))
    if (found === undefined) {
      failures.push({
        arn: ref.startsWith('arn:') ? ref : `${world.ecs.prefix}:cluster/${ref}`,
        reason: 'MISSING'
      })
      continue
    }
    const services = world.ecs.services.filter((s) => s.cluster === found && s.status !== 'INACTIVE')
    clusters.push({
      clusterArn: found.arn,
      clusterName: found.name,
      status: found.status,
      registeredContainerInstancesCount: found.instances.filter((i) => i.status !== 'GONE').length,
      runningTasksCount: services.reduce((n, s) => n + s.runningCount, 0),
      pendingTasksCount: services.reduce((n, s) => n + s.pendingCount, 0),
      activeServicesCount: services.length,
      statistics: [],
      tags: [],
      settings: [{ name: 'containerInsights', value: 'disabled' }],
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: []
    })
  }
  return { clusters, failures }
}

function describeContainerInstances(
  world: SimulatedWorld,
  input: { cluster?: string; containerInstances: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.containerInstances.length > 100) throw invalid('Can describe at most 100 container instances.')
  const containerInstances: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.containerInstances) {
    const found = cluster.instances.find((i) => lastOf(i.arn) === lastOf(ref))
    if (found === undefined)
      failures.push({ arn: missingArn(world, 'container-instance', cluster, ref), reason: 'MISSING' })
    else containerInstances.push(instanceShape(found))
  }
  return { containerInstances, failures }
}

function listServiceDeployments(
  world: SimulatedWorld,
  input: Page & {
    service: string
    cluster?: string
    status?: string[]
    createdAt?: { before?: number; after?: number }
  }
): Record<string, unknown> {
  const service = serviceOf(world, clusterOf(world, input.cluster), input.service)
  const { before, after } = input.createdAt ?? {}
  const records = service.records.filter(
    (r) =>
      (input.status === undefined || input.status.length === 0 || input.status.includes(r.status)) &&
      (before === undefined || r.createdAt <= before * 1000) &&
      (after === undefined || r.createdAt >= after * 1000)
  )
  const { items, next } = page(records, input.nextToken, input.maxResults)
  return { serviceDeployments: items.map((r) => deploymentBrief(service, r)), nextToken: next }
}

function describeServiceDeployments(
  world: SimulatedWorld,
  input: { serviceDeploymentArns: string[] }
): Record<string, unknown> {
  if (input.serviceDeploymentArns.length > 20) throw invalid('Can describe at most 20 service deployments.')
  const serviceDeployments: unknown[] = []
  const failures: unknown[] = []
  for (const arn of input.serviceDeploymentArns) {
    const service = world.ecs.services.find((s) => s.records.some((r) => r.arn === arn))
    const record = service?.records.find((r) => r.arn === arn)
    if (service === undefined || record === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceDeployments.push(deploymentDetail(service, record))
  }
  return { serviceDeployments, failures }
}

export const ecsOperations: Record<string, Operation> = {
  DescribeServices: read(describeServices),
  UpdateService: write((world, input: ServiceUpdate & { service: string; cluster?: string }) => {
    const { service: ref, cluster, ...update } = input
    const service = serviceOf(world, clusterOf(world, cluster), ref)
    world.ecs.update(service, update)
    return { service: serviceShape(service, false) }
  }),
  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: describeTaskDefinition,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  ListTaskDefinitions: read(
    (world, input: Page & { familyPrefix?: string; status?: string; sort?: string }) => {
      const status = input.status ?? 'ACTIVE'
      const arns = world.ecs.definitions.all
        .filter(
          (d) => d.status === status && (input.familyPrefix === undefined || d.family === input.familyPrefix)
        )
        .map((d) => d.arn)
      if (input.sort === 'DESC') arns.reverse()
      const { items, next } = page(arns, input.nextToken, input.maxResults)
      return { taskDefinitionArns: items, nextToken: next }
    }
  ),
  ListTasks: read(listTasks),
  DescribeTasks: read(describeTasks),
  StopTask: write((world, input: { cluster?: string; task: string; reason?: string }) => {
    const cluster = clusterOf(world, input.cluster)
    const task = world.ecs.findTask(input.task)
    if (task?.clusterArn !== cluster.arn) throw invalid('The referenced task was not found.')
    world.ecs.stopTask(task.arn, input.reason)
    return { task: taskShape(task) }
  }),
  DescribeContainerInstances: read(describeContainerInstances),
  DescribeClusters: read(describeClusters),
  ListClusters: read((world, input: Page) => {
    const { items, next } = page([...world.ecs.clusters.values()], input.nextToken, input.maxResults)
    return { clusterArns: items.map((c) => c.arn), nextToken: next }
  }),
  ListServices: read((world, input: Page & { cluster?: string; launchType?: string }) => {
    const cluster = clusterOf(world, input.cluster)
    const all = world.ecs.services.filter(
      (s) =>
        s.cluster === cluster &&
        s.status !== 'INACTIVE' &&
        (input.launchType === undefined || s.launchType === input.launchType)
    )
    const { items, next } = page(all, input.nextToken, input.maxResults)
    return { serviceArns: items.map((s) => s.arn), nextToken: next }
  }),
  ListTagsForResource: read((world, input: { resourceArn: string }) => ({
    tags: taggable(world, input.resourceArn).tags
  })),
  TagResource: write(tagResource),
  ListServiceDeployments: read(listServiceDeployments),
  DescribeServiceDeployments: read(describeServiceDeployments)
}
