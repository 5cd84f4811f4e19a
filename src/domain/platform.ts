import { isObject, type JsonObject } from './task-definition.js'
import { platformOf, type Descriptor, type ManifestContent, type Platform } from './manifest.js'

/** What an image has, held against what the tasks need. */
export type Fit =
  | { state: 'fits' }
  /** `has` are the platforms that the image is built for. */
  | { state: 'mismatch'; has: Platform[] }
  /** Nothing certain can be said: why. */
  | { state: 'unknown'; why: string }

/**
 * The platform that an image must have a manifest for: the definition's `runtimePlatform`, on Fargate LINUX/X86_64
 * where it says nothing. Undefined when nothing certain is known: an EC2 instance decides by its own processor.
 * `onFargate` is true when the service is known to run there, whatever the definition says.
 */
export function platformNeeded(definition: JsonObject, onFargate: boolean): Platform | undefined {
  const wanted = definition['runtimePlatform']
  const platform = isObject(wanted) ? wanted : {}
  const kinds = definition['requiresCompatibilities']
  const onlyFargate = Array.isArray(kinds) && kinds.length > 0 && kinds.every((k) => k === 'FARGATE')
  const certain = onFargate || onlyFargate
  const os = osOf(platform['operatingSystemFamily'], certain)
  const architecture = architectureOf(platform['cpuArchitecture'], certain)
  return os === undefined || architecture === undefined ? undefined : { os, architecture }
}

function osOf(family: unknown, certain: boolean): string | undefined {
  if (typeof family !== 'string' || family === '') return certain ? 'linux' : undefined
  if (family.toUpperCase() === 'LINUX') return 'linux'
  return /^WINDOWS/i.test(family) ? 'windows' : undefined
}

function architectureOf(cpu: unknown, certain: boolean): string | undefined {
  if (typeof cpu !== 'string' || cpu === '') return certain ? 'amd64' : undefined
  const known: Record<string, string> = { X86_64: 'amd64', ARM64: 'arm64' }
  return Object.hasOwn(known, cpu.toUpperCase()) ? known[cpu.toUpperCase()] : undefined
}

/** `linux/arm64/v8`. */
export function sayPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/')
}

/** Variants are not held against an image: `arm64/v8` is every arm64, and no host says which of amd64 it is. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture
}

/**
 * Holds a manifest against a platform. `config` is the text of a single image's config, as far as it could be read.
 * A mismatch is said only when every platform of the image is known and none fits.
 */
export function fitOf(content: ManifestContent, needed: Platform, config?: string): Fit {
  if (content.kind === 'unreadable')
    return { state: 'unknown', why: `its manifest says no platform: ${content.why}` }
  if (content.kind === 'image') return fitOfConfig(needed, config)
  // What signs or describes an image stands in its index under a platform that does not exist.
  const children = content.children.filter((c) => c.platform?.os !== 'unknown')
  if (children.some((c) => c.platform && samePlatform(c.platform, needed))) return { state: 'fits' }
  const has = children.flatMap((c) => c.platform ?? [])
  if (has.length === 0 || has.length < children.length)
    return { state: 'unknown', why: 'its index does not say every platform' }
  return { state: 'mismatch', has }
}

/**
 * The manifests of an index that a task may be led to: those that are built for the platform, else those that say none.
 * Without a platform all of them, but never what only describes an image.
 */
export function pullable(children: readonly Descriptor[], needed: Platform | undefined): Descriptor[] {
  const real = children.filter((c) => c.platform?.os !== 'unknown')
  if (!needed) return real
  const fitting = real.filter((c) => c.platform && samePlatform(c.platform, needed))
  return fitting.length > 0 ? fitting : real.filter((c) => !c.platform)
}

function fitOfConfig(needed: Platform, config: string | undefined): Fit {
  if (config === undefined) return { state: 'unknown', why: 'its config could not be read' }
  let value: unknown
  try {
    value = JSON.parse(config)
  } catch {
    return { state: 'unknown', why: 'its config is not JSON' }
  }
  const has = isObject(value) ? platformOf(value) : undefined
  if (!has || has.os === 'unknown') return { state: 'unknown', why: 'its config says no platform' }
  return samePlatform(has, needed) ? { state: 'fits' } : { state: 'mismatch', has: [has] }
}
