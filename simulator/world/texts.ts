/**
 * Every text that ECS and ELB put into an answer, in one table, each with where it was found:
 * section of the facts, and whether it is documented (DOC), observed (OBS) or inferred (INF).
 * No call site formats a text of its own.
 */

/** How a text is known. */
export interface Source {
  facts: string
  known: 'DOC' | 'OBS' | 'DOC+OBS' | 'INF'
}

export interface Text<A extends unknown[]> extends Source {
  say: (...args: A) => string
}

/** One text and its source. */
export const text = <A extends unknown[]>(
  facts: string,
  known: Source['known'],
  say: (...args: A) => string
): Text<A> => ({
  facts,
  known,
  say
})

const tasks = (ids: readonly string[]): string => ids.map((id) => `(task ${id})`).join(' ')

/** Service events, A3. */
export const eventTexts = {
  steady: text('A3.1', 'OBS', (s: string) => `(service ${s}) has reached a steady state.`),
  deregistered: text(
    'A3.2',
    'OBS',
    (s: string, n: number, tg: string) => `(service ${s}) deregistered ${n} targets in (target-group ${tg})`
  ),
  registered: text(
    'A3.3',
    'OBS',
    (s: string, n: number, tg: string) => `(service ${s}) registered ${n} targets in (target-group ${tg})`
  ),
  draining: text(
    'A3.4',
    'OBS',
    (s: string, deployment: string, n: number) =>
      `(service ${s}, taskSet ${deployment}) has begun draining connections on ${n} tasks.`
  ),
  stopped: text(
    'A3.5',
    'OBS',
    (s: string, ids: readonly string[]) =>
      `(service ${s}) has stopped ${ids.length} running tasks: ${tasks(ids)}.`
  ),
  started: text(
    'A3.6',
    'OBS',
    (s: string, ids: readonly string[]) => `(service ${s}) has started ${ids.length} tasks: ${tasks(ids)}.`
  ),
  replaced: text(
    'A3.7',
    'OBS',
    (s: string, ids: readonly string[]) =>
      `(service ${s}) has started ${ids.length} tasks: ${tasks(ids)}. Amazon ECS replaced ${ids.length} tasks due to an unhealthy status.`
  ),
  unhealthyTask: text(
    'A3.8',
    'OBS',
    (s: string, task: string, port: number, tg: string, reason: string) =>
      `(service ${s}) (task ${task}) (port ${port}) is unhealthy in (target-group ${tg}) due to (reason ${reason}).`
  ),
  unhealthyInstance: text(
    'A3.8',
    'OBS',
    (s: string, instance: string, port: number, tg: string, reason: string) =>
      `(service ${s}) (instance ${instance}) (port ${port}) is unhealthy in (target-group ${tg}) due to (reason ${reason})`
  ),
  completed: text(
    'A3.9',
    'OBS',
    (s: string, id: string) => `(service ${s}) (deployment ${id}) deployment completed.`
  ),
  failed: text(
    'A3.11',
    'OBS',
    (s: string, id: string) => `(service ${s}) (deployment ${id}) deployment failed: tasks failed to start.`
  ),
  failedOtherwise: text(
    'A3.22',
    'OBS',
    (s: string, id: string) => `(service ${s}) (deployment ${id}) deployment failed: deployment failure.`
  ),
  balanced: text(
    'A3.14',
    'OBS',
    (s: string, zones: string) => `(service ${s}) is AZ balanced with ${zones}.`
  ),
  unbalanced: text(
    'A3.14',
    'OBS',
    (s: string, zones: string) =>
      `(service ${s}) is not AZ balanced with ${zones}. AZ Rebalancing in progress.`
  ),
  rebalancing: text(
    'A3.14',
    'OBS',
    (s: string, zone: string, ids: readonly string[]) =>
      `(service ${s}) has started ${ids.length} tasks in ${zone} to AZ Rebalance: ${tasks(ids)}.`
  ),
  guarded: text(
    'A3.10',
    'OBS',
    (s: string, id: string, n: number) =>
      `(service ${s}) was unable to reach steady state because (taskSet ${id}) was unable to scale in due to (reason ${n} tasks under protection)`
  ),
  failedByAlarm: text(
    'A2',
    'OBS',
    (s: string, id: string) => `(service ${s}) (deployment ${id}) deployment failed: alarm detected.`
  ),
  rollingBack: text(
    'A3.12',
    'OBS',
    (s: string, id: string) => `(service ${s}) rolling back to deployment ${id}.`
  ),
  stoppedPending: text(
    'A3.13',
    'OBS',
    (s: string, n: number) => `(service ${s}) stopped ${n} pending tasks.`
  ),
  containerChecks: text(
    'A3.15',
    'OBS',
    (s: string, task: string) => `(service ${s}) (task ${task}) failed container health checks.`
  ),
  unablePlace: text(
    'A3.16',
    'OBS',
    (s: string, reason: string) => `(service ${s}) was unable to place a task. Reason: ${reason}`
  ),
  inconsistent: text(
    'A3.17',
    'DOC',
    (s: string) => `(service ${s}) is unable to consistently start tasks successfully.`
  ),
  noInstance: text(
    'A3.18',
    'DOC',
    (s: string, closest: string) =>
      `(service ${s}) was unable to place a task because no container instance met all of its requirements.${closest}`
  ),
  stuck: text(
    'A3.20',
    'DOC',
    (s: string) =>
      `(service ${s}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`
  )
}

/** `rolloutStateReason`, A2. */
export const rolloutTexts = {
  inProgress: text('A2', 'DOC+OBS', (id: string) => `ECS deployment ${id} in progress.`),
  completed: text('A2', 'DOC+OBS', (id: string) => `ECS deployment ${id} completed.`),
  failed: text('A2', 'OBS', () => 'ECS deployment circuit breaker: tasks failed to start.'),
  failedByAlarm: text('A2', 'INF', () => 'ECS deployment failed: alarm detected.'),
  rollingBackByAlarm: text(
    'A2',
    'INF',
    (id: string) => `ECS deployment alarm detected: rolling back to deploymentId ${id}.`
  ),
  rollingBackAsked: text('A2', 'INF', (id: string) => `ECS deployment rolling back to deploymentId ${id}.`),
  rollingBack: text(
    'A2',
    'DOC+OBS',
    (id: string) => `ECS deployment circuit breaker: rolling back to deploymentId ${id}.`
  )
}

/** `statusReason` of a ServiceDeployment, B3. */
export const serviceDeploymentTexts = {
  breaker: text(
    'B3',
    'OBS',
    () => 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
  ),
  alarm: text('B3', 'INF', () => 'Service deployment rolled back because an alarm was detected.'),
  request: text('B3', 'INF', () => 'Service deployment rolled back because a rollback was requested.'),
  stopped: text('B3', 'INF', () => 'ECS deployment stopped: rollback requested.'),
  finished: text('B3', 'INF', (status: string) => `The service deployment is already ${status}.`),
  notFound: text('B3', 'INF', () => 'Service deployment not found.'),
  onlyRollback: text('B3', 'INF', () => 'The stopType must be ROLLBACK.')
}

/** What CreateService, DeleteService and DeleteTaskDefinitions refuse with. */
export const lifeTexts = {
  notIdempotent: text('A1', 'INF', () => 'Creation of service was not idempotent.'),
  noNetwork: text(
    'D4',
    'INF',
    () => "Network Configuration must be provided when networkMode 'awsvpc' is specified."
  ),
  noSubnets: text('D4', 'OBS', () => 'subnets can not be empty.'),
  negative: text('A1', 'INF', (member: string) => `${member} cannot be negative.`),
  tooFew: text('L', 'INF', (member: string, least: number) => `${member} cannot be less than ${least}.`),
  tooMany: text('E3', 'INF', (member: string, most: number) => `${member} cannot be more than ${most}.`),
  blocks: text(
    'A4',
    'OBS',
    () => 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.'
  ),
  stillDraining: text('A1', 'OBS', () => 'Unable to Start a service that is still Draining.'),
  badName: text('A1', 'INF', (member: string) => `${member} contains invalid characters.`),
  scaledAboveZero: text('A1', 'INF', () => 'The service cannot be stopped while it is scaled above 0.'),
  stillActive: text('E4', 'INF', () => 'The task definition must be deregistered before it is deleted.')
}

/** `stoppedReason` and container `reason`, C4. */
export const stopTexts = {
  scaling: text('C4', 'OBS', (id: string) => `Scaling activity initiated by (deployment ${id})`),
  elb: text('C4', 'OBS', (tg: string) => `Task failed ELB health checks in (target-group ${tg})`),
  container: text('C4', 'OBS', () => 'Task failed container health checks'),
  exited: text('C4', 'OBS', () => 'Essential container in task exited'),
  oom: text('C4', 'OBS', () => 'OutOfMemoryError: container killed due to memory usage'),
  oomEc2: text('C4', 'OBS', () => 'OutOfMemoryError: Container killed due to memory usage'),
  spot: text('C4', 'OBS', () => 'Your Spot Task was interrupted.'),
  host: text(
    'C4',
    'OBS',
    (instance: string, how: 'terminated' | 'stopped') => `Host EC2 (instance ${instance}) ${how}.`
  ),
  deregistered: text('C4', 'DOC+OBS', () => 'Container instance deregistration forced by user'),
  user: text('C3', 'OBS', () => 'Task stopped by user'),
  failedToStart: text('C4', 'OBS', () => 'Task failed to start'),
  dependencyFailed: text(
    'C4',
    'INF',
    (dependency: string, target: string) =>
      `dependency graph: failed to resolve container ordering dependency [${dependency}] for target [${target}] as dependency did not exit successfully.`
  ),
  dependencyTimeout: text(
    'C4',
    'INF',
    (dependency: string, target: string) =>
      `dependency graph: container ordering dependency [${dependency}] for target [${target}] has timed out.`
  )
}

/** What any request of ECS is refused with. */
export const requestTexts = {
  enumeration: text(
    'A1',
    'INF',
    (value: string, path: string, values: readonly string[]) =>
      `1 validation error detected: Value '${value.slice(0, 100)}' at '${path}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`
  ),
  pageSize: text('C1', 'INF', () => 'maxResults must be from 1 to 100.')
}

/** What RunTask refuses with. */
export const runTexts = {
  noDefinition: text('E4', 'INF', () => 'TaskDefinition not found.'),
  inactive: text('E4', 'OBS', () => 'TaskDefinition is inactive'),
  tooMany: text('C1', 'INF', () => 'Tasks count may not be more than 10.'),
  tooFew: text('C1', 'INF', () => 'Tasks count may not be less than 1.'),
  noNetwork: text(
    'C1',
    'INF',
    () => "Network Configuration must be provided when networkMode 'awsvpc' is specified."
  ),
  noInstances: text('C4', 'OBS', () => 'No Container Instances were found in your cluster.')
}

/** What CloudWatch Logs refuses with. */
export const logTexts = {
  noGroup: text('C4', 'OBS', () => 'The specified log group does not exist.'),
  noStream: text('C4', 'OBS', () => 'The specified log stream does not exist.'),
  groupExists: text('C4', 'OBS', () => 'The specified log group already exists'),
  oneName: text(
    'C4',
    'INF',
    () => 'You must include either logGroupIdentifier or logGroupName, but not both.'
  ),
  badToken: text('C4', 'INF', () => 'The specified nextToken is invalid.'),
  timeAndPrefix: text('C4', 'INF', () => 'Cannot order by LastEventTime with a logStreamNamePrefix.'),
  prefixAndPattern: text(
    'C4',
    'INF',
    () => 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.'
  ),
  namesAndPrefix: text('C4', 'INF', () => 'logStreamNames and logStreamNamePrefix are mutually exclusive.')
}

/** Of IAM, Secrets Manager and Systems Manager: the facts hold only what tasks say of them. */
export const identityTexts = {
  noRole: text('I', 'OBS', (name: string) => `The role with name ${name} cannot be found.`),
  noSecret: text('C4', 'OBS', () => "Secrets Manager can't find the specified secret."),
  otherFilter: text('C4', 'INF', () => 'The specified filter option is not valid. Valid options: Equals.')
}

/** TargetHealth descriptions by reason, D3. */
export const targetTexts = {
  registering: { reason: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' },
  initial: { reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' },
  draining: {
    reason: 'Target.DeregistrationInProgress',
    description: 'Target deregistration is in progress'
  },
  internal: {
    reason: 'Elb.InternalError',
    description: 'Health checks failed due to an internal error'
  },
  disabled: { reason: 'Target.HealthCheckDisabled', description: 'Health checks are disabled' },
  ipUnusable: {
    reason: 'Target.IpUnusable',
    description: 'The IP address cannot be used as a target, as it is in use by a load balancer'
  },
  invalidState: (state: 'stopped' | 'terminated'): { reason: string; description: string } => ({
    reason: 'Target.InvalidState',
    description: `Target is in the ${state} state`
  }),
  failed: { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' },
  timeout: { reason: 'Target.Timeout', description: 'Request timed out' },
  notRegistered: {
    reason: 'Target.NotRegistered',
    description: 'Target is not registered to the target group'
  },
  notInUse: {
    reason: 'Target.NotInUse',
    description: 'Target group is not configured to receive traffic from the load balancer'
  },
  zoneNotEnabled: {
    reason: 'Target.NotInUse',
    description: 'Target is in an Availability Zone that is not enabled for the load balancer'
  },
  codes: (status: number): { reason: string; description: string } => ({
    reason: 'Target.ResponseCodeMismatch',
    description: `Health checks failed with these codes: [${status}]`
  })
} as const
