/** Blobs at `/v2/`: fetched, mounted, and uploaded in one piece or in chunks. */
import type { Repository } from '../world/ecr/repository.js'
import { digestOfBytes } from '../world/ecr/uploads.js'
import type { Front } from './fronts.js'
import { answer, OciError, type OciAnswer, type OciRequest } from './http.js'

/** GET and HEAD of a blob: ECR sends a GET on to where the layers lie. */
export function getBlob(front: Front, name: string, digest: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'pull')
  const blob = repository?.blobs.get(digest)
  if (repository === undefined || blob === undefined) throw new OciError('BLOB_UNKNOWN', { detail: digest })
  const elsewhere = request.method === 'GET' ? front.redirect(repository, digest) : undefined
  if (elsewhere !== undefined) return answer(307, { location: elsewhere })
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest }
  return answer(200, headers, blob)
}

/** POST to the uploads: mounts a blob, takes a whole one, or begins an upload. */
export function startUpload(front: Front, name: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'push')!
  const mount = request.query.get('mount')
  if (mount !== null && front.mounts) {
    const blob = mountable(front, request.query.get('from') ?? '')?.blobs.get(mount)
    if (blob !== undefined) {
      repository.blobs.set(mount, blob)
      return created(request, name, mount)
    }
  }
  const id = front.uploads.begin(repository)
  const digest = request.query.get('digest')
  if (digest === null) return accepted(front, repository, id, request)
  front.uploads.append(repository, id, request.body)
  return created(request, name, front.uploads.complete(repository, id, [digest], false))
}

/** The repository to mount from; one that is not there means an upload as any other (OCI distribution spec). */
function mountable(front: Front, name: string): Repository | undefined {
  try {
    return front.repository(name, 'pull')
  } catch (error) {
    if (error instanceof OciError) return undefined
    throw error
  }
}

/** PATCH (a chunk), PUT (the last one and the digest), GET (how far), DELETE (no more) of an upload. */
export function goOnUpload(front: Front, name: string, id: string, request: OciRequest): OciAnswer {
  const repository = front.repository(name, 'push')!
  const received = front.uploads.received(repository, id)
  if (received === undefined) throw new OciError('BLOB_UPLOAD_UNKNOWN')
  switch (request.method) {
    case 'PATCH':
      inOrder(request, received)
      front.uploads.append(repository, id, request.body)
      return accepted(front, repository, id, request)
    case 'PUT': {
      const digest = request.query.get('digest')
      if (digest === null) throw new OciError('DIGEST_INVALID', { detail: 'digest missing' })
      inOrder(request, received)
      front.uploads.append(repository, id, request.body)
      return created(request, name, front.uploads.complete(repository, id, [digest], false))
    }
    case 'DELETE':
      front.uploads.cancel(repository, id)
      return answer(204)
    default:
      return accepted(front, repository, id, request, 204)
  }
}

function inOrder(request: OciRequest, received: number): void {
  const [, first] = /^(\d+)-\d+$/.exec(request.headers['content-range'] ?? '') ?? []
  if (first !== undefined && Number(first) !== received) throw new OciError('BLOB_UPLOAD_INVALID')
}

function accepted(
  front: Front,
  repository: Repository,
  id: string,
  request: OciRequest,
  status = 202
): OciAnswer {
  const received = front.uploads.received(repository, id) ?? 0
  return answer(status, {
    location: `${request.base}/v2/${repository.name}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, received - 1)}`,
    'docker-upload-uuid': id
  })
}

function created(request: OciRequest, name: string, digest: string): OciAnswer {
  return answer(201, {
    location: `${request.base}/v2/${name}/blobs/${digest}`,
    'docker-content-digest': digest
  })
}

/** A layer where ECR sent the client on to: no credentials, the URL is enough. */
export function storedLayer(repository: Repository | undefined, digest: string): OciAnswer {
  const blob = repository?.blobs.get(digest)
  if (blob === undefined || digestOfBytes(Buffer.from(blob)) !== digest) return answer(404, {}, 'NoSuchKey')
  return answer(200, { 'content-type': 'application/octet-stream' }, blob)
}
