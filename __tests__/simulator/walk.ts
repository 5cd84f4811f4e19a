/**
 * A random walk: a world of random services, images and writes, drawn from a seed, that is watched at every moment
 * for what must hold in any world. The arithmetic here is the facts' own (A1, A4, C1, D4), not the world's.
 */
import { createHash } from 'node:crypto'
import { createWorld } from '../../simulator/index.js'
import type {
  AlarmHandle,
  Behaviours,
  Happening,
  RepositoryHandle,
  TargetGroupHandle,
  World
} from '../../simulator/index.js'
import { ecsOperations } from '../../simulator/services/ecs/index.js'
import { elbOperations } from '../../simulator/services/elbv2/index.js'
import { answerToJson } from '../../simulator/wire/validate.js'
import { answerToXml } from '../../simulator/wire/query.js'
import { schemasOf } from '../../simulator/wire/schemas.js'
import { Service } from '../../simulator/world/ecs/service.js'
import type { Task } from '../../simulator/world/ecs/task.js'
import { SimulatedWorld } from '../../simulator/world/world.js'

/** Numbers from a seed: the same seed walks the same way. */
class Dice {
  constructor(private state: number) {}

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from low to high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(p: number): boolean {
    return this.next() < p
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!
  }
}

const behaviours: readonly Behaviours[] = [
  {},
  {},
  { healthyAfter: 50 },
  { exits: { code: 1, after: 0 } },
  { exits: { code: 1, after: 45 } },
  { exits: { code: 0, after: 200 } },
  [{ exits: { code: 1, after: 3 } }, {}],
  { healthCheck: { status: 404 } },
  { healthCheck: 'refused' },
  { healthCheck: 'timeout' },
  { turns: { after: 100, into: 'timeout' } },
  { cannotPull: 'CannotPullContainerError: no' },
  { initError: 'ResourceInitializationError: no' },
  { oom: { after: 100 } },
  { onSigterm: 'ignored' },
  { containerHealth: 'fails' },
  { pullSeconds: 300 }
]

/** A service of the walk, with what its next steps need. */
interface Walker {
  service: Service
  repository: RepositoryHandle
  groups: TargetGroupHandle[]
  define(image: string): string
  alarm: AlarmHandle
  stuck(): boolean
}

/** Walks through one world. Throws with the seed and the last things that happened when it breaks. */
export function walk(seed: number): void {
  const dice = new Dice(seed)
  const world = createWorld({ seed })
  const trace: string[] = []
  try {
    const ec2 = dice.chance(0.25)
    if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
    const [nat] = world.ec2.natGateways.values()
    const walkers = Array.from({ length: dice.int(1, 2) }, (_, n) => settle(world, dice, n, ec2))
    const watch = new Watch(world, walkers)
    world.onHappening((h) => {
      trace.push(`${((h.time - 0) / 1000) % 100000} ${h.code} ${h.text}`)
      watch.happened(h)
    })
    for (let steps = dice.int(3, 9); steps > 0; steps--) {
      trace.push(`> ${step(world, dice, dice.pick(walkers))}`)
      watch.look()
      for (let left = dice.int(1, 500); left > 0; left -= 37) {
        world.clock.advanceBy(Math.min(37, left) * 1000)
        watch.look()
      }
    }
    watch.answers()
    if (ec2) for (let i = 0; i < 6; i++) world.ecs.containerInstance('walk', { cpu: 8192, memory: 32768 })
    // All that stood in the way is put right, and a good image goes everywhere.
    world.ec2.mainRouteTable(world.ec2.mainVpc).route('0.0.0.0/0', nat!)
    for (const w of walkers) {
      world.ecs.startsFail(w.service, undefined)
      w.alarm.set('OK')
    }
    const last = walkers
      .filter((w) => w.service.desiredCount > 0 && !w.stuck())
      .map((w) => {
        world.ecs.updateService(w.service, { taskDefinition: w.define(w.repository.push().uri) })
        return w
      })
    trace.push('> a good image for everybody')
    world.clock.advanceBy(2 * 3_600_000)
    watch.look()
    watch.answers()
    for (const { service } of last) {
      claim(service.primary.rolloutState === 'COMPLETED', `${service.name}: a good deployment ends COMPLETED`)
      claim(service.deployments.length === 1, `${service.name}: and is the only one`)
      const well = service.tasks.filter((t) => t.desiredStatus === 'RUNNING' && wasHealthy(world, t))
      claim(
        well.length === service.desiredCount,
        `${service.name}: ${well.length} of ${service.desiredCount} healthy`
      )
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`world ${seed}: ${why}\n${trace.slice(-25).join('\n')}`, { cause: error })
  }
}

function settle(world: World, dice: Dice, n: number, ec2: boolean): Walker {
  const name = `walk-${n}`
  const repository = world.ecr.repository(name)
  const checked = dice.chance(0.3)
  const sidecar = dice.chance(0.2)
  if (ec2)
    for (let i = dice.int(2, 4); i > 0; i--) world.ecs.containerInstance('walk', { cpu: 4096, memory: 16384 })
  const groups = Array.from({ length: dice.pick([0, 1, 1, 1, 2]) }, (_, i) =>
    world.elb.targetGroup(`${name}-${i}`, {
      targetType: ec2 ? 'instance' : 'ip',
      healthCheckPath: '/health',
      intervalSeconds: dice.pick([5, 10, 15, 30]),
      unhealthyThreshold: dice.int(2, 4),
      healthyThreshold: dice.int(2, 5),
      deregistrationDelaySeconds: dice.pick([0, 10, 30, 120, 300])
    })
  )
  const container = (image: string) => ({
    name: 'app',
    image,
    portMappings: [{ containerPort: 8080, ...(ec2 ? { hostPort: 0 } : {}) }],
    ...(checked
      ? { healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health'], interval: 10 } }
      : {})
  })
  const define = (image: string): string =>
    world.ecs.taskDefinition({
      family: name,
      networkMode: ec2 ? 'bridge' : 'awsvpc',
      requiresCompatibilities: [ec2 ? 'EC2' : 'FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        container(image),
        ...(sidecar ? [{ name: 'side', image: 'public.example/side:1', essential: false }] : [])
      ]
    }).arn
  const [minimumHealthyPercent, maximumPercent] = dice.pick([
    [100, 200],
    [100, 200],
    [50, 200],
    [50, 100],
    [0, 100],
    [0, 200],
    [66, 150],
    [75, 125],
    [100, 110]
  ] as const)
  const alarm = world.cloudwatch.alarm(name, { state: dice.pick(['OK', 'OK', 'ALARM']) })
  const alarmed = dice.chance(0.3)
  const service = world.ecs.service({
    cluster: 'walk',
    name,
    taskDefinition: world.ecs.findTaskDefinition(define(repository.push({ tags: ['now'] }).uri))!,
    desiredCount: dice.int(0, 5),
    launchType: ec2 ? 'EC2' : 'FARGATE',
    minimumHealthyPercent,
    maximumPercent,
    gracePeriodSeconds: dice.pick([0, 60, 200]),
    circuitBreaker: {
      enable: dice.chance(0.6),
      rollback: dice.chance(0.8),
      resetOnHealthyTask: dice.chance(0.8),
      thresholdConfiguration: dice.pick([
        { type: 'BOUNDED_PERCENT', value: 50 },
        { type: 'UNBOUNDED_PERCENT', value: 100 },
        { type: 'COUNT', value: 2 }
      ] as const)
    },
    ...(alarmed ? { alarms: { alarmNames: [name], enable: true, rollback: dice.chance(0.8) } } : {}),
    loadBalancers: groups.map((targetGroup) => ({ targetGroup, containerName: 'app', containerPort: 8080 }))
  })
  if (!(service instanceof Service)) throw new Error('the world makes services of its own')
  const stuck = (): boolean => {
    const { lower, upper } = boundsOf(service)
    return lower >= service.desiredCount && upper <= service.desiredCount
  }
  return { service, repository, groups, define, alarm, stuck }
}

/** One random deed; the answer says which. */
function step(world: World, dice: Dice, w: Walker): string {
  const { service, repository } = w
  const running = service.tasks.filter((t) => t.desiredStatus === 'RUNNING')
  const task = running.length > 0 ? dice.pick(running) : undefined
  const deeds: Record<string, () => void> = {
    deploy: () => {
      const pushed = repository.push({ tags: ['now'], behaviour: dice.pick(behaviours) })
      const image = dice.chance(0.5) ? pushed.uri : `${repository.uri}:now`
      world.ecs.updateService(service, { taskDefinition: w.define(image) })
    },
    again: () => {
      world.ecs.updateService(service, { taskDefinition: service.primary.taskDefinitionArn })
    },
    force: () => {
      world.ecs.updateService(service, { forceNewDeployment: true })
    },
    scale: () => world.ecs.scale(service, dice.int(0, 6)),
    spot: () => task && world.ecs.interruptSpot(task.arn),
    stop: () => task && world.ecs.stopTask(task.arn),
    host: () => task && world.ecs.loseHost(task.arn),
    hang: () => task && world.ecs.misbehave(task.arn, { healthCheck: 'timeout' }),
    crash: () => task && world.ecs.misbehave(task.arn, { exits: { code: 1, after: 0 } }),
    expire: () => {
      const digest = repository.digestOf('now')
      if (digest !== undefined) repository.expire(digest)
    },
    retag: () => {
      repository.push({ tags: ['now'] })
    },
    'go back': () => {
      // Refused when nothing is in progress.
      if (service.primary.rolloutState === 'IN_PROGRESS') world.ecs.stopDeployment(service)
    },
    alarm: () => w.alarm.set(dice.pick(['ALARM', 'OK'])),
    'nothing starts': () => {
      world.ecs.startsFail(
        service,
        dice.pick(['no-capacity', 'secret-missing', 'pull-network', 'subnet-full'])
      )
    },
    'starts again': () => {
      world.ecs.startsFail(service, undefined)
    },
    'no way out': () => {
      world.ec2.mainRouteTable(world.ec2.mainVpc).unroute('0.0.0.0/0')
    },
    protect: () => task && world.ecs.protect(task.arn, dice.int(0, 60)),
    zones: () => {
      world.ecs.updateService(service, {
        availabilityZoneRebalancing: dice.pick(['ENABLED', 'ENABLED', 'DISABLED'])
      })
    },
    early: () => {
      world.ecs.updateService(service, {
        deploymentConfiguration: {
          earlySuccessCriteria: {
            enable: dice.chance(0.7),
            healthyPercent: 100,
            sourceServiceRevisionCleanup: dice.pick(['BLOCKING', 'DEFERRED'])
          }
        }
      })
    },
    bounds: () => {
      world.ecs.updateService(service, {
        deploymentConfiguration: {
          // Never 100/100: that is refused.
          ...dice.pick([
            { minimumHealthyPercent: 0, maximumPercent: 100 },
            { minimumHealthyPercent: 50, maximumPercent: 150 },
            { minimumHealthyPercent: 100, maximumPercent: 150 },
            { minimumHealthyPercent: 100, maximumPercent: 200 }
          ])
        }
      })
    }
  }
  const name = dice.chance(0.4) ? 'deploy' : dice.pick(Object.keys(deeds))
  deeds[name]!()
  return `${service.name}: ${name}`
}

function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}

/** The bounds of A4, from the settings as they are now. */
function boundsOf(service: Service): { lower: number; upper: number } {
  return {
    lower: Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100),
    upper: Math.floor((service.desiredCount * service.maximumPercent) / 100)
  }
}

/** Whether a running task counts as healthy by A4's four cases, from its containers and targets alone. */
function wasHealthy(world: World, task: Task): boolean {
  if (task.startedAt === undefined) return false
  const checked = task.containers.filter((c) => c.essential && c.definition.healthCheck !== undefined)
  if (checked.some((c) => c.health !== 'HEALTHY')) return false
  for (const r of task.registrations) {
    const target = r.group.targetList.find((t) => t.id === r.id && t.port === r.port)
    if (target?.state !== 'healthy') return false
  }
  if (checked.length > 0 || task.registrations.length > 0) return true
  return world.clock.now() - task.startedAt >= 40_000
}

/** Looks at every moment for what must always hold. */
class Watch {
  constructor(
    private readonly world: World,
    private readonly walkers: readonly Walker[]
  ) {}

  /** The scheduler's decisions, at the moment of each. */
  happened(h: Happening): void {
    const service = this.walkers.find((w) => w.service.name === h.ids['service'])?.service
    if (service === undefined) return
    const task = service.tasks.find((t) => t.arn === h.ids['task'])
    const { lower, upper } = boundsOf(service)
    if (h.code === 'task-launched' && task !== undefined) {
      const wanted = service.tasks.filter((t) => t.desiredStatus === 'RUNNING').length
      claim(wanted <= upper, `a start makes ${wanted} tasks of at most ${upper}`)
      claim(task.deployment.rolloutState !== 'FAILED', 'a FAILED deployment starts nothing')
    }
    if (h.code !== 'task-stopped' || task?.stopCode !== 'ServiceSchedulerInitiated') return
    if (task.stoppedReason?.startsWith('Scaling') !== true) return
    if (!wasHealthy(this.world, task)) return
    const left = service.tasks.filter(
      (t) => t.desiredStatus === 'RUNNING' && wasHealthy(this.world, t)
    ).length
    claim(left >= lower, `a stop leaves ${left} healthy tasks of at least ${lower}`)
  }

  /** The state of the world between two moments. */
  look(): void {
    for (const walker of this.walkers) this.lookAt(walker)
  }

  private lookAt({ service, groups, repository }: Walker): void {
    const { deployments, events, tasks } = service
    const now = this.world.clock.now()
    claim(deployments.filter((d) => d.status === 'PRIMARY').length === 1, 'one PRIMARY')
    claim(deployments[0]!.status === 'PRIMARY', 'the PRIMARY is the first')
    claim(new Set(deployments.map((d) => d.id)).size === deployments.length, 'a deployment is listed once')
    const sum = (count: (d: (typeof deployments)[number]) => number): number =>
      deployments.reduce((n, d) => n + count(d), 0)
    claim(sum((d) => d.runningCount) === service.runningCount, 'running counts add up')
    claim(sum((d) => d.pendingCount) === service.pendingCount, 'pending counts add up')
    claim(
      service.runningCount === tasks.filter((t) => t.status === 'RUNNING').length,
      'runningCount is the tasks that are RUNNING'
    )
    claim(
      events.every((e, i) => i === 0 || events[i - 1]!.createdAt >= e.createdAt),
      'events are newest first'
    )
    claim(events.length <= 100 && events[0]!.createdAt <= now + 6, 'at most 100 events, none of the future')
    claim(new Set(tasks.map((t) => t.arn)).size === tasks.length, 'task ARNs are unique')
    for (const task of tasks) this.task(task)
    for (const group of groups) this.targets(group, tasks)
    const images = (repository as unknown as { images: Map<string, { bytes: string }> }).images
    for (const [digest, { bytes }] of images)
      claim(
        digest === `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
        `${digest} is its bytes' digest`
      )
  }

  private task(task: Task): void {
    const stopping = task.desiredStatus === 'STOPPED'
    claim(task.status !== 'RUNNING' || !stopping, 'a task that is to stop is not RUNNING')
    claim(stopping === (task.stopCode !== undefined), 'a stop has a code')
    claim(stopping === (task.stoppedReason !== undefined), 'a stop has a reason')
    const times = [
      task.createdAt,
      task.pullStartedAt,
      task.pullStoppedAt,
      task.startedAt,
      task.stoppingAt,
      task.stoppedAt
    ]
    const known = times.filter((t) => t !== undefined)
    claim(
      known.every((t, i) => i === 0 || known[i - 1]! <= t),
      `the times of ${task.id} are in order: ${known.join(' ')}`
    )
    for (const container of task.containers) {
      const pinned = container.definition.image.split('@')[1]
      claim(
        pinned === undefined || container.digest === undefined || container.digest === pinned,
        'a pinned container runs its digest'
      )
      const fixed = task.deployment.established.get(container.name)
      claim(
        container.digest === undefined || fixed === undefined || fixed === container.digest,
        'tasks of one deployment run one digest'
      )
    }
  }

  private targets(group: TargetGroupHandle, tasks: readonly Task[]): void {
    const now = this.world.clock.now()
    for (const target of group.targetList) {
      const owner = tasks.find((t) =>
        t.registrations.some((r) => r.group === group && r.id === target.id && r.port === target.port)
      )
      claim(owner !== undefined, `target ${target.id}:${target.port} is of a task`)
      const gone = owner.stoppedAt !== undefined && now - owner.stoppedAt > 60_000
      claim(target.state === 'draining' || !gone, `target ${target.id}:${target.port} of a task long gone`)
    }
  }

  /** Every answer about these services fits the SDK's schemas. */
  answers(): void {
    const { world } = this
    if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
    const ask = (operation: string, input: unknown): Record<string, unknown> => {
      const { output, extras } = ecsOperations[operation]!.run(world, input as never, { unknown: [] })
      answerToJson(schemasOf('ecs', operation)!.output, output, extras)
      return output
    }
    const cluster = 'walk'
    for (const { service, groups } of this.walkers) {
      ask('DescribeServices', { cluster, services: [service.name], include: ['TAGS'] })
      const tasks = service.tasks.slice(0, 100).map((t) => t.arn)
      if (tasks.length > 0) ask('DescribeTasks', { cluster, tasks })
      ask('ListServiceDeployments', { cluster, service: service.name })
      const serviceDeploymentArns = service.records.slice(0, 20).map((r) => r.arn)
      ask('DescribeServiceDeployments', { serviceDeploymentArns })
      for (const group of groups) {
        const health = elbOperations['DescribeTargetHealth']!
        const { output } = health.run(world, { TargetGroupArn: group.arn } as never, { unknown: [] })
        answerToXml(schemasOf('elasticloadbalancing', 'DescribeTargetHealth')!.output, output)
      }
    }
  }
}
