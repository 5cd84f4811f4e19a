/** Names and numbers that AWS would make up, from a seed. */
import { createHash } from 'node:crypto'

/** Seeded source of ids, addresses and nothing else. */
export class Ids {
  private state: number
  private counted = 0

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  private pick(alphabet: string, length: number): string {
    let out = ''
    for (let i = 0; i < length; i++) out += alphabet.charAt(Math.floor(this.next() * alphabet.length))
    return out
  }

  hex(length: number): string {
    return this.pick('0123456789abcdef', length)
  }

  /** The 19 digits of a deployment or a service revision; leading zeros do occur. */
  digits(length = 19): string {
    return this.pick('0123456789', length)
  }

  /** The id of a service deployment. */
  base64url(length = 21): string {
    return this.pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', length)
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-8${this.hex(3)}-${this.hex(12)}`
  }

  /** 0, 1, 2, … */
  count(): number {
    return this.counted++
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }
}

/** `sha256:…` of some bytes. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
}

/** Whether a request means this: by its name, its ARN, or its ARN without the cluster (the old form). */
export function isNamed(arn: string, ref: string): boolean {
  const name = lastOf(arn)
  if (!ref.startsWith('arn:')) return ref === name
  return ref === arn || ref === `${arn.slice(0, arn.indexOf('/'))}/${name}`
}

/** The last part of an ARN (or the whole of a plain name). */
export function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
