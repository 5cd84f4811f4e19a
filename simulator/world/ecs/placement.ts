/** Making a task: its id, its address, and on EC2 its instance and host ports. */
import type { Deployment } from './deployment.js'
import type { Engine } from '../engine.js'
import type { ContainerInstance } from './clusters.js'
import { mainIds } from '../network/network.js'
import type { Service } from './service.js'
import { announced, countAttempt, roleTrouble } from './start-trouble.js'
import { Container, Task } from './task.js'
import { eventTexts } from '../texts.js'

/** A new task of a deployment, not launched yet; in any of its zones, or (Fargate) in the one that is wanted. */
export function makeTask(
  engine: Engine,
  deployment: Deployment,
  createdAt = engine.clock.now(),
  zone?: string
): Task {
  const { service, definition } = deployment
  const { ids } = engine
  const id = ids.hex(32)
  const prefix = `${service.arnPrefix}:`
  const settings = deployment.settings.networkConfiguration as
    | {
        awsvpcConfiguration?: {
          subnets?: string[]
          securityGroups?: string[]
          assignPublicIp?: 'ENABLED' | 'DISABLED'
        }
      }
    | undefined
  const { subnets, securityGroups, assignPublicIp } = settings?.awsvpcConfiguration ?? {}
  const among = engine.network
    .adoptSubnets(subnets ?? mainIds.subnets)
    .filter((s) => zone === undefined || !service.isFargate || s.availabilityZone === zone)
  const subnet = among[ids.below(among.length)]!
  const hex = ids.hex(10)
  const containers = definition.containers.map((c) => {
    const made = new Container(c, `${prefix}container/${service.cluster.name}/${id}/${ids.uuid()}`)
    made.ports = (c.portMappings ?? []).map((p) => ({
      containerPort: p.containerPort,
      hostPort: definition.networkMode === 'bridge' ? (p.hostPort ?? 0) : p.containerPort,
      protocol: p.protocol ?? 'tcp'
    }))
    return made
  })
  let task: Task | undefined = undefined
  const eni = `eni-0${ids.hex(16)}`
  const place = engine.network.enter(
    subnet,
    engine.network.adoptGroups(securityGroups ?? [mainIds.taskGroup]),
    assignPublicIp === 'ENABLED' && service.isFargate,
    () => definition.networkMode === 'awsvpc' && task?.status !== 'STOPPED',
    eni
  )
  task = new Task(
    engine.clock,
    id,
    `${prefix}task/${service.cluster.name}/${id}`,
    deployment,
    definition,
    0,
    {
      ip: place.ip,
      mac: `0a:${hex.match(/../g)!.join(':')}`,
      eni,
      attachment: ids.uuid(),
      subnet: subnet.id,
      zone: subnet.availabilityZone,
      place
    },
    containers,
    createdAt
  )
  task.capacityProvider = providerOf(deployment)
  task.registrations = deployment.settings.loadBalancers.flatMap((lb) => {
    const container = containers.find((c) => c.name === lb.containerName)
    if (container === undefined) return []
    return [
      {
        group: lb.group,
        container,
        containerPort: lb.containerPort,
        state: 'not-yet' as const,
        id: '',
        port: 0
      }
    ]
  })
  return task
}

/** The capacity provider whose turn it is: bases first, then the one furthest behind its weight. */
function providerOf(deployment: Deployment): string | undefined {
  const strategy = deployment.service.capacityProviderStrategy ?? []
  const has = (name: string): number =>
    deployment.tasks.filter((t) => t.desiredStatus === 'RUNNING' && t.capacityProvider === name).length
  const below = strategy.find((c) => has(c.capacityProvider) < (c.base ?? 0))
  if (below !== undefined) return below.capacityProvider
  const [next] = strategy
    .filter((c) => (c.weight ?? 1) > 0)
    .map((c) => ({
      name: c.capacityProvider,
      behind: (has(c.capacityProvider) - (c.base ?? 0) + 1) / (c.weight ?? 1)
    }))
    .sort((a, b) => a.behind - b.behind)
  return next?.name ?? strategy[0]?.capacityProvider
}

/** Finds the task a place, on EC2 in a zone if one is wanted; the answer is the event that says why there is none. */
export function place(engine: Engine, service: Service, task: Task, zone?: string): string | undefined {
  const told = announced(engine, task, 'placement') ?? roleTrouble(engine, task)
  if (told !== undefined) {
    countAttempt(engine, task)
    if (told.name === 'account-blocked') task.deployment.blocked = true
    abandon(task)
    return told.text
  }
  if (service.isFargate) return undefined
  const refusal = placeOnInstance(service, task, zone)
  if (refusal === undefined) return undefined
  abandon(task)
  return eventTexts.noInstance.say(service.name, refusal)
}

/** There was never such a task: its address is free again. */
export function abandon(task: Task): void {
  task.status = 'STOPPED'
}

/** Why an instance does not take a task: in an event's words and in those of RunTask's failures. */
interface Refusal {
  event: string
  failure: string
}

function refusalOf(instance: ContainerInstance, task: Task): Refusal | undefined {
  const wanted = task.containers.flatMap((c) => c.ports.map((p) => p.hostPort)).filter((port) => port !== 0)
  if (!instance.agentConnected) return { event: ' encountered error "AGENT"', failure: 'AGENT' }
  if (!constraintsOf(task).every((c) => allows(c, instance, task)))
    return { event: '', failure: 'MemberOf placement constraint unsatisfied.' }
  if (instance.freeCpu < task.cpu)
    return { event: ' has insufficient CPU units available', failure: 'RESOURCE:CPU' }
  if (instance.freeMemory < task.memory)
    return { event: ' has insufficient memory available', failure: 'RESOURCE:MEMORY' }
  if (!task.hasEni && wanted.some((port) => instance.uses(port)))
    return { event: ' is already using a port required by your task', failure: 'RESOURCE:PORTS' }
  return undefined
}

/** Whether what an event says is missing is room: tasks that leave would make it. */
export function lacksRoom(event: string): boolean {
  return event.includes(' has insufficient ') || event.includes(' is already using a port ')
}

interface Constraint {
  type?: string
  expression?: string
}

function constraintsOf(task: Task): Constraint[] {
  const { service } = task.deployment
  return [
    ...((task.definition.raw.placementConstraints as Constraint[] | undefined) ?? []),
    ...((service.extra.placementConstraints as Constraint[] | undefined) ?? [])
  ]
}

/** `distinctInstance`, and `memberOf` with `attribute:name` ==, !=, in, exists; joined by `and`. */
function allows(constraint: Constraint, instance: ContainerInstance, task: Task): boolean {
  if (constraint.type === 'distinctInstance')
    return ![...instance.tasks].some((t) => t.deployment.service === task.deployment.service)
  return (constraint.expression ?? '').split(/\s+and\s+/).every((part) => {
    const found = /^\s*attribute:(\S+)\s+(==|!=|in|exists)\s*(.*)$/.exec(part)
    if (found === null) throw new Error(`the simulator does not know the placement constraint ${part}`)
    const [, name = '', relation, rest = ''] = found
    const value = name === 'ecs.availability-zone' ? instance.availabilityZone : instance.attributes[name]
    if (relation === 'exists') return value !== undefined
    if (relation === '!=') return value !== rest.trim()
    const values = rest.replace(/^\[|\]$/g, '').split(',')
    return value !== undefined && values.some((v) => v.trim() === value)
  })
}

/** Puts the task on an instance, or says why none fits (the event's last sentence, with its space). */
export function placeOnInstance(service: Service, task: Task, zone?: string): string | undefined {
  const there = service.cluster.instances.filter((i) => zone === undefined || i.availabilityZone === zone)
  const refusal = tryInstances(there, task)
  if (refusal === undefined) return undefined
  const { closest, why } = refusal
  if (closest === undefined || why.event === '') return ''
  return ` The closest matching container-instance ${closest.arn.slice(closest.arn.lastIndexOf('/') + 1)}${why.event}.`
}

/** Puts the task on the emptiest instance that takes it; otherwise what the closest one lacks. */
export function tryInstances(
  instances: readonly ContainerInstance[],
  task: Task
): { closest: ContainerInstance | undefined; why: Refusal } | undefined {
  const active = instances.filter((i) => i.status === 'ACTIVE')
  const fits = active
    .filter((i) => refusalOf(i, task) === undefined)
    .sort((a, b) => a.tasks.size - b.tasks.size)
  const [instance] = fits
  if (instance === undefined) {
    const [closest] = active
    const why = closest === undefined ? undefined : refusalOf(closest, task)
    return { closest, why: why ?? { event: '', failure: 'RESOURCE:CPU' } }
  }
  task.instance = instance
  instance.tasks.add(task)
  for (const c of task.containers)
    for (const p of c.ports) if (p.hostPort === 0) p.hostPort = instance.takePort()
  return undefined
}
