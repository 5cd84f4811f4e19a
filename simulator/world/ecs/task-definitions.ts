/** Task definitions: kept as raw JSON, so that a member nobody knows yet survives register and describe. */
import type { Clock } from '../../clock.js'
import type { Json, Tag, TaskDefinitionHandle, TaskDefinitionSpec } from '../api.js'
import { AwsError } from '../errors.js'
import type { Happen } from '../happenings.js'

/** One revision. */
export class TaskDefinition implements TaskDefinitionHandle {
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS' = 'ACTIVE'
  deregisteredAt: number | undefined
  deleteRequestedAt: number | undefined
  readonly arn: string
  readonly ref: string

  constructor(
    readonly family: string,
    readonly revision: number,
    readonly raw: Json,
    public tags: Tag[],
    readonly registeredAt: number,
    readonly registeredBy: string,
    prefix: string
  ) {
    this.ref = `${family}:${revision}`
    this.arn = `${prefix}:task-definition/${this.ref}`
  }

  get containers(): ContainerDefinition[] {
    return this.raw.containerDefinitions as ContainerDefinition[]
  }

  get networkMode(): string {
    return (this.raw.networkMode as string | undefined) ?? 'bridge'
  }

  /** The operating system and architecture that a pull looks for in an index. */
  get platform(): string {
    const platform = this.raw.runtimePlatform as
      { cpuArchitecture?: string; operatingSystemFamily?: string } | undefined
    const os = platform?.operatingSystemFamily?.startsWith('WINDOWS') === true ? 'windows' : 'linux'
    return `${os}/${platform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`
  }

  /** As DescribeTaskDefinition answers: what was registered, with the defaults that ECS fills in. */
  describe(): Json {
    const containers = this.containers.map((c) => ({
      ...c,
      cpu: c.cpu ?? 0,
      essential: c.essential ?? true,
      environment: c.environment ?? [],
      mountPoints: c.mountPoints ?? [],
      volumesFrom: c.volumesFrom ?? [],
      systemControls: c.systemControls ?? [],
      portMappings: (c.portMappings ?? []).map((p) => ({
        ...p,
        hostPort: p.hostPort ?? (this.networkMode === 'bridge' ? 0 : p.containerPort),
        protocol: p.protocol ?? 'tcp'
      })),
      ...(c.healthCheck === undefined
        ? {}
        : {
            healthCheck: {
              ...c.healthCheck,
              interval: c.healthCheck.interval ?? 30,
              timeout: c.healthCheck.timeout ?? 5,
              retries: c.healthCheck.retries ?? 3
            }
          })
    }))
    return {
      ...this.raw,
      taskDefinitionArn: this.arn,
      containerDefinitions: containers,
      family: this.family,
      revision: this.revision,
      volumes: this.raw.volumes ?? [],
      status: this.status,
      requiresAttributes: this.requiresAttributes(),
      placementConstraints: this.raw.placementConstraints ?? [],
      compatibilities: this.compatibilities(),
      registeredAt: new Date(this.registeredAt),
      registeredBy: this.registeredBy,
      ...(this.deregisteredAt === undefined ? {} : { deregisteredAt: new Date(this.deregisteredAt) }),
      ...(this.deleteRequestedAt === undefined ? {} : { deleteRequestedAt: new Date(this.deleteRequestedAt) })
    }
  }

  private compatibilities(): string[] {
    const fargate =
      this.networkMode === 'awsvpc' && this.raw.cpu !== undefined && this.raw.memory !== undefined
    return fargate ? ['EC2', 'FARGATE'] : ['EXTERNAL', 'EC2']
  }

  private requiresAttributes(): Json[] {
    const names = new Set<string>()
    const capability = 'com.amazonaws.ecs.capability.'
    if (this.containers.some((c) => c.logConfiguration?.logDriver === 'awslogs')) {
      names.add(`${capability}logging-driver.awslogs`)
      names.add('ecs.capability.execution-role-awslogs')
    }
    if (this.containers.some((c) => c.image.includes('.dkr.ecr.'))) {
      names.add(`${capability}ecr-auth`)
      names.add('ecs.capability.execution-role-ecr-pull')
    }
    if (this.raw.taskRoleArn !== undefined) names.add(`${capability}task-iam-role`)
    if (this.containers.some((c) => c.healthCheck !== undefined))
      names.add('ecs.capability.container-health-check')
    if (this.networkMode === 'awsvpc') names.add('ecs.capability.task-eni')
    names.add(`${capability}docker-remote-api.1.18`)
    return [...names].sort().map((name) => ({ name }))
  }
}

export interface HealthCheckDefinition {
  command: string[]
  interval?: number
  timeout?: number
  retries?: number
  startPeriod?: number
}

/** The members of a container definition that the world acts on; the rest is only kept. */
export interface ContainerDefinition {
  name: string
  image: string
  essential?: boolean
  cpu?: number
  memory?: number
  memoryReservation?: number
  portMappings?: { containerPort: number; hostPort?: number; protocol?: string }[]
  healthCheck?: HealthCheckDefinition
  stopTimeout?: number
  versionConsistency?: string
  environment?: unknown[]
  mountPoints?: unknown[]
  volumesFrom?: unknown[]
  systemControls?: unknown[]
  logConfiguration?: { logDriver?: string; options?: Record<string, string> }
  secrets?: { name: string; valueFrom: string }[]
  dependsOn?: ContainerDependency[]
  startTimeout?: number
  restartPolicy?: { enabled: boolean; ignoredExitCodes?: number[]; restartAttemptPeriod?: number }
}

export interface ContainerDependency {
  containerName: string
  condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY'
}

/** Every revision ever registered. */
export class TaskDefinitions {
  readonly all: TaskDefinition[] = []
  private readonly counters = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    private readonly prefix: string,
    private readonly caller: string,
    private readonly happen: Happen
  ) {}

  register(spec: TaskDefinitionSpec, tags: Tag[] = []): TaskDefinition {
    check(spec)
    const revision = (this.counters.get(spec.family) ?? 0) + 1
    this.counters.set(spec.family, revision)
    const raw = structuredClone(spec) as Json
    delete raw.tags
    const made = new TaskDefinition(
      spec.family,
      revision,
      raw,
      tags,
      this.clock.now(),
      this.caller,
      this.prefix
    )
    this.all.push(made)
    this.happen('task-definition-registered', `registered ${made.ref}`, { taskDefinition: made.arn })
    return made
  }

  /** By ARN, `family:revision`, or family (its latest ACTIVE revision). */
  find(ref: string): TaskDefinition | undefined {
    const ours = `${this.prefix}:task-definition/`
    if (ref.startsWith('arn:') && !ref.startsWith(ours)) return undefined
    const name = ref.startsWith(ours) ? ref.slice(ours.length) : ref
    if (name.includes(':')) return this.all.find((d) => d.ref === name)
    return this.all.findLast((d) => d.family === name && d.status === 'ACTIVE')
  }

  deregister(ref: string): TaskDefinition {
    const found = this.find(ref)
    if (found === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.')
    if (found.status === 'ACTIVE') found.status = 'INACTIVE'
    found.deregisteredAt ??= this.clock.now()
    return found
  }
}

const fargateMemory: Record<string, [number, number]> = {
  '256': [512, 2048],
  '512': [1024, 4096],
  '1024': [2048, 8192],
  '2048': [4096, 16384],
  '4096': [8192, 30720],
  '8192': [16384, 61440],
  '16384': [32768, 122880]
}

function checkDependencies(containers: ContainerDefinition[], refuse: (message: string) => never): void {
  const named = new Map(containers.map((c) => [c.name, c]))
  const after = (name: string, seen: readonly string[]): void => {
    if (seen.includes(name)) refuse('There is a cycle in container dependencies.')
    for (const d of named.get(name)?.dependsOn ?? []) after(d.containerName, [...seen, name])
  }
  for (const c of containers) {
    for (const d of c.dependsOn ?? []) {
      const other = named.get(d.containerName)
      if (other === undefined)
        refuse(`Container ${c.name} depends on ${d.containerName}, which does not exist.`)
      else if (['SUCCESS', 'COMPLETE'].includes(d.condition) && (other.essential ?? true))
        refuse('A dependency container with SUCCESS or COMPLETE condition cannot be an essential container')
      else if (d.condition === 'HEALTHY' && other.healthCheck === undefined)
        refuse('A dependency container with HEALTHY condition must have a health check')
    }
    after(c.name, [])
  }
}

function check(spec: TaskDefinitionSpec): void {
  const refuse = (message: string): never => {
    throw new AwsError('ClientException', message)
  }
  if (Buffer.byteLength(JSON.stringify(spec)) > 65_536) refuse('The task definition is larger than 64 KiB.')
  const named = /^[A-Za-z0-9_-]{1,255}$/
  if (!named.test(spec.family)) refuse('Family contains invalid characters.')
  const containers = spec.containerDefinitions as unknown as ContainerDefinition[]
  if (containers.length > 10) refuse('Too many container definitions.')
  const seen = new Set<string>()
  for (const c of containers) {
    if (typeof c.image !== 'string' || c.image === '') refuse('Container.image should not be null or empty.')
    if (typeof c.name !== 'string' || c.name === '') refuse('Container.name should not be null or empty.')
    if (!named.test(c.name)) refuse('Container.name contains invalid characters.')
    if (!/^[A-Za-z0-9._/:@-]+$/.test(c.image)) refuse('Container.image contains invalid characters.')
    if (c.image.split('@')[0]!.length > 255) refuse('Container.image exceeds 255 characters.')
    if (seen.has(c.name)) refuse('Container names must be unique within a task definition.')
    seen.add(c.name)
    const digest = c.image.split('@')[1]
    if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
      refuse('Container.image contains invalid characters.')
    if (spec.memory === undefined && c.memory === undefined && c.memoryReservation === undefined)
      refuse(
        `Invalid setting for container '${c.name}'. At least one of 'memory' or 'memoryReservation' must be specified.`
      )
  }
  if (containers.every((c) => c.essential === false))
    refuse('There must be at least one essential container.')
  checkDependencies(containers, refuse)
  const requires = (spec.requiresCompatibilities ?? []) as string[]
  if (requires.includes('FARGATE')) {
    if (spec.networkMode !== 'awsvpc')
      refuse('Networking mode must be set to awsvpc for Fargate compatible tasks.')
    const range = fargateMemory[String(spec.cpu)]
    const memory = Number(spec.memory)
    if (range === undefined || !(memory >= range[0] && memory <= range[1]))
      refuse('No Fargate configuration exists for given values.')
  }
}
