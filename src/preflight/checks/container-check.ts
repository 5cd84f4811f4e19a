import { sayDuration } from '../../domain/duration.js'
import type { JsonObject } from '../../domain/task-definition.js'
import { error, gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { listOf, numberOf, objectOf, rawContainers, textOf } from '../needs.js'
import { containerNamed, servingContainers, taken } from '../running.js'

/** What ECS takes for each number of a health check, seconds but for `retries`. */
const ranges = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300]
} as const

/** Less than this from its start to UNHEALTHY is little for any application, milliseconds. */
const shortMs = 60_000

/** Commands in a form that cannot do what is meant, and numbers that leave no time to start. */
export const containerCheck: Check = {
  name: 'container-check',
  area: 'definition',
  question: 'Are the health checks of the containers written as ECS runs them, with the time to start?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source:
    'ECS API, HealthCheck: CMD runs a program, CMD-SHELL one text by the shell; the ranges of its numbers',
  look(facts) {
    const { definition } = facts
    const checked = rawContainers(definition).filter(
      (c) => objectOf(c, 'healthCheck') && counts(definition, c)
    )
    const answers = checked.map((container) => {
      const name = textOf(container, 'name') ?? ''
      const check = objectOf(container, 'healthCheck') ?? {}
      const before = taken(facts, (d) => containerNamed(d, name)?.['healthCheck'])
      if (before && servingContainers(facts, name).some((c) => c.healthStatus === 'HEALTHY'))
        return ok(`${name} passes this check now.`)
      return gravest(
        [...(before ? [] : refused(name, check)), form(name, check), patience(facts, name, check)],
        ''
      )
    })
    return gravest(answers, 'No essential container has a health check in the task definition.')
  }
}

/** Its health is that of the task, or another container waits for it. */
function counts(definition: JsonObject, container: JsonObject): boolean {
  const waited = rawContainers(definition).some((c) =>
    listOf(c, 'dependsOn').some(
      (d) => d['containerName'] === container['name'] && d['condition'] === 'HEALTHY'
    )
  )
  return container['essential'] !== false || waited
}

/** What ECS does not take at all. */
function refused(name: string, check: JsonObject): Answer[] {
  const command = check['command']
  if (!Array.isArray(command) || command.length === 0)
    return [
      error(
        `The health check command of ${name} is ${Array.isArray(command) ? 'empty' : 'no list'}, and ECS takes only a list of texts.`,
        [`healthCheck.command of ${name}`],
        `Write it as a list in container ${name}: ["CMD-SHELL", "the command || exit 1"].`
      )
    ]
  return Object.entries(ranges).flatMap(([key, [least, most]]) => {
    const value = numberOf(check, key)
    if (value === undefined || (value >= least && value <= most)) return []
    return [
      error(
        `${key} of the health check of ${name} is ${value}, and ECS takes ${least} to ${most}.`,
        [`${key} ${value}`],
        `Set ${key} of the healthCheck of container ${name} to ${value < least ? least : most}${value < least ? ' or more' : ' or less'}.`
      )
    ]
  })
}

/** The command as it is written. */
function form(name: string, check: JsonObject): Answer {
  const [kind = '', ...args] = texts(check)
  // The rest of a command may hold what is not for everybody.
  const shown = /^CMD(-SHELL)?$/.test(kind) ? `${kind} and ${args.length} arguments` : 'a text of its own'
  const evidence = [`the command of ${name} is ${shown}`]
  const fix = `Write the command of container ${name} as one text for the shell: ["CMD-SHELL", "the command || exit 1"].`
  const odd = (says: string) => warning(`The health check of ${name} ${says}`, evidence, fix)
  if (kind === 'CMD' && args.some((a) => /^(\|\||&&|[|;>])$/.test(a)))
    return odd(
      'has shell signs among the arguments of CMD, which runs no shell: the program gets them as arguments.'
    )
  if (kind === 'CMD' && args.length === 1 && /\s/.test(args[0] ?? ''))
    return odd('gives CMD a whole command line in one text, which is taken for the name of a program.')
  if (kind === 'CMD-SHELL' && args.length > 1)
    return odd('gives CMD-SHELL more than one text: the shell runs only the first of them.')
  if (!kind.startsWith('CMD') && kind !== 'NONE' && args.length === 0 && /\s/.test(kind))
    return odd('begins with neither CMD nor CMD-SHELL: its whole text is taken for the name of a program.')
  return ok(`${name} is asked in a form that ECS runs.`)
}

function texts(check: JsonObject): string[] {
  const command = check['command']
  return Array.isArray(command) ? command.filter((part) => typeof part === 'string') : []
}

/** How soon a container that starts slowly is UNHEALTHY. */
function patience({ service }: Facts, name: string, check: JsonObject): Answer {
  const seconds = (key: string, none: number) => numberOf(check, key) ?? none
  const retries = seconds('retries', 3)
  const interval = seconds('interval', 30) * 1000
  const startPeriod = seconds('startPeriod', 0) * 1000
  const failsMs = startPeriod + retries * interval
  const patient = Math.max(failsMs, service.gracePeriodMs)
  const sums = [
    `${retries} checks of ${name} every ${sayDuration(interval)}, startPeriod ${startPeriod === 0 ? 'off' : sayDuration(startPeriod)}; grace period of the service ${sayDuration(service.gracePeriodMs)}`
  ]
  if (startPeriod > 0 || patient >= shortMs) return ok(`${name} has ${sayDuration(patient)} to start.`, sums)
  return warning(
    `Container ${name} is UNHEALTHY, and its task replaced, when it does not answer ${sayDuration(patient)} after its start: there is no startPeriod.`,
    sums,
    `Set startPeriod of the healthCheck of container ${name} above the longest start of the application, such as 60.`
  )
}
