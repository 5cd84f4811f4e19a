import { parseArn } from './domain/arn.js'
import { Refusal } from './domain/outcome.js'
import { readImages, type GivenImage } from './inputs/images.js'
import { Reader, shown, type GetInput } from './inputs/reader.js'
import { readServices, type ServicePlace } from './inputs/services.js'
import { readTag, type RunContext } from './inputs/tag.js'
import { unusedInputs } from './inputs/unused.js'

export type { GivenImage, GetInput, RunContext, ServicePlace }

export const modeNames = ['deploy', 'rollback', 'plan', 'diagnose', 'audit'] as const
export type Mode = (typeof modeNames)[number]
export type OnFailure = 'rollback' | 'leave'
export type Busy = 'wait' | 'refuse' | 'take-over'

/** All inputs, checked and typed. Durations in milliseconds. */
export interface Inputs extends ServicePlace {
  mode: Mode
  /** The workflow run that asks. */
  origin: RunContext
  /** Empty only in the modes that need none. */
  environment: string
  /** Every service that is given, the first of them also as `cluster` and `service`; several for audit and diagnose. */
  services: ServicePlace[]
  taskDefinition?: string
  images: GivenImage[]
  pin: 'all' | 'given'
  tagImages: boolean
  /** The environment tag, expanded. */
  imageTag: string
  /** What the environment tags of all runs look like, such as `staging-*`. */
  imageTagPattern: string
  desiredCount?: number
  promote: boolean
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
  preflight: 'enforce' | 'warn' | 'off'
  /** `previous`, a revision number, `family:revision`, an ARN, an image digest or an environment tag. */
  rollbackTo: string
  githubToken: string
  comment: 'auto' | 'off'
  prNumber?: number
  githubDeployment: boolean
  /** Names of inputs that were given and mean nothing in this mode. */
  unused: string[]
}

const needsEnvironment: readonly Mode[] = ['deploy', 'rollback', 'plan']
const takesSeveral: readonly Mode[] = ['diagnose', 'audit']
const environmentName = /^[a-z0-9][a-z0-9-]{0,31}$/

/**
 * Reads and checks every input of action.yml.
 * Throws one Refusal that lists all problems; no AWS call has been made by then.
 */
export function readInputs(get: GetInput, run: RunContext): Inputs {
  const problems: string[] = []
  const read = new Reader((name) => get(name).trim(), problems)
  const mode = read.oneOf('mode', modeNames, 'deploy')
  const environment = readEnvironment(read, mode, problems)
  const services = readServices(read, takesSeveral.includes(mode), problems)
  const taskDefinition = read.text('task-definition')
  const desiredCount = read.integer('desired-count', 1, 10_000)
  const prNumber = read.integer('pr-number', 1, 999_999_999)
  const inputs: Inputs = {
    mode,
    origin: run,
    environment,
    cluster: 'default',
    service: '',
    ...services[0],
    services,
    ...(taskDefinition === '' ? {} : { taskDefinition }),
    images: readImages(read.lines('images'), problems),
    pin: read.oneOf('pin', ['all', 'given'] as const, 'all'),
    tagImages: read.boolean('tag-images', true),
    ...readTag(read, environment, run, problems),
    ...(desiredCount === undefined ? {} : { desiredCount }),
    promote: read.boolean('promote', false),
    forceNewDeployment: read.boolean('force-new-deployment', false),
    timeoutMs: read.duration('timeout', '30m', 10_000, 24 * 3_600_000, 'from 10s to 24h'),
    bakeMs: read.duration('bake-time', '60s', 0, 24 * 3_600_000, 'from 0s to 24h'),
    pollMs: read.duration('poll-interval', '5s', 1000, 60_000, 'from 1s to 60s'),
    maxFailedTasks: readTolerance(read, problems),
    alarms: readAlarms(read, problems),
    onFailure: read.oneOf('on-failure', ['rollback', 'leave'] as const, 'rollback'),
    onCancel: read.oneOf('on-cancel', ['rollback', 'leave'] as const, 'rollback'),
    busy: read.oneOf('busy', ['wait', 'refuse', 'take-over'] as const, 'wait'),
    preflight: read.oneOf('preflight', ['enforce', 'warn', 'off'] as const, 'enforce'),
    rollbackTo: read.text('rollback-to') || 'previous',
    githubToken: read.text('github-token'),
    comment: read.oneOf('comment', ['auto', 'off'] as const, 'auto'),
    ...(prNumber === undefined ? {} : { prNumber }),
    githubDeployment: read.boolean('github-deployment', false),
    unused: unusedInputs(read, mode)
  }
  if (problems.length > 0) throw new Refusal(problems)
  return inputs
}

function readEnvironment(read: Reader, mode: Mode, problems: string[]): string {
  const environment = read.text('environment')
  if (environment === '') {
    if (needsEnvironment.includes(mode))
      problems.push('environment is required: the name of the deploy target, such as staging.')
  } else if (!environmentName.test(environment))
    problems.push(
      `environment "${shown(environment)}" is not allowed: lower-case letters, digits and dashes, at most 32, starting with a letter or digit.`
    )
  return environment
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
