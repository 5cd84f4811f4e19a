import { Refusal } from '../domain/outcome.js'
import type { Alarm, DeploymentAlarms } from '../domain/service.js'
import { AwsFault, type Ports } from '../ports.js'

/**
 * The alarms that the deployment is held to: those that were asked for, and those that ECS itself holds it to. One that
 * is in ALARM before is told, and does not count. Throws Refusal when one that was asked for does not exist, and
 * AwsFault when these cannot be read: the result would be unknowable.
 */
export async function alarmsToWatch(
  ports: Ports,
  asked: readonly string[],
  own: DeploymentAlarms | undefined
): Promise<string[]> {
  const counted = [...(await askedFor(ports, asked)), ...(await ofService(ports, own))]
  const names = [...new Set(counted)]
  if (names.length > 0) ports.announce({ code: 'fact', name: 'alarms', value: names.join(', ') })
  return names
}

async function askedFor(ports: Ports, asked: readonly string[]): Promise<string[]> {
  if (asked.length === 0) return []
  const states = (await ports.alarms?.states([...asked])) ?? []
  const missing = asked.filter((name) => !states.some((s) => s.name === name))
  if (missing.length > 0)
    throw new Refusal(
      missing.map(
        (name) => `alarms: CloudWatch has no alarm "${name}" in this account and region (names are exact).`
      ),
      'input',
      'Check the names, and the account and region of the credentials: aws cloudwatch describe-alarms'
    )
  for (const { name } of states.filter(isRaised))
    ports.announce({
      code: 'warning',
      text: `Alarm ${name} is in ALARM already, before this deployment: it does not count.`
    })
  return states.filter((s) => !isRaised(s)).map((s) => s.name)
}

function isRaised(alarm: Alarm): boolean {
  return alarm.state === 'ALARM'
}

/** The alarms of the service itself are ECS's matter first: where they cannot be read, ECS still acts on them. */
async function ofService(ports: Ports, own: DeploymentAlarms | undefined): Promise<string[]> {
  if (!own?.enable || own.names.length === 0 || !ports.alarms) return []
  try {
    const states = await ports.alarms.states(own.names)
    const raised = states.filter(isRaised).map((s) => s.name)
    if (raised.length === 0) return states.map((s) => s.name)
    ports.announce({
      code: 'warning',
      text: `In ALARM already: ${raised.join(', ')}. ECS ignores the alarms of the service for this deployment, and so do we.`
    })
    return []
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    ports.announce({
      code: 'warning',
      text: `The alarms of the service cannot be read (${error.operation}: ${error.message}); ECS watches them all the same.`
    })
    return []
  }
}
