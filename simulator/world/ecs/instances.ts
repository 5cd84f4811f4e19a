/** What happens to EC2 instances, and with them to the tasks on them. */
import type { ContainerInstanceHandle, EcsBuilder } from '../api.js'
import { ContainerInstance } from './clusters.js'
import type { Ecs } from './ecs.js'
import type { Engine } from '../engine.js'
import { mainIds } from '../network/network.js'
import { stopTexts } from '../texts.js'

export type InstanceOptions = NonNullable<Parameters<EcsBuilder['containerInstance']>[1]>

/** A new instance, in its subnet. */
export function makeInstance(
  engine: Engine,
  prefix: string,
  cluster: string,
  options: InstanceOptions
): ContainerInstance & ContainerInstanceHandle {
  const { ids, region, clock, network } = engine
  const { subnet: named } = options
  const zone = options.availabilityZone ?? `${region}a`
  const [subnet = network.privateSubnet(zone)] = named === undefined ? [] : network.adoptSubnets([named])
  const made: ContainerInstance = new ContainerInstance(
    `${prefix}:container-instance/${cluster}/${ids.hex(32)}`,
    options.instanceId ?? `i-0${ids.hex(16)}`,
    options.cpu ?? 2048,
    options.memory ?? 3840,
    subnet.availabilityZone,
    clock.now(),
    network.enter(
      subnet,
      network.adoptGroups(options.securityGroups ?? [mainIds.taskGroup]),
      subnet.mapPublicIp,
      () => made.status !== 'GONE'
    ),
    options.attributes
  )
  return made
}

/** The instances of that EC2 id, in whatever cluster. */
export function instancesOf(ecs: Ecs, instanceId: string): ContainerInstance[] {
  return [...ecs.clusters.values()].flatMap((c) => c.instances.filter((i) => i.instanceId === instanceId))
}

/** It is stopped or terminated, and its tasks with it. */
export function loseInstance(ecs: Ecs, instanceId: string, how: 'terminated' | 'stopped'): void {
  for (const instance of instancesOf(ecs, instanceId))
    leave(ecs, instance, 'TerminationNotice', stopTexts.host.say(instance.instanceId, how))
}

/** It is taken out of its cluster by force. */
export function deregisterInstance(ecs: Ecs, instanceId: string): void {
  for (const instance of instancesOf(ecs, instanceId))
    leave(ecs, instance, 'UserInitiated', stopTexts.deregistered.say())
}

function leave(ecs: Ecs, instance: ContainerInstance, stopCode: string, reason: string): void {
  instance.status = 'GONE'
  ecs.engine.elb.lookAgain()
  for (const task of [...instance.tasks]) {
    const { scheduler } = ecs.lifeOf(task.arn)
    scheduler.life.cut(task, stopCode, reason, true)
    ecs.disturbed(scheduler)
  }
}

/** It takes no more tasks; what is starting there is stopped at once, what runs is replaced within the service's bounds. */
export function drainInstance(ecs: Ecs, instanceId: string): void {
  for (const instance of instancesOf(ecs, instanceId)) {
    instance.status = 'DRAINING'
    for (const task of [...instance.tasks]) {
      const { scheduler } = ecs.lifeOf(task.arn)
      if (task.pending && task.standalone === undefined)
        scheduler.life.stop(task, 'ServiceSchedulerInitiated', stopTexts.scaling.say(task.deployment.id))
      ecs.disturbed(scheduler)
    }
  }
}
