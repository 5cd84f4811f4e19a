import { revisionName } from '../domain/arn.js'
import type { Happening } from '../domain/events.js'
import type { Clock } from '../ports.js'
import { describeStart, statusesOf, type DeploymentStatus } from '../report/deployment-status.js'
import { serviceUrl } from '../report/links.js'
import type { RunView } from '../report/view.js'
import { field, GitHubFault, type GitHubApi } from './api.js'
import type { WorkflowRun } from './context.js'
import type { Face, Trouble } from './face.js'
import { lastWords, mayPass } from './last-words.js'

export interface DeploymentOptions {
  api: GitHubApi
  clock: Clock
  workflow: WorkflowRun
  view: () => RunView
  /** Keeps the id of the deployment for the post step. */
  remember: (deployment: number) => void
  finishMs: () => number
  /** Known from an earlier step of this run. */
  deployment?: number
}

const againAfterMs = [5000, 15_000, 30_000]

/**
 * A GitHub deployment of this run: made when the service is touched, in progress until the verdict, and then success,
 * failure, or inactive where it does not serve. The one that a success replaces becomes inactive: GitHub's own way
 * would take those of other services of the environment too.
 */
export class DeploymentFace implements Face {
  private id: number | undefined
  private beginning: Promise<void> | undefined
  private readonly stop = new AbortController()
  private fault: GitHubFault | undefined
  private readonly told = new Set<string>()

  constructor(private readonly options: DeploymentOptions) {
    this.id = options.deployment
  }

  see(happening: Happening): void {
    if (happening.code === 'step' && happening.step === 'release') this.beginning ??= this.begin()
  }

  private async begin(): Promise<void> {
    const { clock, view } = this.options
    for (const wait of againAfterMs) {
      if (await this.tryTo(async () => await this.create(view(), this.stop.signal))) return
      if (this.fault?.kind === 'denied' || this.fault?.kind === 'rejected' || this.fault?.kind === 'missing')
        return
      try {
        await clock.sleep(Math.max(wait, (this.fault?.until ?? 0) - clock.now()), this.stop.signal)
      } catch {
        return
      }
    }
  }

  async finish(view: RunView): Promise<Trouble | undefined> {
    const { clock, finishMs } = this.options
    const { ending } = view
    if (!ending || (this.beginning === undefined && this.id === undefined)) return undefined
    const words = lastWords(clock, finishMs())
    const half = clock.sleep(finishMs() / 2, words.signal).catch(() => undefined)
    if (this.id === undefined) await Promise.race([this.beginning, half])
    this.stop.abort()
    const refused = this.id === undefined && this.fault !== undefined && !mayPass(this.fault)
    for (let failures = 1; !refused; failures++) {
      if (await this.tryTo(async () => await this.conclude(view, words.signal))) break
      if (!(await words.again(this.fault, failures))) break
    }
    await words.done()
    if (this.fault === undefined) return undefined
    const hint = this.fault.kind === 'denied' ? '; give the job permissions: deployments: write' : ''
    const what = this.id === undefined ? 'is not made' : 'may show an earlier state'
    const later = this.id !== undefined && mayPass(this.fault)
    return {
      face: 'deployment',
      text: `The GitHub deployment ${what}: ${this.fault.message}${hint}.`,
      ...(later ? { again: this.fault.until ?? clock.now() } : {})
    }
  }

  private async conclude(view: RunView, signal: AbortSignal): Promise<void> {
    const { ending } = view
    if (!ending) return
    await this.create(view, signal)
    const statuses = statusesOf(ending).filter(({ state }) => !this.told.has(state))
    for (const status of statuses) {
      await this.tell(status, view, signal)
      this.told.add(status.state)
    }
    if (this.told.has('success')) await this.retire(view, signal)
  }

  private async create(view: RunView, signal: AbortSignal): Promise<void> {
    if (this.id !== undefined) return
    const { api, workflow, remember } = this.options
    const { environment, cluster, service, mode, newTaskDefinition } = view
    const made = await api.ask(
      'POST',
      '/deployments',
      {
        ref: workflow.sha,
        task: mode ?? 'deploy',
        environment,
        // Checks of the commit are the workflow's own matter, and a merge is nobody's wish here.
        required_contexts: [],
        auto_merge: false,
        description: describeStart(view),
        payload: {
          cluster,
          service,
          taskDefinition: revisionName(newTaskDefinition ?? ''),
          run: workflow.runId
        }
      },
      signal
    )
    const id = field(made, 'id')
    if (typeof id !== 'number') throw new GitHubFault('rejected', 'GitHub made no deployment of this commit')
    this.id = id
    remember(id)
    await this.tell({ state: 'in_progress', description: describeStart(view) }, view, signal)
  }

  private async tell(
    { state, description }: DeploymentStatus,
    view: RunView,
    signal: AbortSignal
  ): Promise<void> {
    const { api, workflow } = this.options
    const url = serviceUrl(view)
    await api.ask(
      'POST',
      `/deployments/${this.id ?? 0}/statuses`,
      {
        state,
        description,
        auto_inactive: false,
        ...(workflow.runUrl === undefined ? {} : { log_url: workflow.runUrl }),
        ...(url === undefined ? {} : { environment_url: url })
      },
      signal
    )
  }

  /** What this service ran before in this environment is no longer active. A detail: trouble with it is not told. */
  private async retire(view: RunView, signal: AbortSignal): Promise<void> {
    const { api } = this.options
    try {
      const environment = encodeURIComponent(view.environment)
      const list = await api.ask(
        'GET',
        `/deployments?environment=${environment}&per_page=30`,
        undefined,
        signal
      )
      const before = (Array.isArray(list) ? (list as unknown[]) : []).find((d) => {
        const id = field(d, 'id')
        const payload = payloadOf(d)
        return (
          typeof id === 'number' &&
          id < (this.id ?? 0) &&
          field(payload, 'service') === view.service &&
          field(payload, 'cluster') === view.cluster
        )
      })
      const id = field(before, 'id')
      if (typeof id !== 'number') return
      await api.ask(
        'POST',
        `/deployments/${id}/statuses`,
        { state: 'inactive', auto_inactive: false },
        signal
      )
    } catch (error) {
      if (!(error instanceof GitHubFault)) throw error
    }
  }

  private async tryTo(act: () => Promise<void>): Promise<boolean> {
    try {
      await act()
      this.fault = undefined
      return true
    } catch (error) {
      this.fault = error instanceof GitHubFault ? error : new GitHubFault('rejected', String(error))
      return false
    }
  }
}

/** GitHub gives an object, or the text that was sent. */
function payloadOf(deployment: unknown): unknown {
  const payload = field(deployment, 'payload')
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload) as unknown
  } catch {
    return undefined
  }
}
