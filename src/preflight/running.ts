import { primaryOf, type Container, type Task } from '../domain/service.js'
import { comparable, type Json, type JsonObject } from '../domain/task-definition.js'
import type { Facts } from './facts.js'
import { rawContainers, textOf } from './needs.js'

/**
 * True when the definition that runs has the same there, ECS's defaults aside: ECS has taken it before, so it is nothing
 * that would be refused now.
 */
export function taken(
  { definition, running }: Pick<Facts, 'definition' | 'running'>,
  part: (definition: JsonObject) => Json | undefined
): boolean {
  const there = (d: JsonObject) => JSON.stringify(part(comparable(d)) ?? null)
  return there(definition) === there(running)
}

/** The container of this name. */
export function containerNamed(definition: JsonObject, name: string): JsonObject | undefined {
  return rawContainers(definition).find((c) => textOf(c, 'name') === name)
}

/** The tasks that run the revision which serves now; none when they could not be read. */
export function servingTasks({ service, tasks }: Pick<Facts, 'service' | 'tasks'>): Task[] {
  const serving = primaryOf(service)?.taskDefinition ?? service.taskDefinition
  return tasks.known
    ? tasks.value.filter((t) => t.lastStatus === 'RUNNING' && t.taskDefinition === serving)
    : []
}

/** The containers of this name in the tasks that serve now. */
export function servingContainers(facts: Pick<Facts, 'service' | 'tasks'>, name: string): Container[] {
  return servingTasks(facts).flatMap((t) => t.containers.filter((c) => c.name === name))
}
