/** What a task must reach before it can run, and which failure it is when it cannot (facts C4, G). */
import type { Engine } from '../engine.js'
import type { StartFailure } from '../ecs/start-failures.js'
import type { Container, Task } from '../ecs/task.js'
import { pathOut, type Blocked } from './paths.js'

/** A start that the network prevents. */
export interface NoWay {
  container: Container
  name: StartFailure
  /** What is missing, for those who tell the story. */
  blocked: Blocked
  /** The secret's or parameter's ARN, when that is what was asked for. */
  secret: string | undefined
}

interface Need {
  container: Container
  /** The AWS service; undefined: the internet. */
  service: string | undefined
  name: StartFailure
  secret?: string
}

/**
 * The first thing that the task needs in a phase of its start and cannot reach: an address (`network`), registry
 * login, secrets and log streams (`init`), manifests and layers (`pull`). Undefined when the way is open.
 */
export function noWayToStart(
  engine: Engine,
  task: Task,
  phase: 'network' | 'init' | 'pull'
): NoWay | undefined {
  const { place } = task
  if (place === undefined) return undefined
  if (phase === 'network') {
    const { id } = place.subnet
    const blocked: Blocked = { kind: 'no-address', resource: id, says: `${id} has no free address` }
    return task.hasEni && place.ip === ''
      ? { container: task.containers[0]!, name: 'subnet-full', blocked, secret: undefined }
      : undefined
  }
  // On EC2 the host logs in, sends the logs and fetches the images: the images are what fails.
  const needs = task.containers.flatMap((c) => (phase === 'pull' ? images(c) : []))
  if (phase === 'init' && task.fargate) needs.push(...resources(task.containers))
  for (const { container, service, name, secret } of needs) {
    const blocked = pathOut(engine.network, place, service)
    if (blocked !== undefined) return { container, name, blocked, secret }
  }
  return undefined
}

const own = /^\d{12}\.dkr\.ecr\./

function resources(containers: readonly Container[]): Need[] {
  const login = containers.find((c) => own.test(c.definition.image))
  return [
    ...(login === undefined
      ? []
      : [{ container: login, service: 'ecr.api', name: 'ecr-auth-network' as const }]),
    ...containers.flatMap((container) =>
      (container.definition.secrets ?? []).map(({ valueFrom }): Need => {
        const manager = valueFrom.startsWith('arn:aws:secretsmanager:')
        return manager
          ? { container, service: 'secretsmanager', name: 'secret-network', secret: valueFrom }
          : { container, service: 'ssm', name: 'parameter-network', secret: valueFrom }
      })
    ),
    ...containers
      .filter((c) => c.definition.logConfiguration?.logDriver === 'awslogs')
      .map((container): Need => ({ container, service: 'logs', name: 'log-network' }))
  ]
}

function images(container: Container): Need[] {
  if (!own.test(container.definition.image)) return [{ container, service: undefined, name: 'pull-network' }]
  return [
    { container, service: 'ecr.dkr', name: 'pull-network' },
    { container, service: 's3', name: 'layer-network' }
  ]
}
