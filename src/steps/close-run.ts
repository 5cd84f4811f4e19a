import { revisionName } from '../domain/arn.js'
import type { Ending } from '../domain/outcome.js'
import type { Deployment } from '../domain/service.js'
import type { Subject } from '../judge/memory.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'
import { whatIsLeft, type Left } from './close.js'
import { openRunKey, type OpenRun } from './record.js'
import { restore, type Restored } from './restore.js'
import { watch } from './watch.js'

const lookAgainMs = 5000

/**
 * Closes a run that was cut off, patiently: puts back what it left half done, or watches what already goes back, until
 * `deadline` (epoch milliseconds). Throttling and a failing network pass until then. Gives how it ended. Throws AwsFault
 * and NotFound.
 */
export async function closeRun(ports: Ports, open: OpenRun, deadline: number): Promise<Ending> {
  for (;;) {
    try {
      return await closeOnce(ports, open, deadline)
    } catch (error) {
      const passing =
        error instanceof AwsFault && (error.kind === 'throttled' || error.kind === 'unreachable')
      if (!passing || ports.clock.now() + lookAgainMs >= deadline) throw error
      await ports.clock.sleep(lookAgainMs)
    }
  }
}

async function closeOnce(ports: Ports, open: OpenRun, deadline: number): Promise<Ending> {
  const name = { cluster: open.cluster, service: open.service }
  const service = await ports.containers.service(name)
  const left = whatIsLeft(open, service)
  if (left.todo === 'nothing') return said(left.reason, left.serving)
  const subject: Subject = { ...subjectOf(left.deployment, ports), adoptsTasks: true }
  const policy = { maxFailedTasks: 'auto' as const, bakeMs: 0, deadline }
  if (left.todo !== 'watch') return await goBack(ports, name, open, left, subject, deadline)
  const { verdict, seen } = await watch(ports, name, subject, policy, lookAgainMs, service)
  const revision = revisionName(subject.taskDefinition)
  const serving = seen.service.taskDefinition
  switch (verdict.state) {
    case 'healthy':
      return said(`${revision} was put back and is healthy.`, subject.taskDefinition)
    case 'superseded':
      return takenOver(verdict.by.id, verdict.by.taskDefinition)
    case 'failing':
      return unhealthy(`${revision} was put back`, verdict.detail, name, subject.taskDefinition, serving)
    case 'inconclusive':
      return unseen(`${revision} was put back`, verdict.what, verdict.code, serving)
  }
}

async function goBack(
  ports: Ports,
  name: ServiceName,
  open: OpenRun,
  left: Exclude<Left, { todo: 'nothing' | 'watch' }>,
  subject: Subject,
  deadline: number
): Promise<Ending> {
  const { previousTaskDefinition: before, previousDeploymentId: deploymentId } = open
  const previous =
    deploymentId === undefined || before === undefined
      ? {}
      : { previous: { deploymentId, taskDefinition: before } }
  const way = {
    policy: { maxFailedTasks: 'auto' as const, bakeMs: 0, deadline },
    pollMs: lookAgainMs,
    ...(left.todo === 'go-back'
      ? {
          knownGood: { deploymentId: deploymentId ?? '', taskDefinition: left.knownGood },
          ...(left.desiredCount === undefined ? {} : { desiredCount: left.desiredCount })
        }
      : {})
  }
  const save = (change: Partial<OpenRun>) =>
    ports.journal.save(openRunKey, JSON.stringify({ ...open, phase: 'restoring', ...change }))
  const because = left.todo === 'await-ecs' ? 'ecs-failed' : 'loop'
  const onStart = (restoreDeploymentId: string) => save({ restoreDeploymentId })
  return endingOf(await restore(ports, name, { ...subject, ...previous }, because, way, onStart), name)
}

function subjectOf({ id: deploymentId, taskDefinition, createdAt }: Deployment, ports: Ports): Subject {
  return { deploymentId, taskDefinition, since: createdAt ?? ports.clock.now() }
}

function endingOf(restored: Restored, name: ServiceName): Ending {
  switch (restored.state) {
    case 'restored': {
      const revision = revisionName(restored.taskDefinition)
      const how = restored.by === 'ecs' ? `ECS put ${revision} back, and it` : `${revision} was put back and`
      return said(`${how} is healthy.`, restored.taskDefinition)
    }
    case 'superseded':
      return takenOver(restored.by, restored.serving)
    case 'nothing-known-good':
      return said(
        'There is nothing known good to go back to; the deployment is left as it is.',
        restored.serving
      )
    case 'lost-sight':
      return unseen('Going back was started', restored.what, restored.code, restored.serving)
    case 'failed':
      return unhealthy(
        `Going back was tried (${restored.tried.join(', then ')})`,
        restored.what,
        name,
        restored.target,
        restored.serving
      )
  }
}

const serves = (serving: string | undefined) =>
  serving === undefined ? {} : { servingTaskDefinition: serving }

function said(reason: string, serving: string | undefined): Ending {
  return { outcome: 'cancelled', reasonCode: 'cancelled', reason, evidence: [], ...serves(serving) }
}

function takenOver(by: string, serving: string | undefined): Ending {
  const reason = `Another deployment, ${by}, took over; it is left alone.`
  return { outcome: 'superseded', reasonCode: 'superseded', reason, evidence: [], ...serves(serving) }
}

function unseen(
  what: string,
  why: string,
  reasonCode: NonNullable<Ending['reasonCode']>,
  serving: string | undefined
): Ending {
  const reason = `${what}; its end could not be seen: ${why}.`
  return { outcome: 'inconclusive', reasonCode, reason, evidence: [], ...serves(serving) }
}

function unhealthy(
  what: string,
  why: string,
  { cluster, service }: ServiceName,
  target: string,
  serving: string | undefined
): Ending {
  return {
    outcome: 'rollback-failed',
    reasonCode: 'cancelled',
    reason: `${what}; it was not healthy by the end of the post step: ${why}.`,
    evidence: [],
    fix: `Look at the service; to begin the way back again: aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${revisionName(target)} --force-new-deployment`,
    ...serves(serving)
  }
}
