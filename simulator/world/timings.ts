/** How long things take, in seconds. Defaults are the observed values of the facts' section A6 and C1. */
export interface Timings {
  /** Rhythm of a service's scheduler. */
  tick: number
  /** From UpdateService to the scheduler's first decision. */
  firstDecision: number
  fargate: LaunchTimings
  ec2: LaunchTimings
  /** A pull of an image that is there. */
  pull: number
  /** A pull that fails is retried seven times on Fargate before it is given up. */
  pullGivesUp: number
  initGivesUp: number
  /** A network interface that does not come is given up. */
  eniTimeout: number
  /** From a task that could not be placed to the next try. */
  placeAgain: number
  /** From a registration to the first health check of a target. */
  firstTargetCheck: number
  /** A container that handles SIGTERM well. */
  gracefulStop: number
  /** `stopTimeout` when the task definition has none. */
  stopTimeout: number
  /** ENI detach and clean-up, from DEPROVISIONING to STOPPED. */
  deprovision: number
  /** A stop becomes known to the scheduler only after a while. */
  noticeExit: number
  noticeUserStop: number
  /** From a stop to the moment it is counted in `failedTasks`. */
  countExit: number
  countHealth: number
  countNeverRan: number
  /** From the count of a start that never ran to the circuit breaker that it trips. */
  tripNeverRan: number
  /** From counts that match to `deployment completed`. */
  settle: number
  /** No load balancer, no container check: healthy so long after RUNNING. */
  runningIsHealthy: number
  /** Waits before the next start of a task that never ran; the last one repeats. */
  backOff: readonly number[]
  /** From an alarm's ALARM to the moment when the deployments that it watches over fail. */
  alarmNotice: number
  /** The bake time of a deployment with alarms follows from their periods, within these. */
  shortestBake: number
  longestBake: number
  /** How long ListServiceDeployments does not know a new deployment yet. */
  listDeployments: number
  /** How long a deregistered task definition can still be used for updates: at most 600. */
  deregisterTakesHold: number
  /** How long a stopped task can still be described. */
  keepStopped: number
  /** Idle services repeat their steady state event. */
  heartbeat: number
}

export interface LaunchTimings {
  provisioning: number
  pending: number
  /** From ACTIVATING to the start of the pull. */
  beforePull: number
  /** From the end of the pull to RUNNING. */
  start: number
}

export const defaultTimings: Timings = {
  tick: 10,
  firstDecision: 5,
  fargate: { provisioning: 12, pending: 6, beforePull: 2, start: 6 },
  ec2: { provisioning: 0, pending: 2, beforePull: 1, start: 3 },
  pull: 6,
  pullGivesUp: 72,
  initGivesUp: 40,
  eniTimeout: 180,
  placeAgain: 60,
  firstTargetCheck: 1.5,
  gracefulStop: 3,
  stopTimeout: 30,
  deprovision: 14,
  noticeExit: 10,
  noticeUserStop: 15,
  countExit: 22,
  countHealth: 40,
  countNeverRan: 60,
  tripNeverRan: 44,
  settle: 20,
  runningIsHealthy: 40,
  backOff: [30, 285, 290, 300, 320, 360, 480, 720, 1080, 1620],
  alarmNotice: 21,
  shortestBake: 60,
  longestBake: 290,
  listDeployments: 0,
  deregisterTakesHold: 0,
  keepStopped: 3600,
  heartbeat: 6 * 3600
}
