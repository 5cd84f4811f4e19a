import type { Mode } from '../inputs.js'
import type { Reader } from './reader.js'

/** What action.yml fills in where it fills in anything: such a value was not chosen by anybody. */
const defaults: Record<string, string> = {
  'tag-images': 'true',
  'image-tag-template': '{environment}-{sha}-{run}.{attempt}',
  promote: 'false',
  'force-new-deployment': 'false',
  'max-failed-tasks': 'auto',
  'bake-time': '60s',
  'on-failure': 'rollback',
  'on-cancel': 'rollback',
  busy: 'wait',
  preflight: 'enforce',
  pin: 'all',
  'rollback-to': 'previous',
  'github-deployment': 'false'
}

const newImages = [
  'task-definition',
  'images',
  'pin',
  'tag-images',
  'image-tag-template',
  'promote',
  'force-new-deployment'
]
const writes = [
  'desired-count',
  'bake-time',
  'max-failed-tasks',
  'alarms',
  'on-failure',
  'on-cancel',
  'busy',
  'preflight',
  'github-deployment'
]

const without: Record<Mode, readonly string[]> = {
  deploy: ['rollback-to'],
  rollback: newImages,
  plan: ['rollback-to'],
  diagnose: [...newImages, ...writes, 'rollback-to'],
  audit: [...newImages, ...writes, 'rollback-to']
}

/**
 * The inputs that were given but mean nothing in this mode. No error, because one workflow may pass the same
 * inputs in several modes; but not left unsaid either.
 */
export function unusedInputs(read: Reader, mode: Mode): string[] {
  return without[mode].filter((name) => {
    const value = read.text(name)
    return value !== '' && value !== defaults[name]
  })
}
