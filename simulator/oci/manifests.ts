/** Manifests, tags and referrers at `/v2/`. */
import { AwsError } from '../world/errors.js'
import { sha256 } from '../world/ids.js'
import { mediaTypes, translateManifest } from '../world/ecr/manifests.js'
import { putImage } from '../world/ecr/put-image.js'
import type { Repository } from '../world/ecr/repository.js'
import type { StoredImage } from '../world/ecr/stored-image.js'
import type { Front } from './fronts.js'
import { answer, jsonAnswer, OciError, type OciAnswer, type OciRequest } from './http.js'

const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
/** So many tags a page, at most: whoever forgets the next page is found out. */
const tagPage = 5

/** GET and HEAD of a manifest. */
export function getManifest(front: Front, name: string, reference: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'pull')
  const image = repository && imageOf(repository, reference)
  if (repository === undefined || image?.status !== 'ACTIVE') throw front.unknownManifest(name, reference)
  if (request.method === 'GET') {
    front.countPull()
    repository.recordPull(image)
  }
  const served = reference.includes(':') ? image : translated(image, request.headers.accept)
  return answer(
    200,
    {
      'content-type': served.mediaType,
      'docker-content-digest': served.digest,
      etag: `"${served.digest}"`
    },
    served.bytes
  )
}

function imageOf(repository: Repository, reference: string): StoredImage | undefined {
  return reference.includes(':') ? repository.images.get(reference) : repository.byTag(reference)
}

/** By tag the other family is tried when the stored type is not accepted (facts F1); else it is served as it is. */
function translated(
  image: StoredImage,
  accept: string | undefined
): Pick<StoredImage, 'bytes' | 'digest' | 'mediaType'> {
  const accepted = (accept ?? '*/*').split(',').map((type) => type.split(';')[0]!.trim())
  if (accepted.includes(image.mediaType) || accepted.includes('*/*')) return image
  return translateManifest(image.mediaType, image.bytes, accepted) ?? image
}

/** PUT of a manifest, by tag or by digest. */
export function putManifest(front: Front, name: string, reference: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'push')!
  const byDigest = reference.includes(':')
  if (!byDigest && !tagGrammar.test(reference)) throw new OciError('TAG_INVALID')
  const bytes = request.body.toString('utf8')
  const declared = request.headers['content-type']?.split(';')[0]?.trim()
  const digest = sha256(bytes)
  try {
    putImage(repository, {
      imageManifest: bytes,
      ...(declared === undefined || declared === 'application/json'
        ? {}
        : { imageManifestMediaType: declared }),
      ...(byDigest ? { imageDigest: reference } : { imageTag: reference })
    })
  } catch (error) {
    // Who pushes what is there already has what he wants.
    if (!(error instanceof AwsError && error.code === 'ImageAlreadyExistsException')) throw error
  }
  const subject = repository.images.get(digest)?.parsed.subject
  return answer(201, {
    location: `${request.base}/v2/${name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(subject === undefined ? {} : { 'oci-subject': subject })
  })
}

/** DELETE of a manifest by digest, or of a tag. */
export function deleteManifest(front: Front, name: string, reference: string): OciAnswer {
  const repository = front.repository(name, 'pull')
  if (!front.deletes) throw new OciError('UNSUPPORTED')
  if (repository === undefined || imageOf(repository, reference) === undefined)
    throw front.unknownManifest(name, reference)
  if (reference.includes(':')) repository.expire(reference)
  else repository.untag(reference)
  return answer(202)
}

/** The tags in the order of their letters, in pages (`n`, `last`, Link). */
export function listTags(front: Front, name: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'pull')
  if (repository === undefined) throw new OciError('NAME_UNKNOWN', { detail: { name } })
  const last = request.query.get('last') ?? ''
  const wanted = Number(request.query.get('n') ?? tagPage)
  const size = Math.max(0, Math.min(Number.isInteger(wanted) ? wanted : tagPage, tagPage))
  const all = [...repository.images.values()].flatMap((i) => [...i.tags]).filter((tag) => tag > last)
  const tags = all.sort().slice(0, size)
  const more = tags.length > 0 && tags.length < all.length
  const next = new URLSearchParams({ last: tags.at(-1) ?? '', n: String(size) }).toString()
  const link = `<${request.base}/v2/${name}/tags/list?${next}>; rel="next"`
  return jsonAnswer({ name, tags }, more ? { link } : {})
}

/** The artifacts about an image, as an index; empty when there are none. */
export function listReferrers(front: Front, name: string, digest: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'pull')
  if (repository === undefined) throw new OciError('NAME_UNKNOWN', { detail: { name } })
  const type = request.query.get('artifactType')
  const manifests = repository
    .referrersOf(digest)
    .filter((i) => i.status === 'ACTIVE' && (type === null || i.parsed.artifactType === type))
    .map((i) => ({
      mediaType: i.mediaType,
      digest: i.digest,
      size: Buffer.byteLength(i.bytes),
      artifactType: i.parsed.artifactType,
      annotations: i.parsed.annotations
    }))
  return jsonAnswer(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
    {
      'content-type': mediaTypes.ociIndex,
      ...(type === null ? {} : { 'oci-filters-applied': 'artifactType' })
    }
  )
}
