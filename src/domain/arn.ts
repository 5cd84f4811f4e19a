/** The parts of an ECS service given by name or ARN; what the text does not say is absent. */
export interface ServiceReference {
  service: string
  cluster?: string
  region?: string
  account?: string
}

const arn = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(.+)$/

/** Splits an ARN, or gives undefined when the text is none. */
export function parseArn(
  text: string
): { partition: string; service: string; region: string; account: string; resource: string } | undefined {
  const match = arn.exec(text)
  if (!match) return undefined
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match
  return { partition, service, region, account, resource }
}

const ecsName = /^[A-Za-z0-9_-]{1,255}$/

/** Reads the `service` input: a name, `service/CLUSTER/NAME` as an ARN, or the old ARN form without a cluster. */
export function parseServiceReference(text: string): ServiceReference | undefined {
  if (ecsName.test(text)) return { service: text }
  const parts = parseArn(text)
  if (!parts || parts.service !== 'ecs') return undefined
  const [kind, first, second, ...rest] = parts.resource.split('/')
  if (kind !== 'service' || first === undefined || rest.length > 0) return undefined
  const [cluster, service] = second === undefined ? [undefined, first] : [first, second]
  if (!ecsName.test(service) || (cluster !== undefined && !ecsName.test(cluster))) return undefined
  return {
    service,
    region: parts.region,
    account: parts.account,
    ...(cluster === undefined ? {} : { cluster })
  }
}

/** Reads the `cluster` input: a name or an ARN. */
export function parseClusterReference(
  text: string
): { cluster: string; region?: string; account?: string } | undefined {
  if (ecsName.test(text)) return { cluster: text }
  const parts = parseArn(text)
  if (!parts || parts.service !== 'ecs') return undefined
  const [kind, name, ...rest] = parts.resource.split('/')
  if (kind !== 'cluster' || name === undefined || rest.length > 0 || !ecsName.test(name)) return undefined
  return { cluster: name, region: parts.region, account: parts.account }
}

/** `family:revision` of a task definition ARN; the text itself when it is no such ARN. */
export function revisionName(taskDefinition: string): string {
  return /task-definition\/(.+)$/.exec(taskDefinition)?.[1] ?? taskDefinition
}

/** The short id at the end of a task ARN, as the ECS console shows it. */
export function taskId(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1)
}

/** The name of a target group from its ARN. */
export function targetGroupName(targetGroupArn: string): string {
  return /targetgroup\/([^/]+)\//.exec(targetGroupArn)?.[1] ?? targetGroupArn
}
