/** Stories of the five documents that this project was born from. */
import type { Story } from '../story.js'
import { albWithoutEgress } from './alb-without-egress.js'
import { expiredDigest504 } from './expired-digest-504.js'
import { prodECurlMissing } from './prod-e-curl-missing.js'
import { prodEGood } from './prod-e-good.js'
import { proofLinkCrash } from './prooflink-crash.js'
import { replacementLoopWithoutGrace } from './replacement-loop-without-grace.js'
import { slowStartWithGrace } from './slow-start-with-grace.js'

export const seedStories: readonly Story[] = [
  prodEGood,
  prodECurlMissing,
  proofLinkCrash,
  replacementLoopWithoutGrace,
  slowStartWithGrace,
  expiredDigest504,
  albWithoutEgress
]
