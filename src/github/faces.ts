import type { Clock, Journal } from '../ports.js'
import type { RunView } from '../report/view.js'
import { accessOf, type WorkflowRun } from './context.js'
import type { Face } from './face.js'

/** The inputs that say where a run is shown. */
export interface FaceInputs {
  mode: string
  comment: 'auto' | 'off'
  prNumber?: number
  githubDeployment: boolean
  githubToken: string
}

/** What faces of GitHub need of their surroundings. */
export interface Surroundings {
  env: NodeJS.ProcessEnv
  clock: Clock
  workflow: WorkflowRun
  journal: Journal
  say: (text: string) => void
  view: () => RunView
  /** True once the run is being cancelled: then there are moments only. */
  hurried: () => boolean
}

/** The name under which the post step finds what this run made on GitHub. */
export const madeKey = 'github'

/** What this run made on GitHub. */
export interface Made {
  pull?: number
  comment?: number
  deployment?: number
}

/** The modes that are about a change; what the others find belongs to no pull request. */
export const commented: readonly string[] = ['deploy', 'rollback', 'plan']
const finishMs = 6000
const hurriedMs = 1500

/**
 * The faces that these inputs ask for, loaded only then. None without a token; a comment only where a run has an
 * environment and a service.
 */
export async function facesOf(inputs: FaceInputs, around: Surroundings): Promise<Face[]> {
  const { env, clock, workflow, journal, say, view, hurried } = around
  const access = accessOf(env, inputs.githubToken)
  const { environment, service } = view()
  if (!access || environment === '' || service === '') return []
  const comments = inputs.comment !== 'off' && commented.includes(inputs.mode)
  if (!comments && !inputs.githubDeployment) return []
  const { CommentFace, DeploymentFace, GitHubApi } = await import('./shown.js')
  const api = new GitHubApi(access, clock, env)
  const made: Made = {}
  const remember = (what: Made) => {
    Object.assign(made, what)
    journal.save(madeKey, JSON.stringify(made))
  }
  const common = { api, clock, workflow, view, finishMs: () => (hurried() ? hurriedMs : finishMs) }
  const { prNumber } = inputs
  return [
    ...(comments
      ? [new CommentFace({ ...common, say, remember, ...(prNumber === undefined ? {} : { prNumber }) })]
      : []),
    ...(inputs.githubDeployment
      ? [new DeploymentFace({ ...common, remember: (deployment) => remember({ deployment }) })]
      : [])
  ]
}
