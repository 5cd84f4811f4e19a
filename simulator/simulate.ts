/** `npm run simulate -- STORY`: keeps a story's AWS up for any client, and shows what happens in it. */
import { namedFaults, orderFault } from './faults/named.js'
import { createWorld, Faults, startServer, type SimulatorServer, type World } from './index.js'
import { deployScene } from './simulate/deploy.js'
import { readOptions, usage, UsageError, type SimulateOptions } from './simulate/options.js'
import { sinceStart, Timeline } from './simulate/timeline.js'
import { registryCalls } from './oci/serve.js'
import { operations } from './services/index.js'
import { stories, storyNamed, type Scene, type Story } from './stories/index.js'
import { endWithReader, paintFor } from './terminal.js'

const paint = paintFor(process.stdout)
const say = (text = ''): void => void process.stdout.write(`${text}\n`)

/** Builds the world, lives up to `--at`, and serves until a signal comes. */
async function simulate(story: Story, options: SimulateOptions): Promise<void> {
  const world = createWorld(story.world)
  const scene = story.build(world)
  const start = world.clock.now()
  const timeline = new Timeline(start, paint)
  const faults = new Faults()
  for (const fault of scene.faults ?? []) faults.add(fault)
  for (const order of options.faults) {
    refuseStranger(order)
    orderFault(faults, order, start)
  }
  const server = await serve(world, options, faults)
  const { journal } = server
  journal.listen((entry) => {
    if (options.calls || entry.write || entry.error !== undefined) say(timeline.call(entry))
  })
  introduce(story, scene, world, server, options)
  world.onHappening((happening) => say(timeline.happening(happening)))
  if (options.deploy) deployScene(world, scene)
  if (options.at > 0) {
    world.clock.advanceBy(options.at)
    say(paint.dim(`— ${sinceStart(options.at)} after the start —`))
  }
  server.setPace(options.speed === 0 ? { kind: 'manual' } : { kind: 'scaled', speed: options.speed })
  await signal()
  await server.close()
  say(
    paint.dim(
      `\nStopped ${sinceStart(world.clock.now() - start)} after the start, ${journal.entries.length} AWS calls.`
    )
  )
}

/** A fault that is to strike a call which nobody can make would never strike: most likely its name is wrong. */
function refuseStranger(order: string): void {
  const [, operation] = order.split(':')
  const played = [...Object.values(operations).flatMap((service) => Object.keys(service)), ...registryCalls]
  if (operation === undefined || played.includes(operation)) return
  const near = played.filter((one) => one.toLowerCase().includes(operation.toLowerCase()))
  const known = near.length === 0 ? '' : ` Do you mean ${near.join(' or ')}?`
  throw new UsageError(`--fault ${order}: the simulator plays no operation "${operation}".${known}`)
}

async function serve(world: World, { port }: SimulateOptions, faults: Faults): Promise<SimulatorServer> {
  try {
    return await startServer(world, { port, faults })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new UsageError(
        `Port ${port} is in use. Choose another with --port N, or let one be found with --port 0.`
      )
    throw error
  }
}

function introduce(
  story: Story,
  { inputs }: Scene,
  world: World,
  server: SimulatorServer,
  options: SimulateOptions
): void {
  const { speed, deploy } = options
  say(`${paint.bold(story.name)}: ${story.title}`)
  say(story.about)
  say()
  say(`The simulated AWS is at ${paint.bold(server.url)}. Paste this where your client runs:`)
  say()
  for (const [name, value] of Object.entries(clientEnvironment(world, server))) say(`export ${name}=${value}`)
  say()
  const where = `--cluster ${inputs['cluster'] ?? ''} --services ${inputs['service'] ?? ''}`
  say(`aws ecs describe-services ${where}`)
  say(paint.dim('(an aws CLI before 2.13 wants --endpoint-url "$AWS_ENDPOINT_URL" too)'))
  say()
  if (speed === 0) {
    say('Time stands. It moves by:')
    say(`curl -d '{"by": 60000}' ${server.url}/_simulator/advance`)
  } else say(`${speed} virtual seconds pass in a real one.`)
  if (!deploy) say('Nothing is deployed until you do it; --deploy does it at once.')
  say('Ctrl-C ends it.')
  say()
}

/** What points an AWS client here. */
function clientEnvironment(world: World, server: SimulatorServer): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_EC2_METADATA_DISABLED: 'true'
  }
}

/** Waits for a signal, or for the end of the script that started this process, however that ended. */
async function signal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve())
    if (process.connected) process.once('disconnect', () => resolve())
  })
  if (process.connected) process.disconnect()
}

function list(): void {
  const faults = Object.entries(namedFaults)
  const width = Math.max(
    ...[...stories.map((story) => story.name), ...faults.map(([name]) => name)].map((name) => name.length)
  )
  say(paint.bold('Stories'))
  for (const { name, title } of stories) say(`  ${name.padEnd(width)}  ${title}`)
  say(paint.bold('Faults, NAME or NAME:OPERATION'))
  for (const [name, { about }] of faults) say(`  ${name.padEnd(width)}  ${about}`)
}

endWithReader(process.stdout)
try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) say(usage)
  else if (options.list) list()
  else if (options.story === undefined)
    throw new UsageError(
      `Which story? The stories are:\n${stories.map(({ name }) => `  ${name}`).join('\n')}\n\n${usage}`
    )
  else await simulate(storyNamed(options.story), options)
} catch (error) {
  process.stderr.write(
    `${paintFor(process.stderr).red(error instanceof Error ? error.message : String(error))}\n`
  )
  process.exitCode = 2
}
