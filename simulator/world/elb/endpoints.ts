/** Who stands behind an address or an instance id, for targets that somebody registers by hand. */
import type { Answer } from '../behaviour.js'
import type { ContainerInstance } from '../ecs/clusters.js'
import type { Ecs } from '../ecs/ecs.js'
import type { Endpoint } from './target-group.js'
import { contains } from '../network/cidr.js'

/** The endpoint of an id: a task's address, an instance, or an address of the VPC where nobody is. */
export function endpointOf(ecs: Ecs, id: string): Endpoint | undefined {
  if (id.startsWith('i-')) {
    const instance = instances(ecs).find((i) => i.instanceId === id)
    return instance === undefined ? undefined : instanceEndpoint(instance)
  }
  for (const service of ecs.services) {
    const task = service.tasks.find((t) => t.hasEni && t.status !== 'STOPPED' && t.network.ip === id)
    if (task !== undefined) return task
  }
  const subnets = [...ecs.engine.network.subnets.values()]
  const subnet = subnets.find((s) => contains(s.cidr, id))
  if (subnet === undefined) return undefined
  return { answer: () => 'timeout', changesAt: () => undefined, availabilityZone: subnet.availabilityZone }
}

function instances(ecs: Ecs): ContainerInstance[] {
  return [...ecs.clusters.values()].flatMap((c) => c.instances)
}

/** An instance answers with whichever of its tasks has the port. */
function instanceEndpoint(instance: ContainerInstance): Endpoint {
  const taskAt = (port: number) =>
    [...instance.tasks].find((t) => t.containers.some((c) => c.ports.some((p) => p.hostPort === port)))
  return {
    answer: (port, path): Answer => taskAt(port)?.answer(port, path) ?? 'refused',
    changesAt: () => {
      const moments = [...instance.tasks].map((t) => t.changesAt() ?? Infinity)
      const next = Math.min(...moments, Infinity)
      return next === Infinity ? undefined : next
    },
    availabilityZone: instance.availabilityZone,
    place: instance.place,
    get ended() {
      return instance.ended
    }
  }
}
