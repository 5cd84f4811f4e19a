import type { Service } from './service.js'
import { containersOf, isObject, portsOf, type JsonObject } from './task-definition.js'

/**
 * What keeps tasks of a definition from starting in a service, as far as the definition itself shows it: a container
 * or port that the load balancer wants is missing, or a role that its secrets, logs or launch type need is not named.
 * Pure; in words, empty when nothing does.
 */
export function startProblems(service: Service, definition: JsonObject): string[] {
  return [...balancerProblems(service, definition), ...roleProblems(definition)]
}

function balancerProblems(service: Service, definition: JsonObject): string[] {
  const names = containersOf(definition).map((c) => c.name)
  return service.loadBalancers.flatMap(({ containerName, containerPort }) => {
    if (!names.includes(containerName))
      return [`it has no container ${containerName}, which the load balancer uses`]
    const ports = portsOf(definition, containerName)
    if (ports === 'ranges' || ports.includes(containerPort)) return []
    return [`container ${containerName} does not map port ${containerPort}, which the load balancer uses`]
  })
}

/** Secrets are read, and on Fargate logs are sent and ECR is pulled from, as the execution role (ECS documentation). */
function roleProblems(definition: JsonObject): string[] {
  const role = definition['executionRoleArn']
  if (typeof role === 'string' && role !== '') return []
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  const needs = list.filter(isObject).some((c) => Array.isArray(c['secrets']) && c['secrets'].length > 0)
  return needs ? ['it has secrets and names no execution role'] : []
}
