/** Which operations are played, by service; `wire/services.ts` has the row that says how each service is spoken. */
import type { ServiceName } from '../wire/services.js'
import { scalingOperations } from './application-autoscaling.js'
import { cloudwatchOperations } from './cloudwatch.js'
import { logsOperations } from './logs.js'
import { ec2Operations } from './ec2/index.js'
import { ecrOperations } from './ecr/index.js'
import { ecsOperations } from './ecs/index.js'
import { elbOperations } from './elbv2/index.js'
import { iamOperations } from './iam.js'
import type { Operation } from './operation.js'
import { secretsManagerOperations } from './secrets-manager.js'
import { ssmOperations } from './ssm.js'
import { stsOperations } from './sts.js'

export const operations: Record<ServiceName, Record<string, Operation>> = {
  ecs: ecsOperations,
  ecr: ecrOperations,
  logs: logsOperations,
  monitoring: cloudwatchOperations,
  elasticloadbalancing: elbOperations,
  ec2: ec2Operations,
  'application-autoscaling': scalingOperations,
  sts: stsOperations,
  iam: iamOperations,
  secretsmanager: secretsManagerOperations,
  ssm: ssmOperations
}
