import type { ReasonCode } from '../domain/outcome.js'
import type { Task } from '../domain/service.js'

/** What the stop of a task means: nothing, a failure with its code, or something we do not know. */
export type StopMeaning = { kind: 'benign' } | { kind: 'failed'; code: ReasonCode } | { kind: 'unknown' }

/** Stop codes of ECS that say nothing about the new revision. */
const benignCodes = ['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth']

/**
 * Reads the stop of a task: by its stopCode where that decides, by the text only within a code.
 * A stopCode that we do not know is `unknown`: it counts neither as failure nor as benign.
 */
export function readStop(task: Task): StopMeaning {
  const reason = task.stoppedReason ?? ''
  const code = task.stopCode
  if (code !== undefined && benignCodes.includes(code)) return { kind: 'benign' }
  switch (code) {
    case 'ServiceSchedulerInitiated':
      return readScheduler(reason)
    case 'EssentialContainerExited':
      return { kind: 'failed', code: readExit(task) }
    case 'TaskFailedToStart':
      return { kind: 'failed', code: readStartFailure(task) }
    case undefined:
      return readTextAlone(task, reason)
    default:
      return { kind: 'unknown' }
  }
}

/** ECS stops tasks for scaling, draining and rebalancing too; only a failed health check is a failure. */
function readScheduler(reason: string): StopMeaning {
  if (/failed container health checks/i.test(reason))
    return { kind: 'failed', code: 'container-health-check' }
  if (/failed (ELB|load balancer) health checks/i.test(reason))
    return { kind: 'failed', code: 'elb-health-unreachable' }
  if (/health checks?/i.test(reason) && /fail/i.test(reason)) return { kind: 'failed', code: 'unknown' }
  return { kind: 'benign' }
}

/** Tasks of old platform versions carry no stopCode; then the sentence is all there is. */
function readTextAlone(task: Task, reason: string): StopMeaning {
  if (
    /scaling activity initiated|spot task was interrupted|host ec2|deregistration forced|stopped by user/i.test(
      reason
    )
  )
    return { kind: 'benign' }
  const scheduler = readScheduler(reason)
  if (scheduler.kind === 'failed') return scheduler
  if (/essential container in task exited/i.test(reason)) return { kind: 'failed', code: readExit(task) }
  if (/^(CannotPull|ResourceInitializationError|CannotStart|CannotCreate)/.test(reason))
    return { kind: 'failed', code: readStartFailure(task) }
  return { kind: 'unknown' }
}

function readExit(task: Task): ReasonCode {
  const reasons = task.containers.map((c) => c.reason ?? '').join('\n')
  if (/out ?of ?memory/i.test(reasons)) return 'container-oom'
  if (/exec format error/i.test(reasons)) return 'container-exec-format'
  const exits = task.containers.map((c) => c.exitCode).filter((c) => c !== undefined && c !== 0)
  return exits.length > 0 && exits.every((c) => c === 137) ? 'container-killed' : 'container-exit'
}

/** Texts of a task that never ran: the first pattern that matches names the code. Their sentences stand in the test of this file. */
const startFailures: readonly [RegExp, ReasonCode][] = [
  [/exec format error/i, 'container-exec-format'],
  // The container cannot be started at all: what it should run is not in the image.
  [/executable file not found|exec: .*(no such file or directory|permission denied)/i, 'container-exit'],
  [/out ?of ?memory/i, 'container-oom'],
  [/descriptor matching platform|no match for platform|no matching manifest for/i, 'image-platform-mismatch'],
  [/too ?many ?requests|pull rate limit/i, 'image-pull-rate-limit'],
  [/no space left on device/i, 'image-pull-disk']
]
const pullFailures: readonly [RegExp, ReasonCode][] = [
  // Deciding words stand at the end, behind a reference that may contain any of the others.
  [/(: not found|manifest unknown[^:]*|does not exist|404 Not Found)\.?\s*$/i, 'image-not-found'],
  [
    /i\/o timeout|dial tcp|no such host|connection refused|connection issue|deadline exceeded|request canceled|TLS handshake|check your task network/i,
    'image-pull-network'
  ],
  [
    /access denied|AccessDenied|not authorized|403 Forbidden|401 Unauthorized|basic auth credentials|authorization failed|has the permissions to pull/i,
    'image-pull-denied'
  ],
  [/not found|manifest unknown|does not exist/i, 'image-not-found'],
  [/failed to do request|httpReaderSeeker/i, 'image-pull-network'],
  // Fargate cuts long texts; what is left of this one is said of images that are gone.
  [/failed to resolve ref\s+\S*\s*$/i, 'image-not-found']
]
const secretFailures: readonly [RegExp, ReasonCode][] = [
  [/AccessDenied|not authorized/i, 'secret-denied'],
  [
    /ResourceNotFound|can't find the specified secret|ParameterNotFound|invalid (ssm )?parameters/i,
    'secret-missing'
  ],
  [/invalid character|json key|unmarshal/i, 'secret-content'],
  [/timeout|connection issue|deadline exceeded|dial tcp|check your task network/i, 'secret-network']
]
const logFailures: readonly [RegExp, ReasonCode][] = [
  [/log group does not exist|ResourceNotFound/i, 'log-group-missing'],
  [/timeout|connection issue|deadline exceeded|dial tcp/i, 'log-network']
]
const placements: readonly [RegExp, ReasonCode][] = [
  [/account is currently blocked/i, 'account-blocked'],
  [/InsufficientFreeAddresses|(insufficient|not enough|no) free (ip )?addresses/i, 'subnet-exhausted'],
  [/network interface/i, 'network-interface'],
  [/RESOURCE:PORTS|already using a port/i, 'port-conflict'],
  [/reached the limit|above your limit|capacity limit was exceeded/i, 'quota'],
  [/RESOURCE:|capacity is unavailable|insufficient (cpu|memory)/i, 'capacity'],
  [/placement constraint|no container instance|encountered error "AGENT"|^AGENT$/i, 'placement']
]

function firstMatch(table: readonly [RegExp, ReasonCode][], text: string): ReasonCode | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}

function readStartFailure(task: Task): ReasonCode {
  const texts = [task.stoppedReason, ...task.containers.map((c) => c.reason)].filter((t) => t !== undefined)
  for (const text of texts) {
    const code = readStartText(text)
    if (code !== undefined) return code
  }
  return task.containers.some((c) => c.exitCode !== undefined && c.exitCode !== 0)
    ? readExit(task)
    : 'unknown'
}

/** The code of a text about a task that could not start, or undefined when no rule knows it. */
export function readStartText(text: string): ReasonCode | undefined {
  const known = firstMatch(startFailures, text)
  if (known !== undefined) return known
  // First, because the name of an image may contain any of the words below.
  if (/CannotPull/.test(text)) return firstMatch(pullFailures, text)
  // This prefix names both; what follows tells which.
  const detail = text.replace(/unable to pull secrets or registry auth(entication)?:?/gi, '')
  if (/secret|asm\b|\bssm\b|parameter store/i.test(detail)) return firstMatch(secretFailures, detail)
  if (/log(ger|ging)? (driver|args|group|stream)|cloudwatch log/i.test(detail))
    return firstMatch(logFailures, detail) ?? 'log-config'
  if (/registry auth|pull (the )?image|ecr registry/i.test(text)) return firstMatch(pullFailures, detail)
  return firstMatch(placements, detail)
}
