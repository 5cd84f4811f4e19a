/** Stories of deployments that fail, one for each cause. */
import type { Story } from '../story.js'
import { deadline } from './deadline.js'
import { elb404 } from './elb-404.js'
import { hangsInGrace } from './hangs-in-grace.js'
import { imageExpired } from './image-expired.js'

export const failingStories: readonly Story[] = [imageExpired, elb404, hangsInGrace, deadline]
