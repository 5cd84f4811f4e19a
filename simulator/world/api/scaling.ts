/** What stories and tests say to Application Auto Scaling. */
import type { ServiceHandle } from './ecs.js'

export interface ScalableTargetHandle {
  min: number
  max: number
  /**
   * What a policy that is triggered does: moves desiredCount, within min and max. False when nothing moved: it is there
   * already, or it would be a scale-in while a deployment is in progress.
   */
  to(desiredCount: number): boolean
  /** A target tracking policy; the latest one is the cause of what `to` does. */
  policy(options: { name: string; metric?: string; target: number }): void
}

export interface ScalingBuilder {
  /** Registers a service's desiredCount as a scalable target. */
  target(service: ServiceHandle, bounds: { min: number; max: number }): ScalableTargetHandle
}
