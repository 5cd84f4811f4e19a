import { parseClusterReference, parseServiceReference } from '../domain/arn.js'
import { shown, type Reader } from './reader.js'

/** Where a service lives, as far as the inputs name it. */
export interface ServicePlace {
  cluster: string
  service: string
  /** Region that an ARN named. */
  region?: string
  /** Account that an ARN named. */
  account?: string
}

/**
 * Reads `cluster` and the lines of `service`, each a name or an ARN. `several` says whether more than one service
 * may be given. Gives at least one place; what is wrong is added to the problems.
 */
export function readServices(read: Reader, several: boolean, problems: string[]): ServicePlace[] {
  const lines = read.lines('service')
  if (lines.length === 0) problems.push('service is required: the name or ARN of the ECS service.')
  if (lines.length > 1 && !several) {
    problems.push(
      `service names ${lines.length} services ("${shown(lines.join('", "'))}"), but only the modes audit and diagnose take several; use one step for each.`
    )
    return [{ cluster: 'default', service: lines[0] ?? '' }]
  }
  const places = (lines.length === 0 ? [''] : lines).map((line, i) =>
    readPlace(read, line, i === 0, problems)
  )
  for (const part of ['region', 'account'] as const) {
    const named = [...new Set(places.flatMap((place) => place[part] ?? []))]
    if (named.length > 1)
      problems.push(`service names ${part}s ${shown(named.join(', '))}; one run looks at one ${part}.`)
  }
  const key = (place: ServicePlace) => `${place.cluster}/${place.service}`
  return places.filter((place, i) => places.findIndex((other) => key(other) === key(place)) === i)
}

function readPlace(read: Reader, serviceText: string, first: boolean, problems: string[]): ServicePlace {
  const clusterText = read.text('cluster')
  const cluster = clusterText === '' ? undefined : parseClusterReference(clusterText)
  const service = serviceText === '' ? undefined : parseServiceReference(serviceText)
  if (first && clusterText !== '' && !cluster)
    problems.push(`cluster "${shown(clusterText)}" is neither the name nor the ARN of an ECS cluster.`)
  if (serviceText !== '' && !service)
    problems.push(`service "${shown(serviceText)}" is neither the name nor the ARN of one ECS service.`)
  // `default` is what action.yml fills in, so it does not contradict an ARN that names its cluster.
  const named = cluster && cluster.cluster !== 'default' ? cluster.cluster : undefined
  if (named !== undefined && service?.cluster !== undefined && service.cluster !== named)
    problems.push(
      `service "${shown(serviceText)}" lives in cluster "${service.cluster}", but cluster is "${shown(clusterText)}".`
    )
  for (const part of ['region', 'account'] as const)
    if (cluster?.[part] !== undefined && service?.[part] !== undefined && cluster[part] !== service[part])
      problems.push(`cluster and service name two ${part}s: ${cluster[part]} and ${service[part]}.`)
  const region = service?.region ?? cluster?.region
  const account = service?.account ?? cluster?.account
  return {
    cluster: named ?? service?.cluster ?? 'default',
    service: service?.service ?? serviceText,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account })
  }
}
