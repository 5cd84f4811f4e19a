import type { EcrRepository } from '../domain/image.js'
import { keyOf, type RepositoryView } from '../domain/repository-view.js'
import { isIndexType, type StoredImage } from '../domain/stored-image.js'
import { AwsFault, NotFound, type Ports, type Repositories } from '../ports.js'

/**
 * Reads what decides how long images of a repository stay: its settings, its policy and its images, all at once, and
 * the manifests of those of `indexes` that are indexes. Never throws, but for credentials that expired and a run that is
 * cancelled: what is denied or does not answer is said in `unread`.
 */
export async function viewRepository(
  repositories: Repositories,
  repository: EcrRepository,
  indexes: readonly string[]
): Promise<RepositoryView> {
  const unread: string[] = []
  const tried = async <T>(read: () => Promise<T>): Promise<{ value: T } | undefined> => {
    try {
      return { value: await read() }
    } catch (error) {
      unread.push(whyUnread(error))
      return undefined
    }
  }
  const [settings, policy, list] = await Promise.all([
    tried(() => repositories.settings(repository)),
    tried(() => repositories.policy(repository)),
    tried(() => repositories.images(repository))
  ])
  const whole = list?.value.whole === true ? list.value.images : undefined
  if (list && !whole) unread.push(`${repository.name} has too many images to read all of them within seconds`)
  const wanted = indexesToRead(whole ?? [], indexes)
  const children =
    wanted.length === 0 ? undefined : await tried(() => repositories.children(repository, wanted))
  const policyText = policy?.value
  return {
    repository,
    ...(settings ? { settings: settings.value } : {}),
    ...(policyText === undefined ? {} : { policyText }),
    policyRead: policy !== undefined,
    ...(whole ? { images: whole } : {}),
    children: children?.value ?? new Map(),
    unread: [...new Set(unread)]
  }
}

/** An index is read for its children; an untagged image may be a child itself, and then all indexes are asked. */
function indexesToRead(images: readonly StoredImage[], digests: readonly string[]): string[] {
  const asked = images.filter(({ digest }) => digests.includes(digest))
  const mayBeChild = asked.some((image) => image.tags.length === 0 && !isIndexType(image.mediaType))
  const read = mayBeChild ? images : asked
  return read
    .filter(({ mediaType }) => isIndexType(mediaType))
    .map(({ digest }) => digest)
    .slice(0, mostIndexes)
}

const mostIndexes = 500

/** A sentence about what could not be read, without its full stop. Passes on what ends a run. */
export function whyUnread(error: unknown): string {
  if (error instanceof NotFound) return error.message
  if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
  if (error.kind === 'denied') return `the role may not call ${error.operation}`
  return `${error.operation} failed (${error.message})`
}

/** Views of several repositories at once, each read once. Absent port: no views. */
export async function viewRepositories(
  ports: Pick<Ports, 'repositories'>,
  wanted: readonly { repository: EcrRepository; digest: string }[]
): Promise<Map<string, RepositoryView>> {
  const { repositories } = ports
  if (!repositories) return new Map()
  const byKey = new Map<string, { repository: EcrRepository; digests: string[] }>()
  for (const { repository, digest } of wanted) {
    const known = byKey.get(keyOf(repository))
    if (known) known.digests.push(digest)
    else byKey.set(keyOf(repository), { repository, digests: [digest] })
  }
  const views = await Promise.all(
    [...byKey].map(
      async ([key, { repository, digests }]) =>
        [key, await viewRepository(repositories, repository, digests)] as const
    )
  )
  return new Map(views)
}
