/** Plays a story: the shipped action, started by the stand-in runner, against a world behind a real HTTP server. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  createWorld,
  startServer,
  type GitHub,
  type Moment,
  type JournalEntry,
  type SimulatorServer,
  type World
} from './index.js'
import {
  jobEndsAfterCancel,
  startAction,
  type GitHubContext,
  type Run,
  type RunOptions,
  type RunResult,
  type Stage as RunStage
} from './runner.js'
import { holds } from './runner/manifest.js'
import type { Scene, Story } from './stories/index.js'

/** How a story is played. */
export interface PlayOptions {
  /**
   * `lockstep`: virtual time jumps from one wait to the next, always the same way, in no time. A speed: so many virtual
   * seconds pass in a real one, for people to watch.
   */
  pace: 'lockstep' | { speed: number }
  /** The node binary for the action; default: the one that runs this. */
  node?: string
  /** The directory of the action; default: this repository. */
  action?: string
  /** Inputs in place of, or beside, those of the story. */
  inputs?: Record<string, string>
  /** Environment in place of, or beside, that of a job with AWS credentials. */
  env?: Record<string, string>
  github?: Partial<GitHubContext>
  /** A GitHub that the run can talk to; default: the scene's, or none. */
  hub?: (world: World) => GitHub
  /** Told of the scene before the run begins. */
  onScene?: (scene: Scene) => void
  /** Told of the run as it begins. */
  onRun?: (run: Run) => void
  onLine?: RunOptions['onLine']
  onOutput?: RunOptions['onOutput']
  /**
   * Kills the process at its nth request, counted over main and post (of one operation, when it is named), before the
   * work is done or after it; then post runs, or the machine is gone as well.
   */
  crash?: { operation?: string; request: number; when: Moment; what: 'process' | 'machine' }
  /** Cancels the run so many virtual milliseconds after its start. */
  cancelAt?: number
  /** False: the machine is gone when main has ended. */
  post?: boolean
  /** The step's `timeout-minutes`, in virtual time. */
  timeoutMinutes?: number
  /** The step's `if:`; default `success()`. */
  if?: string
}

/** One run, as it was played. */
export interface Played {
  result: RunResult
  /** The requests of this run, in order. */
  journal: JournalEntry[]
  world: World
  scene: Scene
  /** The JSON that the `report` output names, parsed, when there is one. */
  report?: unknown
  /** Where the run had its workspace and its temp directory; both are gone by now. */
  directory: string
  /** Where the world could be reached. */
  url: string
  /** Virtual time at the start and at the end, epoch ms. */
  from: number
  to: number
}

/** A story's world with its server running, for as many runs as wanted. */
export interface Stage {
  readonly world: World
  readonly scene: Scene
  readonly server: SimulatorServer
  run(options?: Omit<PlayOptions, 'pace'>): Promise<Played>
  close(): Promise<void>
}

const repository = fileURLToPath(new URL('..', import.meta.url))
const preload = (name: string): string => fileURLToPath(new URL(`preload/${name}.cjs`, import.meta.url))

/** Plays a story once, and closes its server whatever happens. */
export async function playStory(story: Story, options: PlayOptions): Promise<Played> {
  const stage = await openStory(story, options)
  try {
    return await stage.run()
  } finally {
    await stage.close()
  }
}

/** Builds a story's world and starts its server; the caller closes it. */
export async function openStory(story: Story, options: PlayOptions): Promise<Stage> {
  mustBeBuilt(options.action ?? repository)
  const world = createWorld(story.world)
  const scene = story.build(world)
  options.onScene?.(scene)
  const { pace } = options
  const atStory = story.cancelAt === undefined ? {} : { cancelAt: story.cancelAt }
  const began = { virtual: world.clock.now(), real: Date.now() }
  const hub = options.hub?.(world) ?? scene.github
  const server = await startServer(world, {
    ...(hub === undefined ? {} : { github: hub }),
    pace: pace === 'lockstep' ? { kind: 'manual' } : { kind: 'scaled', speed: pace.speed }
  })
  for (const fault of scene.faults ?? []) server.faults.add(fault)
  const time = (stage: RunStage, chosen: PlayOptions, from: number): Record<string, string> =>
    pace === 'lockstep'
      ? {
          SIMULATOR_URL: server.url,
          SIMULATOR_NOW: String(world.clock.now()),
          UV_THREADPOOL_SIZE: '1',
          ...ends(stage, chosen, from, world.clock.now())
        }
      : {
          SIMULATOR_SPEED: String(pace.speed),
          SIMULATOR_NOW: String(began.virtual),
          SIMULATOR_STARTED_AT: String(began.real)
        }

  const run = async (again: Omit<PlayOptions, 'pace'> = {}): Promise<Played> => {
    const chosen = { ...atStory, ...options, ...again }
    const directory = mkdtempSync(join(tmpdir(), 'story-'))
    const from = world.clock.now()
    const before = server.journal.entries.length
    let forget: () => void = () => undefined
    try {
      const started = startAction({
        action: chosen.action ?? repository,
        directory,
        inputs: { ...scene.inputs, ...chosen.inputs },
        env: (stage) => ({
          ...credentials(world, server),
          SIMULATOR_HOSTS: server.url,
          ...time(stage, chosen, from),
          ...chosen.env
        }),
        ...(pace === 'lockstep'
          ? {
              timekeeper: 'process',
              isCancelled: () => world.clock.now() >= from + (chosen.cancelAt ?? Infinity)
            }
          : { wait: (ms) => sleep(ms / pace.speed, undefined, { ref: false }) }),
        ...(chosen.timeoutMinutes === undefined ? {} : { timeoutMinutes: chosen.timeoutMinutes }),
        ...(chosen.if === undefined ? {} : { if: chosen.if }),
        ...(chosen.post === undefined ? {} : { post: chosen.post }),
        preload: [preload(pace === 'lockstep' ? 'lockstep' : 'scaled'), preload('hosts')],
        ...(scene.files === undefined ? {} : { files: scene.files }),
        ...(story.event === undefined ? {} : { event: story.event }),
        ...(chosen.node === undefined ? {} : { node: chosen.node }),
        github: { ...onGitHub(hub, server), ...chosen.github },
        ...(chosen.onLine === undefined ? {} : { onLine: chosen.onLine }),
        ...(chosen.onOutput === undefined ? {} : { onOutput: chosen.onOutput })
      })
      chosen.onRun?.(started)
      const { crash } = chosen
      if (crash !== undefined) {
        server.faults.onKill(() => started.crash(crash.what))
        forget = server.faults.add({
          fault: { kind: 'caller-killed', when: crash.when },
          ...(crash.operation === undefined ? {} : { operation: crash.operation }),
          fromCall: crash.request,
          calls: 1
        })
      }
      const result = await cancelled(started, chosen.cancelAt, pace)
      const report = readReport(result)
      return {
        result,
        journal: server.journal.entries.slice(before),
        world,
        scene,
        ...(report === undefined ? {} : { report }),
        directory,
        url: server.url,
        from,
        to: world.clock.now()
      }
    } finally {
      forget()
      rmSync(directory, { recursive: true, force: true })
    }
  }
  return { world, scene, server, run, close: () => server.close() }
}

/** What aws-actions/configure-aws-credentials leaves in a job's environment, and where AWS is. */
function credentials(world: World, server: SimulatorServer): Record<string, string> {
  return {
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region,
    AWS_ACCESS_KEY_ID: 'ASIASIMULATED0000000',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
    AWS_ENDPOINT_URL: server.url,
    // Played on an older Node than production's, the SDK would have its say about that in every log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_EC2_METADATA_DISABLED: 'true'
  }
}

/** When the runner ends a stage, for a process that keeps its own time: cancel, the end of the job, time-out. */
function ends(
  stage: RunStage,
  { cancelAt, timeoutMinutes, if: condition = 'success()' }: PlayOptions,
  from: number,
  now: number
): Record<string, string> {
  const at = (name: string, ms: number | undefined): Record<string, string> =>
    ms === undefined ? {} : { [`SIMULATOR_${name}_AT`]: String(ms) }
  const cancel = cancelAt === undefined ? undefined : from + cancelAt
  return {
    ...(stage === 'main' && !holds(condition, 'cancelled') ? at('SIGINT', cancel) : {}),
    ...at('END', cancel === undefined ? undefined : cancel + jobEndsAfterCancel),
    ...at('TIMEOUT', timeoutMinutes === undefined ? undefined : now + timeoutMinutes * 60_000)
  }
}

/** What a run knows of its GitHub. */
function onGitHub(hub: GitHub | undefined, server: SimulatorServer): Partial<GitHubContext> {
  if (hub === undefined) return {}
  return { repository: `${hub.owner}/${hub.repo}`, token: hub.token, apiUrl: server.githubUrl }
}

/** In scaled time the signal comes from here; in lockstep the preload sends it at the very moment. */
async function cancelled(
  run: Run,
  cancelAt: number | undefined,
  pace: PlayOptions['pace']
): Promise<RunResult> {
  if (cancelAt === undefined || pace === 'lockstep') return await run.result
  const timer = setTimeout(() => run.cancel(), cancelAt / pace.speed)
  try {
    return await run.result
  } finally {
    clearTimeout(timer)
  }
}

function readReport(result: RunResult): unknown {
  const path = result.outputs['report']
  if (path === undefined || path === '' || !existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, 'utf8'))
}

function mustBeBuilt(action: string): void {
  if (action === repository && !existsSync(join(action, 'dist', 'index.js'))) {
    throw new Error('dist/index.js is missing. Build it first: npm run build')
  }
  if (!existsSync(join(action, 'action.yml'))) throw new Error(`There is no action.yml in ${action}`)
}
