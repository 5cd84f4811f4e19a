/** ELBv2 operations over the world. */
import type { Operation } from '../operation.js'
import * as balancers from './balancers.js'
import * as groups from './groups.js'
import * as health from './health.js'

export const elbOperations: Record<string, Operation> = {
  CreateListener: balancers.createListener,
  CreateLoadBalancer: balancers.createLoadBalancer,
  CreateTargetGroup: groups.createTargetGroup,
  DeregisterTargets: health.deregisterTargets,
  DescribeListeners: balancers.describeListeners,
  DescribeLoadBalancers: balancers.describeLoadBalancers,
  DescribeRules: balancers.describeRules,
  DescribeTags: balancers.describeTags,
  DescribeTargetGroupAttributes: groups.describeTargetGroupAttributes,
  DescribeTargetGroups: groups.describeTargetGroups,
  DescribeTargetHealth: health.describeTargetHealth,
  ModifyTargetGroup: groups.modifyTargetGroup,
  ModifyTargetGroupAttributes: groups.modifyTargetGroupAttributes,
  RegisterTargets: health.registerTargets
}
