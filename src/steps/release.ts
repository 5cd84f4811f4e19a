import { sayDuration } from '../domain/duration.js'
import { plural } from '../domain/plural.js'
import { tolerance, type Policy } from '../judge/policy.js'
import { Refusal } from '../domain/outcome.js'
import { revisionName } from '../domain/arn.js'
import { primaryOf, type Deployment, type Service } from '../domain/service.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { Subject } from '../judge/memory.js'
import { AwsFault, type Ports, type ServiceName, type Update } from '../ports.js'
import { changeService, TakenOver } from './change.js'
import type { Before } from './inspect.js'
import { containersToJudge, type Job } from './job.js'
import type { OpenRunLog } from './record.js'

/** The deployment that a write started. */
export interface Released {
  subject: Subject
  service: Service
}

/**
 * Starts the deployment. Ours is the deployment that ECS shows as PRIMARY for it. Throws Refusal when another
 * deployment started since the plan was made, or when ECS rejects the change; AwsFault otherwise.
 */
export async function release(
  ports: Ports,
  name: ServiceName,
  before: Before,
  change: Required<Pick<Update, 'taskDefinition'>> & Update
): Promise<Released> {
  const now = primaryOf(await ports.containers.service(name))
  if (now?.id !== before.primary.id) throw otherStarted(now)
  const asked = ports.clock.now()
  // The same revision without force makes no deployment; only the count changes, and the deployment goes on.
  const goesOn = change.taskDefinition === before.primary.taskDefinition && change.forceNewDeployment !== true
  const shows = (p: Deployment) =>
    p.taskDefinition === change.taskDefinition && (goesOn || p.id !== before.primary.id)
  const terms = { over: before.primary.id, shows, patienceMs: 60_000 }
  const { service, primary } = await changeService(ports, name, change, terms).catch((error: unknown) => {
    if (error instanceof AwsFault && (error.kind === 'rejected' || error.kind === 'missing'))
      throw new Refusal(
        [`ECS refuses the deployment: ${error.message}`],
        'input',
        'The service runs on as before.'
      )
    if (error instanceof TakenOver) throw otherStarted(error.by)
    throw error
  })
  const previous = { deploymentId: before.primary.id, taskDefinition: before.primary.taskDefinition }
  const isNew = primary.id !== before.primary.id
  return {
    service,
    subject: {
      deploymentId: primary.id,
      taskDefinition: primary.taskDefinition,
      since: isNew ? Math.min(primary.createdAt ?? asked, asked) : asked,
      ...(isNew
        ? { previous, aheadMs: Math.max(0, asked - (primary.createdAt ?? asked)) }
        : { adoptsTasks: true })
    }
  }
}

function otherStarted(other: Deployment | undefined): Refusal {
  return new Refusal(
    [
      `Another deployment started while this one was prepared: ${other?.id ?? 'none'} of ${revisionName(other?.taskDefinition ?? '')}.`
    ],
    'busy',
    'Run again; a concurrency group per environment keeps two runs apart.'
  )
}

/** Tells what was started, and what counts as failing. */
export function tellRelease(
  { ports, inputs, run }: Job,
  policy: Policy,
  before: Before,
  subject: Subject
): void {
  const fact = (name: string, value: string) => ports.announce({ code: 'fact', name, value })
  fact('deployment', `${subject.deploymentId} of ${revisionName(subject.taskDefinition)}`)
  const desired = inputs.desiredCount ?? before.service.desired
  const tolerated = tolerance(inputs.maxFailedTasks, { ...before.service, desired })
  fact(
    'gives up',
    `at ${plural(tolerated + 1, 'failed task')} without progress, or after ${sayDuration(policy.deadline - run.startedAt)} of the ${sayDuration(inputs.timeoutMs)}`
  )
}

/**
 * Releases a revision, with a record before and after, so that a kill between the two leaves a trail; tells what was
 * started. `definition` is what the revision says. Throws as `release` does.
 */
export async function startRollout(
  job: Job,
  policy: Policy,
  before: Before,
  change: Required<Pick<Update, 'taskDefinition'>> & Update,
  definition: JsonObject,
  log: OpenRunLog
): Promise<Released> {
  const { ports, name, run } = job
  ports.announce({ code: 'step', step: 'release', title: 'Release' })
  log.save({ phase: 'releasing', newTaskDefinition: change.taskDefinition })
  const released = await release(ports, name, before, change)
  const { deploymentId } = released.subject
  log.save({ phase: 'watching', deploymentId })
  run.deploymentId = deploymentId
  if (released.service.serviceDeploymentArn !== undefined)
    run.serviceDeploymentArn = released.service.serviceDeploymentArn
  tellRelease(job, policy, before, released.subject)
  return { service: released.service, subject: { ...released.subject, ...containersToJudge(definition) } }
}
