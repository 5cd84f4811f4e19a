/** The rollouts that the judge is measured on: named failing ones, and two random families. */
import { createWorld } from '../../simulator/index.js'
import type {
  Behaviours,
  PushOptions,
  ServiceOptions,
  TargetGroupOptions,
  World
} from '../../simulator/index.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Dice } from './dice.js'
import type { Weather } from './ports.js'
import type { Rollout } from './play.js'

interface Plan {
  seed?: number
  desired: number
  image: PushOptions
  /** How many target groups. Default 1. */
  targetGroups?: number
  targetGroup?: TargetGroupOptions
  service?: Partial<ServiceOptions>
  container?: JsonObject
  breaker?: boolean
  ec2?: boolean
  pullSeconds?: number
}

/** A service that serves well, and a new image for it. */
export function rollout(plan: Plan): Rollout {
  const world = createWorld(plan.seed === undefined ? {} : { seed: plan.seed })
  const repository = world.ecr.repository('shop')
  const ec2 = plan.ec2 === true
  if (ec2)
    for (let i = 0; i < Math.ceil(plan.desired / 4) + 2; i++)
      world.ecs.containerInstance('bench', {
        cpu: 4096,
        memory: 16384,
        availabilityZone: `${world.region}${'ab'[i % 2]!}`
      })
  const define = (image: string) =>
    world.ecs.taskDefinition({
      family: 'shop',
      networkMode: ec2 ? 'bridge' : 'awsvpc',
      requiresCompatibilities: [ec2 ? 'EC2' : 'FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        {
          name: 'web',
          image,
          portMappings: [{ containerPort: 8080, hostPort: ec2 ? 0 : 8080, protocol: 'tcp' }],
          ...plan.container
        }
      ]
    })
  const targetGroups = Array.from({ length: plan.targetGroups ?? 1 }, (_, i) =>
    world.elb.targetGroup(`shop-${i}`, {
      port: 8080,
      targetType: ec2 ? 'instance' : 'ip',
      healthCheckPath: '/health',
      intervalSeconds: 15,
      deregistrationDelaySeconds: 30,
      ...plan.targetGroup
    })
  )
  const good = define(repository.push({ tags: ['good'] }).uri)
  const service = world.ecs.service({
    cluster: 'bench',
    name: 'shop',
    taskDefinition: good,
    desiredCount: plan.desired,
    launchType: ec2 ? 'EC2' : 'FARGATE',
    gracePeriodSeconds: targetGroups.length > 0 ? 60 : 0,
    circuitBreaker: { enable: plan.breaker ?? false, rollback: false },
    loadBalancers: targetGroups.map((targetGroup) => ({
      targetGroup,
      containerName: 'web',
      containerPort: 8080
    })),
    ...plan.service
  })
  const next = define(repository.push(plan.image).uri)
  return {
    world,
    service,
    deploy: () => world.ecs.updateService(service, { taskDefinition: next.arn }),
    definition: next.raw as JsonObject
  }
}

/** A way in which every start of an image fails, and the reason codes that are right for it. */
export interface Failing {
  name: string
  codes: readonly string[]
  /** Only of the services of the table is it certain that it fails; not of every random one. */
  onlyInTable?: true
  plan: Omit<Plan, 'desired' | 'seed'>
}

const one = (
  name: string,
  code: string,
  behaviour: Behaviours,
  rest: Partial<Failing['plan']> = {}
): Failing => ({
  name,
  codes: [code],
  plan: { image: { behaviour }, ...rest }
})
const fails = (name: string, word: string, code: string): Failing =>
  one(name, code, { fails: word } as unknown as Behaviours)

/** Healthy for a moment, then dead: the cause behind it is as right as its name. */
const late = (name: string, behaviour: Behaviours, cause: string): Failing => ({
  ...one(name, 'flapping', behaviour),
  codes: ['flapping', cause]
})

const inTable = (kind: Failing): Failing => ({ ...kind, onlyInTable: true })

const alone = { targetGroups: 0 } as const
const curl = { healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health'], interval: 10 } }

/** The failing rollouts of the table: one for each way that the failing stories know, by what ends its tasks. */
export const failing: readonly Failing[] = [
  // The container ends before it was ever healthy.
  one('crash at start', 'container-exit', { exits: { code: 1, after: 0 } }, alone),
  one('crash behind an ALB', 'container-exit', { exits: { code: 1, after: 3 } }),
  one('ends by itself', 'container-exit', { exits: { code: 0, after: 5 } }, alone),
  one('out of memory', 'container-oom', { oom: { after: 10 } }, alone),
  one('killed', 'container-killed', { exits: { code: 137, after: 8 } }, alone),
  // It gets healthy first, and not for the whole bake time.
  late('crash after a minute', { exits: { code: 1, after: 60 } }, 'container-exit'),
  inTable(late('memory leak', { oom: { after: 70 } }, 'container-oom')),
  inTable(late('hangs after a while', { turns: { after: 50, into: 'timeout' } }, 'elb-health-timeout')),
  inTable(
    late('answers 500 after a while', { turns: { after: 50, into: { status: 500 } } }, 'elb-health-code')
  ),
  // It never gets to start.
  fails('image not found', 'image-not-found', 'image-not-found'),
  fails('wrong platform', 'wrong-platform', 'image-platform-mismatch'),
  fails('pull denied', 'pull-forbidden', 'image-pull-denied'),
  fails('pull network', 'pull-network', 'image-pull-network'),
  fails('pull rate limit', 'rate-limit', 'image-pull-rate-limit'),
  fails('secret missing', 'secret-missing', 'secret-missing'),
  fails('secret denied', 'secret-denied', 'secret-denied'),
  fails('secret content', 'secret-content', 'secret-content'),
  fails('secret network', 'secret-network', 'secret-network'),
  fails('log group missing', 'log-group-missing', 'log-group-missing'),
  fails('log network', 'log-network', 'log-network'),
  fails('log driver option', 'log-config', 'log-config'),
  fails('no network interface', 'eni-failed', 'network-interface'),
  fails('subnet is full', 'subnet-full', 'subnet-exhausted'),
  // It runs, and is not healthy.
  one('health path 404', 'elb-health-code', { paths: { '/': 200 } }),
  one('health path 503', 'elb-health-code', { healthCheck: { status: 503 } }),
  one('wrong port', 'elb-health-unreachable', { listensOn: 3000 }),
  one('answers too slowly', 'elb-health-timeout', { healthCheck: 'timeout' }),
  {
    name: 'no curl in the image',
    codes: ['container-health-check'],
    plan: { image: { lacks: ['curl'] }, container: curl, targetGroups: 0 }
  },
  // Nothing may stop, and nothing may start.
  inTable(
    one('100/100 percent', 'stuck', {}, { service: { minimumHealthyPercent: 100, maximumPercent: 100 } })
  )
]

/** One world of a random family. */
export interface Sample {
  rollout: Rollout
  weather: Weather
  /** What it is, for whoever reads a failure. */
  about: string
  /** Right reason codes; empty for the healthy family. */
  codes: readonly string[]
}

const bounds = [
  [100, 200],
  [100, 200],
  [100, 150],
  [50, 200],
  [50, 100],
  [0, 100],
  [0, 200]
] as const

function random(dice: Dice, seed: number) {
  const desired = dice.pick([1, 1, 2, 2, 3, 4, 5, 8, 10])
  const [minimumHealthyPercent, maximumPercent] = dice.pick(
    desired === 1 ? bounds.filter(([min, max]) => max >= 200 || min === 0) : bounds
  )
  // Fewer tasks than this could neither start nor stop one (A4).
  const moves = (n: number) =>
    Math.ceil((n * minimumHealthyPercent) / 100) < n || Math.floor((n * maximumPercent) / 100) > n
  const lowest = [1, 2, 3, 4, 5].find((n) => [n, n + 1, n + 2].every(moves)) ?? desired
  const targetGroups = dice.pick([0, 1, 1, 1, 2])
  const intervalSeconds = dice.pick([5, 10, 15, 30])
  const unhealthyThreshold = dice.int(2, 4)
  const healthyThreshold = dice.int(2, 5)
  const weather: Weather = {
    dice,
    throttled: dice.chance(0.3) ? dice.next() * 0.3 : 0,
    lost: dice.chance(0.2) ? dice.next() * 0.1 : 0,
    staleSeconds: dice.chance(0.2) ? dice.int(1, 40) : 0
  }
  const plan: Omit<Plan, 'image'> = {
    seed,
    desired,
    targetGroups,
    targetGroup: {
      intervalSeconds,
      timeoutSeconds: Math.min(5, intervalSeconds - 1),
      unhealthyThreshold,
      healthyThreshold,
      deregistrationDelaySeconds: dice.pick([0, 30, 60, 300])
    },
    breaker: dice.chance(0.5),
    ec2: dice.chance(0.2),
    service: { minimumHealthyPercent, maximumPercent }
  }
  return {
    plan,
    desired,
    lowest: Math.min(lowest, desired),
    weather,
    targetGroups,
    intervalSeconds,
    unhealthyThreshold,
    healthyThreshold
  }
}

/** Good images in messy worlds: whatever happens here, none of it is a failure of the deployment. */
export function healthySample(dice: Dice, seed: number): Sample {
  const r = random(dice, seed)
  const checks = r.intervalSeconds * (r.healthyThreshold + r.unhealthyThreshold + 1)
  const startSeconds = dice.pick([0, 0, 10, 40, 120, 240])
  // However few tasks are wanted in the end, so many flakes are tolerated.
  const tolerated = Math.max(1, Math.floor(r.lowest / 4))
  const flakes = dice.chance(0.3) ? dice.int(1, tolerated) : 0
  const good: Behaviours =
    r.targetGroups > 0 && dice.chance(0.3)
      ? { healthCheck: { status: 503 }, turns: { after: startSeconds, into: { status: 200 } } }
      : { healthyAfter: startSeconds }
  const flake = dice.pick<Behaviours & object>([
    { exits: { code: 1, after: dice.int(0, 25) } },
    { oom: { after: dice.int(0, 25) } }
  ])
  const behaviour: Behaviours = (attempt) => (attempt <= flakes ? (flake as never) : good)
  const made = rollout({
    ...r.plan,
    image: { behaviour },
    service: {
      ...r.plan.service,
      // What it needs to start and be seen healthy fits into the grace period.
      gracePeriodSeconds: r.targetGroups > 0 ? startSeconds + checks + dice.int(30, 120) : 0
    }
  })
  const happened = disturb(dice, made, r.desired, r.lowest)
  const about = `desired ${r.desired}, starts in ${startSeconds} s, ${flakes} flakes, ${happened.join(', ')}`
  return { rollout: made, weather: r.weather, about, codes: [] }
}

/** Things that happen to a deployment and are not its fault, at random moments after it began. */
function disturb(dice: Dice, { world, service }: Rollout, desired: number, lowest: number): string[] {
  const happened: string[] = []
  for (let n = dice.pick([0, 0, 1, 1, 2, 3]); n > 0; n--) {
    const after = dice.int(5, 300)
    const deeds = {
      spot: (task: string) => world.ecs.interruptSpot(task),
      'host lost': (task: string) => world.ecs.loseHost(task),
      'stopped by a person': (task: string) => world.ecs.stopTask(task),
      'scaled out': () => world.ecs.scale(service, service.desiredCount + dice.int(1, 3)),
      'scaled in': () =>
        world.ecs.scale(service, Math.max(lowest, service.desiredCount - dice.int(1, desired)))
    }
    const what = dice.pick(Object.keys(deeds) as (keyof typeof deeds)[])
    happened.push(`${what} after ${after} s`)
    later(world, after, () => {
      const tasks = service.tasks.filter((t) => t.desiredStatus === 'RUNNING')
      if (tasks.length > 0) deeds[what](dice.pick(tasks).arn)
    })
  }
  return happened
}

function later(world: World, seconds: number, fn: () => void): void {
  world.clock.after(seconds * 1000, fn)
}

/** Images of which no start succeeds, in worlds that are as messy as the others. */
export function failingSample(dice: Dice, seed: number): Sample {
  const r = random(dice, seed)
  const wanted = failing.filter(
    (f) =>
      f.onlyInTable === undefined &&
      (r.targetGroups > 0 ||
        f.plan.targetGroups === 0 ||
        !/health path|port|slowly|ALB|after a minute/.test(f.name)) &&
      // On EC2 there is no interface of a task's own.
      !(r.plan.ec2 === true && /interface|subnet/.test(f.name))
  )
  const kind = dice.pick(wanted)
  const made = rollout({
    ...r.plan,
    ...kind.plan,
    targetGroups: r.targetGroups,
    service: {
      ...r.plan.service,
      gracePeriodSeconds: r.targetGroups > 0 ? dice.pick([0, 30, 60, 120]) : 0
    }
  })
  // What is healthy for a minute needs an undisturbed one after the other to be seen as what it is.
  const happened =
    !kind.codes.includes('flapping') && dice.chance(0.3) ? disturb(dice, made, r.desired, r.lowest) : []
  const about = `${kind.name}, desired ${r.desired}, ${happened.join(', ')}`
  return { rollout: made, weather: r.weather, about, codes: kind.codes }
}
