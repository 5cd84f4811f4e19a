/** A container image reference, by the grammar of the OCI distribution specification. */
export interface ImageReference {
  /** As the person wrote it. */
  text: string
  /** Everything before the tag and digest: `host/path`. */
  repository: string
  tag?: string
  digest?: string
  /** Set when the repository lives in Amazon ECR. */
  ecr?: EcrRepository
}

/** A repository of any registry. */
export interface Repository {
  /** The registry as references name it; `docker.io` for short names. */
  host: string
  /** Its path there, `library/nginx` for `nginx`. */
  name: string
  /** Set when it lives in Amazon ECR. */
  ecr?: EcrRepository
}

/** A private ECR repository. */
export interface EcrRepository {
  host: string
  account: string
  region: string
  name: string
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?'
const name = `(?:(?:${host})/)?${component}(?:/${component})*`
const reference = new RegExp(`^(${name})(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`)
const ecrHost =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn|\.eu)?|on\.aws|on\.amazonwebservices\.com\.cn|[a-z0-9.]+)$/
const tag = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/**
 * Reads an image reference: `repo:tag`, `repo@sha256:…`, or both.
 * Gives undefined when the text is none (ECS allows 255 characters before the digest).
 */
export function parseImage(text: string): ImageReference | undefined {
  if (text.length > 400) return undefined
  const match = reference.exec(text)
  if (!match) return undefined
  const [, repository = '', imageTag, digest] = match
  if (repository.length + (imageTag?.length ?? 0) > 254) return undefined
  const slash = repository.indexOf('/')
  const registry = slash < 0 ? '' : repository.slice(0, slash)
  const ecr = ecrHost.exec(registry)
  return {
    text,
    repository,
    ...(imageTag === undefined ? {} : { tag: imageTag }),
    ...(digest === undefined ? {} : { digest }),
    ...(ecr
      ? {
          ecr: {
            host: registry,
            account: ecr[1] ?? '',
            region: ecr[2] ?? '',
            name: repository.slice(slash + 1)
          }
        }
      : {})
  }
}

/** Names under which Docker Hub is known; `docker.io` is the one that references use. */
const dockerHub = /^(docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/

/**
 * Which registry a reference means, and which repository there, by Docker's rule: the first part is a host when it
 * has a dot, a colon or capitals, or is `localhost`; else it is Docker Hub, whose own images live in `library/`.
 */
export function repositoryOf({ repository, ecr }: Pick<ImageReference, 'repository' | 'ecr'>): Repository {
  const slash = repository.indexOf('/')
  const first = slash < 0 ? '' : repository.slice(0, slash)
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first)
  const path = isHost ? repository.slice(slash + 1) : repository
  const named = isHost ? first.toLowerCase() : 'docker.io'
  if (!dockerHub.test(named)) return { host: named, name: path, ...(ecr ? { ecr } : {}) }
  return { host: 'docker.io', name: path.includes('/') ? path : `library/${path}` }
}

/** The host that serves a registry's `/v2/`. */
export function apiHost(host: string): string {
  return host === 'docker.io' ? 'registry-1.docker.io' : host
}

/** `repo@sha256:…`: the form that can never mean another image tomorrow. */
export function pinned(repository: string, digest: string): string {
  return `${repository}@${digest}`
}

/** True when the text is a valid image tag of ECR. */
export function isImageTag(text: string): boolean {
  return tag.test(text)
}

/** `sha256:0123456789ab`, enough of a digest for a person to compare. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12)
}
