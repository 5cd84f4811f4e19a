import { error, gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { rawContainers, textOf } from '../needs.js'
import { containerNamed, servingContainers, taken } from '../running.js'

/** Names of containers that do one thing and end. */
const once = /(^|[-_.])(init|migrate|migrations?|migrator|setup|bootstrap|seed)($|[-_.])/i

/** Whose end ends the task. */
export const essential: Check = {
  name: 'essential',
  area: 'definition',
  question:
    'Does the task end with the container that serves, and with no container that only does one thing?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source:
    'ECS API, ContainerDefinition.essential: at least one is; when one of them stops, all of the task stop',
  look(facts) {
    const containers = rawContainers(facts.definition)
    const names = containers.filter((c) => c['essential'] !== false).map((c) => textOf(c, 'name') ?? '')
    if (containers.length > 0 && names.length === 0) return none(facts)
    return gravest(
      [...serving(facts, names), ...names.map((n) => oneOff(facts, n))],
      'No container was shown.'
    )
  }
}

function none(facts: Facts): Answer {
  const all = rawContainers(facts.definition).map((c) => textOf(c, 'name') ?? '')
  if (taken(facts, (d) => rawContainers(d).map((c) => c['essential'] ?? true)))
    return ok('No container is essential, as in the definition that runs.')
  return error(
    'No container of the task definition is essential, and ECS takes none without.',
    [`essential is false for ${all.join(', ')}`],
    `Set essential to true for the container that serves${all[0] === undefined ? '' : `, such as ${all[0]}`}.`
  )
}

/** The container behind the load balancer may end, and its task goes on as if nothing were. */
function serving({ service, definition }: Facts, essential: string[]): Answer[] {
  const behind = [...new Set(service.loadBalancers.map((l) => l.containerName))]
  return behind
    .filter((name) => containerNamed(definition, name) && !essential.includes(name))
    .map((name) =>
      warning(
        `The load balancer sends to container ${name}, which is not essential: when it ends, the task runs on without it.`,
        [`essential is false for ${name}; it is true for ${essential.join(', ')}`],
        `Set essential to true for container ${name}.`
      )
    )
}

function oneOff(facts: Facts, name: string): Answer {
  const runsOn = servingContainers(facts, name).some((c) => c.lastStatus === 'RUNNING')
  if (!once.test(name) || runsOn) return ok(`${name} is essential.`)
  return warning(
    `Container ${name} is essential, and by its name it ends: its end stops the whole task.`,
    [
      `essential is ${containerNamed(facts.definition, name)?.['essential'] === undefined ? 'true by default' : 'true'} for ${name}`
    ],
    `Set essential to false for container ${name}, and let the others wait for it: dependsOn ${name}, condition SUCCESS.`
  )
}
