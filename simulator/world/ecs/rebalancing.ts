/** Availability Zone rebalancing (facts A3.14): a task starts in the emptier zone, then one stops in the fuller. */
import type { Service } from './service.js'
import type { Task } from './task.js'
import { eventTexts } from '../texts.js'

/** A move under way: the task that came, and the zone that one is to leave. */
export interface Move {
  task: Task
  from: string
}

type Zone = [zone: string, tasks: number]

/** The zones that its tasks can stand in: those of its subnets, on EC2 those of its cluster's instances. */
function zonesFor(service: Service): string[] {
  if (!service.isFargate)
    return service.cluster.instances.filter((i) => i.status === 'ACTIVE').map((i) => i.availabilityZone)
  const vpc = service.networkConfiguration?.awsvpcConfiguration as { subnets?: string[] } | undefined
  return service.engine.network.adoptSubnets(vpc?.subnets ?? []).map((s) => s.availabilityZone)
}

function zonesOf(service: Service): Zone[] {
  const counts = new Map<string, number>(zonesFor(service).map((zone) => [zone, 0]))
  for (const { availabilityZone: zone } of service.alive) counts.set(zone, (counts.get(zone) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/**
 * Called when a service is steady: begins a move when two zones differ by more than one task and maximumPercent has
 * room for one more. `launch` starts a task in a zone, if it can. True when a move began.
 */
export function rebalance(service: Service, launch: (zone: string) => Task | undefined): boolean {
  if (service.extra.availabilityZoneRebalancing !== 'ENABLED') return false
  const zones = zonesOf(service)
  const [fullest, emptiest] = [zones[0], zones.at(-1)]
  if (fullest === undefined || emptiest === undefined) return false
  const list = zones.map(([zone, n]) => `${n} tasks in ${zone}`).join(', ')
  if (fullest[1] - emptiest[1] <= 1) {
    if (service.unbalanced) service.say(eventTexts.balanced.say(service.name, list))
    service.unbalanced = false
    return false
  }
  if (service.upperBound <= service.desiredCount) return false
  const task = launch(emptiest[0])
  if (task === undefined) return false
  if (!service.unbalanced) service.say(eventTexts.unbalanced.say(service.name, list))
  service.unbalanced = true
  service.say(eventTexts.rebalancing.say(service.name, emptiest[0], [task.id]))
  service.move = { task, from: fullest[0] }
  return true
}

/** The move of this service, as long as its task lives and nothing else is deployed. */
export function moving(service: Service): Move | undefined {
  const { move } = service
  if (move?.task.alive !== true || move.task.deployment !== service.deployments[0]) service.move = undefined
  return service.move
}
