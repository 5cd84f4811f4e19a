/** Deployments, their statuses, and the environments that they make. */
import { refusals } from './errors.js'
import type { Asked, Told } from './routes.js'
import { charactersIn, iso, user, type Shape } from './shapes.js'
import type { Deployment, DeploymentStatus, Repository } from './state.js'

const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const

function shape(one: Deployment, { url }: Asked): Record<string, unknown> {
  return {
    id: one.id,
    node_id: `DE_${one.id}`,
    url: `${url}/deployments/${one.id}`,
    sha: one.sha,
    ref: one.ref,
    task: one.task,
    payload: one.payload,
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    creator: user(one.creator),
    created_at: iso(one.createdAt),
    updated_at: iso(one.statuses.at(-1)?.createdAt ?? one.createdAt),
    statuses_url: `${url}/deployments/${one.id}/statuses`,
    repository_url: url,
    transient_environment: one.transient,
    production_environment: one.production
  }
}

function statusShape(
  one: DeploymentStatus,
  deployment: Deployment,
  { url }: Asked
): Shape<'deployment-status'> {
  return {
    id: one.id,
    node_id: `DES_${one.id}`,
    url: `${url}/deployments/${deployment.id}/statuses/${one.id}`,
    state: one.state as (typeof states)[number],
    creator: user(one.creator),
    description: one.description,
    environment: deployment.environment,
    environment_url: one.environmentUrl,
    log_url: one.logUrl,
    target_url: one.logUrl,
    created_at: iso(one.createdAt),
    updated_at: iso(one.createdAt),
    deployment_url: `${url}/deployments/${deployment.id}`,
    repository_url: url
  }
}

/** Newest first. */
export function listDeployments(asked: Asked): Told {
  const { query } = asked
  const fits = (name: 'sha' | 'ref' | 'task' | 'environment', one: Deployment): boolean =>
    [null, one[name]].includes(query.get(name))
  const found = asked.repository.deployments.filter((one) =>
    (['sha', 'ref', 'task', 'environment'] as const).every((name) => fits(name, one))
  )
  return { list: found.reverse().map((one) => shape(one, asked)) }
}

export function getDeployment(asked: Asked): Told {
  return { body: shape(deploymentOf(asked), asked) }
}

/** 201, 202 when it merged instead, 409 when checks or the merge stand against it, 422 for a ref that is none. */
export function createDeployment(asked: Asked): Told {
  const { repository, body, login } = asked
  const ref = text(body, 'ref')
  if (ref === undefined) throw refusals.notSupplied('ref')
  const branch = repository.branches.get(ref)
  const sha = branch?.sha ?? (repository.knows(ref) ? ref : undefined)
  if (sha === undefined) throw refusals.noRef(ref)
  if (body['auto_merge'] !== false && branch !== undefined && ref !== repository.defaultBranch) {
    if (branch.conflicts) throw refusals.mergeConflict(repository.defaultBranch, ref)
    if (branch.behind) {
      branch.behind = false
      return { status: 202, body: { message: `Auto-merged ${repository.defaultBranch} into ${ref}` } }
    }
  }
  checkContexts(repository, ref, sha, body['required_contexts'])
  const environment = text(body, 'environment') ?? 'production'
  const made: Deployment = {
    id: repository.id(),
    ref,
    sha,
    task: text(body, 'task') ?? 'deploy',
    payload: body['payload'] ?? {},
    environment,
    description: text(body, 'description') ?? '',
    transient: body['transient_environment'] === true,
    production:
      typeof body['production_environment'] === 'boolean'
        ? body['production_environment']
        : environment === 'production',
    createdAt: repository.clock.now(),
    creator: login,
    statuses: []
  }
  repository.deployments.push(made)
  return { status: 201, body: shape(made, asked) }
}

/** Without `required_contexts` every context there is must be a success; with it, each that is named. */
function checkContexts(repository: Repository, ref: string, sha: string, required: unknown): void {
  const known = repository.statuses.get(sha) ?? new Map<string, string>()
  const names = Array.isArray(required) ? (required as string[]) : [...known.keys()]
  const contexts = names.map((context) => ({ context, state: known.get(context) ?? 'pending' }))
  if (contexts.some(({ state }) => state !== 'success')) throw refusals.checksFailed(ref, contexts)
}

/** Newest first. */
export function listDeploymentStatuses(asked: Asked): Told {
  const deployment = deploymentOf(asked)
  return { list: deployment.statuses.toReversed().map((one) => statusShape(one, deployment, asked)) }
}

/** A success makes older deployments of its environment inactive, unless they are transient or production. */
export function createDeploymentStatus(asked: Asked): Told {
  const { repository, body, login } = asked
  const deployment = deploymentOf(asked)
  const state = text(body, 'state')
  if (state === undefined) throw refusals.notSupplied('state')
  if (!(states as readonly string[]).includes(state)) throw refusals.badState(state)
  const description = text(body, 'description') ?? ''
  if (charactersIn(description) > 140) throw refusals.descriptionTooLong()
  const add = (
    to: Deployment,
    said: Omit<DeploymentStatus, 'id' | 'createdAt' | 'creator'>
  ): DeploymentStatus => {
    const made = { id: repository.id(), createdAt: repository.clock.now(), creator: login, ...said }
    to.statuses.push(made)
    return made
  }
  const made = add(deployment, {
    state,
    description,
    logUrl: text(body, 'log_url') ?? text(body, 'target_url') ?? '',
    environmentUrl: text(body, 'environment_url') ?? ''
  })
  if (state === 'success' && body['auto_inactive'] !== false)
    for (const other of repository.deployments.slice(0, repository.deployments.indexOf(deployment))) {
      const idle = other.statuses.length === 0 || other.statuses.at(-1)?.state === 'inactive'
      if (other.environment !== deployment.environment || other.transient || other.production || idle)
        continue
      add(other, { state: 'inactive', description: '', logUrl: '', environmentUrl: '' })
    }
  return { status: 201, body: statusShape(made, deployment, asked) }
}

function environments({ repository }: Asked): Record<string, unknown>[] {
  const names = [...new Set(repository.deployments.map((one) => one.environment))]
  return names.map((name, i) => ({
    id: 7000 + i,
    name,
    protection_rules: [],
    deployment_branch_policy: null
  }))
}

export function listEnvironments(asked: Asked): Told {
  const all = environments(asked)
  return { body: { total_count: all.length, environments: all } }
}

export function getEnvironment(asked: Asked): Told {
  const found = environments(asked).find((one) => one['name'] === asked.parts[0])
  if (found === undefined) throw refusals.notFound()
  return { body: found }
}

function deploymentOf({ repository, parts: [id] }: Asked): Deployment {
  const found = repository.deployments.find((one) => String(one.id) === id)
  if (found === undefined) throw refusals.notFound()
  return found
}

function text(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw refusals.notAString(name, value)
  return value
}
