/** One thing that a rollout is held to: what it is now against what it must be. */
export interface Check {
  kind:
    | 'tasks-healthy'
    | 'failed-tasks'
    | 'targets'
    | 'container'
    | 'old-tasks'
    | 'alarm'
    | 'circuit-breaker'
    | 'bake'
    | 'rollout-state'
  /** Which one, where there are several: a target group, container or alarm by name. */
  name?: string
  /** In words, such as `1 of 2`. */
  value: string
  /** In words, such as `all` or `at most 1`. */
  limit: string
  /** `wait`: not yet, and may still come; `unread`: could not be seen. */
  state: 'good' | 'bad' | 'wait' | 'unread'
}

/** How a rollout stands, in numbers; what changes with the clock alone is left to who shows it. */
export interface Checks {
  checks: Check[]
  /** Since when all has been healthy, epoch milliseconds; absent while it is not. */
  healthySince?: number
  bakeMs: number
  /** When the run's patience ends, epoch milliseconds. */
  deadline: number
}
