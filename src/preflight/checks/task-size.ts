import { fargateCpus, memoryFor, sayMemoryFor } from '../../domain/fargate-size.js'
import { cpuUnits, mebibytes, type Json, type JsonObject } from '../../domain/task-definition.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { isFargate, numberOf, objectOf, rawContainers, textOf } from '../needs.js'
import { containerNamed, taken } from '../running.js'

/** Sizes that Fargate has not, and containers that are larger than their task. */
export const taskSize: Check = {
  name: 'task-size',
  area: 'definition',
  question: 'Does Fargate have the CPU and memory of the task, and do the containers fit into it?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source: 'ECS developer guide, task size on Fargate; ECS API, ContainerDefinition.memory',
  look: (facts) => gravest([size(facts), ...containers(facts)], 'No container was shown.')
}

function size(facts: Facts): Answer {
  const { definition, service } = facts
  const asked = definition['requiresCompatibilities']
  const declared = Array.isArray(asked) && asked.includes('FARGATE')
  if (!declared && !isFargate(service, definition)) return ok('EC2 instances take tasks of any size.')
  const { cpu, memory } = definition
  const shown = [`cpu ${say(cpu)}, memory ${say(memory)}`]
  if (taken(facts, (d) => [d['cpu'] ?? null, d['memory'] ?? null, d['requiresCompatibilities'] ?? null]))
    return ok('The task has the size of the one that runs.', shown)
  if (cpu === undefined || memory === undefined) {
    const missing = cpu === undefined ? 'cpu' : 'memory'
    const says = `A Fargate task must say its size, and the task definition has no ${missing}.`
    const fix = `Set ${missing} in the task definition${cpu === undefined ? `: one of ${fargateCpus.join(', ')}` : ''}.`
    // Without the word FARGATE in it, it is the service that does not take this definition.
    return declared ? error(says, shown, fix) : warning(says, shown, fix)
  }
  return pair(Number(cpuUnits(cpu)), Number(mebibytes(memory)), shown, isWindows(definition))
}

function pair(cpu: number, memory: number, shown: string[], windows: boolean): Answer {
  const largest = Math.max(...fargateCpus)
  if (!(cpu > 0 && memory > 0 && cpu <= largest))
    return unknowable('the table of Fargate sizes does not go so far')
  const fits = memoryFor(cpu)
  if (windows && (cpu < 1024 || cpu > 4096))
    return error(
      `Fargate runs Windows on 1024 to 4096 units of CPU, not on ${cpu}.`,
      shown,
      'Set cpu to 1024.'
    )
  if (fits.length === 0) {
    const next = fargateCpus.find((c) => c > cpu) ?? largest
    return error(
      `Fargate has no task with ${cpu} units of CPU.`,
      [...shown, `it has ${fargateCpus.join(', ')}`],
      `Set cpu to ${next} and memory to ${nearest(memoryFor(next), memory)} in the task definition.`
    )
  }
  if (fits.includes(memory)) return ok(`Fargate has tasks of ${cpu} units of CPU and ${memory} MiB.`, shown)
  return error(
    `Fargate has no task with ${cpu} units of CPU and ${memory} MiB of memory.`,
    [...shown, `cpu ${cpu} goes with memory ${sayMemoryFor(cpu)}`],
    fixOf(cpu, memory, fits)
  )
}

function fixOf(cpu: number, memory: number, fits: number[]): string {
  const other = fargateCpus.find((c) => c !== cpu && memoryFor(c).includes(memory))
  const either = `Set memory to ${nearest(fits, memory)}`
  return `${either}${other === undefined ? '' : `, or cpu to ${other},`} in the task definition.`
}

/** The least that is enough, or the most that there is. */
function nearest(values: number[], wanted: number): number {
  return values.find((v) => v >= wanted) ?? values.at(-1) ?? wanted
}

function containers(facts: Facts): Answer[] {
  const { definition } = facts
  const task = Number(mebibytes(definition['memory'] ?? ''))
  const list = rawContainers(definition)
  if (!(task > 0)) return []
  const single = list.flatMap((container): Answer[] => {
    const name = textOf(container, 'name') ?? ''
    const own = numberOf(container, 'memory') ?? 0
    if (own <= task) return []
    if (taken(facts, (d) => [d['memory'] ?? null, containerNamed(d, name)?.['memory'] ?? null])) return []
    return [
      error(
        `Container ${name} may use ${own} MiB, more than the ${task} MiB of its task.`,
        [`memory of ${name} ${own}, of the task ${task}`],
        `Set memory of container ${name} to ${task} or less, or give the task more.`
      )
    ]
  })
  const reserved = list.map((c) => numberOf(c, 'memoryReservation') ?? numberOf(c, 'memory') ?? 0)
  const sum = reserved.reduce((a, b) => a + b, 0)
  const sums = list.map((c, i) => `${textOf(c, 'name') ?? ''} ${reserved[i] ?? 0}`).join(', ')
  if (sum <= task || single.length > 0 || taken(facts, amounts)) return single
  return [
    warning(
      `The containers reserve ${sum} MiB together, more than the ${task} MiB of their task.`,
      [`${sums}; task ${task}`],
      `Give the task at least ${sum} MiB of memory, or the containers less.`
    )
  ]
}

function amounts(definition: JsonObject): (number | string)[] {
  return [
    textOf(definition, 'memory') ?? '',
    ...rawContainers(definition).map((c) => numberOf(c, 'memoryReservation') ?? numberOf(c, 'memory') ?? 0)
  ]
}

function isWindows(definition: JsonObject): boolean {
  return /^WINDOWS/i.test(textOf(objectOf(definition, 'runtimePlatform'), 'operatingSystemFamily') ?? '')
}

function say(value: Json | undefined): string {
  if (value === undefined) return 'not given'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[\d.]+ ?(vcpu|[gm]b)?$/i.test(text) ? text : 'not a size'
}
