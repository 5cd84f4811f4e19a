/** Stories of deployments that fail, one for each cause. */
import type { Story } from '../story.js'
import { accountBlocked } from './account-blocked.js'
import { alarm } from './alarm.js'
import { checkFails } from './check-fails.js'
import { crashAtStart } from './crash-at-start.js'
import { deadline } from './deadline.js'
import { elb404 } from './elb-404.js'
import { endsByItself } from './ends-by-itself.js'
import { flapping } from './flapping.js'
import { hangsInGrace } from './hangs-in-grace.js'
import { imageExpired } from './image-expired.js'
import { killed } from './killed.js'
import { logConfig } from './log-config.js'
import { logGroupMissing } from './log-group-missing.js'
import { logNetwork } from './log-network.js'
import { natGatewayGone } from './nat-gateway-gone.js'
import { memoryLeak } from './memory-leak.js'
import { hangsLater } from './hangs-later.js'
import { errorsLater } from './errors-later.js'
import { noWayToMove } from './no-way-to-move.js'
import { networkInterface } from './network-interface.js'
import { noCapacity } from './no-capacity.js'
import { noRoom } from './no-room.js'
import { outOfMemory } from './out-of-memory.js'
import { portTaken } from './port-taken.js'
import { pullDenied } from './pull-denied.js'
import { pullDisk } from './pull-disk.js'
import { pullNetwork } from './pull-network.js'
import { pullRateLimit } from './pull-rate-limit.js'
import { quotaReached } from './quota-reached.js'
import { secretContent } from './secret-content.js'
import { secretDenied } from './secret-denied.js'
import { secretMissing } from './secret-missing.js'
import { secretNetwork } from './secret-network.js'
import { subnetExhausted } from './subnet-exhausted.js'
import { tooSlow } from './too-slow.js'
import { wrongPlatform } from './wrong-platform.js'
import { wrongPort } from './wrong-port.js'
import { wrongBinary } from './wrong-binary.js'

export const failingStories: readonly Story[] = [
  crashAtStart,
  endsByItself,
  outOfMemory,
  killed,
  wrongBinary,
  flapping,
  memoryLeak,
  hangsLater,
  errorsLater,
  checkFails,
  elb404,
  wrongPort,
  tooSlow,
  hangsInGrace,
  alarm,
  imageExpired,
  wrongPlatform,
  pullDenied,
  pullNetwork,
  natGatewayGone,
  pullRateLimit,
  pullDisk,
  secretMissing,
  secretDenied,
  secretContent,
  secretNetwork,
  logGroupMissing,
  logNetwork,
  logConfig,
  networkInterface,
  subnetExhausted,
  noCapacity,
  quotaReached,
  accountBlocked,
  noRoom,
  portTaken,
  noWayToMove,
  deadline
]
