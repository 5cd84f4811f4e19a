import { shortDigest } from '../domain/image.js'
import { Refusal, type ReasonCode } from '../domain/outcome.js'
import type { AwsFault } from '../ports.js'
import type { Pinned } from './pin.js'

/** True when ECR of another account does not let us write: its own matter, and no failure of ours. */
export function isForeignDenial(fault: AwsFault): boolean {
  return fault.kind === 'denied' || fault.kind === 'missing'
}

/**
 * What stops a tag, as a Refusal with what to do: nothing of the service has been touched. Undefined for trouble that
 * says nothing about the tag (throttling, no answer).
 */
export function refusalOfTag(
  fault: AwsFault,
  containers: readonly string[],
  pin: Pinned,
  tag: string
): Refusal | undefined {
  if (fault.kind === 'throttled' || fault.kind === 'unreachable' || fault.kind === 'expired') return undefined
  const { why, code, fix } = reading(fault, pin)
  const what = `${containers.join(', ')} cannot get the tag "${tag}" in ${pin.repository}`
  return new Refusal([`${what}: ${why}.`], code, fix)
}

function reading(fault: AwsFault, pin: Pinned): { why: string; code: ReasonCode; fix: string } {
  const repository = pin.ecr?.repository
  const names = `--region ${repository?.region ?? ''} --repository-name ${repository?.name ?? ''}`
  const again = 'Push the image again, and deploy what was pushed.'
  if (fault.kind === 'denied')
    return {
      why: `the role may not call ecr:PutImage (${fault.message})`,
      code: 'aws-denied',
      fix: `Allow ecr:PutImage on the repository (docs/iam.md), or set tag-images: false; then nothing keeps the image from the lifecycle policy.`
    }
  switch (fault.errorCode) {
    case 'LimitExceededException':
      return {
        why: `ECR takes no more tags on ${shortDigest(pin.digest)}: an image has at most 1,000 (${fault.message})`,
        code: 'quota',
        fix: `Remove tags that nobody needs (aws ecr batch-delete-image ${names} --image-ids imageTag=TAG), build a new image, or set tag-images: false.`
      }
    case 'ReferencedImagesNotFoundException':
      return {
        why: `images that its index names are gone from the repository (${fault.message})`,
        code: 'image-not-found',
        fix: again
      }
    case 'LayersNotFoundException':
      return {
        why: `layers of it are gone from the repository (${fault.message})`,
        code: 'image-not-found',
        fix: again
      }
    case 'RepositoryNotFoundException':
      return { why: `the repository is gone (${fault.message})`, code: 'image-not-found', fix: again }
    case 'ImageDigestDoesNotMatchException':
      return {
        why: `ECR reads another digest from the manifest that it gave (${fault.message})`,
        code: 'unknown',
        fix: 'Please report it with this log.'
      }
    case 'KmsException':
      return {
        why: `the key that encrypts the repository cannot be used (${fault.message})`,
        code: 'aws-denied',
        fix: 'Enable the KMS key of the repository, and let the role of this job and ECR use it.'
      }
    case 'InvalidParameterException':
      return {
        why: `ECR does not take it (${fault.message})`,
        code: 'input',
        fix: 'Change image-tag-template, or set tag-images: false.'
      }
    default:
      return {
        why: `ECR refuses it (${fault.message})`,
        code: 'unknown',
        fix: 'Mend what ECR names, or set tag-images: false.'
      }
  }
}
