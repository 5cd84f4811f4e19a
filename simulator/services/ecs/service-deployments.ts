/** Service deployments. */
import type { SimulatedWorld } from '../../world/world.js'
import { read, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, serviceOf, type Page } from './find.js'
import { deploymentBrief, deploymentDetail } from './shapes.js'

function listServiceDeployments(
  world: SimulatedWorld,
  input: Page & {
    service: string
    cluster?: string
    status?: string[]
    createdAt?: { before?: number; after?: number }
  }
): Record<string, unknown> {
  const service = serviceOf(world, clusterOf(world, input.cluster), input.service)
  const { before, after } = input.createdAt ?? {}
  const records = service.records.filter(
    (r) =>
      (input.status === undefined || input.status.length === 0 || input.status.includes(r.status)) &&
      (before === undefined || r.createdAt <= before * 1000) &&
      (after === undefined || r.createdAt >= after * 1000)
  )
  const { items, next } = page(records, input.nextToken, input.maxResults)
  return { serviceDeployments: items.map((r) => deploymentBrief(service, r)), nextToken: next }
}

function describeServiceDeployments(
  world: SimulatedWorld,
  input: { serviceDeploymentArns: string[] }
): Record<string, unknown> {
  if (input.serviceDeploymentArns.length > 20) throw invalid('Can describe at most 20 service deployments.')
  const serviceDeployments: unknown[] = []
  const failures: unknown[] = []
  for (const arn of input.serviceDeploymentArns) {
    const service = world.ecs.services.find((s) => s.records.some((r) => r.arn === arn))
    const record = service?.records.find((r) => r.arn === arn)
    if (service === undefined || record === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceDeployments.push(deploymentDetail(service, record))
  }
  return { serviceDeployments, failures }
}

/** The operations, by name. */
export const serviceDeploymentOperations: Record<string, Operation> = {
  ListServiceDeployments: read(listServiceDeployments),
  DescribeServiceDeployments: read(describeServiceDeployments)
}
