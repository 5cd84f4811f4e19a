import { parseArn } from './arn.js'
import { isImageTag, parseImage } from './image.js'

/** What `rollback-to` names. */
export type RollbackTarget =
  | { kind: 'previous' }
  /** `family:revision` or an ARN; a number alone is completed with the service's family. */
  | { kind: 'revision'; reference: string }
  | { kind: 'digest'; digest: string }
  /** An image tag, in this repository or in those of the service. */
  | { kind: 'tag'; tag: string; repository?: string }

/**
 * Reads `rollback-to`: `previous`, a revision number, `family:revision`, an ARN, an image digest (alone or behind its
 * repository) or an image tag. `family` is that of the revision that the service runs. Undefined: it is none of these.
 */
export function parseRollbackTarget(text: string, family: string): RollbackTarget | undefined {
  if (text === 'previous') return { kind: 'previous' }
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'revision', reference: `${family}:${text}` }
  const arn = parseArn(text)
  if (arn)
    return arn.service === 'ecs' && /^task-definition\/[A-Za-z0-9_-]{1,255}:\d+$/.test(arn.resource)
      ? { kind: 'revision', reference: text }
      : undefined
  if (/^[A-Za-z0-9_-]{1,255}:\d+$/.test(text)) return { kind: 'revision', reference: text }
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return { kind: 'digest', digest: text }
  if (isImageTag(text)) return { kind: 'tag', tag: text }
  const image = parseImage(text)
  if (image?.digest !== undefined) return { kind: 'digest', digest: image.digest }
  if (image?.tag !== undefined) return { kind: 'tag', tag: image.tag, repository: image.repository }
  return undefined
}
