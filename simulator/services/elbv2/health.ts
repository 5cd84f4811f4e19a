/** DescribeTargetHealth, RegisterTargets and DeregisterTargets (facts D2 to D4). */
import { AwsError } from '../../world/errors.js'
import {
  isTargetAddress,
  type Endpoint,
  type Target,
  type TargetGroup
} from '../../world/elb/target-group.js'
import { targetTexts } from '../../world/texts.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write } from '../operation.js'
import { checkPort } from './checks.js'
import { groupOf, invalid } from './find.js'

interface Description {
  Id: string
  Port?: number
  AvailabilityZone?: string
}

function healthOf(group: TargetGroup, target: Target, include: readonly string[]): Record<string, unknown> {
  const { healthCheckPort, targetType, protocol } = group.settings
  // Anomalies are looked for behind application load balancers only.
  const anomalies =
    protocol.startsWith('HTTP') && include.some((i) => i === 'AnomalyDetection' || i === 'All')
  return {
    Target: {
      Id: target.id,
      Port: target.port,
      ...(targetType === 'ip' ? { AvailabilityZone: target.endpoint.availabilityZone } : {})
    },
    HealthCheckPort: healthCheckPort === 'traffic-port' ? String(target.port) : healthCheckPort,
    TargetHealth: {
      State: target.state,
      Reason: target.reason,
      Description: target.description
    },
    ...(anomalies ? { AnomalyDetection: { Result: 'normal', MitigationInEffect: 'no' } } : {}),
    ...(include.includes('All')
      ? { AdministrativeOverride: { State: 'no_override', Reason: 'AdministrativeOverride.NoOverride' } }
      : {})
  }
}

export const describeTargetHealth = read(
  (world, input: { TargetGroupArn: string; Targets?: Description[]; Include?: string[] }) => {
    const group = groupOf(world, input.TargetGroupArn)
    const include = input.Include ?? []
    if (input.Targets === undefined)
      return { TargetHealthDescriptions: group.targetList.map((t) => healthOf(group, t, include)) }
    return {
      TargetHealthDescriptions: input.Targets.map((wanted) => {
        const port = wanted.Port ?? group.settings.port
        const found = group.find(wanted.Id, port)
        if (found !== undefined) return healthOf(group, found, include)
        const { reason, description } = targetTexts.notRegistered
        return {
          Target: { Id: wanted.Id, Port: port },
          TargetHealth: { State: 'unused', Reason: reason, Description: description }
        }
      })
    }
  }
)

/** Who a target is; refuses ids that do not fit the group's type. */
function endpointFor(world: SimulatedWorld, group: TargetGroup, target: Description): Endpoint {
  const { Id: id } = target
  if (group.settings.targetType === 'instance') {
    const found = id.startsWith('i-') ? world.elb.whoIs(id) : undefined
    if (found === undefined)
      throw new AwsError(
        'InvalidTarget',
        `The following targets are not in a running state and cannot be registered: '${id}'`
      )
    return found
  }
  if (!isTargetAddress(id)) throw invalid(`The IP address '${id}' is not a valid IPv4 address`)
  const found = world.elb.whoIs(id)
  if (found !== undefined) return found
  if (target.AvailabilityZone !== 'all')
    throw invalid(
      `You must specify an Availability Zone, as the IP address '${id}' is outside the VPC's range`
    )
  // Outside of the VPC, e.g. on premises: nobody there whom this world knows.
  return { answer: () => 'timeout', changesAt: () => undefined, availabilityZone: 'all' }
}

export const registerTargets = write((world, input: { TargetGroupArn: string; Targets: Description[] }) => {
  const group = groupOf(world, input.TargetGroupArn)
  for (const { Port } of input.Targets) checkPort('Target port', Port)
  const found = input.Targets.map((target) => ({ target, endpoint: endpointFor(world, group, target) }))
  for (const { target, endpoint } of found) {
    const port = target.Port ?? group.settings.port
    if (group.find(target.Id, port) === undefined || group.find(target.Id, port)?.state === 'draining')
      group.register(target.Id, port, endpoint, () => undefined)
  }
  return {}
})

export const deregisterTargets = write((world, input: { TargetGroupArn: string; Targets: Description[] }) => {
  const group = groupOf(world, input.TargetGroupArn)
  for (const { Id, Port } of input.Targets) {
    const port = Port ?? group.settings.port
    if (group.find(Id, port)?.state !== 'draining') group.deregister(Id, port, () => undefined)
  }
  return {}
})
