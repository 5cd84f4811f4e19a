/** Lifecycle policies and their previews over the wire (facts F3). */
import type { Preview, Previewed } from '../../world/ecr/lifecycle/runs.js'
import type { ImageId } from '../../world/ecr/stored-image.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import {
  checkEnum,
  checkList,
  checkPage,
  date,
  heading,
  repositoryOf,
  type Page,
  type Where
} from './common.js'

function result({
  digest,
  tags,
  pushedAt,
  action,
  priority,
  storageClass
}: Previewed): Record<string, unknown> {
  return {
    imageTags: tags.length === 0 ? undefined : tags,
    imageDigest: digest,
    imagePushedAt: date(pushedAt),
    action: action === 'expire' ? { type: 'EXPIRE' } : { type: 'TRANSITION', targetStorageClass: 'ARCHIVE' },
    appliedRulePriority: priority,
    storageClass: storageClass.toUpperCase()
  }
}

function summary({ results }: Preview): Record<string, unknown> {
  const expiring = results.filter((r) => r.action === 'expire').length
  const transitioning = results.length - expiring
  return {
    expiringImageTotalCount: expiring,
    transitioningImageTotalCounts:
      transitioning === 0 ? undefined : [{ targetStorageClass: 'ARCHIVE', imageTotalCount: transitioning }]
  }
}

function getPreview(
  world: SimulatedWorld,
  input: Page & Where & { imageIds?: ImageId[]; filter?: { tagStatus?: string } }
): Record<string, unknown> {
  checkPage(input, 100)
  const { imageIds, filter } = input
  if (imageIds !== undefined) checkList('imageIds', imageIds, 100)
  const repository = repositoryOf(world, input)
  const preview = repository.lifecycle.requirePreview()
  const tagStatus = filter?.tagStatus ?? 'ANY'
  checkEnum('filter.tagStatus', tagStatus, ['ANY', 'TAGGED', 'UNTAGGED'])
  const wanted = imageIds?.map((id) => repository.require(id).digest)
  const all = preview.results
    .filter((r) => tagStatus === 'ANY' || r.tags.length > 0 === (tagStatus === 'TAGGED'))
    .filter((r) => wanted?.includes(r.digest) ?? true)
  const { items, next } = page(all, input.nextToken, wanted === undefined ? input.maxResults : 100)
  return {
    ...heading(world, repository),
    lifecyclePolicyText: preview.text,
    status: preview.status,
    nextToken: next,
    ...(preview.status === 'COMPLETE' ? { previewResults: items.map(result), summary: summary(preview) } : {})
  }
}

export const lifecycleOperations: Record<string, Operation> = {
  PutLifecyclePolicy: write((world, input: Where & { lifecyclePolicyText: string }) => {
    const repository = repositoryOf(world, input)
    repository.lifecycle.put(input.lifecyclePolicyText)
    return { ...heading(world, repository), lifecyclePolicyText: input.lifecyclePolicyText }
  }),
  GetLifecyclePolicy: read((world, input: Where) => {
    const repository = repositoryOf(world, input)
    const lifecyclePolicyText = repository.lifecycle.require()
    const lastEvaluatedAt = new Date(repository.lifecycle.lastEvaluatedAt)
    return { ...heading(world, repository), lifecyclePolicyText, lastEvaluatedAt }
  }),
  DeleteLifecyclePolicy: write((world, input: Where) => {
    const repository = repositoryOf(world, input)
    const lastEvaluatedAt = new Date(repository.lifecycle.lastEvaluatedAt)
    return {
      ...heading(world, repository),
      lifecyclePolicyText: repository.lifecycle.delete(),
      lastEvaluatedAt
    }
  }),
  StartLifecyclePolicyPreview: write((world, input: Where & { lifecyclePolicyText?: string }) => {
    const repository = repositoryOf(world, input)
    const { text, status } = repository.lifecycle.startPreview(input.lifecyclePolicyText)
    return { ...heading(world, repository), lifecyclePolicyText: text, status }
  }),
  GetLifecyclePolicyPreview: read(getPreview)
}
