/** Layers over the wire: are they there, upload, download. */
import { ecrTexts, failureTexts } from '../../world/ecr/ecr-texts.js'
import type { Repository } from '../../world/ecr/repository.js'
import { digestGrammar } from '../../world/ecr/stored-image.js'
import type { SimulatedWorld } from '../../world/world.js'
import { partSize } from '../../world/ecr/uploads.js'
import { read, write, type Operation } from '../operation.js'
import { checkList, heading, refuse, repositoryOf, type Where } from './common.js'

/** How manifests describe a blob; undefined when no image of the repository has it. */
function described(repository: Repository, digest: string): { mediaType: string } | undefined {
  for (const { parsed } of repository.images.values()) {
    const found = [parsed.config, ...parsed.layers].find((b) => b?.digest === digest)
    if (found !== undefined) return found
  }
  return undefined
}

function batchCheckLayerAvailability(
  world: SimulatedWorld,
  input: Where & { layerDigests: string[] }
): Record<string, unknown> {
  checkList('layerDigests', input.layerDigests, 100)
  const repository = repositoryOf(world, input)
  const good = input.layerDigests.filter((d) => digestGrammar.test(d))
  const layers = good.map((layerDigest) => {
    const blob = repository.blobs.get(layerDigest)
    if (blob === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' }
    const layerSize = typeof blob === 'string' ? Buffer.byteLength(blob) : blob.length
    const mediaType = described(repository, layerDigest)?.mediaType
    return { layerDigest, layerAvailability: 'AVAILABLE', layerSize, mediaType }
  })
  const failures = input.layerDigests
    .filter((d) => !good.includes(d))
    .map((layerDigest) => ({
      layerDigest,
      failureCode: 'InvalidLayerDigest',
      failureReason: failureTexts.noLayer.say()
    }))
  return { layers, failures }
}

export const layerOperations: Record<string, Operation> = {
  BatchCheckLayerAvailability: read(batchCheckLayerAvailability),
  InitiateLayerUpload: write((world, input: Where) => ({
    uploadId: world.ecr.uploads.begin(repositoryOf(world, input)),
    partSize
  })),
  UploadLayerPart: write(
    (
      world,
      input: Where & { uploadId: string; partFirstByte: number; partLastByte: number; layerPartBlob: string }
    ) => {
      const repository = repositoryOf(world, input)
      const { uploadId, partFirstByte, partLastByte } = input
      const bytes = Buffer.from(input.layerPartBlob, 'base64')
      const received = world.ecr.uploads.part(repository, uploadId, partFirstByte, partLastByte, bytes)
      return { ...heading(world, repository), uploadId, lastByteReceived: received - 1 }
    }
  ),
  CompleteLayerUpload: write((world, input: Where & { uploadId: string; layerDigests: string[] }) => {
    checkList('layerDigests', input.layerDigests, 100)
    const repository = repositoryOf(world, input)
    const { uploadId, layerDigests } = input
    const layerDigest = world.ecr.uploads.complete(repository, uploadId, layerDigests, true)
    return { ...heading(world, repository), uploadId, layerDigest }
  }),
  GetDownloadUrlForLayer: read((world, input: Where & { layerDigest: string }) => {
    const repository = repositoryOf(world, input)
    const { layerDigest } = input
    if (!repository.blobs.has(layerDigest))
      refuse('LayersNotFoundException', ecrTexts.noLayer.say(layerDigest, repository.place))
    if (described(repository, layerDigest) === undefined)
      refuse('LayerInaccessibleException', ecrTexts.looseLayer.say(layerDigest))
    return { downloadUrl: world.ecr.layerUrl(repository.name, layerDigest), layerDigest }
  })
}
