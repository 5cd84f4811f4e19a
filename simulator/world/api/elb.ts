/** What stories and tests say to ELBv2. */
import type { SecurityGroupHandle, SubnetHandle } from './ec2.js'
import type { Tag } from './common.js'

export interface TargetGroupOptions {
  port?: number
  /** HTTP and HTTPS behind an ALB; TCP, TLS, UDP and TCP_UDP behind an NLB. */
  protocol?: string
  /** HTTP and HTTPS: default HTTP1. */
  protocolVersion?: 'HTTP1' | 'HTTP2' | 'GRPC'
  targetType?: 'ip' | 'instance'
  /** Default: HTTP for HTTP and HTTPS, else TCP. */
  healthCheckProtocol?: 'HTTP' | 'HTTPS' | 'TCP'
  /** Only for the state that it brings; for ip and instance targets AWS has no such switch. Default true. */
  healthCheckEnabled?: boolean
  healthCheckPath?: string
  /** `traffic-port` (default) or a port. */
  healthCheckPort?: string
  intervalSeconds?: number
  timeoutSeconds?: number
  healthyThreshold?: number
  unhealthyThreshold?: number
  /** HTTP codes such as `200,301` or `200-299`; with GRPC gRPC codes such as `0-5`. */
  matcher?: string
  deregistrationDelaySeconds?: number
  /** NLB: so long an unhealthy target stays `unhealthy.draining`. Default 0. */
  unhealthyDrainingSeconds?: number
  vpcId?: string
  tags?: Tag[]
  /** A load balancer's name (made when new); `null`: not attached to any. Default: one of its own. */
  loadBalancer?: string | null
}

export interface TargetView {
  readonly id: string
  readonly port: number
  readonly state:
    'initial' | 'healthy' | 'unhealthy' | 'unhealthy.draining' | 'unused' | 'draining' | 'unavailable'
  readonly reason: string | undefined
  readonly description: string | undefined
  /** Why the checks do not arrive, when the network is the cause. */
  readonly blocked: string | undefined
}

export interface TargetGroupHandle {
  readonly name: string
  readonly arn: string
  readonly targetList: readonly TargetView[]
}

export interface LoadBalancerOptions {
  type?: 'application' | 'network'
  scheme?: 'internet-facing' | 'internal'
  /** Zones of the main VPC's public subnets (default a, b and c); or the subnets themselves. */
  availabilityZones?: string[]
  subnets?: SubnetHandle[]
  /** Default: an open group for an ALB of the main VPC, none for an NLB. */
  securityGroups?: SecurityGroupHandle[]
  tags?: Tag[]
}

export interface LoadBalancerHandle {
  readonly name: string
  readonly arn: string
  readonly availabilityZones: string[]
  state: 'active' | 'provisioning' | 'active_impaired' | 'failed'
}

/** Where requests go: one target group, or several by weight. */
export type Forward = TargetGroupHandle | { targetGroup: TargetGroupHandle; weight: number }[]

export interface ListenerHandle {
  readonly arn: string
  readonly port: number
  /** Adds a rule of paths or hosts. */
  rule(options: { priority: number; paths?: string[]; hosts?: string[]; forward: Forward }): void
}

export interface ElbBuilder {
  loadBalancer(name: string, options?: LoadBalancerOptions): LoadBalancerHandle
  targetGroup(name: string, options?: TargetGroupOptions): TargetGroupHandle
  /** A listener; its target groups are in use from now on. */
  listener(
    loadBalancer: LoadBalancerHandle,
    options: { port: number; protocol?: string; forward: Forward }
  ): ListenerHandle
  /** The load balancer's own checks of this group fail for so many seconds (`Elb.InternalError`). */
  internalError(targetGroup: TargetGroupHandle, seconds: number): void
}
