import { error, gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { listOf, networkMode, numberOf, rawContainers, textOf } from '../needs.js'
import { taken } from '../running.js'
import { bounds } from './room-to-roll.js'

interface Port {
  container: string
  inside: number
  /** On the host; 0: any that is free. */
  outside: number
  protocol: string
}

/** Ports that two want, and ports that one instance has once. */
export const hostPorts: Check = {
  name: 'host-ports',
  area: 'definition',
  question: 'Does every container get the ports that it asks for?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source:
    'ECS API, PortMapping.hostPort: a static port is free once on an instance; in awsvpc it is the containerPort',
  look(facts) {
    const ports = portsIn(facts.definition)
    if (taken(facts, (d) => JSON.stringify([networkMode(d), portsIn(d)])))
      return ok('The ports are those of the definition that runs.')
    const mode = networkMode(facts.definition)
    const answers =
      mode === 'bridge' ? [clash(ports, 'outside', mode), rolls(facts, ports)] : shared(ports, mode)
    return gravest(answers, 'No container maps a port.')
  }
}

function portsIn(definition: Facts['definition']): Port[] {
  return rawContainers(definition).flatMap((container) =>
    listOf(container, 'portMappings').flatMap((p) => {
      const inside = numberOf(p, 'containerPort')
      if (inside === undefined) return []
      const protocol = p['protocol'] === 'udp' ? 'udp' : 'tcp'
      return [
        {
          container: textOf(container, 'name') ?? '',
          inside,
          outside: numberOf(p, 'hostPort') ?? 0,
          protocol
        }
      ]
    })
  )
}

/** In awsvpc and host all containers of a task share one address. */
function shared(ports: Port[], mode: string): Answer[] {
  if (mode === 'none') return [ok('The containers have no network.')]
  const other = ports.find((p) => p.outside !== 0 && p.outside !== p.inside)
  if (other)
    return [
      error(
        `Container ${other.container} maps port ${other.inside} to host port ${other.outside}, and in network mode ${mode} the two must be the same.`,
        [`containerPort ${other.inside}, hostPort ${other.outside}, networkMode ${mode}`],
        `Leave out hostPort of container ${other.container}, or set it to ${other.inside}.`
      )
    ]
  return [clash(ports, 'inside', mode)]
}

function clash(ports: Port[], by: 'inside' | 'outside', mode: string): Answer {
  const wanted = ports.filter((p) => p[by] !== 0)
  const twice = wanted.find((p, i) =>
    wanted.slice(0, i).some((q) => q[by] === p[by] && q.protocol === p.protocol)
  )
  const first = twice && wanted.find((p) => p[by] === twice[by] && p.protocol === twice.protocol)
  if (!twice || !first) return ok('No port is asked for twice.')
  const what = by === 'outside' ? `host port ${twice.outside}` : `port ${twice.inside}`
  const who =
    first.container === twice.container
      ? `${first.container} twice`
      : `${first.container} and ${twice.container}`
  const says = `${what[0]?.toUpperCase() ?? ''}${what.slice(1)} is asked for by ${who}: a task has it once.`
  const evidence = [`${what}/${twice.protocol} in ${who}, networkMode ${mode}`]
  const fix =
    by === 'outside'
      ? `Set hostPort of ${twice.container} to 0, or to another port.`
      : `Let ${twice.container} listen on another port.`
  // What merely stands in the mappings twice need not be listened on twice.
  return by === 'outside' ? error(says, evidence, fix, 'port-conflict') : warning(says, evidence, fix)
}

/** With a static port an instance holds one task, old or new. */
function rolls(facts: Facts, ports: Port[]): Answer {
  const fixed = ports.find((p) => p.outside !== 0)
  const { least, most, minimum, maximum } = bounds(facts)
  const { desired, service } = facts
  if (!fixed || least < desired || service.scheduling !== 'REPLICA')
    return ok('Ports leave room for a new task.')
  return warning(
    `Host port ${fixed.outside} lets an instance hold one task of ${service.name}: each new one waits for an instance without an old one, and none may go first.`,
    [
      `hostPort ${fixed.outside} of ${fixed.container}`,
      `at least ${minimum} % of ${desired}: ${least} must stay; at most ${maximum} %: ${most} instances are needed`
    ],
    `Set hostPort of container ${fixed.container} to 0, so that ECS takes any free one, or minimumHealthyPercent of service ${service.name} below 100.`
  )
}
