/** A job of one step: main, perhaps post, and what may end them early (facts 1.2). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { linesOf } from '../workflow-commands.js'
import { commandFiles, prepare, stepEnvironment, type Place } from './environment.js'
import { readFiles } from './files.js'
import { StepLog } from './log.js'
import { holds, inputsOf, readManifest, type Manifest } from './manifest.js'
import { StepProcess } from './process.js'
import {
  defaultContext,
  type Conclusion,
  type GitHubContext,
  type RunOptions,
  type RunResult,
  type Stage,
  type StageResult
} from './types.js'

/** So long after a cancel the runner kills what still runs: five minutes, less fifteen seconds for itself. */
export const jobEndsAfterCancel = 285_000

export class Job {
  private readonly place: Place
  private readonly manifest: Manifest
  private readonly github: GitHubContext
  private readonly masks = new Set<string>()
  private readonly wait: (ms: number) => Promise<unknown>
  private cancelled = false
  private shutDown = false
  private ended = false
  private current: { process: StepProcess; condition: string; state: string } | undefined

  constructor(private readonly options: RunOptions) {
    const action = resolve(options.action)
    this.manifest = readManifest(action)
    this.github = { ...defaultContext, ...options.github }
    const root = options.directory ?? mkdtempSync(join(tmpdir(), 'runner-'))
    const name = this.github.repository.split('/').at(-1)!
    const temp = join(root, 'work', '_temp')
    const event = join(temp, '_github_workflow', 'event.json')
    this.place = { action, root, workspace: join(root, 'work', name, name), temp, event }
    this.wait = options.wait ?? ((ms) => sleep(ms, undefined, { ref: false }))
  }

  /** Only the first cancel counts: what runs afterwards was started knowing of it. */
  cancel(): void {
    if (this.cancelled || this.shutDown) return
    this.cancelled = true
    if (this.current !== undefined && !holds(this.current.condition, 'cancelled'))
      this.current.process.ladder('cancel')
    void this.wait(jobEndsAfterCancel).then(() => {
      this.ended = true
      this.current?.process.kill('end-of-job')
    })
  }

  crash(what: 'process' | 'machine'): void {
    if (what === 'machine') this.shutDown = true
    this.current?.process.crash()
  }

  shutdown(): void {
    this.shutDown = true
    this.current?.process.ladder('shutdown')
  }

  saved(): string {
    return this.current === undefined ? '' : readFileSync(this.current.state, 'utf8')
  }

  async run(): Promise<RunResult> {
    const { options, manifest } = this
    try {
      prepare(this.place, options.files ?? {}, options.event?.payload ?? {})
      const condition = options.if ?? 'success()'
      const main = await this.stage('main', manifest.runs.main, condition)
      const { post, 'post-if': postIf = 'always()' } = manifest.runs
      const status = this.status(main)
      if (
        post === undefined ||
        options.post === false ||
        this.shutDown ||
        this.ended ||
        !holds(postIf, status)
      )
        return { ...main, job: status }
      const after = await this.stage('post', post, postIf, main)
      return { ...main, post: after, job: this.status(status === 'success' ? after : main) }
    } finally {
      if (options.directory === undefined) rmSync(this.place.root, { recursive: true, force: true })
    }
  }

  private status({ conclusion }: StageResult): Conclusion {
    if (this.shutDown) return 'failure'
    return this.cancelled || this.options.isCancelled?.() === true ? 'cancelled' : conclusion
  }

  private async stage(
    stage: Stage,
    script: string,
    condition: string,
    main?: StageResult
  ): Promise<StageResult> {
    const { options, place, github } = this
    const path = join(place.action, script)
    if (!existsSync(path)) throw new Error(`action.yml names ${path}, which is not there`)
    const files = commandFiles(place, stage)
    const inputs = inputsOf(this.manifest, options.inputs ?? {}, github.token)
    const state = main?.state ?? {}
    const result = emptyResult(state)
    const log = new StepLog(this.masks, result)
    if (stage === 'main') inputs.warnings.forEach((line) => log.warn(line))
    const given = options.env ?? {}
    const node = options.node ?? process.execPath
    const running = new StepProcess({
      node,
      args: [...(options.preload ?? []).flatMap((file) => ['--require', file]), path],
      cwd: place.workspace,
      env: {
        ...stepEnvironment(place, github, options.event?.name ?? 'push', node, main?.path ?? []),
        ...(typeof given === 'function' ? given(stage) : given),
        ...main?.env,
        ...Object.fromEntries(Object.entries(state).map(([key, value]) => [`STATE_${key}`, value])),
        ...inputs.env,
        GITHUB_OUTPUT: files.output,
        GITHUB_STATE: files.state,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_ENV: files.env,
        GITHUB_PATH: files.path,
        SIMULATOR_SIGNALS: files.signals
      },
      signals: files.signals,
      wait: this.wait,
      onChunk: (chunk, source) => {
        result[source] += chunk
        options.onOutput?.(chunk, source, stage)
      },
      onLine: (line, source) => {
        const command = log.read(line, source)
        options.onLine?.(log.masked(line), source, command, stage)
      }
    })
    const current = (this.current = { process: running, condition, state: files.state })
    if (options.timekeeper !== 'process' && options.timeoutMinutes !== undefined)
      void this.wait(options.timeoutMinutes * 60_000).then(() => running.ladder('timeout'))
    Object.assign(result, await running.ended)
    if (this.current === current) this.current = undefined
    this.conclude(stage, result, log, files)
    return result
  }

  /** How the stage would be marked, and what of it reaches GitHub. */
  private conclude(
    stage: Stage,
    result: StageResult,
    log: StepLog,
    files: ReturnType<typeof commandFiles>
  ): void {
    const noted = linesOf(readFileSync(files.signals, 'utf8')).map((line) => line.split(' '))
    const because = new Set(noted.map(([, reason]) => reason))
    result.signals.push(...noted.map(([signal]) => signal as NodeJS.Signals))
    // Who would read the files is gone too when everything is killed.
    if (because.has('end-of-job')) this.ended = true
    else readFiles(files, result, log)
    if (because.has('timeout')) {
      const name = `${stage === 'post' ? 'Post ' : ''}${this.options.name ?? 'Run ./'}`
      log.fail(`The action '${name}' has timed out after ${this.options.timeoutMinutes ?? 0} minutes.`)
      result.conclusion = 'failure'
    } else if (noted.length > 0) {
      log.annotate('error', 'The operation was canceled.')
      result.conclusion = 'cancelled'
    } else if (result.exitCode !== 0 || result.errors.length > 0) result.conclusion = 'failure'
    result.masks = [...this.masks]
  }
}

function emptyResult(state: Record<string, string>): StageResult {
  return {
    exitCode: 0,
    signal: null,
    conclusion: 'success',
    stdout: '',
    stderr: '',
    outputs: {},
    state: { ...state },
    env: {},
    path: [],
    summary: '',
    masks: [],
    annotations: [],
    commands: [],
    errors: [],
    warnings: [],
    signals: []
  }
}
