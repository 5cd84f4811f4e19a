import { revisionName } from '../domain/arn.js'
import type { Mark } from '../domain/marks.js'
import type { Ending } from '../domain/outcome.js'
import type { Inputs } from '../inputs.js'
import type { Subject } from '../judge/memory.js'
import type { Policy } from '../judge/policy.js'
import type { Ports } from '../ports.js'
import { checkFirst } from '../steps/check-first.js'
import { subjectOf } from '../steps/found.js'
import { deployedEnding, failedEnding } from '../steps/endings.js'
import { containersToJudge, jobOf, policyOf, tellCause, watchRun, type Job } from '../steps/job.js'
import { makePlan, type Plan } from '../steps/plan.js'
import { OpenRunLog, type Run } from '../steps/record.js'
import { writeRevision } from '../steps/register.js'
import { startRollout, tellRelease } from '../steps/release.js'
import { warnWithoutBreaker } from '../steps/safety-net.js'
import { warnOfSession } from '../steps/session.js'
import { tellPlan } from '../steps/tell-plan.js'
import { undo } from '../steps/undo.js'
import { markVerdict } from '../steps/verdict-mark.js'
import type { Watched } from '../steps/watch.js'

/**
 * Deploys: inspect, pin, tag, register, release, watch, and restore when it fails. Fills `run` on the way
 * and gives the ending. Throws Refusal before the service was touched, AwsFault when AWS fails us, and the
 * signal's reason when the run is cancelled.
 */
export async function deploy(ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal): Promise<Ending> {
  const job = jobOf(ports, inputs, run, signal)
  const { name } = job
  const { deadline } = job.policy
  await warnOfSession(ports, deadline)
  const plan = await makePlan(ports, inputs, name, run, deadline, signal)
  if (plan.before.adopted) return await goOn(job, plan)
  if (!plan.changes) return await unchanged(job, plan)
  const found = await checkFirst(ports, name, inputs, plan, signal)
  tellPlan(ports, inputs, plan, false, found?.facts)

  warnWithoutBreaker(ports, name, plan.before.service)
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, plan.before, targetOf(plan))
  run.newTaskDefinition = await writeRevision(ports, plan, run, markFor(inputs, deadline), signal)
  signal?.throwIfAborted()
  const change = {
    taskDefinition: run.newTaskDefinition,
    ...(inputs.forceNewDeployment ? { forceNewDeployment: true } : {}),
    ...(inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount })
  }
  const policy = ourPolicy(job, plan)
  const { subject, service } = await startRollout(job, policy, plan.before, change, plan.definition, log)
  const watched = await watchRun(job, subject, policy, service)
  return await conclude(job, plan, subject, watched, log)
}

/** What the deployment is held to. */
function ourPolicy(job: Job, plan: Plan): Policy {
  const policy = policyOf(job, targetOf(plan) !== undefined)
  return { ...policy, alarms: plan.alarms, alarmsAsked: job.inputs.alarms.length > 0 }
}

/** Another run began the very deployment that this one wants, and did not finish it: it is watched as our own. */
async function goOn(job: Job, plan: Plan): Promise<Ending> {
  const { ports, inputs, run } = job
  ports.announce({ code: 'note', text: 'It is what this run would deploy: going on with it.' })
  const { deploymentId, taskDefinition, ...found } = subjectOf(plan.before, ports.clock.now())
  Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId })
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, plan.before, targetOf(plan))
  log.save({ phase: 'watching', newTaskDefinition: taskDefinition, deploymentId })
  const subject = { deploymentId, taskDefinition, ...found, ...containersToJudge(plan.definition) }
  const policy = ourPolicy(job, plan)
  tellRelease(job, policy, plan.before, subject)
  const watched = await watchRun(job, subject, policy, plan.before.service)
  return await conclude(job, plan, subject, watched, log)
}

function targetOf({ wayBack }: Plan): string | undefined {
  return wayBack && 'target' in wayBack ? wayBack.target.taskDefinition : undefined
}

/** What the revision that this run registers says of it. */
function markFor({ environment, origin }: Inputs, until: number): Mark {
  return { environment, run: origin.runId && `${origin.runId}.${origin.attempt}`, commit: origin.sha, until }
}

/** Nothing differs: green when what runs is healthy, and red with the cause when it is not. */
async function unchanged(job: Job, plan: Plan): Promise<Ending> {
  const { ports, run, policy } = job
  const { primary, service } = plan.before
  const revision = revisionName(primary.taskDefinition)
  ports.announce({ code: 'note', text: `Nothing differs from ${revision}; nothing is written.` })
  run.newTaskDefinition = primary.taskDefinition
  run.deploymentId = primary.id
  const subject: Subject = {
    deploymentId: primary.id,
    taskDefinition: primary.taskDefinition,
    since: ports.clock.now(),
    adoptsTasks: true,
    ...containersToJudge(plan.running.definition)
  }
  const watched = await watchRun(job, subject, { ...policy, bakeMs: 0 }, service)
  const about = `${service.name} already runs ${revision}`
  if (watched.verdict.state !== 'healthy')
    return failedEnding(
      watched,
      subject,
      plan.definition,
      `${about}, but it is not healthy`,
      await tellCause(job, plan.definition, subject, watched)
    )
  const reason = `${about} with these images, and it is healthy.`
  return { outcome: 'unchanged', reason, evidence: [], servingTaskDefinition: primary.taskDefinition }
}

/** From the verdict to the ending; a failing deployment is undone, unless it is to be left. */
async function conclude(
  job: Job,
  plan: Plan,
  subject: Subject,
  watched: Watched,
  log: OpenRunLog
): Promise<Ending> {
  const { ports, inputs, run } = job
  const { before, definition, running } = plan
  if (watched.verdict.state === 'healthy') {
    await markVerdict(ports, run, subject.taskDefinition, inputs.environment, 'deployed')
    return deployedEnding(watched, subject, before.service.name, inputs.bakeMs)
  }
  const way = plan.wayBack ?? { none: 'nothing was looked for' }
  return await undo(job, { subject, definition, before, running: running.definition, ...way }, watched, log)
}
