import { parseArn } from '../domain/arn.js'
import { isObject, type Json, type JsonObject } from '../domain/task-definition.js'

/** The containers of a definition as they stand there. */
export function rawContainers(definition: JsonObject): JsonObject[] {
  const list = definition['containerDefinitions']
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** A text of a JSON object; absent when there is none. */
export function textOf(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number of a JSON object, also when it stands there as text. */
export function numberOf(object: JsonObject | undefined, key: string): number | undefined {
  const value = object?.[key]
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN
  return Number.isFinite(number) ? number : undefined
}

/** A member that is an object. */
export function objectOf(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key]
  return isObject(value) ? value : undefined
}

/** A member that is a list of objects. */
export function listOf(object: JsonObject, key: string): JsonObject[] {
  const value: Json | undefined = object[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** `awsvpc`, `bridge` and others; ECS's default is bridge. */
export function networkMode(definition: JsonObject): string {
  return textOf(definition, 'networkMode') ?? 'bridge'
}

/** True when the tasks are meant for Fargate, by the service or by the definition. */
export function isFargate(
  service: { launchType?: string; capacityProviders?: string[] },
  definition: JsonObject
): boolean {
  if (service.launchType !== undefined) return service.launchType === 'FARGATE'
  const providers = service.capacityProviders ?? []
  if (providers.length > 0) return providers.every((p) => p === 'FARGATE' || p === 'FARGATE_SPOT')
  const asked = definition['requiresCompatibilities']
  return Array.isArray(asked) && asked.length > 0 && asked.every((c) => c === 'FARGATE')
}

/** A log group that a container's awslogs driver writes to. */
export interface LogNeed {
  container: string
  group: string
  region?: string
  /** The driver makes the group when it is missing. */
  creates: boolean
}

/** The log groups that must exist. */
export function logNeeds(definition: JsonObject): LogNeed[] {
  return rawContainers(definition).flatMap((container) => {
    const log = objectOf(container, 'logConfiguration')
    if (textOf(log, 'logDriver') !== 'awslogs') return []
    const options = objectOf(log, 'options')
    const group = textOf(options, 'awslogs-group')
    if (group === undefined) return []
    const region = textOf(options, 'awslogs-region')
    return [
      {
        container: textOf(container, 'name') ?? '',
        group,
        creates: [true, 'true'].includes(options?.['awslogs-create-group'] as string),
        ...(region === undefined ? {} : { region })
      }
    ]
  })
}

/** What tells log groups apart: the name, and the region where it is another than that of the service. */
export function logKey({ group, region }: Pick<LogNeed, 'group' | 'region'>, home: string): string {
  return region === undefined || region === home ? group : `${region} ${group}`
}

/** A secret or parameter that a container is started with. */
export interface SecretNeed {
  container: string
  /** The name of the environment variable, or of the option. */
  name: string
  /** As the definition names it. */
  from: string
  kind: 'secret' | 'parameter'
  /** The ARN of the secret, or the name of the parameter: without key, stage and version. */
  id: string
  /** Of its ARN; absent for a plain name. */
  region?: string
  account?: string
  /** Of a secret: the staging label that is asked for, AWSCURRENT unless the ARN says another; absent with a version. */
  stage?: string
}

/** The secrets and parameters that the execution role reads when a task starts. */
export function secretNeeds(definition: JsonObject): SecretNeed[] {
  return rawContainers(definition).flatMap((container) => {
    const options = objectOf(container, 'logConfiguration')
    const entries = [...listOf(container, 'secrets'), ...(options ? listOf(options, 'secretOptions') : [])]
    const owner = textOf(container, 'name') ?? ''
    const named = entries.map((e) => ({ name: textOf(e, 'name') ?? '', from: textOf(e, 'valueFrom') }))
    const login = textOf(objectOf(container, 'repositoryCredentials'), 'credentialsParameter')
    // A plain name here is one of Secrets Manager, which only an ARN says elsewhere.
    const pull = login?.startsWith('arn:') === true ? [{ name: 'repositoryCredentials', from: login }] : []
    return [...named, ...pull].flatMap(({ name, from }) =>
      from === undefined ? [] : [secretNeed(owner, name, from)]
    )
  })
}

function secretNeed(container: string, name: string, from: string): SecretNeed {
  const arn = parseArn(from)
  const where = arn === undefined ? {} : { region: arn.region, account: arn.account }
  const common = { container, name, from, ...where }
  if (arn?.service === 'secretsmanager') {
    const [, , , , , , , , stage = '', version = ''] = from.split(':')
    const id = from.split(':').slice(0, 7).join(':')
    return { ...common, kind: 'secret', id, ...(version === '' ? { stage: stage || 'AWSCURRENT' } : {}) }
  }
  const parameter = arn?.service === 'ssm' ? arn.resource.replace(/^parameter/, '') : from
  // parameter/NAME is the parameter NAME or /NAME; only with further slashes is the first one part of the name.
  const path = arn === undefined || parameter.indexOf('/', 1) > 0 ? parameter : parameter.replace(/^\//, '')
  // What follows a colon is a version or a label.
  return {
    ...common,
    kind: 'parameter',
    id: from.startsWith('arn:') && arn?.service !== 'ssm' ? from : path.replace(/:.*$/, '')
  }
}

/** What tells parameters apart: the name, and the region where it is another than that of the service. */
export function parameterKey({ id, region }: Pick<SecretNeed, 'id' | 'region'>, home: string): string {
  return region === undefined || region === home ? id : `${region} ${id}`
}

/** The roles of a definition: who starts the task, and as whom it runs. */
export function roleNeeds(definition: JsonObject): { what: 'execution role' | 'task role'; arn: string }[] {
  const execution = textOf(definition, 'executionRoleArn')
  const task = textOf(definition, 'taskRoleArn')
  return [
    ...(execution === undefined ? [] : [{ what: 'execution role' as const, arn: execution }]),
    ...(task === undefined ? [] : [{ what: 'task role' as const, arn: task }])
  ]
}

/** True when any image comes from a private ECR repository. */
export function usesEcr(definition: JsonObject): boolean {
  return rawContainers(definition).some((c) => /^\d{12}\.dkr[.-]ecr/.test(textOf(c, 'image') ?? ''))
}
