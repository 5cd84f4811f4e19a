/**
 * Every text that ECR puts into a refusal, in one table, each with where it was found: a section of the facts or a
 * public thread, and whether it is documented (DOC), observed (OBS), said by an emulator that copied it from AWS
 * (EMU) or inferred (INF). No call site formats a text of its own.
 */

interface Text<A extends unknown[]> {
  facts: string
  known: 'DOC' | 'OBS' | 'EMU' | 'INF'
  say: (...args: A) => string
}

const text = <A extends unknown[]>(
  facts: string,
  known: Text<A>['known'],
  say: (...args: A) => string
): Text<A> => ({ facts, known, say })

/** A repository, as most texts name it. */
export interface Place {
  name: string
  account: string
}

interface ImageId {
  imageTag?: string | undefined
  imageDigest?: string | undefined
}

const within = (p: Place): string =>
  `the repository with name '${p.name}' in the registry with id '${p.account}'`
const idOf = (id: ImageId): string =>
  `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`
const constraint = (parameter: string, rule: string): string =>
  `Invalid parameter at '${parameter}' failed to satisfy constraint: '${rule}'`
const tagPattern = '[a-zA-Z0-9-_.]+'
const digestPattern = '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'

/** Exception messages, F1, F2 and F4. */
export const ecrTexts = {
  noCacheRule: text(
    'SDK-ECR PullThroughCacheRuleNotFoundException',
    'INF',
    (prefix: string, account: string) =>
      `Pull through cache rule with prefix '${prefix}' does not exist in the registry with id '${account}'`
  ),
  noRepository: text(
    'F1',
    'OBS',
    (p: Place) => `The repository with name '${p.name}' does not exist in the registry with id '${p.account}'`
  ),
  repositoryExists: text(
    'moto/ecr/exceptions.py',
    'EMU',
    (p: Place) => `The repository with name '${p.name}' already exists in the registry with id '${p.account}'`
  ),
  repositoryNotEmpty: text(
    'moto/ecr/exceptions.py',
    'EMU',
    (p: Place) =>
      `The repository with name '${p.name}' in registry with id '${p.account}' cannot be deleted because it still contains images`
  ),
  noRepositoryPolicy: text(
    'moto/ecr/exceptions.py',
    'EMU',
    (p: Place) => `Repository policy does not exist for ${within(p)}`
  ),
  noImage: text(
    'F1',
    'OBS',
    (id: ImageId, p: Place) => `The image with imageId ${idOf(id)} does not exist within ${within(p)}`
  ),
  imageExists: text('F1', 'EMU', (digest: string, tag: string | undefined, p: Place) => {
    const tagged = tag === undefined ? '' : ` and tag '${tag}'`
    return `Image with digest '${digest}'${tagged} already exists in the repository with name '${p.name}' in registry with id '${p.account}'`
  }),
  tagImmutable: text(
    'F1',
    'OBS',
    (tag: string, p: Place) =>
      `The image tag '${tag}' already exists in the '${p.name}' repository and cannot be overwritten because the repository is immutable.`
  ),
  digestDiffers: text(
    'google/go-containerregistry#1568',
    'OBS',
    (digest: string, p: Place) =>
      `The image with digest '${digest}' in repository '${p.name}' and registry ID '${p.account}' does not match the image digest that Amazon ECR has calculated.`
  ),
  noReferencedImages: text(
    'int128/docker-manifest-create-action#63',
    'OBS',
    (digests: readonly string[], p: Place) =>
      `Images with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${p.name}' in the registry with id '${p.account}' do not exist`
  ),
  noLayers: text(
    'int128/docker-manifest-create-action#63, of layers',
    'INF',
    (digests: readonly string[], p: Place) =>
      `Layers with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${p.name}' in the registry with id '${p.account}' do not exist`
  ),
  tooManyTags: text(
    'F4',
    'INF',
    (digest: string, limit: number) =>
      `The image with digest '${digest}' cannot have more than ${limit} tags. The maximum number of tags per image has been exceeded.`
  ),
  noMediaType: text(
    'moto/ecr/models.py',
    'EMU',
    () => 'image manifest mediatype not provided in manifest or parameter'
  ),
  noScan: text(
    'F2',
    'EMU',
    (id: ImageId, p: Place) => `Image scan does not exist for the image with '${idOf(id)}' in ${within(p)}`
  ),
  notScannable: text(
    'F2',
    'INF',
    (mediaType: string) => `The image manifest media type '${mediaType}' cannot be scanned`
  ),
  archivedScan: text(
    'F2',
    'INF',
    (id: ImageId, p: Place) => `The image with imageId ${idOf(id)} in ${within(p)} is archived`
  ),
  sameStorageClass: text(
    'F2',
    'INF',
    (digest: string, status: string, target: string) =>
      `The image with digest '${digest}' has the status '${status}' and cannot be moved to the storage class '${target}'`
  ),
  noUpload: text(
    'SDK-ECR UploadNotFoundException',
    'INF',
    (id: string, p: Place) => `The upload with id '${id}' could not be found for ${within(p)}`
  ),
  emptyUpload: text(
    'SDK-ECR EmptyUploadException',
    'INF',
    (id: string) => `The layer upload with id '${id}' does not contain any layer parts`
  ),
  layerDigestDiffers: text(
    'SDK-ECR InvalidLayerException',
    'INF',
    (given: readonly string[], computed: string) =>
      `Layer digests '[${given.join(', ')}]' do not match the digest '${computed}' that Amazon ECR has calculated`
  ),
  layerExists: text(
    'SDK-ECR LayerAlreadyExistsException',
    'INF',
    (digest: string, p: Place) =>
      `Layer with digest '${digest}' already exists in the repository with name '${p.name}' in registry with id '${p.account}'`
  ),
  partTooSmall: text(
    'SDK-ECR LayerPartTooSmallException',
    'INF',
    (bytes: number) => `Layer parts must be at least 5 MiB in size, found ${bytes} bytes`
  ),
  wrongPart: text(
    'SDK-ECR InvalidLayerPartException',
    'INF',
    (first: number, expected: number) =>
      `The layer part begins at byte ${first}, but byte ${expected} was expected`
  ),
  noLayer: text(
    'SDK-ECR LayersNotFoundException',
    'INF',
    (digest: string, p: Place) => `The layer with digest '${digest}' could not be found in ${within(p)}`
  ),
  looseLayer: text(
    'SDK-ECR LayerInaccessibleException',
    'INF',
    (digest: string) =>
      `The layer with digest '${digest}' is not available because it is not associated with an image`
  ),
  noLifecyclePolicy: text(
    'moto/ecr/exceptions.py',
    'EMU',
    (p: Place) => `Lifecycle policy does not exist for ${within(p)}`
  ),
  noPreview: text(
    'SDK-ECR LifecyclePolicyPreviewNotFoundException',
    'INF',
    (p: Place) => `Lifecycle policy preview does not exist for ${within(p)}`
  ),
  previewInProgress: text(
    'SDK-ECR LifecyclePolicyPreviewInProgressException',
    'INF',
    (p: Place) => `A lifecycle policy preview is already in progress for ${within(p)}. Wait and try again.`
  ),
  notWithImageIds: text(
    'F2',
    'INF',
    (parameter: string) => `The parameter ${parameter} cannot be used together with imageIds.`
  )
}

/** `Invalid parameter at '…' failed to satisfy constraint: '…'`. */
export const constraintTexts = {
  tag: text('moto/ecr, of tags', 'INF', () =>
    constraint('imageTag', `must satisfy regular expression '${tagPattern}'`)
  ),
  repositoryName: text('moto/ecr/models.py', 'EMU', () =>
    constraint(
      'repositoryName',
      "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'"
    )
  ),
  notJson: text('moto/ecr/models.py', 'EMU', () => constraint('ImageManifest', 'Invalid JSON syntax')),
  notAManifest: text('F1', 'INF', () => constraint('ImageManifest', 'Invalid image manifest')),
  mediaTypeDiffers: text('F1', 'INF', () =>
    constraint('imageManifestMediaType', 'must be the media type that the image manifest names')
  ),
  mediaTypeUnknown: text('F1', 'INF', (mediaType: string) =>
    constraint('imageManifestMediaType', `Unsupported media type ${mediaType}`)
  ),
  tooShort: text('API model', 'INF', (parameter: string, min: number) =>
    constraint(parameter, `Member must have length greater than or equal to ${min}`)
  ),
  tooLong: text('API model', 'INF', (parameter: string, max: number) =>
    constraint(parameter, `Member must have length less than or equal to ${max}`)
  ),
  tooFew: text('API model', 'INF', (parameter: string, min: number) =>
    constraint(parameter, `Member must have value greater than or equal to ${min}`)
  ),
  tooMany: text('API model', 'INF', (parameter: string, max: number) =>
    constraint(parameter, `Member must have value less than or equal to ${max}`)
  ),
  notInEnum: text('moto/ecr/models.py', 'EMU', (parameter: string, values: readonly string[]) =>
    constraint(parameter, `Member must satisfy enum value set: [${values.join(', ')}]`)
  ),
  badFilter: text('API_ImageTagMutabilityExclusionFilter', 'INF', () =>
    constraint(
      'imageTagMutabilityExclusionFilters.filter',
      "must satisfy regular expression '^[0-9a-zA-Z._*-]{1,128}$'"
    )
  ),
  needsFilters: text('F1', 'INF', (mutability: string) =>
    constraint(
      'imageTagMutabilityExclusionFilters',
      `Filters are required when imageTagMutability is ${mutability}`
    )
  ),
  allowsNoFilters: text('F1', 'INF', (mutability: string) =>
    constraint(
      'imageTagMutabilityExclusionFilters',
      `Filters are not allowed when imageTagMutability is ${mutability}`
    )
  )
}

/** `failures[]` of the batch operations, F1. */
export const failureTexts = {
  missing: text(
    'moto/ecr/models.py',
    'EMU',
    () => 'Invalid request parameters: both tag and digest cannot be null'
  ),
  badDigest: text(
    'moto/ecr/models.py',
    'EMU',
    () => `Invalid request parameters: image digest should satisfy the regex '${digestPattern}'`
  ),
  badTag: text(
    'moto/ecr/models.py, of tags',
    'INF',
    () => `Invalid request parameters: image tag should satisfy the regex '${tagPattern}'`
  ),
  notFound: text('C4', 'DOC', () => 'Requested image not found'),
  tagDiffers: text(
    'F1',
    'INF',
    (digest: string, tag: string) => `Requested image digest ${digest} does not match tag ${tag}`
  ),
  referenced: text(
    'F1',
    'OBS',
    (lists: readonly string[]) => `Requested image referenced by manifest list: [${lists.join(', ')}]`
  ),
  noLayer: text('SDK-ECR LayerFailureCode', 'INF', () => 'Requested layer digest is not valid')
}

const policyFailure = (why: string, quote = "'"): string =>
  `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${why}${quote}`
const words = (values: readonly string[]): string => JSON.stringify(values)

/** Why a lifecycle policy is refused, F3: a JSON schema speaks first, then the rules among the rules. */
export const policyTexts = {
  unreadable: text('F3', 'EMU', () => policyFailure('Could not map policyString into LifecyclePolicy.')),
  lacks: text('F3', 'EMU', (names: readonly string[]) =>
    policyFailure(`object has missing required properties (${words(names)})`)
  ),
  mayNotHave: text('F3', 'EMU', (names: readonly string[]) =>
    policyFailure(`object instance has properties which are not allowed by the schema: (${words(names)})`)
  ),
  wrongType: text('F3', 'EMU', (found: string, allowed: string) =>
    policyFailure(
      `instance type (${found}) does not match any allowed primitive type (allowed: ${words([allowed])})`
    )
  ),
  notInEnum: text('F3', 'EMU', (found: string, values: readonly string[]) =>
    policyFailure(`instance value (${found}) not found in enum :(possible values: ${words(values)})`)
  ),
  /** Observed without its closing quote. */
  noSchema: text('cloudposse/terraform-aws-ecr#158', 'OBS', () =>
    policyFailure('instance failed to match exactly one schema (matched 0 out of 2)', '')
  ),
  tooSmall: text('F3', 'EMU', (minimum: number, found: number) =>
    policyFailure(
      `numeric instance is lower than the required minimum (minimum: ${minimum}, found: ${found})`,
      ''
    )
  ),
  wrongLength: text('F3', 'INF', (what: 'short' | 'long', bound: number, found: number) =>
    policyFailure(
      `array is too ${what}: must have at ${what === 'short' ? 'least' : 'most'} ${bound} elements but instance has ${found} elements`
    )
  ),
  badPattern: text('F3', 'INF', (pattern: string) =>
    policyFailure(
      `ECMA 262 regex "^(?!(.*[*]){5,})[0-9A-Za-z*._-]{1,128}$" does not match input string "${pattern}"`
    )
  ),
  noTagList: text('a public terraform log', 'OBS', () =>
    policyFailure('Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.')
  ),
  tagListNotAllowed: text('F3', 'INF', () =>
    policyFailure('Cannot specify tagPrefixList or tagPatternList unless tagStatus=TAGGED.')
  ),
  anyNotLast: text('a public terraform log', 'OBS', () =>
    policyFailure('Rule for tagStatus=ANY must have the lowest priority per storage class')
  ),
  secondUntagged: text('a public terraform log', 'OBS', () =>
    policyFailure('Only one rule can select Untagged images per storage class')
  ),
  samePriority: text('F3', 'INF', (priority: number) =>
    policyFailure(`Rule priorities must be unique: ${priority}`)
  ),
  sameTags: text('F3', 'INF', () =>
    policyFailure('Rules must have unique tag prefixes or patterns per storage class')
  ),
  pulledOnlyTransitions: text('F3', 'INF', () =>
    policyFailure('countType=sinceImagePulled needs the transition action and the standard storage class')
  ),
  transitionedOnlyExpires: text('F3', 'INF', () =>
    policyFailure('countType=sinceImageTransitioned needs the expire action and the archive storage class')
  ),
  archivedTooShort: text('F3', 'INF', () =>
    policyFailure('Archived images have a minimum storage duration of 90 days')
  ),
  transitionFromArchive: text('F3', 'INF', () =>
    policyFailure('The transition action cannot be used with storageClass=archive')
  )
}
