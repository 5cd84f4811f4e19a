/** Deployments that are held to CloudWatch alarms (facts A2, B2). */
import type { Alarm } from '../cloudwatch/alarms.js'
import { alarmSettings } from './deployment-configuration.js'
import type { Deployment } from './deployment.js'
import type { Engine } from '../engine.js'
import type { MonitorStatus } from './records.js'
import { failDeployment } from './rollback.js'
import type { Service } from './service.js'

/** How a service deployment stands to its alarms. */
export interface AlarmMonitor {
  status: MonitorStatus
  names: string[]
  triggered: string[]
}

/** The monitor of a deployment that begins now: one alarm in ALARM, and none is heeded all along (B2). */
export function alarmMonitor(service: Service): AlarmMonitor {
  const settings = alarmSettings(service)
  if (settings === undefined) return { status: 'DISABLED', names: [], triggered: [] }
  const names = [...settings.alarmNames]
  const ringing = names.some((name) => service.engine.cloudwatch.find(name)?.state === 'ALARM')
  return { status: ringing ? 'DISABLED' : 'MONITORING', names, triggered: [] }
}

/** Seconds that a deployment is watched on after its counts match. */
export function bakeSeconds(service: Service, deployment: Deployment): number {
  if (deployment.restoring) return 0
  const explicit = service.deploymentExtras.bakeTimeInMinutes
  if (typeof explicit === 'number') return explicit * 60
  const { record } = deployment
  if (record?.alarms.status !== 'MONITORING') return 0
  const { cloudwatch, timings } = service.engine
  const windows = record.alarms.names.map((name) => cloudwatch.find(name)?.window ?? 0)
  return Math.min(timings.longestBake, Math.max(timings.shortestBake, ...windows))
}

/** Lets alarms fail the deployments that they watch over. */
export function watchAlarms(
  engine: Engine,
  services: readonly Service[],
  failed: (s: Service) => void
): void {
  engine.cloudwatch.watch((alarm) => {
    if (alarm.state !== 'ALARM') return
    for (const service of services) {
      const [primary] = service.deployments
      if (primary === undefined || service.leaving || !watches(primary, alarm)) continue
      engine.clock.after(engine.timings.alarmNotice * 1000, () => {
        if (alarm.state !== 'ALARM' || service.deployments[0] !== primary || service.leaving) return
        if (!watches(primary, alarm)) return
        const { alarms } = primary.record!
        alarms.status = 'TRIGGERED'
        alarms.triggered = alarms.names.filter((name) => engine.cloudwatch.find(name)?.state === 'ALARM')
        failDeployment(service, primary, 'alarm', alarmSettings(service)?.rollback ?? false)
        failed(service)
      })
    }
  })
}

function watches(deployment: Deployment, alarm: Alarm): boolean {
  const { record } = deployment
  return (
    deployment.rolloutState === 'IN_PROGRESS' &&
    !deployment.restoring &&
    record?.alarms.status === 'MONITORING' &&
    record.alarms.names.some((name) => name === alarm.name || name === alarm.arn)
  )
}
