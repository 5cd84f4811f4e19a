/** Health check settings, and what a check makes of an answer. Pure (facts D2, D3, G). */
import type { Tag, TargetGroupOptions } from '../api.js'
import type { Answer } from '../behaviour.js'
import { targetTexts } from '../texts.js'

export interface Why {
  reason: string
  description: string
}

/** A target group's settings with every default filled in. */
export type GroupSettings = Required<Omit<TargetGroupOptions, 'loadBalancer' | 'tags'>> & { tags: Tag[] }

const isWeb = (protocol: string): boolean => protocol.startsWith('HTTP')

/** Fills in the defaults of CreateTargetGroup. */
export function settingsOf(options: TargetGroupOptions, vpcId: string): GroupSettings {
  const protocol = options.protocol ?? 'HTTP'
  const protocolVersion = options.protocolVersion ?? 'HTTP1'
  const grpc = protocolVersion === 'GRPC'
  const healthCheckProtocol = options.healthCheckProtocol ?? (isWeb(protocol) ? 'HTTP' : 'TCP')
  return {
    port: options.port ?? 80,
    protocol,
    protocolVersion,
    targetType: options.targetType ?? 'ip',
    healthCheckProtocol,
    healthCheckEnabled: options.healthCheckEnabled ?? true,
    healthCheckPath: options.healthCheckPath ?? (grpc ? '/AWS.ALB/healthcheck' : '/'),
    healthCheckPort: options.healthCheckPort ?? 'traffic-port',
    intervalSeconds: options.intervalSeconds ?? 30,
    timeoutSeconds: options.timeoutSeconds ?? (protocol === 'HTTP' ? 6 : 10),
    healthyThreshold: options.healthyThreshold ?? 5,
    unhealthyThreshold: options.unhealthyThreshold ?? 2,
    matcher: options.matcher ?? (grpc ? '12' : isWeb(protocol) ? '200' : '200-399'),
    deregistrationDelaySeconds: options.deregistrationDelaySeconds ?? 300,
    unhealthyDrainingSeconds: options.unhealthyDrainingSeconds ?? 0,
    vpcId: options.vpcId ?? vpcId,
    tags: options.tags ?? []
  }
}

/** Whether the group's health checks read HTTP. */
export function readsHttp(s: GroupSettings): boolean {
  return isWeb(s.healthCheckProtocol)
}

/** What is wrong with an answer; undefined when it passes. */
export function verdict(s: GroupSettings, answer: Answer): Why | undefined {
  const why = judge(s, answer)
  // A network load balancer knows no more than that the check failed.
  return why === undefined || isWeb(s.protocol) ? why : targetTexts.failed
}

function judge(s: GroupSettings, answer: Answer): Why | undefined {
  if (answer === 'refused') return targetTexts.failed
  if (answer === 'timeout') return targetTexts.timeout
  // Who listens passes a TCP check, whatever it would say and however late.
  if (!readsHttp(s)) return undefined
  if (answer === 'malformed') return targetTexts.failed
  if ((answer.seconds ?? 0) > s.timeoutSeconds) return targetTexts.timeout
  if (s.protocolVersion !== 'GRPC')
    return matches(s.matcher, answer.status) ? undefined : targetTexts.codes(answer.status)
  const code = answer.grpcStatus ?? (answer.status < 400 ? 0 : 12)
  return matches(s.matcher, code) ? undefined : targetTexts.codes(code)
}

/** Whether a code is in a matcher such as `200-299,404`. */
export function matches(matcher: string, code: number): boolean {
  return matcher.split(',').some((part) => {
    const [low = '', high = low] = part.trim().split('-')
    return code >= Number(low) && code <= Number(high)
  })
}
