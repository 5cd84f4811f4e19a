import { troubles, type Finding } from '../domain/finding.js'
import { Refusal } from '../domain/outcome.js'
import type { Inputs } from '../inputs.js'
import type { About } from '../preflight/facts.js'
import type { Preflight } from '../preflight/run.js'
import type { Ports, ServiceName } from '../ports.js'
import { parseArn } from '../domain/arn.js'
import type { Plan } from './plan.js'

/** What the checks are asked about this plan. */
export function aboutPlan(inputs: Inputs, { before, definition, running, pins }: Plan): About {
  const { service } = before
  return {
    purpose: 'deploy',
    service,
    definition,
    running: running.definition,
    named: new Map(
      pins.flatMap((p) => (p.tag === undefined ? [] : [[p.container, `${p.repository}:${p.tag}`] as const]))
    ),
    desired: inputs.desiredCount ?? service.desired,
    undoes: inputs.onFailure === 'rollback',
    timeoutMs: inputs.timeoutMs,
    region: parseArn(service.arn)?.region ?? inputs.region ?? ''
  }
}

/** Looks before anything is written, and tells what it found. Reads only; undefined with `preflight: off`. */
export async function lookFirst(
  ports: Ports,
  name: ServiceName,
  inputs: Inputs,
  plan: Plan,
  signal?: AbortSignal
): Promise<Preflight | undefined> {
  if (inputs.preflight === 'off') return undefined
  ports.announce({ code: 'step', step: 'preflight', title: 'Preflight' })
  // Nothing before the first request needs the checks.
  const { preflight } = await import('../preflight/run.js')
  const found = await preflight(ports, name, aboutPlan(inputs, plan), signal)
  ports.announce({ code: 'preflight', findings: found.findings })
  return found
}

/** The refusal that findings come to: something makes this deployment fail for certain (`preflight: enforce`). Pure. */
export function refusalOf(
  { preflight: how }: Pick<Inputs, 'preflight'>,
  findings: readonly Finding[]
): Refusal | undefined {
  const errors = troubles(findings).filter((f) => f.state === 'error')
  const first = errors[0]
  if (!first || how !== 'enforce') return undefined
  return new Refusal(
    errors.map((f) => f.says),
    first.reasonCode ?? 'preflight',
    [first.fix.todo, first.fix.command ?? ''].filter((t) => t !== '').join(' '),
    errors.flatMap((f) => f.evidence)
  )
}

/** Looks first, and throws the Refusal that the findings come to. */
export async function checkFirst(
  ports: Ports,
  name: ServiceName,
  inputs: Inputs,
  plan: Plan,
  signal?: AbortSignal
): Promise<Preflight | undefined> {
  const found = await lookFirst(ports, name, inputs, plan, signal)
  const refusal = found && refusalOf(inputs, found.findings)
  if (refusal) throw refusal
  return found
}
