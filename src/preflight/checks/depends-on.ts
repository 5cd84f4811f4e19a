import { error, gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { listOf, objectOf, rawContainers, textOf } from '../needs.js'
import { containerNamed, taken } from '../running.js'

const conditions = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']

interface Wait {
  who: string
  on: string
  condition: string
}

/** Containers that wait for what never comes. */
export const dependsOn: Check = {
  name: 'depends-on',
  area: 'definition',
  question: 'Can every container that others wait for come to what they wait for?',
  reads: ['ecs:DescribeTaskDefinition'],
  worst: 'error',
  source:
    'ECS API, ContainerDependency: HEALTHY needs a health check, COMPLETE and SUCCESS a container that is not essential',
  look(facts) {
    const waits = rawContainers(facts.definition).flatMap((container) =>
      listOf(container, 'dependsOn').map((d) => ({
        who: textOf(container, 'name') ?? '',
        on: textOf(d, 'containerName') ?? '',
        condition: conditions.find((c) => c === d['condition']) ?? 'that is not known here'
      }))
    )
    if (waits.length === 0) return ok('No container waits for another.')
    if (taken(facts, shape)) return ok('The containers wait for each other as in the definition that runs.')
    const circle = circleIn(waits)
    return gravest([...waits.map((w) => judged(facts, w)), ...(circle ? [circular(circle)] : [])], '')
  }
}

/** What waiting hangs on. */
function shape(definition: Facts['definition']): string {
  return JSON.stringify(
    rawContainers(definition).map((c) => [
      textOf(c, 'name'),
      c['dependsOn'],
      c['essential'],
      objectOf(c, 'healthCheck') !== undefined
    ])
  )
}

function judged({ definition }: Facts, { who, on, condition }: Wait): Answer {
  const other = containerNamed(definition, on)
  const evidence = [`${who} depends on ${on}, condition ${condition}`]
  if (!other) {
    const names = rawContainers(definition).map((c) => textOf(c, 'name') ?? '')
    return error(
      `Container ${who} waits for container ${on}, which the task definition has not.`,
      [...evidence, `it has ${names.join(', ')}`],
      `Name one of its containers in dependsOn of ${who}, or leave it out.`
    )
  }
  if (/^(COMPLETE|SUCCESS)$/.test(condition) && other['essential'] !== false)
    return error(
      `Container ${who} waits for the end of ${on}, which is essential: ECS does not take that, since its end would stop the task.`,
      [...evidence, `${on} is essential`],
      `Set essential to false for container ${on}.`
    )
  if (condition === 'HEALTHY' && !objectOf(other, 'healthCheck'))
    return warning(
      `Container ${who} waits until ${on} is HEALTHY, and ${on} has no healthCheck in the task definition: it may wait for ever.`,
      [...evidence, `${on} has no healthCheck (that of its image does not count)`],
      `Give container ${on} a healthCheck, or wait for START.`
    )
  return ok(`${who} waits for ${on}.`, evidence)
}

/** Names in a circle, each waiting for the next one; undefined when there is none. */
function circleIn(waits: Wait[]): string[] | undefined {
  const follow = (path: string[]): string[] | undefined => {
    const at = path.at(-1) ?? ''
    const from = path.indexOf(at)
    if (from < path.length - 1) return path.slice(from)
    for (const { on } of waits.filter((w) => w.who === at)) {
      const found = follow([...path, on])
      if (found) return found
    }
    return undefined
  }
  for (const { who } of waits) {
    const found = follow([who])
    if (found) return found
  }
  return undefined
}

function circular(names: string[]): Answer {
  return error(
    `Containers wait for each other in a circle: ${names.join(' → ')}.`,
    [`dependsOn: ${names.join(' → ')}`],
    'Take one of them out of dependsOn.'
  )
}
