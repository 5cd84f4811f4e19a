import type { Check } from './check.js'
import { balanced } from './checks/balanced.js'
import { balancerLetsOut } from './checks/balancer-lets-out.js'
import { containerCheck } from './checks/container-check.js'
import { containerCheckProgram } from './checks/container-check-program.js'
import { containerPort } from './checks/container-port.js'
import { dependsOn } from './checks/depends-on.js'
import { deploymentAlarms } from './checks/deployment-alarms.js'
import { drain } from './checks/drain.js'
import { essential } from './checks/essential.js'
import { executionRole } from './checks/execution-role.js'
import { freeAddresses } from './checks/free-addresses.js'
import { gap } from './checks/gap.js'
import { grace } from './checks/grace.js'
import { healthCheck } from './checks/health-check.js'
import { hostPorts } from './checks/host-ports.js'
import { imageKept } from './checks/image-kept.js'
import { images } from './checks/images.js'
import { logGroup } from './checks/log-group.js'
import { oldImages } from './checks/old-images.js'
import { otherDeployment } from './checks/other-deployment.js'
import { registered } from './checks/registered.js'
import { roles } from './checks/roles.js'
import { roomToRoll } from './checks/room-to-roll.js'
import { secrets } from './checks/secrets.js'
import { secretsAllowed } from './checks/secrets-allowed.js'
import { serviceReady } from './checks/service-ready.js'
import { targetType } from './checks/target-type.js'
import { taskLetsIn } from './checks/task-lets-in.js'
import { taskSize } from './checks/task-size.js'
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
  images,
  oldImages,
  taskSize,
  essential,
  dependsOn,
  containerCheck,
  containerCheckProgram,
  hostPorts,
  logGroup,
  executionRole,
  roles,
  secrets,
  secretsAllowed,
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
