import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  paginateDescribeImages,
  PutImageCommand,
  UpdateImageStorageClassCommand,
  UploadLayerPartCommand
} from '@aws-sdk/client-ecr'
import { expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { createWorld } from '../../simulator/index.js'
import { constraintTexts, ecrTexts, failureTexts, policyTexts } from '../../simulator/world/ecr/ecr-texts.js'
import { clients, refusal, shop } from './support.js'

const repositoryName = 'app'
const hour = 3_600_000

async function registry() {
  const world = createWorld()
  const repo = world.ecr.repository(repositoryName)
  const { ecr } = await clients(world)
  const describe = async (imageDigest: string) =>
    (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })))
      .imageDetails![0]!
  const put = async (imageManifest: string, rest: object = {}) => {
    world.clock.advanceBy(1_000) // PutImage is limited to ten a second.
    return await ecr.send(new PutImageCommand({ repositoryName, imageManifest, ...rest }))
  }
  return { world, repo, ecr, describe, put }
}

const digestOf = (bytes: string | Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

test('ECR: every text of the tables names its source', () => {
  for (const table of [ecrTexts, constraintTexts, failureTexts, policyTexts])
    for (const { facts, known } of Object.values(table) as { facts: string; known: string }[]) {
      expect(facts).not.toBe('')
      expect(['DOC', 'OBS', 'EMU', 'INF']).toContain(known)
    }
})

test('ECR: the media type of a manifest comes from the manifest or from the argument, and must come', async () => {
  const { repo, put } = await registry()
  const oci = 'application/vnd.oci.image.manifest.v1+json'
  const image = repo.push()
  const bare = JSON.stringify({ ...JSON.parse(image.manifest), mediaType: undefined })
  expect(await refusal(put(bare))).toMatchObject({
    name: 'InvalidParameterException',
    message: 'image manifest mediatype not provided in manifest or parameter'
  })
  const { image: made } = await put(bare, { imageManifestMediaType: oci, imageTag: 'bare' })
  expect(made).toMatchObject({ imageManifestMediaType: oci, imageId: { imageDigest: digestOf(bare) } })
  const wrong = {
    imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    imageTag: 'x'
  }
  expect((await refusal(put(image.manifest, wrong))).name).toBe('InvalidParameterException')
  const unknown = { imageManifestMediaType: 'text/plain', imageTag: 'x' }
  expect((await refusal(put(bare, unknown))).name).toBe('InvalidParameterException')
})

test('ECR: the exact words of the refusals of PutImage', async () => {
  const { world, repo, put } = await registry()
  const image = repo.push()
  const other = world.ecr.repository('other').push({ form: 'index' })
  const children = (JSON.parse(other.manifest) as { manifests: { digest: string }[] }).manifests
  expect((await refusal(put(other.manifest))).message).toBe(
    `Images with digests '[${children.map((c) => c.digest).join(', ')}]' required for pushing image into repository with name 'app' in the registry with id '043309339649' do not exist`
  )
  const wrong = `sha256:${'0'.repeat(64)}`
  expect((await refusal(put(image.manifest, { imageTag: 'a', imageDigest: wrong }))).message).toBe(
    `The image with digest '${wrong}' in repository 'app' and registry ID '043309339649' does not match the image digest that Amazon ECR has calculated.`
  )
  for (const imageTag of ['a b', '.hidden', '-x', 'ä', 'a/b', 'a:b'])
    expect((await refusal(put(image.manifest, { imageTag }))).message).toBe(
      "Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '[a-zA-Z0-9-_.]+''"
    )
  for (const [imageTag, message] of [
    ['', 'greater than or equal to 1'],
    ['t'.repeat(301), 'less than or equal to 300']
  ] as const)
    expect((await refusal(put(image.manifest, { imageTag }))).message).toContain(message)
  await put(image.manifest, { imageTag: 't'.repeat(300) })
  const big = JSON.stringify({ ...JSON.parse(image.manifest), pad: 'x'.repeat(4_194_304) })
  expect((await refusal(put(big))).message).toContain('less than or equal to 4194304')
})

test('ECR: a thousand tags on one image, and not one more', async () => {
  const { repo, put } = await registry()
  const image = repo.push({ tags: Array.from({ length: 999 }, (_, i) => `t${i}`) })
  await put(image.manifest, { imageTag: 'last' })
  expect((await refusal(put(image.manifest, { imageTag: 'more' }))).name).toBe('LimitExceededException')
})

test('ECR: details: sizes, the largest child of an index, filters, pages by digest', async () => {
  const { repo, ecr, describe } = await registry()
  const index = repo.push({ tags: ['multi'], form: 'index' })
  const single = repo.push({ tags: ['one'] })
  const { manifests } = JSON.parse(index.manifest) as { manifests: { digest: string }[] }
  const sizes = await Promise.all(manifests.map(async (m) => (await describe(m.digest)).imageSizeInBytes!))
  const detail = await describe(index.digest)
  expect(detail.imageSizeInBytes).toBe(Math.max(...sizes))
  expect(detail.artifactMediaType).toBeUndefined()
  expect((await describe(single.digest)).artifactMediaType).toBe('application/vnd.oci.image.config.v1+json')
  for (let i = 0; i < 6; i++) repo.push()
  const all: string[] = []
  for await (const { imageDetails } of paginateDescribeImages({ client: ecr }, { repositoryName })) {
    expect(imageDetails!.length).toBeLessThanOrEqual(5)
    all.push(...imageDetails!.map((d) => d.imageDigest!))
  }
  expect(all).toEqual([...all].sort())
  expect(all).toHaveLength(10)
  const tagged = await ecr.send(new ListImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } }))
  expect(tagged.imageIds!.map((i) => i.imageTag).sort()).toEqual(['multi', 'one'])
  const both = ecr.send(
    new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'one' }], maxResults: 5 })
  )
  expect((await refusal(both)).name).toBe('InvalidParameterException')
})

test('ECR: a pull is recorded, and again only a day later', async () => {
  const { world, repo, ecr, describe } = await registry()
  const { digest } = repo.push({ tags: ['v1'] })
  const pull = async () => {
    await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }))
    return (await describe(digest)).lastRecordedPullTime?.getTime()
  }
  expect((await describe(digest)).lastRecordedPullTime).toBeUndefined()
  const first = world.clock.now()
  expect(await pull()).toBe(first)
  world.clock.advanceBy(23 * hour)
  expect(await pull()).toBe(first)
  world.clock.advanceBy(hour)
  expect(await pull()).toBe(first + 24 * hour)
})

test('ECR: to the archive and back: ACTIVATING for ten minutes, and nothing to pull meanwhile', async () => {
  const { world, repo, ecr, describe } = await registry()
  const { digest: imageDigest } = repo.push({ tags: ['v1'] })
  const move = async (targetStorageClass: 'ARCHIVE' | 'STANDARD') =>
    (
      await ecr.send(
        new UpdateImageStorageClassCommand({ repositoryName, imageId: { imageDigest }, targetStorageClass })
      )
    ).imageStatus
  const code = async () =>
    (await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }))).failures?.[0]
      ?.failureCode
  expect(await move('ARCHIVE')).toBe('ARCHIVED')
  const archived = await describe(imageDigest)
  expect(archived).toMatchObject({ imageStatus: 'ARCHIVED', imageTags: ['v1'] })
  expect(archived.lastArchivedAt!.getTime()).toBe(world.clock.now())
  expect((await refusal(move('ARCHIVE'))).name).toBe('ImageStorageClassUpdateNotSupportedException')
  expect(await move('STANDARD')).toBe('ACTIVATING')
  world.clock.advanceBy(9 * 60_000)
  expect(await code()).toBe('ImageNotFound')
  world.clock.advanceBy(60_000)
  expect(await code()).toBeUndefined()
  expect((await describe(imageDigest)).lastActivatedAt!.getTime()).toBe(world.clock.now())
})

test('ECR: a task cannot pull an archived image, and can when it is back', () => {
  const s = shop()
  s.repository.archive(s.image.digest)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn)
  s.world.clock.advanceBy(300_000)
  expect(s.service.tasks.some((t) => t.stoppedReason?.startsWith('CannotPullContainerError') ?? false)).toBe(
    true
  )
  s.repository.restore(s.image.digest)
  s.world.clock.advanceBy(2 * hour)
  expect(s.service.tasks.filter((t) => t.status === 'RUNNING')).toHaveLength(1)
})

test('ECR: deleting: a tag, the last tag, a digest, a child of a list', async () => {
  const { repo, ecr } = await registry()
  const remove = async (...imageIds: object[]) =>
    await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
  const image = repo.push({ tags: ['a', 'b'] })
  const id = { imageDigest: image.digest }
  expect((await remove({ imageTag: 'a' })).imageIds).toEqual([{ ...id, imageTag: 'a' }])
  expect(repo.digestOf('b')).toBe(image.digest)
  expect((await remove({ imageTag: 'b' })).imageIds).toEqual([{ ...id, imageTag: 'b' }])
  expect((await remove(id)).failures).toEqual([
    { imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }
  ])
  const index = repo.push({ tags: ['multi', 'latest'], form: 'index' })
  const [child] = (JSON.parse(index.manifest) as { manifests: { digest: string }[] }).manifests
  expect((await remove({ imageDigest: child!.digest })).failures).toEqual([
    {
      imageId: { imageDigest: child!.digest },
      failureCode: 'ImageReferencedByManifestList',
      failureReason: `Requested image referenced by manifest list: [${index.digest}]`
    }
  ])
  expect((await remove({ imageDigest: index.digest })).imageIds).toHaveLength(2)
  expect((await remove({ imageDigest: child!.digest })).failures).toEqual([])
  const { failures } = await remove({}, { imageTag: 'a b' }, { imageDigest: 'junk' })
  expect(failures!.map((f) => f.failureCode)).toEqual([
    'MissingDigestAndTag',
    'InvalidImageTag',
    'InvalidImageDigest'
  ])
  expect((await refusal(remove())).name).toBe('InvalidParameterException')
})

test('ECR: artifacts about an image: listed, named, gone within a day of it', async () => {
  const { world, repo, ecr, describe } = await registry()
  const image = repo.push({ tags: ['v1'] })
  const signature = repo.attach(image.digest)
  repo.attach(image.digest, { artifactType: 'application/spdx+json' })
  const list = async (filter?: { artifactTypes: string[] }) =>
    (
      await ecr.send(
        new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest: image.digest }, filter })
      )
    ).referrers!
  expect((await list()).map((r) => r.artifactStatus)).toEqual(['ACTIVE', 'ACTIVE'])
  expect(await list({ artifactTypes: ['application/spdx+json'] })).toHaveLength(1)
  expect((await describe(signature.digest)).subjectManifestDigest).toBe(image.digest)
  const about = (imageDigest: string) =>
    ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest } }))
  expect((await about(`sha256:${'0'.repeat(64)}`)).referrers).toEqual([])
  expect((await refusal(about('latest'))).name).toBe('InvalidParameterException')
  repo.expire(image.digest)
  world.clock.advanceBy(24 * hour)
  expect((await ecr.send(new ListImagesCommand({ repositoryName }))).imageIds).toEqual([])
})

test('ECR: scans: none, found, and what cannot be scanned', async () => {
  const { repo, ecr, describe } = await registry()
  const image = repo.push({ tags: ['v1'] })
  const index = repo.push({ form: 'index' })
  const find = async (imageId: object) =>
    await ecr.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId }))
  expect(await refusal(find({ imageTag: 'v1' }))).toMatchObject({
    name: 'ScanNotFoundException',
    message:
      "Image scan does not exist for the image with '{imageDigest:'null', imageTag:'v1'}' in the repository with name 'app' in the registry with id '043309339649'"
  })
  expect((await refusal(find({ imageDigest: index.digest }))).name).toBe('UnsupportedImageTypeException')
  repo.scan(image.digest, { status: 'ACTIVE', counts: { HIGH: 2 } })
  expect((await find({ imageTag: 'v1' })).imageScanFindings!.findingSeverityCounts).toEqual({ HIGH: 2 })
  expect((await describe(image.digest)).imageScanStatus).toEqual({ status: 'ACTIVE' })
  repo.archive(image.digest)
  expect((await refusal(find({ imageTag: 'v1' }))).name).toBe('ImageArchivedException')
})

test('ECR: a layer is uploaded in parts, and then an image can name it', async () => {
  const { ecr, put } = await registry()
  const begin = async () => (await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).uploadId!
  const part = async (uploadId: string, partFirstByte: number, bytes: Buffer) =>
    await ecr.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte,
        partLastByte: partFirstByte + bytes.length - 1,
        layerPartBlob: bytes
      })
    )
  const complete = async (uploadId: string, digest: string) =>
    await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }))
  const name = async (call: Promise<unknown>) => (await refusal(call)).name
  const parts = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('the end')]
  const digest = digestOf(Buffer.concat(parts))
  const id = await begin()
  expect(await name(complete(id, digest))).toBe('EmptyUploadException')
  expect((await part(id, 0, parts[0]!)).lastByteReceived).toBe(5 * 1024 * 1024 - 1)
  await expect(part(id, 3, parts[1]!)).rejects.toMatchObject({
    name: 'InvalidLayerPartException',
    uploadId: id,
    lastValidByteReceived: 5 * 1024 * 1024 - 1
  })
  await part(id, 5 * 1024 * 1024, parts[1]!)
  expect(await name(complete(id, `sha256:${'0'.repeat(64)}`))).toBe('InvalidLayerException')
  expect((await complete(id, digest)).layerDigest).toBe(digest)
  expect(await name(complete(id, digest))).toBe('UploadNotFoundException')
  const again = await begin()
  await part(again, 0, parts[0]!)
  await part(again, 5 * 1024 * 1024, parts[1]!)
  expect(await name(complete(again, digest))).toBe('LayerAlreadyExistsException')
  const small = await begin()
  await part(small, 0, parts[1]!)
  await part(small, 7, parts[1]!)
  expect(await name(complete(small, digestOf('x')))).toBe('LayerPartTooSmallException')
  const url = async (layerDigest: string) =>
    await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))
  expect(await name(url(`sha256:${'0'.repeat(64)}`))).toBe('LayersNotFoundException')
  expect(await name(url(digest))).toBe('LayerInaccessibleException')
  const manifest = (layer: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 5_242_887 },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: layer, size: 5_242_887 }]
    })
  expect(await name(put(manifest(`sha256:${'0'.repeat(64)}`)))).toBe('LayersNotFoundException')
  await put(manifest(digest), { imageTag: 'v1' })
  expect((await url(digest)).downloadUrl).toContain(digest)
  const { layers, failures } = await ecr.send(
    new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [digest, 'junk'] })
  )
  expect(layers).toMatchObject([{ layerAvailability: 'AVAILABLE', layerSize: 5_242_887 }])
  expect(failures!.map((f) => f.failureCode)).toEqual(['InvalidLayerDigest'])
})
