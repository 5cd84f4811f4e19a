import { sayDuration } from '../domain/duration.js'
import { plural } from '../domain/plural.js'
import type { Inputs } from '../inputs.js'
import { tolerance } from '../judge/policy.js'
import { Refusal } from '../domain/outcome.js'
import { revisionName } from '../domain/arn.js'
import { primaryOf, type Deployment, type Service } from '../domain/service.js'
import type { Subject } from '../judge/memory.js'
import { AwsFault, type Ports, type ServiceName, type Update } from '../ports.js'
import type { Before } from './inspect.js'

/** The deployment that a write started. */
export interface Released {
  subject: Subject
  service: Service
}

/**
 * Starts the deployment. Ours is the deployment that UpdateService answers as PRIMARY; after an answer that
 * was lost, the service is asked whether the write took effect. Throws Refusal when AWS rejects the change.
 */
export async function release(
  ports: Ports,
  name: ServiceName,
  before: Before,
  change: Required<Pick<Update, 'taskDefinition'>> & Update
): Promise<Released> {
  const asked = ports.clock.now()
  const service = await update(ports, name, before, change)
  const started = await find(ports, name, service, change.taskDefinition)
  return {
    service,
    subject: {
      deploymentId: started.id,
      taskDefinition: started.taskDefinition,
      // A deployment that goes on (only the count changed) is judged from now on.
      since: started.id === before.primary.id ? asked : Math.min(started.createdAt ?? asked, asked),
      ...(started.id === before.primary.id
        ? { adoptsTasks: true }
        : { previous: { deploymentId: before.primary.id, taskDefinition: before.primary.taskDefinition } })
    }
  }
}

async function update(ports: Ports, name: ServiceName, before: Before, change: Update): Promise<Service> {
  try {
    return await ports.containers.update(name, change)
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error
    if (error.kind === 'rejected' || error.kind === 'missing')
      throw new Refusal(
        [`ECS refuses the deployment: ${error.message}`],
        'input',
        'The service runs on as before.'
      )
    if (error.kind !== 'unreachable') throw error
    // The answer was lost; the write may have taken effect all the same.
    const service = await ports.containers.service(name)
    const primary = primaryOf(service)
    if (primary?.taskDefinition === change.taskDefinition && primary?.id !== before.primary.id) return service
    throw error
  }
}

/** The PRIMARY that runs our revision; an answer from before the write is asked again a few times. */
async function find(
  ports: Ports,
  name: ServiceName,
  service: Service,
  taskDefinition: string
): Promise<Deployment> {
  let seen = service
  for (let tries = 0; tries < 5; tries += 1) {
    const primary = primaryOf(seen)
    if (primary?.taskDefinition === taskDefinition) return primary
    await ports.clock.sleep(2000)
    seen = await ports.containers.service(name)
  }
  throw new AwsFault(
    'unreachable',
    'ecs:UpdateService',
    'NoDeployment',
    `ECS took the update but shows no PRIMARY deployment of ${revisionName(taskDefinition)}`
  )
}

/** Tells what was started, what happens if it fails, and what counts as failing. */
export function tellRelease(ports: Ports, inputs: Inputs, before: Before, subject: Subject): void {
  const fact = (name: string, value: string) => ports.announce({ code: 'fact', name, value })
  fact('deployment', `${subject.deploymentId} of ${revisionName(subject.taskDefinition)}`)
  if (inputs.onFailure === 'leave') fact('if it fails', 'it is left as it is (on-failure: leave)')
  else if (before.knownGood)
    fact('if it fails', `we go back to ${revisionName(before.knownGood.taskDefinition)}`)
  else
    ports.announce({
      code: 'warning',
      text: 'No revision of this service is known good, so nothing could be gone back to.'
    })
  const desired = inputs.desiredCount ?? before.service.desired
  const tolerated = tolerance(inputs.maxFailedTasks, { ...before.service, desired })
  fact(
    'failing',
    `at more than ${plural(tolerated, 'failed task')} without progress, or after ${sayDuration(inputs.timeoutMs)}`
  )
}
