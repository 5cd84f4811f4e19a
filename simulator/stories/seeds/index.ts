/** Stories of the five documents that this project was born from. */
import type { Story } from '../story.js'
import { prodECurlMissing } from './prod-e-curl-missing.js'
import { prodEGood } from './prod-e-good.js'
import { proofLinkCrash } from './prooflink-crash.js'

export const seedStories: readonly Story[] = [prodEGood, prodECurlMissing, proofLinkCrash]
