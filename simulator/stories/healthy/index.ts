/** Stories of good deployments, most of them messy. */
import type { Story } from '../story.js'
import { completesLate } from './completes-late.js'
import { ec2Instances } from './ec2-instances.js'
import { healthyAlb } from './healthy-alb.js'
import { noLoadBalancer } from './no-load-balancer.js'
import { oneFlake } from './one-flake.js'
import { scaleIn } from './scale-in.js'
import { slowStart } from './slow-start.js'
import { spotInterruption } from './spot-interruption.js'
import { twoTargetGroups } from './two-target-groups.js'
import { unchanged } from './unchanged.js'

export const healthyStories: readonly Story[] = [
  healthyAlb,
  noLoadBalancer,
  twoTargetGroups,
  ec2Instances,
  slowStart,
  oneFlake,
  spotInterruption,
  scaleIn,
  completesLate,
  unchanged
]
