import type { Alarm, Rollout, Service, Target, TargetGroup, Task } from './service.js'

/** The last lines that one container of one task logged, oldest first, made harmless and bounded. */
export interface TaskLog {
  task: string
  container: string
  lines: string[]
}

/** Everything one look at the world gave. What could not be read is absent, never guessed. */
export interface Observation {
  /** When it was looked, epoch milliseconds. */
  at: number
  service: Service
  /** Tasks of every deployment of the service; absent when this look did not read them. */
  tasks?: Task[]
  /** Health by target group ARN; a group that could not be read is absent. */
  targets?: Map<string, Target[]>
  /** How the target groups check, by ARN; absent until it was needed and read. */
  targetGroups?: Map<string, TargetGroup>
  /** The alarms that are watched; absent when this look did not read them. */
  alarms?: Alarm[]
  /** ECS's own record of our rollout; absent until it was needed and read. */
  rollout?: Rollout
  /** EC2 instance id by container instance ARN, for `instance` targets. */
  instances?: Map<string, string>
  /** Target group ARNs that cannot be read for lack of permission. */
  unreadableTargetGroups: string[]
  /** False when the role may not list or describe tasks. */
  tasksReadable: boolean
}
