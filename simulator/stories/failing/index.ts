/** Stories of deployments that fail, one for each cause. */
import type { Story } from '../story.js'
import { crashAtStart } from './crash-at-start.js'
import { deadline } from './deadline.js'
import { elb404 } from './elb-404.js'
import { endsByItself } from './ends-by-itself.js'
import { flapping } from './flapping.js'
import { hangsInGrace } from './hangs-in-grace.js'
import { imageExpired } from './image-expired.js'
import { killed } from './killed.js'
import { outOfMemory } from './out-of-memory.js'
import { tooSlow } from './too-slow.js'
import { wrongPort } from './wrong-port.js'

export const failingStories: readonly Story[] = [
  crashAtStart,
  endsByItself,
  outOfMemory,
  killed,
  flapping,
  imageExpired,
  elb404,
  wrongPort,
  tooSlow,
  hangsInGrace,
  deadline
]
