// What moto and the simulator are asked about images and logs.
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import { createHash } from 'node:crypto'

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const manifestOf = (world, n) => {
  const blob = `blob ${n}`
  const descriptor = (mediaType) => ({ mediaType, size: blob.length, digest: digestOf(blob) })
  world.ecr.repository('app').blobs.set(digestOf(blob), blob)
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: descriptor('application/vnd.docker.container.image.v1+json'),
    layers: [descriptor('application/vnd.docker.image.rootfs.diff.tar.gzip')]
  })
}

/** Plays ECR: `world` is the simulator's, `same` asks both. */
export async function playEcr({ world, same }) {
  const app = { repositoryName: 'app' }
  const nope = { repositoryName: 'nope' }
  await same('ecr', 'CreateRepository', app)
  await same('ecr', 'CreateRepository', app, { name: 'again' })
  await same('ecr', 'CreateRepository', { repositoryName: 'Not_A Name' }, { name: 'bad name' })
  await same('ecr', 'DescribeRepositories')
  await same('ecr', 'DescribeRepositories', { repositoryNames: ['nope'] }, { name: 'missing' })
  const [one, two] = [manifestOf(world, 1), manifestOf(world, 2)]
  const put = async (imageManifest, imageTag, name) =>
    await same('ecr', 'PutImage', { ...app, imageManifest, imageTag }, { name })
  await put(one, 'v1', 'new')
  await put(one, 'v1', 'the same again')
  await put(one, 'prod', 'second tag')
  await put(two, 'v2', 'another')
  await put(two, 'prod', 'a tag moves')
  const bare = JSON.stringify({ ...JSON.parse(one), mediaType: undefined })
  await put(bare, 'bare', 'no media type')
  await same(
    'ecr',
    'PutImage',
    { ...nope, imageManifest: one, imageTag: 'v1' },
    { name: 'missing repository' }
  )
  const ids = ({ imageIds }) => imageIds.map((i) => `${i.imageDigest} ${i.imageTag}`).sort()
  await same('ecr', 'ListImages', app, { show: ids })
  await same('ecr', 'ListImages', nope, { name: 'missing' })
  const details = ({ imageDetails }) => imageDetails.sort((a, b) => (a.imageDigest < b.imageDigest ? -1 : 1))
  await same('ecr', 'DescribeImages', app, { show: details })
  await same(
    'ecr',
    'DescribeImages',
    { ...app, imageIds: [{ imageTag: 'v1' }] },
    { name: 'by tag', show: details }
  )
  await same('ecr', 'DescribeImages', { ...app, imageIds: [{ imageTag: 'nope' }] }, { name: 'missing' })
  const get = async (imageId, name) =>
    await same('ecr', 'BatchGetImage', { ...app, imageIds: [imageId] }, { name })
  await get({ imageTag: 'v1' }, 'by tag')
  await get({ imageDigest: digestOf(two) }, 'by digest')
  await get({ imageTag: 'nope' }, 'missing')
  await same(
    'ecr',
    'BatchGetImage',
    { ...app, imageIds: [{ imageTag: 'v1' }] },
    {
      name: 'digest',
      show: ({ images: [i] }) => ({ isThatOfTheBytes: i.imageId.imageDigest === digestOf(i.imageManifest) })
    }
  )
  await same('ecr', 'DescribeImageScanFindings', { ...app, imageId: { imageTag: 'v1' } }, { name: 'no scan' })
  const remove = async (imageId, name) =>
    await same('ecr', 'BatchDeleteImage', { ...app, imageIds: [imageId] }, { name })
  await remove({ imageTag: 'prod' }, 'one of two tags')
  await remove({ imageTag: 'v2' }, 'the last tag')
  await remove({ imageTag: 'v2' }, 'missing')
  await remove({ imageDigest: 'junk' }, 'bad digest')
  await remove({}, 'neither')
  await same('ecr', 'PutImageTagMutability', { ...app, imageTagMutability: 'IMMUTABLE' })
  await put(two, 'v1', 'an immutable tag')
  await same('ecr', 'PutImageTagMutability', { ...app, imageTagMutability: 'SOLID' }, { name: 'bad mode' })
  await same('ecr', 'GetRepositoryPolicy', app, { name: 'none' })
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'a', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] }]
  })
  await same('ecr', 'SetRepositoryPolicy', { ...app, policyText })
  await same('ecr', 'GetRepositoryPolicy', app)
  await same('ecr', 'DeleteRepositoryPolicy', app)
  await same('ecr', 'GetLifecyclePolicy', app, { name: 'none' })
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3 },
    action: { type: 'expire' }
  }
  const policy = (change = {}) => ({
    ...app,
    lifecyclePolicyText: JSON.stringify({ rules: [{ ...rule, ...change }] })
  })
  await same('ecr', 'PutLifecyclePolicy', policy())
  await same('ecr', 'GetLifecyclePolicy', app)
  const bad = async (name, change) => await same('ecr', 'PutLifecyclePolicy', policy(change), { name })
  await same('ecr', 'PutLifecyclePolicy', { ...app, lifecyclePolicyText: 'x' }, { name: 'not JSON' })
  await same('ecr', 'PutLifecyclePolicy', { ...app, lifecyclePolicyText: '{}' }, { name: 'no rules' })
  await bad('no selection', { selection: undefined })
  await bad('more members', { more: 1 })
  await bad('action', { action: { type: 'delete' } })
  await bad('tag status', { selection: { ...rule.selection, tagStatus: 'all' } })
  await bad('count type', { selection: { ...rule.selection, countType: 'x' } })
  await bad('count of 0', { selection: { ...rule.selection, countNumber: 0 } })
  await bad('tagged without a list', { selection: { ...rule.selection, tagStatus: 'tagged' } })
  await same('ecr', 'DeleteLifecyclePolicy', app)
  await same('ecr', 'GetAuthorizationToken')
  await same('ecr', 'DeleteRepository', app, { name: 'not empty' })
  await same('ecr', 'DeleteRepository', { ...app, force: true }, { name: 'by force' })
  await same('ecr', 'DeleteRepository', app, { name: 'missing' })
}

/** Plays CloudWatch Logs; `theirs` are moto's clients. */
export async function playLogs({ world, theirs, same }) {
  const group = { logGroupName: '/ecs/app' }
  await same('logs', 'CreateLogGroup', group)
  await same('logs', 'CreateLogGroup', group, { name: 'again' })
  const show = ({ logGroups }) => logGroups.map(({ logGroupName, arn }) => ({ logGroupName, arn }))
  await same('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/ecs/' }, { show })
  const lines = ['listening on 8080', 'ERROR no database', 'bye']
  for (const line of lines) world.logs.group('/ecs/app').write('web/1', line)
  world.clock.advanceBy(60_000)
  await theirs.logs.send(new logs.CreateLogStreamCommand({ ...group, logStreamName: 'web/1' }))
  const now = Date.now()
  await theirs.logs.send(
    new logs.PutLogEventsCommand({
      ...group,
      logStreamName: 'web/1',
      logEvents: lines.map((message, i) => ({ timestamp: now - 3000 + i, message }))
    })
  )
  const names = ({ logStreams }) => logStreams.map((s) => ({ name: s.logStreamName, arn: s.arn }))
  await same('logs', 'DescribeLogStreams', group, { show: names })
  await same('logs', 'DescribeLogStreams', { logGroupName: 'nope' }, { name: 'missing' })
  const stream = { ...group, logStreamName: 'web/1' }
  const messages = ({ events }) => events.map((e) => e.message)
  await same('logs', 'GetLogEvents', { ...stream, startFromHead: true }, { show: messages })
  await same(
    'logs',
    'GetLogEvents',
    { ...stream, startFromHead: true, limit: 2 },
    { name: 'two', show: messages }
  )
  await same('logs', 'GetLogEvents', { ...group, logStreamName: 'nope' }, { name: 'missing stream' })
  await same('logs', 'FilterLogEvents', { ...group, filterPattern: 'ERROR' }, { show: messages })
  await same('logs', 'FilterLogEvents', { logGroupName: 'nope' }, { name: 'missing' })
  await same('logs', 'DeleteLogGroup', group)
  await same('logs', 'DeleteLogGroup', group, { name: 'missing' })
}
