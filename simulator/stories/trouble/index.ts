/** Stories of other people, other rollouts, faults and refusals. */
import type { Story } from '../story.js'
import { breakerFirst } from './breaker-first.js'
import { breakerNoWayBack } from './breaker-no-way-back.js'
import { refused } from './refused.js'
import { scaledToZero } from './scaled-to-zero.js'
import { superseded } from './superseded.js'

export const troubleStories: readonly Story[] = [
  superseded,
  breakerFirst,
  breakerNoWayBack,
  scaledToZero,
  refused
]
