import type { ReasonCode } from '../domain/outcome.js'
import type { Task } from '../domain/service.js'

/** What the words of a failed task say about another try. */
interface Rule {
  /** Only where one of these stands; absent: whatever the words. */
  words?: RegExp
  /** Not where one of these stands. */
  unless?: RegExp
  /** On EC2 the next instance may have other credentials or another processor. */
  fargateOnly?: true
}

/**
 * Causes that another try cannot help, because what decides stands in the image, the definition, a secret or a role,
 * and each task meets the same. Networks, rate limits, disks and capacity change by themselves, and are not among them.
 */
const permanent: Partial<Record<ReasonCode, Rule>> = {
  // Fargate cuts long texts; what is cut off after the reference may have been a network's trouble.
  'image-not-found': { unless: /failed to resolve ref\s+\S*\s*$/i },
  'image-platform-mismatch': {},
  // An agent that has no login yet, or an old one, gets a new one.
  'image-pull-denied': { unless: /basic auth credentials|expired/i, fargateOnly: true },
  'secret-missing': {},
  'secret-denied': {},
  'secret-content': {},
  'log-group-missing': {},
  // An unknown sentence about a log driver has this code too.
  'log-config': { words: /unknown log opt|is required|must (specify|be)|invalid|unsupported/i },
  'container-exec-format': { words: /exec format error/i, fargateOnly: true },
  // The image is pinned: what its command names is in it, or never will be. An exit code alone is the program's own.
  'container-exit': {
    words: /executable file not found|exec: .*(no such file or directory|permission denied)/i
  }
}

/** True when a second task would fail as this one did: the deployment is failing at the first (product rule). */
export function isHopeless(code: ReasonCode, task: Task): boolean {
  const rule = permanent[code]
  if (!rule || (rule.fargateOnly === true && task.containerInstanceArn !== undefined)) return false
  const texts = [task.stoppedReason ?? '', ...task.containers.map((c) => c.reason ?? '')]
  const says = (pattern: RegExp) => texts.some((text) => pattern.test(text))
  return (rule.words === undefined || says(rule.words)) && !(rule.unless !== undefined && says(rule.unless))
}
