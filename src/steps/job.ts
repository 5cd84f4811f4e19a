import type { Service } from '../domain/service.js'
import { containersOf, healthCheckedContainers, type JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { explain, type Cause } from '../judge/causes.js'
import type { Subject } from '../judge/memory.js'
import { giveUpAt, type Policy } from '../judge/policy.js'
import type { Ports, ServiceName } from '../ports.js'
import { lastLines } from './last-lines.js'
import type { Run } from './record.js'
import { watch, type Watched } from './watch.js'

/** What every part of a run on one service needs. */
export interface Job {
  ports: Ports
  name: ServiceName
  inputs: Inputs
  run: Run
  /** Its deadline is that of the whole run; `policyOf` gives that of a deployment. */
  policy: Policy
  signal?: AbortSignal
}

/** The job of a run that deploys or rolls back. */
export function jobOf(ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal): Job {
  const name: ServiceName = { cluster: inputs.cluster, service: inputs.service }
  const deadline = run.startedAt + inputs.timeoutMs
  const policy: Policy = {
    maxFailedTasks: inputs.maxFailedTasks,
    bakeMs: inputs.bakeMs,
    deadline,
    end: deadline
  }
  return { ports, name, inputs, run, policy, ...(signal ? { signal } : {}) }
}

/** The policy for a deployment of ours, which is undone or left when it is given up: the rest of the time is for that. */
export function policyOf({ inputs, policy }: Job, hasWayBack: boolean): Policy {
  const undoes = hasWayBack && inputs.onFailure === 'rollback'
  const end = policy.end ?? policy.deadline
  return { ...policy, end, deadline: giveUpAt(end, inputs.timeoutMs, inputs.bakeMs, undoes) }
}

/** What the judge must know of the containers of a revision. */
export function containersToJudge(
  definition: JsonObject
): Required<Pick<Subject, 'healthChecked' | 'essential'>> {
  const essential = containersOf(definition)
    .filter((c) => c.essential)
    .map((c) => c.name)
  return { healthChecked: healthCheckedContainers(definition), essential }
}

/** Watches a deployment, and tells `run` how far it came. */
export async function watchRun(
  job: Job,
  subject: Subject,
  policy: Policy,
  service: Service
): Promise<Watched> {
  const { ports, name, inputs, run, signal } = job
  ports.announce({ code: 'step', step: 'watch', title: 'Watch' })
  const watched = await watch(ports, name, subject, policy, inputs.pollMs, service, signal)
  const { verdict, memory, seen } = watched
  run.counts = memory.counts
  run.failedTasks = memory.failed.size
  if (verdict.state === 'healthy' && seen.service.serviceDeploymentArn !== undefined)
    run.serviceDeploymentArn = seen.service.serviceDeploymentArn
  ports.announce({ code: 'verdict', state: verdict.state, text: 'detail' in verdict ? verdict.detail : '' })
  return watched
}

/** Finds out why it fails, and tells it before anything is undone. */
export async function tellCause(
  { ports, signal }: Job,
  definition: JsonObject,
  subject: Subject,
  watched: Watched
): Promise<Cause | undefined> {
  const { verdict, memory, seen } = watched
  if (verdict.state !== 'failing') return undefined
  const logs = await lastLines(ports, watched, definition, signal)
  const cause = explain(verdict, subject, memory, seen, definition, logs)
  const { code: reasonCode, sentence, evidence, fix } = cause
  ports.announce({ code: 'cause', reasonCode, sentence, evidence, logs, fix })
  return cause
}
