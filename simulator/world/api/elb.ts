/** What stories and tests say to ELBv2. */

export interface TargetGroupOptions {
  port?: number
  protocol?: string
  targetType?: 'ip' | 'instance'
  healthCheckPath?: string
  /** `traffic-port` (default) or a port. */
  healthCheckPort?: string
  intervalSeconds?: number
  timeoutSeconds?: number
  healthyThreshold?: number
  unhealthyThreshold?: number
  matcher?: string
  deregistrationDelaySeconds?: number
  vpcId?: string
  /** A load balancer's name (made when new); `null`: not attached to any. Default: one of its own. */
  loadBalancer?: string | null
}

export interface TargetView {
  readonly id: string
  readonly port: number
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable'
  readonly reason: string | undefined
  readonly description: string | undefined
}

export interface TargetGroupHandle {
  readonly name: string
  readonly arn: string
  readonly targetList: readonly TargetView[]
}

export interface LoadBalancerHandle {
  readonly name: string
  readonly arn: string
  readonly availabilityZones: string[]
}

export interface ElbBuilder {
  loadBalancer(
    name: string,
    options?: { availabilityZones?: string[]; type?: 'application' | 'network' }
  ): LoadBalancerHandle
  targetGroup(name: string, options?: TargetGroupOptions): TargetGroupHandle
}
