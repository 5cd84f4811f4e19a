/*
 * The world alone, no sockets: a thousand task-hours of ten services behind load balancers, with a deployment an
 * hour (every second one bad, so that tasks fail, breakers trip and the old revision comes back). Virtual against
 * real time in one run; the limit is a second of real time.
 */
import { createWorld } from '../simulator/index.js'

const services = 10
const tasks = 20
const hours = 5
const limit = 1000
const runs = 5

/** Plays it once; milliseconds of real time, and how much happened. */
function play(seed: number): { ms: number; happened: number } {
  const from = performance.now()
  const world = createWorld({ seed })
  let happened = 0
  world.onHappening(() => happened++)
  for (let s = 0; s < services; s++) {
    const repository = world.ecr.repository(`shop-${s}`)
    const define = (image: string) =>
      world.ecs.taskDefinition({
        family: `shop-${s}`,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }] }]
      })
    const good = define(repository.push({ tags: ['good'] }).uri)
    const bad = define(repository.push({ tags: ['bad'], behaviour: { exits: { code: 1, after: 1 } } }).uri)
    const targetGroup = world.elb.targetGroup(`shop-${s}`, {
      healthCheckPath: '/',
      deregistrationDelaySeconds: 30
    })
    const service = world.ecs.service({
      cluster: 'bench',
      name: `shop-${s}`,
      taskDefinition: good,
      desiredCount: tasks,
      loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }],
      circuitBreaker: { enable: true, rollback: true }
    })
    for (let hour = 0; hour < hours; hour++)
      world.clock.after(hour * 3_600_000 + s * 60_000, () =>
        world.ecs.updateService(service, {
          taskDefinition: (hour % 2 === 0 ? bad : good).arn,
          forceNewDeployment: true
        })
      )
  }
  world.clock.advanceBy(hours * 3_600_000)
  return { ms: performance.now() - from, happened }
}

play(0) // the first run compiles
const played = Array.from({ length: runs }, (_, i) => play(i + 1))
const median = played.map((p) => p.ms).sort((a, b) => a - b)[Math.floor(runs / 2)]!
const taskHours = services * tasks * hours
console.log(
  `world     ${taskHours} task-hours in ${median.toFixed(0)} ms (limit ${limit}), ${played[0]!.happened} happenings, ` +
    `${Math.round((hours * 3_600_000) / median).toLocaleString('en')} times real time, median of ${runs}, Node ${process.version}`
)
if (!(median <= limit)) process.exitCode = 1
