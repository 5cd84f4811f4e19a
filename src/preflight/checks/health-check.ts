import { targetGroupName } from '../../domain/arn.js'
import { sayDuration } from '../../domain/duration.js'
import type { TargetGroup } from '../../domain/service.js'
import { gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'

/** What the target group asks, and whether it can tell well from ill. */
export const healthCheck: Check = {
  name: 'health-check',
  area: 'load balancer',
  question: 'What does the target group ask, and does the answer say that the application works?',
  reads: ['elasticloadbalancing:DescribeTargetGroups'],
  worst: 'warning',
  source:
    'A service whose target group asked / and so said nothing of its health; ELB user guide, health checks',
  look({ groups, service }) {
    if (service.loadBalancers.length === 0) return ok('The service stands behind no load balancer.')
    if (!groups.known) return unknowable(groups.why)
    return gravest(groups.value.map(asked), 'No target group was shown.')
  }
}

/** `HTTP GET /healthz on traffic-port, 200, every 15s …` */
export function sayHealthCheck(g: TargetGroup): string {
  const seconds = (ms: number | undefined) => (ms === undefined ? '?' : sayDuration(ms))
  const path = g.path === undefined ? '' : ` ${g.path}`
  const matcher = g.matcher === undefined ? '' : `, ${g.matcher} is healthy`
  return `${g.protocol ?? 'health check'}${path} on ${g.port ?? 'traffic-port'}${matcher}, every ${seconds(g.intervalMs)}, times out after ${seconds(g.timeoutMs)}, unhealthy after ${g.unhealthyThreshold ?? '?'} failures`
}

function asked(g: TargetGroup): Answer {
  const name = targetGroupName(g.arn)
  const shown = [`${name}: ${sayHealthCheck(g)}`]
  const change = (options: string) => `aws elbv2 modify-target-group --target-group-arn ${g.arn} ${options}`
  if (g.intervalMs !== undefined && g.timeoutMs !== undefined && g.timeoutMs >= g.intervalMs)
    return warning(
      `Target group ${name} waits ${sayDuration(g.timeoutMs)} for an answer and asks every ${sayDuration(g.intervalMs)}: checks overlap.`,
      shown,
      {
        todo: `Set the timeout of ${name} below its interval.`,
        command: change(`--health-check-timeout-seconds ${Math.max(2, Math.floor(g.intervalMs / 2000))}`)
      }
    )
  if (admitsErrors(g.matcher))
    return warning(
      `Target group ${name} takes the codes ${g.matcher ?? ''} for healthy: errors among them.`,
      shown,
      {
        todo: `Let ${name} take only the code that the health endpoint answers when it is well.`,
        command: change('--matcher HttpCode=200-299')
      }
    )
  if (g.path === '/' && /^https?$/i.test(g.protocol ?? ''))
    return warning(
      `Target group ${name} asks /, which says that something answers, not that the application works.`,
      shown,
      {
        todo: `Give the application an endpoint of its own for this, such as /health, and let ${name} ask it.`,
        command: change('--health-check-path /health')
      }
    )
  return ok('The target group asks an endpoint of its own.', shown)
}

/** True when a 4xx or 5xx code counts as healthy. */
function admitsErrors(matcher: string | undefined): boolean {
  return (matcher ?? '')
    .split(',')
    .flatMap((part) => part.split('-').map(Number))
    .some((code) => code >= 400)
}
