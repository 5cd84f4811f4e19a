/**
 * The product's ports over a simulated world in the same process: the same operations, answers and mapping as over
 * HTTP, without the sockets, so that thousands of deployments can be watched in a minute.
 */
import type { DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch'
import type { GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs'
import type * as sdk from '@aws-sdk/client-ecs'
import type { TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { cloudwatchOperations } from '../../simulator/services/cloudwatch.js'
import { describeServices, ecsOperations } from '../../simulator/services/ecs/index.js'
import { elbOperations } from '../../simulator/services/elbv2/index.js'
import { logsOperations } from '../../simulator/services/logs.js'
import type { Operation } from '../../simulator/services/operation.js'
import { SimulatedWorld } from '../../simulator/world/world.js'
import type { World } from '../../simulator/index.js'
import { call, type Patience } from '../../src/aws/call.js'
import { toAlarm } from '../../src/aws/cloudwatch.js'
import { toRollout, toService, toTask } from '../../src/aws/ecs-shapes.js'
import { toTarget, toTargetGroup } from '../../src/aws/elbv2.js'
import type { HappeningBody } from '../../src/domain/events.js'
import { NotFound, type Clock, type Ports, type ServiceName } from '../../src/ports.js'
import type { Dice } from './dice.js'

/** What requests meet on their way: the share of them that is throttled or lost, and how long reads stay stale. */
export interface Weather {
  dice: Dice
  throttled: number
  lost: number
  staleSeconds: number
}

/** What is different from a role that may do everything, under a clear sky. */
export interface Circumstances {
  weather?: Weather
  /** Operations that the role may not call, by their bare names. */
  denied?: readonly string[]
}

/** Ports, and what went over them. */
export interface Wired {
  ports: Ports
  /** Requests by the moment they were sent, epoch milliseconds. */
  sent: number[]
  told: HappeningBody[]
}

/**
 * Wires the product to a world. Sleeping moves the world's clock. Stale reads show the service as it is now, for as
 * long as the weather says: wire before you deploy.
 */
export function wire(world: World, name: ServiceName, { weather, denied = [] }: Circumstances = {}): Wired {
  if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
  const sent: number[] = []
  const told: HappeningBody[] = []
  const throttled: number[] = []
  const clock: Clock = {
    now: () => world.clock.now(),
    sleep: (ms) => {
      world.clock.advanceBy(ms)
      return Promise.resolve()
    },
    random: () => weather?.dice.next() ?? 0.5
  }
  const patience: Patience = { clock, patienceMs: 120_000, count: () => sent.push(world.clock.now()) }
  const until = world.clock.now() + (weather?.staleSeconds ?? 0) * 1000
  const describe = (cluster: string, service: string): sdk.DescribeServicesResponse =>
    describeServices(world, { cluster, services: [service] })
  const before = describe(name.cluster, name.service)

  const weathered = <T>(answer: T): T => {
    if (weather?.dice.chance(weather.throttled) === true) {
      throttled.push(world.clock.now())
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
    }
    if (weather?.dice.chance(weather.lost) === true)
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    return answer
  }
  const allowed = (operation: string): void => {
    if (denied.includes(operation))
      throw Object.assign(new Error(`not authorized to perform ${operation}`), {
        name: 'AccessDeniedException',
        $metadata: { httpStatusCode: 400 }
      })
  }
  const ask = <T>(name: string, operations: Record<string, Operation>, input: unknown): Promise<T> =>
    // Thrown or answered, within `call`: a refusal is a request too.
    call(name, patience, async () => {
      await Promise.resolve()
      const bare = name.slice(name.indexOf(':') + 1)
      allowed(bare)
      const operation = operations[bare]!
      return await weathered(
        Promise.resolve(operation.run(world, input as never, { unknown: [] }).output as T)
      )
    })
  const never = (): never => {
    throw new Error('watching writes nothing')
  }

  const ports: Ports = {
    containers: {
      service: async ({ cluster, service }) => {
        const answer = await call('ecs:DescribeServices', patience, () =>
          weathered(Promise.resolve(world.clock.now() < until ? before : describe(cluster, service)))
        )
        const [found] = answer.services ?? []
        if (found === undefined) throw new NotFound(`no service ${service}`)
        return toService(found)
      },
      update: never,
      register: never,
      taskDefinition: never,
      // Pages of a hundred, as AWS has them: the simulator's are small, and requests are counted here.
      taskArns: async ({ cluster, service }, desiredStatus) => {
        const held = world.ecs.find(world.ecs.cluster(cluster), service)?.tasks ?? []
        const arns = held.filter((t) => t.desiredStatus === desiredStatus).map((t) => t.arn)
        for (let page = 0; page === 0 || page * 100 < arns.length; page++)
          await call('ecs:ListTasks', patience, async () => {
            allowed('ListTasks')
            await weathered(Promise.resolve())
          })
        return arns
      },
      tasks: async (cluster, tasks) => {
        const found: sdk.Task[] = []
        for (let i = 0; i < tasks.length; i += 100) {
          const answer = await ask<sdk.DescribeTasksResponse>('ecs:DescribeTasks', ecsOperations, {
            cluster,
            tasks: tasks.slice(i, i + 100)
          })
          found.push(...(answer.tasks ?? []))
        }
        return found.map(toTask)
      },
      instances: async (cluster, containerInstances) => {
        const answer = await ask<sdk.DescribeContainerInstancesResponse>(
          'ecs:DescribeContainerInstances',
          ecsOperations,
          { cluster, containerInstances }
        )
        return new Map(
          (answer.containerInstances ?? []).map((i) => [i.containerInstanceArn ?? '', i.ec2InstanceId ?? ''])
        )
      },
      rollout: async (_, __, arn) => {
        const answer = await ask<sdk.DescribeServiceDeploymentsResponse>(
          'ecs:DescribeServiceDeployments',
          ecsOperations,
          { serviceDeploymentArns: [arn] }
        )
        const [found] = answer.serviceDeployments ?? []
        return found && toRollout(found)
      }
    },
    alarms: {
      states: async (AlarmNames) => {
        const answer = await ask<DescribeAlarmsCommandOutput>(
          'cloudwatch:DescribeAlarms',
          cloudwatchOperations,
          { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }
        )
        return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(toAlarm)
      }
    },
    logs: {
      lastLines: async ({ group, stream }, limit) => {
        const answer = await ask<GetLogEventsCommandOutput>('logs:GetLogEvents', logsOperations, {
          logGroupName: group,
          logStreamName: stream,
          limit,
          startFromHead: false
        })
        return (answer.events ?? []).map((e) => e.message ?? '')
      }
    },
    images: { manifest: never, tag: never },
    targets: {
      health: async (targetGroupArn) => {
        const answer = await ask<{ TargetHealthDescriptions?: TargetHealthDescription[] }>(
          'elasticloadbalancing:DescribeTargetHealth',
          elbOperations,
          { TargetGroupArn: targetGroupArn }
        )
        return (answer.TargetHealthDescriptions ?? []).map(toTarget)
      },
      describe: async (TargetGroupArns) => {
        const answer = await ask<{ TargetGroups?: TargetGroup[] }>(
          'elasticloadbalancing:DescribeTargetGroups',
          elbOperations,
          { TargetGroupArns }
        )
        return (answer.TargetGroups ?? []).map(toTargetGroup)
      }
    },
    clock,
    journal: { save: () => undefined },
    announce: (happening) => told.push(happening),
    throttlesSince: (time) => throttled.filter((at) => at > time).length,
    requestsSince: (time) => {
      let n = 0
      for (let i = sent.length - 1; i >= 0 && sent[i]! > time; i--) n++
      return n
    },
    workspace: { read: () => Promise.resolve(undefined) }
  }
  return { ports, sent, told }
}
