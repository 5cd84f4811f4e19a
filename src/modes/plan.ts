import { revisionName } from '../domain/arn.js'
import { changesNothing, type DeployPlan } from '../domain/deploy-plan.js'
import { sayDuration } from '../domain/duration.js'
import { troubles, type Finding, type Trouble } from '../domain/finding.js'
import type { Ending } from '../domain/outcome.js'
import { plural } from '../domain/plural.js'
import type { Inputs } from '../inputs.js'
import type { Ports } from '../ports.js'
import { lookFirst, refusalOf } from '../steps/check-first.js'
import { jobOf } from '../steps/job.js'
import { makePlan, type Plan } from '../steps/plan.js'
import type { Run } from '../steps/record.js'
import { rolloutsLately, tellPlan } from '../steps/tell-plan.js'

/**
 * Says what a deploy with these inputs would do now, and writes nothing: the differences, the tags, what the checks
 * find, where it would go back to, how long it takes. Ends as `problems` when a deploy would be refused for what the
 * checks find. Throws Refusal for bad input, AwsFault when AWS fails us.
 */
export async function plan(ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal): Promise<Ending> {
  const { name, policy } = jobOf(ports, inputs, run, signal)
  const made = await makePlan(ports, inputs, name, run, policy.deadline, signal)
  const [found, lately] = made.changes
    ? await Promise.all([lookFirst(ports, name, inputs, made, signal), rolloutsLately(ports, name)])
    : []
  signal?.throwIfAborted()
  const told = tellPlan(ports, inputs, made, true, found?.facts, lately)
  const { primary, service } = made.before
  const serving = {
    servingTaskDefinition: primary.taskDefinition,
    servingNote: `${primary.running} of ${plural(service.desired, 'task')} running`
  }
  const refusal = found && refusalOf(inputs, found.findings)
  if (refusal)
    return {
      ...serving,
      outcome: 'problems',
      reasonCode: refusal.reasonCode,
      reason: refusal.problems.join('\n'),
      evidence: refusal.evidence,
      ...(refusal.fix === undefined ? {} : { fix: refusal.fix })
    }
  const over = errorsOf(found?.findings ?? [])
  const reason = [sentence(made, told), ...goesOnOver(over)].join(' ')
  return { ...serving, outcome: 'ok', reason, evidence: over.flatMap((f) => f.evidence) }
}

const errorsOf = (findings: readonly Finding[]) => troubles(findings).filter((f) => f.state === 'error')

/** With `preflight: warn` an error does not stop a deploy; whoever reads a green plan must not overlook it. */
function goesOnOver(errors: readonly Trouble[]): string[] {
  if (errors.length === 0) return []
  const what = errors.map((f) => f.says).join(' ')
  return [`It would fail, and go on all the same (preflight: warn): ${what}`]
}

function sentence({ before }: Plan, told: DeployPlan): string {
  const { name } = before.service
  const revision = revisionName(told.running)
  if (before.adopted)
    return `A deploy now would go on with deployment ${before.primary.id} of ${revision}, which another run began.`
  if (changesNothing(told))
    return `A deploy would change nothing: ${name} runs ${revision} with these images.`
  const { images, changes, desired, time } = told
  const what = [
    ...(images.length > 0 ? [plural(images.length, 'image')] : []),
    ...(changes.length > 0 ? [plural(changes.length, 'other setting')] : []),
    ...(desired.before === desired.after ? [] : [`the count from ${desired.before} to ${desired.after}`])
  ]
  const does =
    what.length > 0 ? `change ${what.join(', ').replace(/, ([^,]*)$/, ' and $1')}` : 'replace the tasks'
  const takes = time?.possible === true ? `; it takes at least ${sayDuration(time.leastMs)}` : ''
  return `A deploy of ${name} would ${does}${takes}.`
}
