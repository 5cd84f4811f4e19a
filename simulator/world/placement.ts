/** Making a task: its id, its address, and on EC2 its instance and host ports. */
import type { Deployment } from './deployment.js'
import type { Engine } from './engine.js'
import type { ContainerInstance } from './clusters.js'
import { mainIds } from './network/network.js'
import type { Service } from './service.js'
import { announced, countAttempt } from './start-trouble.js'
import { Container, Task } from './task.js'
import { eventTexts } from './texts.js'

/** A new task of a deployment, not launched yet. */
export function makeTask(engine: Engine, deployment: Deployment, createdAt = engine.clock.now()): Task {
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
  const among = engine.network.adoptSubnets(subnets ?? mainIds.subnets)
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

/** Finds the task a place; the answer is the event that says why there is none. */
export function place(engine: Engine, service: Service, task: Task): string | undefined {
  const told = announced(engine, task, 'placement')
  if (told !== undefined) {
    countAttempt(engine, task)
    return told.text
  }
  if (service.isFargate) return undefined
  const refusal = placeOnInstance(service, task)
  return refusal === undefined ? undefined : eventTexts.noInstance.say(service.name, refusal)
}

/** Puts the task on an instance, or says why none fits (the event's last sentence, with its space). */
export function placeOnInstance(service: Service, task: Task): string | undefined {
  const active = service.cluster.instances.filter((i) => i.status === 'ACTIVE')
  const wanted = task.containers.flatMap((c) => c.ports.map((p) => p.hostPort)).filter((port) => port !== 0)
  const shortOf = (i: ContainerInstance): string | undefined => {
    if (i.freeCpu < task.cpu) return 'has insufficient CPU units available'
    if (i.freeMemory < task.memory) return 'has insufficient memory available'
    if (!task.hasEni && wanted.some((port) => i.uses(port)))
      return 'is already using a port required by your task'
    return undefined
  }
  const fits = active.filter((i) => shortOf(i) === undefined).sort((a, b) => a.tasks.size - b.tasks.size)
  const [instance] = fits
  if (instance === undefined) {
    const [closest] = active
    if (closest === undefined) return ''
    return ` The closest matching container-instance ${closest.arn.slice(closest.arn.lastIndexOf('/') + 1)} ${shortOf(closest) ?? ''}.`
  }
  task.instance = instance
  instance.tasks.add(task)
  for (const c of task.containers)
    for (const p of c.ports) if (p.hostPort === 0) p.hostPort = instance.takePort()
  return undefined
}
