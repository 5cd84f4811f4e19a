/** Whose registry it is: how ECR and the others let people in, and where they differ in what they say. */
import type { AwsError } from '../world/errors.js'
import { failureTexts } from '../world/ecr/ecr-texts.js'
import type { ExternalRegistry } from '../world/ecr/external-registry.js'
import type { Registry } from '../world/ecr/registry.js'
import type { Repository } from '../world/ecr/repository.js'
import type { Uploads } from '../world/ecr/uploads.js'
import { basicOf, OciError, PlainError, type OciCode, type OciRequest } from './http.js'

export type Action = 'pull' | 'push'

/** A registry as the distribution API needs it. */
export interface Front {
  readonly uploads: Uploads
  /** Whether a blob of one repository may be mounted into another. */
  readonly mounts: boolean
  /** Whether the API may delete. */
  readonly deletes: boolean
  /** Throws when the one who asks may not do this; `name` is absent for the root. */
  admit(request: OciRequest, name: string | undefined, action: Action): void
  /** The repository, undefined when there is none to read from; a push may make it. Throws NAME_UNKNOWN. */
  repository(name: string, action: Action): Repository | undefined
  /** Where a blob is fetched, when not here. */
  redirect(repository: Repository, digest: string): string | undefined
  /** Throws when somebody has pulled too much. */
  countPull(): void
  /** What a manifest that is not here is said to be. */
  unknownManifest(name: string, reference: string): OciError
}

/** The account's ECR: Basic with the token of GetAuthorizationToken (facts F4). */
export class EcrFront implements Front {
  readonly deletes = false
  readonly uploads: Uploads

  constructor(private readonly ecr: Registry) {
    this.uploads = ecr.uploads
  }

  /** An account setting, off until it is switched on (facts F4). */
  get mounts(): boolean {
    return this.ecr.blobMounting
  }

  admit(request: OciRequest): void {
    const given = basicOf(request.headers.authorization)
    const state = given?.user === 'AWS' ? this.ecr.passwordState(given.password) : 'unknown'
    if (state === 'good') return
    if (state === 'expired')
      throw new OciError('DENIED', {
        message: 'Your authorization token has expired. Reauthenticate and try again.'
      })
    throw new PlainError('UNAUTHORIZED', 401, 'Not Authorized\n', {
      'www-authenticate': `Basic realm="https://${this.ecr.host}/",service="ecr.amazonaws.com"`
    })
  }

  repository(name: string): Repository {
    try {
      return this.ecr.require(name)
    } catch (error) {
      throw new OciError('NAME_UNKNOWN', { message: error instanceof Error ? error.message : name })
    }
  }

  redirect(repository: Repository, digest: string): string {
    return this.ecr.layerUrl(repository.name, digest)
  }

  countPull(): void {
    // ECR's own rates are far above what a story does.
  }

  unknownManifest(): OciError {
    return new OciError('MANIFEST_UNKNOWN', { message: failureTexts.notFound.say() })
  }
}

/** Any other registry: Bearer with a token place, Basic, or open. */
export class ExternalFront implements Front {
  readonly mounts = true
  readonly deletes = true
  readonly uploads: Uploads
  private pulls = 0

  constructor(readonly registry: ExternalRegistry) {
    this.uploads = registry.uploads
  }

  admit(request: OciRequest, name: string | undefined, action: Action): void {
    const { options } = this.registry
    const auth = options.auth ?? 'bearer'
    if (auth === 'none') return
    const { authorization } = request.headers
    if (auth === 'basic') {
      const given = basicOf(authorization)
      const user = given && this.registry.userOf(given.user, given.password)
      if (user === undefined) throw this.unauthorized(`Basic realm="${this.registry.host}"`, name, action)
      return
    }
    const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? []
    const grant = token === undefined ? undefined : this.registry.open(token)
    if (grant !== undefined && (name === undefined || allows(grant.scopes, name, action))) return
    const scope = name === undefined ? '' : `,scope="repository:${name}:${actionsOf(action)}"`
    const error = grant === undefined ? '' : ',error="insufficient_scope"'
    throw this.unauthorized(`${this.realm(request)}${scope}${error}`, name, action)
  }

  private realm(request: OciRequest): string {
    const { host, options } = this.registry
    const place = `${request.origin}/_host/${options.tokenHost ?? host}/token`
    return `Bearer realm="${place}",service="${options.service ?? host}"`
  }

  private unauthorized(challenge: string, name: string | undefined, action: Action): OciError {
    const detail =
      name === undefined
        ? undefined
        : actionsOf(action)
            .split(',')
            .map((Action) => ({ Type: 'repository', Class: '', Name: name, Action }))
    return new OciError('UNAUTHORIZED', { detail, headers: { 'www-authenticate': challenge } })
  }

  repository(name: string, action: Action): Repository | undefined {
    return action === 'push' ? this.registry.repository(name) : this.registry.repositories.get(name)
  }

  redirect(): undefined {
    return undefined
  }

  countPull(): void {
    const { pullLimit } = this.registry.options
    if (pullLimit !== undefined && ++this.pulls > pullLimit) throw new OciError('TOOMANYREQUESTS')
  }

  unknownManifest(name: string, reference: string): OciError {
    const detail = reference.includes(':')
      ? `unknown manifest name=${name} revision=${reference}`
      : `unknown tag=${reference}`
    return new OciError('MANIFEST_UNKNOWN', { detail })
  }
}

const actionsOf = (action: Action): string => (action === 'push' ? 'pull,push' : 'pull')

function allows(scopes: readonly string[], name: string, action: Action): boolean {
  return scopes.some((scope) => {
    const [, scoped, actions = ''] = scope.split(':')
    return scoped === name && actions.split(',').includes(action)
  })
}

const byException: Record<string, OciCode> = {
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  ImageDigestDoesNotMatchException: 'MANIFEST_INVALID',
  ReferencedImagesNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  LayersNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  InvalidParameterException: 'MANIFEST_INVALID',
  LimitExceededException: 'TOOMANYREQUESTS',
  UploadNotFoundException: 'BLOB_UPLOAD_UNKNOWN',
  InvalidLayerException: 'DIGEST_INVALID'
}

/** A refusal of the API's, as the same thing is said at `/v2/`; a wrong digest is a code of its own but at ECR. */
export function asOci(error: AwsError, ecr: boolean): OciError {
  const wrongDigest = error.code === 'ImageDigestDoesNotMatchException' && !ecr
  const code = wrongDigest ? 'DIGEST_INVALID' : (byException[error.code] ?? 'UNKNOWN')
  return new OciError(error.message.includes("'imageTag'") ? 'TAG_INVALID' : code, { message: error.message })
}
