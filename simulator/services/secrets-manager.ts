/** Secrets Manager: what a secret is, without its value. */
import { AwsError } from '../world/errors.js'
import { identityTexts } from '../world/texts.js'
import { read, type Operation } from './operation.js'

const day = 86_400_000

export const secretsManagerOperations: Record<string, Operation> = {
  DescribeSecret: read((world, { SecretId }: { SecretId: string }) => {
    const state = world.secrets.look(SecretId)
    if (state === 'missing') throw new AwsError('ResourceNotFoundException', identityTexts.noSecret.say())
    const arn = SecretId.startsWith('arn:')
      ? SecretId
      : `arn:aws:secretsmanager:${world.region}:${world.account}:secret:${SecretId}-AbCdEf`
    const name = arn.split(':')[6] ?? ''
    const createdAt = world.identity.createdAt
    return {
      // A part of an ARN is enough to find it by.
      ARN: /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-AbCdEf`,
      Name: name.replace(/-[A-Za-z0-9]{6}$/, ''),
      CreatedDate: new Date(createdAt),
      LastChangedDate: new Date(createdAt),
      ...(state === 'deleted' ? { DeletedDate: new Date(world.clock.now() - day) } : {}),
      // Without a value it has no version, and the member is not there.
      ...(state === 'empty'
        ? {}
        : { VersionIdsToStages: { '3f2e1d0c-5b4a-4938-a716-05f4e3d2c1b0': ['AWSCURRENT'] } })
    }
  })
}
