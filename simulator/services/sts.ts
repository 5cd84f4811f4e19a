/** STS: who is calling. */
import { read, type Operation } from './operation.js'

export const stsOperations: Record<string, Operation> = {
  GetCallerIdentity: read((world) => ({
    UserId: 'AROAEXAMPLEEXAMPLE123:session',
    Account: world.account,
    Arn: `arn:aws:sts::${world.account}:assumed-role/deploy/session`
  }))
}
