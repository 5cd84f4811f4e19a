/** Stories of the five documents that this project was born from. */
import type { Story } from '../story.js'
import { albWithoutEgress } from './alb-without-egress.js'
import { expiredDigest504 } from './expired-digest-504.js'
import { prodECurlMissing } from './prod-e-curl-missing.js'
import { prodEGood } from './prod-e-good.js'
import { prooflink503 } from './prooflink-503.js'
import { prooflinkClosedGroup } from './prooflink-closed-group.js'
import { proofLinkCrash } from './prooflink-crash.js'
import { prooflinkPublicIp } from './prooflink-public-ip.js'
import { prooflinkPublicSubnet } from './prooflink-public-subnet.js'
import { prooflinkStrictCheck } from './prooflink-strict-check.js'
import { replacementLoopWithoutGrace } from './replacement-loop-without-grace.js'
import { slowStartWithGrace } from './slow-start-with-grace.js'

export const seedStories: readonly Story[] = [
  prodEGood,
  prodECurlMissing,
  proofLinkCrash,
  prooflink503,
  prooflinkPublicSubnet,
  prooflinkPublicIp,
  prooflinkClosedGroup,
  prooflinkStrictCheck,
  replacementLoopWithoutGrace,
  slowStartWithGrace,
  expiredDigest504,
  albWithoutEgress
]
