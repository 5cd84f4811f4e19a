/** Why a task does not get to run: what the story says of it, and what the world lacks. */
import type { Engine } from '../engine.js'
import { behaviourOf, type Behaviour } from '../behaviour.js'
import { noWayToStart } from '../network/start.js'
import { splitReference } from '../ecr/registry.js'
import { failureOf, type FailurePhase, type FailureScene, type StartFailure } from './start-failures.js'
import type { Container, Task } from './task.js'

/** A start that fails: at which container, and in which words. */
export interface Trouble {
  container: Container
  text: string
  name: StartFailure | undefined
}

/** What the texts of a task's failures name. */
export function sceneOf(engine: Engine, task: Task, container: Container): FailureScene {
  const { service, settings } = task.deployment
  const network = settings.networkConfiguration as
    { awsvpcConfiguration?: { assignPublicIp?: string } } | undefined
  const role = (task.definition.raw.executionRoleArn as string | undefined) ?? 'ecsTaskExecutionRole'
  const secrets = task.containers.flatMap((c) => c.definition.secrets ?? [])
  return {
    service: service.name,
    image: container.definition.image,
    platform: task.definition.platform,
    region: engine.region,
    account: engine.account,
    taskId: task.id,
    subnet: task.network.subnet,
    publicIp: network?.awsvpcConfiguration?.assignPublicIp === 'ENABLED',
    role: role.slice(role.lastIndexOf('/') + 1),
    secret:
      secrets[0]?.valueFrom ?? `arn:aws:secretsmanager:${engine.region}:${engine.account}:secret:app-AbCdEf`,
    logGroup: container.definition.logConfiguration?.options?.['awslogs-group'] ?? '',
    fargate: service.isFargate
  }
}

/** The words for a named failure. */
export function troubleOf(
  engine: Engine,
  task: Task,
  container: Container,
  name: StartFailure,
  more: Partial<FailureScene> = {}
): Trouble {
  return { container, name, text: failureOf(name).say({ ...sceneOf(engine, task, container), ...more }) }
}

/** What a service or the image of a container is said to fail with, before anything of the task is there. */
export function announced(engine: Engine, task: Task, phase: FailurePhase): Trouble | undefined {
  const { service } = task.deployment
  for (const container of task.containers) {
    const name = service.startsFail ?? upcoming(engine, task, container).fails
    if (name === undefined || failureOf(name).phase !== phase) continue
    return troubleOf(engine, task, container, name)
  }
  return undefined
}

/** The role that ECS cannot take for the task, because it is not there or trusts others. */
export function roleTrouble(engine: Engine, task: Task): Trouble | undefined {
  const [container] = task.containers
  const { executionRoleArn, taskRoleArn } = task.definition.raw
  const role = [executionRoleArn, taskRoleArn].find(
    (r) => typeof r === 'string' && !engine.identity.trusts(r)
  )
  if (typeof role !== 'string' || container === undefined) return undefined
  return troubleOf(engine, task, container, 'role-not-assumed', {
    role: role.slice(role.lastIndexOf('/') + 1)
  })
}

/** A start that was tried and did not come as far as its pull: the next one is another attempt. */
export function countAttempt(engine: Engine, task: Task): void {
  const { attempts } = task.deployment.service
  for (const container of task.containers) {
    const digest = digestOf(engine, task, container)
    if (digest !== undefined) attempts.set(digest, (attempts.get(digest) ?? 0) + 1)
  }
}

/** How the container will behave if its image is pulled now. */
function upcoming(engine: Engine, task: Task, container: Container): Behaviour {
  const digest = digestOf(engine, task, container)
  if (digest === undefined) return {}
  const attempt = (task.deployment.service.attempts.get(digest) ?? 0) + 1
  return behaviourOf(engine.ecr.natures.get(digest)?.behaviour, attempt)
}

/** The digest that a pull would find in the account's registry; nothing is pulled by it. */
function digestOf(engine: Engine, task: Task, container: Container): string | undefined {
  const { name, tag, digest } = splitReference(container.definition.image)
  if (!name.startsWith(`${engine.ecr.host}/`)) return undefined
  const repository = engine.ecr.repositories.get(name.slice(engine.ecr.host.length + 1))
  return (
    task.deployment.established.get(container.name) ?? digest ?? repository?.byTag(tag ?? 'latest')?.digest
  )
}

/** What the task needs in this phase and has no way to. */
export function networkTrouble(
  engine: Engine,
  task: Task,
  phase: 'network' | 'init' | 'pull'
): Trouble | undefined {
  const noWay = noWayToStart(engine, task, phase)
  if (noWay === undefined) return undefined
  const { container, name, secret } = noWay
  return troubleOf(engine, task, container, name, secret === undefined ? {} : { secret })
}

/**
 * Why the task's resources cannot be made ready before its images are pulled: its network's way out, its secrets,
 * its log groups. Everything that can stand in the way here is decided in this one place.
 */
export function initTrouble(engine: Engine, task: Task): Trouble | undefined {
  const network = networkTrouble(engine, task, 'init')
  if (network !== undefined) return network
  for (const container of task.containers) {
    const secret = secretTrouble(engine, task, container)
    if (secret !== undefined) return secret
  }
  for (const container of task.containers) {
    const log = logTrouble(engine, task, container)
    if (log !== undefined) return log
  }
  return undefined
}

const secretNames = {
  missing: 'secret-missing',
  denied: 'secret-denied',
  'not-json': 'secret-content',
  unreachable: 'secret-network',
  empty: 'secret-missing',
  deleted: 'secret-deleted'
} as const

/** A parameter has no keys: what is no JSON is a value like any other, and cannot be asked for so. */
const parameterNames = {
  missing: 'parameter-missing',
  denied: 'parameter-denied',
  'not-json': 'parameter-missing',
  unreachable: 'parameter-network',
  empty: 'parameter-missing',
  deleted: 'parameter-missing'
} as const

/** A `valueFrom` is of Parameter Store when it is an ARN of ssm, or no ARN at all. */
function ofParameterStore(valueFrom: string): boolean {
  return valueFrom.includes(':ssm:') || !valueFrom.startsWith('arn:')
}

function secretTrouble(engine: Engine, task: Task, container: Container): Trouble | undefined {
  for (const { valueFrom } of container.definition.secrets ?? []) {
    const state = engine.secrets.look(valueFrom)
    if (state === 'there') continue
    return troubleOf(
      engine,
      task,
      container,
      (ofParameterStore(valueFrom) ? parameterNames : secretNames)[state],
      { secret: valueFrom }
    )
  }
  return undefined
}

function logTrouble(engine: Engine, task: Task, container: Container): Trouble | undefined {
  const configuration = container.definition.logConfiguration
  if (configuration?.logDriver !== 'awslogs') return undefined
  const options = configuration.options ?? {}
  if (task.deployment.service.isFargate && (options['awslogs-region'] ?? '') === '')
    return troubleOf(engine, task, container, 'log-config')
  const group = options['awslogs-group'] ?? ''
  if (engine.logs.groups.has(group)) return undefined
  if (options['awslogs-create-group'] === 'true') {
    engine.logs.group(group)
    return undefined
  }
  return troubleOf(engine, task, container, 'log-group-missing')
}
