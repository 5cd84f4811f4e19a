import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  paginateListImages,
  PutImageCommand
} from '@aws-sdk/client-ecr'
import { expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { createWorld } from '../../simulator/index.js'
import { clients, refusal } from './support.js'

const accepted = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json'
]

async function registry(mutability: 'MUTABLE' | 'IMMUTABLE' = 'MUTABLE', exclusions?: string[]) {
  const world = createWorld()
  const repo = world.ecr.repository(
    'app',
    exclusions === undefined ? { mutability } : { mutability: `${mutability}_WITH_EXCLUSION`, exclusions }
  )
  const { ecr } = await clients(world)
  const put = async (manifest: string, imageTag?: string, imageDigest?: string) =>
    await ecr.send(
      new PutImageCommand({ repositoryName: 'app', imageManifest: manifest, imageTag, imageDigest })
    )
  return { world, repo, ecr, put }
}

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

test.each(['single', 'index'] as const)(
  'ECR: a %s manifest has the digest of its bytes, and retagging keeps both',
  async (form) => {
    const { repo, ecr, put } = await registry()
    const image = repo.push({ tags: ['v1'], form })
    const get = async (id: { imageTag?: string; imageDigest?: string }) =>
      (
        await ecr.send(
          new BatchGetImageCommand({ repositoryName: 'app', imageIds: [id], acceptedMediaTypes: accepted })
        )
      ).images![0]!
    const byTag = await get({ imageTag: 'v1' })
    expect(digestOf(byTag.imageManifest!)).toBe(image.digest)
    expect(byTag.imageId).toEqual({ imageDigest: image.digest, imageTag: 'v1' })
    expect(accepted).toContain(byTag.imageManifestMediaType)
    await put(byTag.imageManifest!, 'prod', image.digest)
    expect((await get({ imageTag: 'prod' })).imageManifest).toBe(byTag.imageManifest)
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'app', imageIds: [{ imageDigest: image.digest }] })
    )
    expect(imageDetails![0]).toMatchObject({
      imageTags: ['v1', 'prod'],
      imageStatus: 'ACTIVE',
      registryId: '043309339649'
    })
  }
)

test('ECR: the same tag on the same digest is ImageAlreadyExists, also when the repository is immutable', async () => {
  for (const mutability of ['MUTABLE', 'IMMUTABLE'] as const) {
    const { repo, put } = await registry(mutability)
    const image = repo.push({ tags: ['v1'] })
    expect(await refusal(put(image.manifest, 'v1'))).toEqual({
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${image.digest}' and tag 'v1' already exists in the repository with name 'app' in registry with id '043309339649'`,
      status: 400
    })
  }
})

test('ECR: a tag on another digest moves when mutable and is refused when not', async () => {
  const mutable = await registry()
  mutable.repo.push({ tags: ['v1'] })
  const other = mutable.repo.push()
  await mutable.put(other.manifest, 'v1')
  expect(mutable.repo.digestOf('v1')).toBe(other.digest)
  const immutable = await registry('IMMUTABLE')
  immutable.repo.push({ tags: ['v1'] })
  const next = immutable.repo.push()
  expect(await refusal(immutable.put(next.manifest, 'v1'))).toMatchObject({
    name: 'ImageTagAlreadyExistsException',
    message:
      "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable."
  })
})

test('ECR: exclusion filters turn the mutability of matching tags around', async () => {
  const immutable = await registry('IMMUTABLE', ['dev-*'])
  immutable.repo.push({ tags: ['dev-1', 'v1'] })
  const next = immutable.repo.push()
  await immutable.put(next.manifest, 'dev-1')
  expect(await refusal(immutable.put(next.manifest, 'v1'))).toMatchObject({
    name: 'ImageTagAlreadyExistsException'
  })
  const mutable = await registry('MUTABLE', ['release-*'])
  mutable.repo.push({ tags: ['release-1', 'v1'] })
  const other = mutable.repo.push()
  await mutable.put(other.manifest, 'v1')
  expect(await refusal(mutable.put(other.manifest, 'release-1'))).toMatchObject({
    name: 'ImageTagAlreadyExistsException'
  })
})

test('ECR: refusals of PutImage in their order', async () => {
  const { world, repo, ecr, put } = await registry()
  const image = repo.push({ tags: ['v1'], form: 'index' })
  const elsewhere = world.ecr.repository('other').push({ form: 'index' })
  const single = world.ecr.repository('other').push()
  const name = async (call: Promise<unknown>) => (await refusal(call)).name
  expect(
    await name(ecr.send(new PutImageCommand({ repositoryName: 'nope', imageManifest: image.manifest })))
  ).toBe('RepositoryNotFoundException')
  expect(await name(put(image.manifest, 'bad tag'))).toBe('InvalidParameterException')
  expect(await name(put('not json', 'v2'))).toBe('InvalidParameterException')
  expect(await name(put(image.manifest, 'v1', `sha256:${'0'.repeat(64)}`))).toBe(
    'ImageDigestDoesNotMatchException'
  )
  expect(await name(put(elsewhere.manifest, 'v2'))).toBe('ReferencedImagesNotFoundException')
  expect(await name(put(single.manifest, 'v2'))).toBe('LayersNotFoundException')
  expect(await name(put(image.manifest))).toBe('ImageAlreadyExistsException')
})

test('ECR: what is not there', async () => {
  const { repo, ecr } = await registry()
  const image = repo.push({ tags: ['v1'] })
  const { failures, images } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: 'app',
      imageIds: [
        { imageTag: 'nope' },
        { imageDigest: 'junk' },
        { imageTag: 'nope', imageDigest: image.digest }
      ]
    })
  )
  expect(images).toEqual([])
  expect(failures!.map((f) => f.failureCode)).toEqual([
    'ImageNotFound',
    'InvalidImageDigest',
    'ImageTagDoesNotMatchDigest'
  ])
  expect(
    await refusal(
      ecr.send(new DescribeImagesCommand({ repositoryName: 'app', imageIds: [{ imageTag: 'nope' }] }))
    )
  ).toMatchObject({
    name: 'ImageNotFoundException',
    message:
      "The image with imageId {imageDigest:'null', imageTag:'nope'} does not exist within the repository with name 'app' in the registry with id '043309339649'"
  })
  expect(
    await refusal(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['nope'] })))
  ).toMatchObject({
    name: 'RepositoryNotFoundException',
    message: "The repository with name 'nope' does not exist in the registry with id '043309339649'"
  })
})

test('ECR: an archived image is described but cannot be fetched', async () => {
  const { repo, ecr } = await registry()
  const image = repo.push({ tags: ['v1'] })
  repo.archive(image.digest)
  const described = async (filter?: { imageStatus: 'ANY' }) =>
    (await ecr.send(new DescribeImagesCommand({ repositoryName: 'app', filter }))).imageDetails
  expect(await described()).toEqual([])
  expect((await described({ imageStatus: 'ANY' }))![0]!.imageStatus).toBe('ARCHIVED')
  const { failures } = await ecr.send(
    new BatchGetImageCommand({ repositoryName: 'app', imageIds: [{ imageTag: 'v1' }] })
  )
  expect(failures![0]!.failureCode).toBe('ImageNotFound')
})

test('ECR: by tag a manifest is translated to what the client accepts, by digest never', async () => {
  const { repo, ecr } = await registry()
  const image = repo.push({ tags: ['v1'], media: 'docker' })
  const get = async (imageId: object) =>
    (
      await ecr.send(
        new BatchGetImageCommand({
          repositoryName: 'app',
          imageIds: [imageId],
          acceptedMediaTypes: [accepted[0]!]
        })
      )
    ).images![0]!
  expect((await get({ imageTag: 'v1' })).imageManifestMediaType).toBe(accepted[0])
  expect((await get({ imageDigest: image.digest })).imageManifest).toBe(image.manifest)
})

test('ECR: paging of tags, the token and layers', async () => {
  const { repo, ecr } = await registry()
  const image = repo.push({ tags: Array.from({ length: 7 }, (_, i) => `t${i}`) })
  const tags: unknown[] = []
  for await (const page of paginateListImages({ client: ecr }, { repositoryName: 'app' }))
    tags.push(...page.imageIds!.map((i) => i.imageTag))
  expect(tags).toHaveLength(7)
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  expect(Buffer.from(authorizationData![0]!.authorizationToken!, 'base64').toString()).toMatch(/^AWS:/)
  const layer = (JSON.parse(image.manifest) as { layers: { digest: string }[] }).layers[0]!.digest
  const { layers } = await ecr.send(
    new BatchCheckLayerAvailabilityCommand({
      repositoryName: 'app',
      layerDigests: [layer, `sha256:${'0'.repeat(64)}`]
    })
  )
  expect(layers!.map((l) => l.layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE'])
})
