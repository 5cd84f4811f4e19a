import { parseArn } from '../domain/arn.js'
import type { Ending } from '../domain/outcome.js'
import { primaryOf } from '../domain/service.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { answerOf, diagnose as answer, type Diagnosis } from '../preflight/diagnosis.js'
import { preflight } from '../preflight/run.js'
import { stateRows } from '../preflight/state.js'
import { AwsFault, NotFound, type Ports, type ServiceName } from '../ports.js'
import { faultEnding } from '../steps/fault-ending.js'
import { causeNow } from '../steps/look-once.js'
import type { Run } from '../steps/record.js'

/**
 * Says why services do not answer, whoever deployed them: what clients see, the cause, the proof and the fix, then what
 * every check found. Reads only. Throws AwsFault when the one service itself cannot be read; of several, the others are told all the same.
 */
export async function diagnose(
  ports: Ports,
  inputs: Inputs,
  run: Run,
  signal?: AbortSignal
): Promise<Ending> {
  const endings: Ending[] = []
  const several = inputs.services.length > 1
  for (const { cluster, service } of inputs.services)
    endings.push(
      await one(ports, { cluster, service }, run, signal).catch((e: unknown) => unseen(e, service, several))
    )
  const ill = endings.filter((e) => e.outcome !== 'ok').sort((a, b) => rank(a) - rank(b))
  const first = ill[0] ?? endings[0]
  if (!first || endings.length === 1) return first ?? { outcome: 'ok', reason: 'No service.', evidence: [] }
  return { ...first, reason: (ill.length > 0 ? ill : endings).map((e) => e.reason).join('\n') }
}

/** What was seen to be ill comes before what was not seen. */
const rank = ({ outcome }: Ending): number => (outcome === 'problems' ? 0 : 1)

/** One of several services that cannot be read does not keep the others from being looked at. */
function unseen(error: unknown, service: string, several: boolean): Ending {
  if (!several || !(error instanceof AwsFault) || error.kind === 'expired') throw error
  return faultEnding(error, `Nothing is known of service ${service}.`)
}

async function one(ports: Ports, name: ServiceName, run: Run, signal?: AbortSignal): Promise<Ending> {
  const service = await ports.containers.service(name).catch(missing)
  if (service instanceof NotFound)
    return {
      outcome: 'problems',
      reasonCode: 'input',
      reason: `${service.message}.`,
      evidence: [],
      fix: 'Check the names, and the account and region of the credentials.'
    }
  const primary = primaryOf(service)
  const definition = await definitionOf(ports, primary?.taskDefinition ?? service.taskDefinition)
  const about = {
    purpose: 'diagnose' as const,
    service,
    definition,
    running: definition,
    desired: service.desired,
    undoes: false,
    region: parseArn(service.arn)?.region ?? ''
  }
  const { facts, findings } = await preflight(ports, name, about, signal)
  const why =
    primary &&
    (await causeNow(ports, name, primary, definition, signal).catch((e: unknown) => unread(ports, e)))
  const found = answer(facts, findings, why)
  tell(ports, found)
  ports.announce({ code: 'step', step: 'inspect', title: `Diagnose ${name.service}` })
  for (const [fact, value] of stateRows(facts)) ports.announce({ code: 'fact', name: fact, value })
  ports.announce({ code: 'preflight', findings })
  return endingOf(found, primary?.taskDefinition, why?.logs)
}

/** The definition that runs; one that cannot be read is empty, and what hangs on it has no answer. */
async function definitionOf(ports: Ports, reference: string): Promise<JsonObject> {
  if (reference === '') return {}
  try {
    return (await ports.containers.taskDefinition(reference)).definition
  } catch (error) {
    if (!(error instanceof NotFound) && !(error instanceof AwsFault && error.kind !== 'expired')) throw error
    const text = `The task definition cannot be read (${error.message}).`
    ports.announce({ code: 'warning', text })
    return {}
  }
}

function missing(error: unknown): NotFound {
  if (error instanceof NotFound) return error
  throw error
}

function unread(ports: Ports, error: unknown): undefined {
  if (!(error instanceof AwsFault)) throw error
  ports.announce({
    code: 'warning',
    text: `The tasks cannot be read (${error.operation}: ${error.message}).`
  })
  return undefined
}

/** The answer first, then the proof, then the way out. */
function tell(ports: Ports, found: Diagnosis): void {
  if (found.well) return
  ports.announce({
    code: 'cause',
    reasonCode: found.reasonCode ?? 'unknown',
    sentence: answerOf(found),
    evidence: found.evidence,
    logs: [],
    fix: fixText(found)
  })
}

function fixText({ fix }: Diagnosis): string {
  const { todo = '', console, command } = fix ?? {}
  return [
    todo,
    ...(console === undefined ? [] : [`In the console: ${console}.`]),
    ...(command === undefined ? [] : [`Command: ${command}`])
  ].join(' ')
}

function endingOf(found: Diagnosis, serving: string | undefined, logs: Ending['logs']): Ending {
  const base = serving === undefined ? {} : { servingTaskDefinition: serving }
  if (found.well) return { ...base, outcome: 'ok', reason: `${found.says}.`, evidence: [] }
  return {
    ...base,
    outcome: 'problems',
    reasonCode: found.reasonCode ?? 'unknown',
    reason: answerOf(found),
    evidence: found.evidence,
    ...(logs === undefined ? {} : { logs }),
    fix: fixText(found)
  }
}
