import type { Check } from './check.js'
import { balancerLetsOut } from './checks/balancer-lets-out.js'
import { balanced } from './checks/balanced.js'
import { containerPort } from './checks/container-port.js'
import { deploymentAlarms } from './checks/deployment-alarms.js'
import { drain } from './checks/drain.js'
import { freeAddresses } from './checks/free-addresses.js'
import { gap } from './checks/gap.js'
import { grace } from './checks/grace.js'
import { healthCheck } from './checks/health-check.js'
import { imageKept } from './checks/image-kept.js'
import { otherDeployment } from './checks/other-deployment.js'
import { registered } from './checks/registered.js'
import { roomToRoll } from './checks/room-to-roll.js'
import { serviceReady } from './checks/service-ready.js'
import { targetType } from './checks/target-type.js'
import { taskLetsIn } from './checks/task-lets-in.js'
import { triedBefore } from './checks/tried-before.js'
import { undo } from './checks/undo.js'
import { wayOut } from './checks/way-out.js'
import { zones } from './checks/zones.js'

/** Every check, in the order in which findings are shown. */
export const checks: readonly Check[] = [
  serviceReady,
  otherDeployment,
  roomToRoll,
  gap,
  undo,
  deploymentAlarms,
  imageKept,
  triedBefore,
  registered,
  containerPort,
  balanced,
  targetType,
  healthCheck,
  grace,
  drain,
  zones,
  taskLetsIn,
  balancerLetsOut,
  wayOut,
  freeAddresses
]
