/** Registries that are not the account's ECR: Docker Hub, GHCR and the like, as far as a pull sees them. */
import { createHmac } from 'node:crypto'
import type { Clock } from '../../clock.js'
import type { ExternalRegistryHandle, ExternalRegistryOptions, RegistriesBuilder } from '../api.js'
import type { Happen } from '../happenings.js'
import { Repository, type Home, type ImageNature } from './repository.js'
import { Uploads } from './uploads.js'

/** Bearer tokens live so long, as those of Docker Hub do. */
const tokenLife = 300_000

/** What a token says: who, to do what, until when. */
export interface Grant {
  user: string | undefined
  scopes: readonly string[]
  until: number
}

/** A registry of that host, with repositories like those of ECR but no API beside `/v2/`. */
export class ExternalRegistry implements Home, ExternalRegistryHandle {
  readonly repositories = new Map<string, Repository>()
  readonly uploads = new Uploads()
  readonly account = ''
  readonly region = ''
  private contents = 0

  constructor(
    readonly clock: Clock,
    readonly host: string,
    readonly natures: Map<string, ImageNature>,
    readonly happen: Happen,
    readonly options: ExternalRegistryOptions
  ) {}

  /** Hosts that mean this registry: its own, and the one its API lives on. */
  get hosts(): readonly string[] {
    return [this.host, this.options.apiHost ?? this.host]
  }

  repository(name: string): Repository {
    const known = this.repositories.get(name)
    if (known !== undefined) return known
    const made = new Repository(this, name, {})
    this.repositories.set(name, made)
    return made
  }

  freshContent(): string {
    this.contents++
    return `content ${this.contents} of ${this.host}`
  }

  isPrivate(name: string): boolean {
    return this.options.private?.includes(name) ?? false
  }

  /** The name of the user that a password is of; undefined when it is wrong. */
  userOf(user: string, password: string): string | undefined {
    return this.options.users?.[user] === password ? user : undefined
  }

  /** What of the wanted scopes this user gets: everybody pulls what is public, users pull and push all. */
  grant(user: string | undefined, scopes: readonly string[]): Grant {
    const granted = scopes.flatMap((scope) => {
      const [type, name = '', actions = ''] = scope.split(':')
      if (type !== 'repository') return []
      const may = actions
        .split(',')
        .filter((action) => user !== undefined || (action === 'pull' && !this.isPrivate(name)))
      return may.length === 0 ? [] : [`repository:${name}:${may.join(',')}`]
    })
    return { user, scopes: granted, until: this.clock.now() + tokenLife }
  }

  /** A grant as a token: what it says, and a seal. */
  seal(grant: Grant): string {
    const body = Buffer.from(JSON.stringify(grant)).toString('base64url')
    return `${body}.${this.signature(body)}`
  }

  /** What a token says; undefined when it is forged or too old. */
  open(token: string): Grant | undefined {
    const [body = '', signature] = token.split('.')
    if (signature !== this.signature(body)) return undefined
    const grant = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Grant
    return grant.until > this.clock.now() ? grant : undefined
  }

  private signature(body: string): string {
    return createHmac('sha256', this.host).update(body).digest('base64url')
  }
}

/** The other registries that the story tells of. */
export class Registries implements RegistriesBuilder {
  readonly all: ExternalRegistry[] = []

  constructor(
    private readonly clock: Clock,
    private readonly natures: Map<string, ImageNature>,
    private readonly happen: Happen
  ) {}

  add(host: string, options: ExternalRegistryOptions = {}): ExternalRegistry {
    const made = new ExternalRegistry(this.clock, host, this.natures, this.happen, options)
    this.all.push(made)
    return made
  }

  /** The registry that a host means. */
  of(host: string): ExternalRegistry | undefined {
    return this.all.find((r) => r.hosts.includes(host))
  }
}

/** The host of an image reference and the rest: without a host it is Docker Hub, without a path its `library`. */
export function hostOf(name: string): { host: string; path: string } {
  const [first = '', ...rest] = name.split('/')
  if (rest.length === 0) return { host: 'docker.io', path: `library/${first}` }
  if (/[.:]/.test(first) || first === 'localhost') {
    const path = rest.join('/')
    return { host: first, path: first === 'docker.io' && rest.length === 1 ? `library/${path}` : path }
  }
  return { host: 'docker.io', path: name }
}
