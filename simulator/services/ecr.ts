/** ECR operations over the world. */
import { AwsError } from '../world/errors.js'
import { translateManifest, type Repository, type StoredImage } from '../world/repository.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, write, type Operation } from './operation.js'
import { page } from './paging.js'

interface ImageId {
  imageTag?: string
  imageDigest?: string
}

interface Page {
  nextToken?: string
  maxResults?: number
}

function refuse(code: string, message: string): never {
  throw new AwsError(code, message)
}

function repositoryOf(
  world: SimulatedWorld,
  input: { repositoryName: string; registryId?: string }
): Repository {
  if (!/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/.test(input.repositoryName))
    refuse(
      'InvalidParameterException',
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`
    )
  if (input.registryId !== undefined && input.registryId !== world.account)
    refuse(
      'RepositoryNotFoundException',
      `The repository with name '${input.repositoryName}' does not exist in the registry with id '${input.registryId}'`
    )
  return world.ecr.require(input.repositoryName)
}

function idsOf(image: StoredImage): ImageId[] {
  if (image.tags.size === 0) return [{ imageDigest: image.digest }]
  return [...image.tags].map((imageTag) => ({ imageTag, imageDigest: image.digest }))
}

function detail(world: SimulatedWorld, repository: Repository, image: StoredImage): Record<string, unknown> {
  const index = image.mediaType.includes('index') || image.mediaType.includes('list')
  return {
    registryId: world.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    imageTags: image.tags.size === 0 ? undefined : [...image.tags],
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: index
      ? undefined
      : (JSON.parse(image.bytes) as { config?: { mediaType?: string } }).config?.mediaType,
    lastRecordedPullTime: image.pulledAt === undefined ? undefined : new Date(image.pulledAt),
    imageStatus: image.status
  }
}

function notFound(world: SimulatedWorld, repository: Repository, id: ImageId): never {
  const value = (v: string | undefined): string => v ?? 'null'
  return refuse(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${value(id.imageDigest)}', imageTag:'${value(id.imageTag)}'} does not exist within the repository with name '${repository.name}' in the registry with id '${world.account}'`
  )
}

function batchGetImage(
  world: SimulatedWorld,
  input: { repositoryName: string; registryId?: string; imageIds: ImageId[]; acceptedMediaTypes?: string[] }
): Record<string, unknown> {
  const repository = repositoryOf(world, input)
  if (input.imageIds.length > 100)
    refuse(
      'InvalidParameterException',
      "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to 100'"
    )
  const images: unknown[] = []
  const failures: unknown[] = []
  for (const imageId of input.imageIds) {
    let found = repository.find(imageId)
    if ('digest' in found && found.status === 'ARCHIVED')
      found = { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }
    if (!('digest' in found)) {
      failures.push({ imageId, ...found })
      continue
    }
    const accepted = input.acceptedMediaTypes ?? []
    let served: StoredImage | undefined = found
    if (accepted.length > 0 && !accepted.includes(found.mediaType) && imageId.imageDigest === undefined)
      served = translateManifest(found, accepted) ?? found
    images.push({
      registryId: world.account,
      repositoryName: repository.name,
      imageId: { imageDigest: served.digest, imageTag: imageId.imageTag },
      imageManifest: served.bytes,
      imageManifestMediaType: served.mediaType
    })
  }
  return { images, failures }
}

function describeImages(
  world: SimulatedWorld,
  input: Page & {
    repositoryName: string
    registryId?: string
    imageIds?: ImageId[]
    filter?: { tagStatus?: string; imageStatus?: string }
  }
): Record<string, unknown> {
  const repository = repositoryOf(world, input)
  if (input.imageIds !== undefined) {
    if (input.maxResults !== undefined)
      refuse('InvalidParameterException', 'maxResults cannot be combined with imageIds.')
    const details = input.imageIds.map((id) => {
      const found = repository.find(id)
      return 'digest' in found ? detail(world, repository, found) : notFound(world, repository, id)
    })
    return { imageDetails: details }
  }
  const { tagStatus = 'ANY', imageStatus = 'ANY' } = input.filter ?? {}
  const all = [...repository.images.values()].filter(
    (i) =>
      (tagStatus === 'ANY' || i.tags.size > 0 === (tagStatus === 'TAGGED')) &&
      (imageStatus === 'ANY' || i.status === imageStatus)
  )
  const { items, next } = page(all, input.nextToken, input.maxResults)
  return { imageDetails: items.map((i) => detail(world, repository, i)), nextToken: next }
}

function describeRepositories(
  world: SimulatedWorld,
  input: Page & { repositoryNames?: string[]; registryId?: string }
): Record<string, unknown> {
  const names = input.repositoryNames ?? [...world.ecr.repositories.keys()]
  const all = names.map((repositoryName) => repositoryOf(world, { ...input, repositoryName }))
  const { items, next } = page(
    all,
    input.nextToken,
    input.repositoryNames === undefined ? input.maxResults : 100
  )
  return {
    repositories: items.map((r) => ({
      repositoryArn: r.arn,
      registryId: world.account,
      repositoryName: r.name,
      repositoryUri: r.uri,
      createdAt: new Date(r.createdAt),
      imageTagMutability: r.options.mutability ?? 'MUTABLE',
      ...(r.options.exclusions === undefined
        ? {}
        : {
            imageTagMutabilityExclusionFilters: r.options.exclusions.map((filter) => ({
              filterType: 'WILDCARD',
              filter
            }))
          }),
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' }
    })),
    nextToken: next
  }
}

export const ecrOperations: Record<string, Operation> = {
  BatchGetImage: read(batchGetImage),
  PutImage: write(
    (
      world,
      input: {
        repositoryName: string
        registryId?: string
        imageManifest: string
        imageManifestMediaType?: string
        imageTag?: string
        imageDigest?: string
      }
    ) => {
      const repository = repositoryOf(world, input)
      const image = repository.put(input)
      return {
        image: {
          registryId: world.account,
          repositoryName: repository.name,
          imageId: { imageDigest: image.digest, imageTag: input.imageTag },
          imageManifest: image.bytes,
          imageManifestMediaType: image.mediaType
        }
      }
    }
  ),
  DescribeImages: read(describeImages),
  ListImages: read(
    (
      world,
      input: Page & { repositoryName: string; registryId?: string; filter?: { tagStatus?: string } }
    ) => {
      const repository = repositoryOf(world, input)
      const status = input.filter?.tagStatus ?? 'ANY'
      const ids = [...repository.images.values()]
        .flatMap(idsOf)
        .filter((id) => status === 'ANY' || (id.imageTag !== undefined) === (status === 'TAGGED'))
      const { items, next } = page(ids, input.nextToken, input.maxResults)
      return { imageIds: items, nextToken: next }
    }
  ),
  DescribeRepositories: read(describeRepositories),
  GetAuthorizationToken: read((world) => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${world.ids.hex(32)}`).toString('base64'),
        expiresAt: new Date(world.clock.now() + 12 * 3_600_000),
        proxyEndpoint: `https://${world.ecr.host}`
      }
    ]
  })),
  BatchCheckLayerAvailability: read(
    (world, input: { repositoryName: string; registryId?: string; layerDigests: string[] }) => {
      const repository = repositoryOf(world, input)
      const known = input.layerDigests.filter((d) => repository.blobs.has(d))
      return {
        layers: input.layerDigests.map((layerDigest) =>
          known.includes(layerDigest)
            ? { layerDigest, layerAvailability: 'AVAILABLE', layerSize: 1_000_000 }
            : { layerDigest, layerAvailability: 'UNAVAILABLE' }
        ),
        failures: []
      }
    }
  )
}
