import { parseArn, parseClusterReference, parseServiceReference } from './domain/arn.js'
import { parseDuration } from './domain/duration.js'
import { isImageTag, parseImage, type ImageReference } from './domain/image.js'
import { Refusal } from './domain/outcome.js'

export type OnFailure = 'rollback' | 'leave'
export type Busy = 'wait' | 'refuse' | 'take-over'

/** An image a person asked for; `container` is absent for a lone reference. */
export interface GivenImage {
  container?: string
  reference: ImageReference
}

/** All inputs of a deploy, checked and typed. Durations in milliseconds. */
export interface Inputs {
  mode: 'deploy'
  environment: string
  cluster: string
  service: string
  /** Region that an ARN among the inputs named. */
  region?: string
  /** Account that an ARN among the inputs named. */
  account?: string
  taskDefinition?: string
  images: GivenImage[]
  pin: 'all' | 'given'
  tagImages: boolean
  /** The environment tag, expanded. */
  imageTag: string
  desiredCount?: number
  forceNewDeployment: boolean
  timeoutMs: number
  bakeMs: number
  pollMs: number
  maxFailedTasks: number | 'auto'
  /** Names of CloudWatch alarms. */
  alarms: string[]
  onFailure: OnFailure
  onCancel: OnFailure
  busy: Busy
}

/** What of the workflow run the inputs may mention. */
export interface RunContext {
  sha: string
  runId: string
  attempt: string
}

/** Reads one input by its name in action.yml; an empty text means not given. */
export type GetInput = (name: string) => string

const modes = ['deploy', 'rollback', 'plan', 'diagnose', 'audit'] as const
const environmentName = /^[a-z0-9][a-z0-9-]{0,31}$/
const containerName = /^[A-Za-z0-9_-]{1,255}$/

/**
 * Reads and checks every input of action.yml.
 * Throws one Refusal that lists all problems; no AWS call has been made by then.
 */
export function readInputs(get: GetInput, run: RunContext): Inputs {
  const problems: string[] = []
  const read = new Reader((name) => get(name).trim(), problems)

  const mode = read.oneOf('mode', modes, 'deploy')
  // The other inputs mean other things in other modes, so nothing more is said of them.
  if (mode !== 'deploy')
    throw new Refusal([`mode ${mode} is not available yet; this version knows mode deploy.`])
  refuseUnbuilt(read, problems)

  const environment = read.text('environment')
  if (environment === '')
    problems.push('environment is required: the name of the deploy target, such as staging.')
  else if (!environmentName.test(environment))
    problems.push(
      `environment "${shown(environment)}" is not allowed: lower-case letters, digits and dashes, at most 32, starting with a letter or digit.`
    )

  const where = readService(read, problems)
  const taskDefinition = read.text('task-definition')
  const desiredCount = read.integer('desired-count', 1, 10_000)
  const pollMs = read.duration('poll-interval', '5s', 1000, 60_000, 'from 1s to 60s')
  const inputs: Inputs = {
    mode: 'deploy',
    environment,
    cluster: where.cluster,
    service: where.service,
    ...(where.region === undefined ? {} : { region: where.region }),
    ...(where.account === undefined ? {} : { account: where.account }),
    ...(taskDefinition === '' ? {} : { taskDefinition }),
    images: readImages(read.lines('images'), problems),
    pin: read.oneOf('pin', ['all', 'given'] as const, 'all'),
    tagImages: read.boolean('tag-images', true),
    imageTag: readTag(read, environment, run, problems),
    ...(desiredCount === undefined ? {} : { desiredCount }),
    forceNewDeployment: read.boolean('force-new-deployment', false),
    timeoutMs: read.duration('timeout', '30m', 10_000, 24 * 3_600_000, 'from 10s to 24h'),
    bakeMs: read.duration('bake-time', '60s', 0, 24 * 3_600_000, 'from 0s to 24h'),
    pollMs,
    maxFailedTasks: readTolerance(read, problems),
    alarms: readAlarms(read, problems),
    onFailure: read.oneOf('on-failure', ['rollback', 'leave'] as const, 'rollback'),
    onCancel: read.oneOf('on-cancel', ['rollback', 'leave'] as const, 'rollback'),
    busy: read.oneOf('busy', ['wait', 'refuse', 'take-over'] as const, 'wait')
  }
  read.oneOf('preflight', ['enforce', 'warn', 'off'] as const, 'enforce')
  read.oneOf('comment', ['auto', 'off'] as const, 'auto')
  if (problems.length > 0) throw new Refusal(problems)
  return inputs
}

/** Inputs of parts that later versions bring: refused by name, never ignored. */
function refuseUnbuilt(read: Reader, problems: string[]): void {
  for (const name of ['promote', 'github-deployment'])
    if (read.boolean(name, false)) problems.push(`${name}: true is not available yet; leave it out.`)
  if (read.text('pr-number') !== '')
    problems.push('pr-number is not available yet (this version writes no comment); leave it out.')
  const target = read.text('rollback-to')
  if (target !== '' && target !== 'previous')
    problems.push('rollback-to belongs to mode rollback, which is not available yet; leave it out.')
}

function readService(
  read: Reader,
  problems: string[]
): { cluster: string; service: string; region?: string; account?: string } {
  const clusterText = read.text('cluster')
  const serviceText = read.text('service')
  const cluster = clusterText === '' ? undefined : parseClusterReference(clusterText)
  const service = serviceText === '' ? undefined : parseServiceReference(serviceText)
  if (clusterText !== '' && !cluster)
    problems.push(`cluster "${shown(clusterText)}" is neither the name nor the ARN of an ECS cluster.`)
  if (serviceText === '') problems.push('service is required: the name or ARN of the ECS service.')
  else if (!service)
    problems.push(`service "${shown(serviceText)}" is neither the name nor the ARN of one ECS service.`)
  // `default` is what action.yml fills in, so it does not contradict an ARN that names its cluster.
  const named = cluster && cluster.cluster !== 'default' ? cluster.cluster : undefined
  if (named !== undefined && service?.cluster !== undefined && service.cluster !== named)
    problems.push(
      `service "${shown(serviceText)}" lives in cluster "${service.cluster}", but cluster is "${shown(clusterText)}".`
    )
  for (const part of ['region', 'account'] as const)
    if (cluster?.[part] !== undefined && service?.[part] !== undefined && cluster[part] !== service[part])
      problems.push(`cluster and service name two ${part}s: ${cluster[part]} and ${service[part]}.`)
  const region = service?.region ?? cluster?.region
  const account = service?.account ?? cluster?.account
  return {
    cluster: named ?? service?.cluster ?? 'default',
    service: service?.service ?? serviceText,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account })
  }
}

function readImages(lines: string[], problems: string[]): GivenImage[] {
  const given: GivenImage[] = []
  for (const line of lines) {
    const equals = line.indexOf('=')
    const container = equals < 0 ? undefined : line.slice(0, equals).trim()
    const text = equals < 0 ? line : line.slice(equals + 1).trim()
    const reference = parseImage(text)
    if (container !== undefined && !containerName.test(container))
      problems.push(
        `images: "${shown(container)}" is not a container name (letters, digits, dashes, underscores).`
      )
    if (!reference)
      problems.push(
        `images: "${shown(text)}" is not an image reference; allowed are repo:tag, repo@sha256:<64 hex digits>, or both.`
      )
    else if (reference.tag === undefined && reference.digest === undefined)
      problems.push(
        `images: "${shown(text)}" names no tag and no digest; say which image, such as ${shown(text)}:TAG.`
      )
    else given.push({ reference, ...(container === undefined ? {} : { container }) })
  }
  const names = given.map((g) => g.container)
  const twice = names.find((n, i) => n !== undefined && names.indexOf(n) !== i)
  if (twice !== undefined) problems.push(`images: container "${shown(twice)}" is given more than once.`)
  if (lines.length > 1 && names.includes(undefined))
    problems.push('images: with more than one line each must say its container, as container=reference.')
  return given
}

const placeholders = ['{environment}', '{sha}', '{run}', '{attempt}']

/** Expands image-tag-template; `{run}` is the run id, which no other run of the repository shares. */
function readTag(read: Reader, environment: string, run: RunContext, problems: string[]): string {
  const template = read.text('image-tag-template') || '{environment}-{sha}-{run}.{attempt}'
  const values: Record<string, string> = {
    '{environment}': environment || 'environment',
    '{sha}': run.sha.slice(0, 7) || 'nosha',
    '{run}': run.runId || '0',
    '{attempt}': run.attempt || '1'
  }
  const unknown = (template.match(/\{[^{}]*\}?/g) ?? []).filter((p) => !placeholders.includes(p))
  if (unknown.length > 0) {
    problems.push(
      `image-tag-template: ${shown(unknown.join(', '))} is unknown; allowed are ${placeholders.join(', ')}.`
    )
    return ''
  }
  const tag = template.replace(/\{[a-z]+\}/g, (p) => values[p] ?? p)
  if (!isImageTag(tag))
    problems.push(
      `image-tag-template "${shown(template)}" expands to "${shown(tag)}", which ECR does not take as a tag: letters, digits, dots, dashes and underscores, at most 128, not starting with a dot or dash.`
    )
  return tag
}

function readTolerance(read: Reader, problems: string[]): number | 'auto' {
  const text = read.text('max-failed-tasks')
  if (text === '' || text === 'auto') return 'auto'
  if (/^\d{1,5}$/.test(text)) return Number(text)
  problems.push(`max-failed-tasks "${shown(text)}" is not allowed: auto, or an integer from 0.`)
  return 'auto'
}

/** Alarms by name, or by ARN, which is read as its name. */
function readAlarms(read: Reader, problems: string[]): string[] {
  const names = read.lines('alarms').map((line) => {
    const resource = line.startsWith('arn:') ? parseArn(line)?.resource : `alarm:${line}`
    const name = resource?.startsWith('alarm:') === true ? resource.slice('alarm:'.length) : ''
    if (name === '' || name.length > 255)
      problems.push(`alarms: "${shown(line)}" is neither the name nor the ARN of a CloudWatch alarm.`)
    return name
  })
  return [...new Set(names)]
}

/** A value as it stands in a message: short, and with every invisible character made visible. */
function shown(value: string): string {
  const visible = value.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  )
  return visible.length > 200 ? `${visible.slice(0, 200)}…` : visible
}

/** Typed access to inputs; each method adds to the problems and gives a stand-in when the value is wrong. */
class Reader {
  constructor(
    readonly text: GetInput,
    private readonly problems: string[]
  ) {}

  lines(name: string): string[] {
    return this.text(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name)
    if (value === '') return fallback
    const found = allowed.find((a) => a === value)
    if (found === undefined)
      this.problems.push(`${name} "${shown(value)}" is not allowed: ${allowed.join(', ')}.`)
    return found ?? fallback
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.text(name)
    if (value === '') return fallback
    // The values that YAML 1.2 reads as booleans.
    if (/^(true|True|TRUE)$/.test(value)) return true
    if (/^(false|False|FALSE)$/.test(value)) return false
    this.problems.push(`${name} "${shown(value)}" is not allowed: true, false.`)
    return fallback
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN
    if (number >= least && number <= most) return number
    this.problems.push(`${name} "${shown(value)}" is not allowed: an integer from ${least} to ${most}.`)
    return undefined
  }

  duration(name: string, fallback: string, least: number, most: number, range: string): number {
    const text = this.text(name) || fallback
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    this.problems.push(
      ms === undefined
        ? `${name} "${shown(text)}" is not a duration: write it as 90s, 30m or 1h.`
        : `${name} "${shown(text)}" is out of range: ${range}.`
    )
    return parseDuration(fallback) ?? least
  }
}
