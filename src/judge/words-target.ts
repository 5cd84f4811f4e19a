import { targetGroupName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Observation, TaskLog } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { TargetGroup } from '../domain/service.js'
import type { TaskHealth } from './task-health.js'
import type { Told } from './words.js'

/** What is wrong with the targets of a group, in words, with the path, port and codes of its check. */
export function describeTarget(
  code: ReasonCode,
  groupName: string,
  health: TaskHealth | undefined,
  seen: Observation,
  logs: readonly TaskLog[] = [],
  heard?: string
): Told {
  const entry = seen.service.loadBalancers.find(
    (l) => l.targetGroupArn !== undefined && targetGroupName(l.targetGroupArn) === groupName
  )
  const group = seen.targetGroups?.get(entry?.targetGroupArn ?? health?.target?.groupArn ?? '')
  const port = portOf(group, health?.target?.containerPort ?? entry?.containerPort)
  const name = entry === undefined ? 'the container' : `container ${entry.containerName}`
  const where = `target group ${groupName}`
  const place = port === undefined ? where : `${where}, port ${port}`
  const asks = request(group, port)
  const within = group?.timeoutMs === undefined ? 'in time' : `within ${sayDuration(group.timeoutMs)}`
  const said = health?.target?.target?.description ?? heard
  switch (code) {
    case 'elb-health-code': {
      const got = /codes: \[([^\]]+)\]/.exec(said ?? '')?.[1]
      const wants = group?.matcher === undefined ? ` (${where})` : `; ${where} wants ${group.matcher}`
      return {
        code,
        sentence: `the load balancer's health check gets ${got === undefined ? 'a wrong answer' : `the code ${got}`} from ${asks}${wants}`,
        fix: `Let ${name} answer ${asks} with ${group?.matcher ?? 'a success code'}, or change the path or the success codes of target group ${groupName}.`
      }
    }
    case 'elb-health-timeout':
      return {
        code,
        sentence: `the load balancer's health check of ${asks} times out (${where})`,
        fix: `Let the security group of the tasks accept ${port === undefined ? 'this port' : `port ${port}`} from the load balancer, and let ${name} answer ${asks} ${within}.`
      }
    case 'target-not-in-use':
      return {
        code,
        sentence: `no load balancer sends traffic to ${place}${said === undefined ? '' : ` (${said})`}`,
        fix: `Attach target group ${groupName} to a listener of the load balancer, and enable the Availability Zones of the tasks there.`
      }
    case 'target-not-registered':
      return {
        code,
        sentence: `tasks run but are not registered in ${place}`,
        fix: `Check the load balancer entry of the service: container name, container port and target group ${groupName}.`
      }
    default: {
      const other = port === undefined ? undefined : listensElsewhere(logs, port)
      const grace = seen.service.gracePeriodMs
      return {
        code,
        sentence: `the load balancer's health check cannot connect to ${asks} (${where})${other === undefined ? '' : `; its log speaks of port ${other}`}`,
        fix:
          other === undefined
            ? `Let ${name} listen on ${port === undefined ? 'this port' : `port ${port}`} on all addresses (0.0.0.0), and start within the health check grace period (${sayDuration(grace)}).`
            : `Let ${name} listen on port ${port ?? ''}, or change containerPort of the service's load balancer entry and the port mapping to ${other}.`
      }
    }
  }
}

function portOf(group: TargetGroup | undefined, containerPort: number | undefined): number | undefined {
  const own = Number(group?.port)
  return Number.isInteger(own) && own > 0 ? own : containerPort
}

/** `GET /health on port 8080`, or less where it could not be read. */
function request(group: TargetGroup | undefined, port: number | undefined): string {
  const on = port === undefined ? '' : ` on port ${port}`
  if (group?.path !== undefined) return `GET ${group.path}${on}`
  return group?.protocol === undefined ? `the health check${on}` : `${group.protocol}${on}`
}

/** The port that the application says it listens on, when that is another one. */
function listensElsewhere(logs: readonly TaskLog[], port: number): number | undefined {
  const lines = logs.flatMap((l) => l.lines)
  const ports = lines.flatMap((line) => {
    const found =
      /\b(?:listen(?:s|ing)?|serving|running|started|bound)\b.{0,60}?(?::|\bport[ =:]+)(\d{2,5})\b/i.exec(
        line
      )
    return found?.[1] === undefined ? [] : [Number(found[1])]
  })
  return ports.includes(port) ? undefined : ports[0]
}
