/** Stories of good deployments, most of them messy. */
import type { Story } from '../story.js'
import { alarmWasRed } from './alarm-was-red.js'
import { allAtOnce } from './all-at-once.js'
import { azRebalancing } from './az-rebalancing.js'
import { bakesWithAlarms } from './bakes-with-alarms.js'
import { busyWaits } from './busy-waits.js'
import { completesLate } from './completes-late.js'
import { ec2Instances } from './ec2-instances.js'
import { flakyNetwork } from './flaky-network.js'
import { healthyAlb } from './healthy-alb.js'
import { hostLost } from './host-lost.js'
import { instanceTerminated } from './instance-terminated.js'
import { manyTasks } from './many-tasks.js'
import { multiPlatform } from './multi-platform.js'
import { noLoadBalancer } from './no-load-balancer.js'
import { oldTaskCrashes } from './old-task-crashes.js'
import { oldTasksLinger } from './old-tasks-linger.js'
import { oneAndAHalf } from './one-and-a-half.js'
import { oneFlake } from './one-flake.js'
import { otherRegistries } from './other-registries.js'
import { personStopsATask } from './person-stops-a-task.js'
import { promoted } from './promoted.js'
import { protectedForAWhile } from './protected-for-a-while.js'
import { replacementFlapsOnce } from './replacement-flaps-once.js'
import { restartsInPlace } from './restarts-in-place.js'
import { scaleIn } from './scale-in.js'
import { scaleOut } from './scale-out.js'
import { sidecarEnds } from './sidecar-ends.js'
import { slowDrain } from './slow-drain.js'
import { slowStart } from './slow-start.js'
import { spotInterruption } from './spot-interruption.js'
import { staleReads } from './stale-reads.js'
import { stopBeforeStart } from './stop-before-start.js'
import { throttled } from './throttled.js'
import { twoTargetGroups } from './two-target-groups.js'
import { unchanged } from './unchanged.js'
import { warmUp503 } from './warm-up-503.js'

export const healthyStories: readonly Story[] = [
  healthyAlb,
  noLoadBalancer,
  twoTargetGroups,
  ec2Instances,
  manyTasks,
  multiPlatform,
  promoted,
  otherRegistries,
  stopBeforeStart,
  allAtOnce,
  oneAndAHalf,
  unchanged,
  slowStart,
  warmUp503,
  oneFlake,
  replacementFlapsOnce,
  restartsInPlace,
  spotInterruption,
  hostLost,
  instanceTerminated,
  personStopsATask,
  oldTaskCrashes,
  scaleIn,
  scaleOut,
  protectedForAWhile,
  azRebalancing,
  sidecarEnds,
  slowDrain,
  oldTasksLinger,
  completesLate,
  bakesWithAlarms,
  alarmWasRed,
  busyWaits,
  throttled,
  flakyNetwork,
  staleReads
]
