/** Stories of other people, other rollouts, faults and refusals. */
import type { Story } from '../story.js'
import { breakerFirst } from './breaker-first.js'
import { breakerNoWayBack } from './breaker-no-way-back.js'
import { breakerUnseen } from './breaker-unseen.js'
import { busyRefused } from './busy-refused.js'
import { cancelled } from './cancelled.js'
import { denied } from './denied.js'
import { leftAsItIs } from './left-as-it-is.js'
import { noWayBack } from './no-way-back.js'
import { promoteDenied } from './promote-denied.js'
import { promoteSourceLost } from './promote-source-lost.js'
import { promoteUnanswered } from './promote-unanswered.js'
import { refused } from './refused.js'
import { scaledToZero } from './scaled-to-zero.js'
import { superseded } from './superseded.js'
import { tokenExpires } from './token-expires.js'
import { unheardOf } from './unheard-of.js'
import { unreachable } from './unreachable.js'
import { wrongPlatformSeen } from './wrong-platform-seen.js'

export const troubleStories: readonly Story[] = [
  superseded,
  busyRefused,
  breakerFirst,
  breakerUnseen,
  breakerNoWayBack,
  scaledToZero,
  leftAsItIs,
  noWayBack,
  unheardOf,
  denied,
  tokenExpires,
  unreachable,
  cancelled,
  refused,
  wrongPlatformSeen,
  promoteDenied,
  promoteSourceLost,
  promoteUnanswered
]
