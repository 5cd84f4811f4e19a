/** Every story, in the order in which `npm run demo -- --list` shows them. */
import { breakerFirst } from './breaker-first.js'
import { breakerNoWayBack } from './breaker-no-way-back.js'
import { completesLate } from './completes-late.js'
import { deadline } from './deadline.js'
import { ec2Instances } from './ec2-instances.js'
import { elb404 } from './elb-404.js'
import { hangsInGrace } from './hangs-in-grace.js'
import { healthyAlb } from './healthy-alb.js'
import { imageExpired } from './image-expired.js'
import { noLoadBalancer } from './no-load-balancer.js'
import { oneFlake } from './one-flake.js'
import { prodECurlMissing } from './prod-e-curl-missing.js'
import { prodEGood } from './prod-e-good.js'
import { proofLinkCrash } from './prooflink-crash.js'
import { refused } from './refused.js'
import { scaleIn } from './scale-in.js'
import { scaledToZero } from './scaled-to-zero.js'
import { slowStart } from './slow-start.js'
import { spotInterruption } from './spot-interruption.js'
import { superseded } from './superseded.js'
import { twoTargetGroups } from './two-target-groups.js'
import { unchanged } from './unchanged.js'
import type { Story } from './story.js'

export type { Expected, Scene, Story } from './story.js'

export const stories: readonly Story[] = [
  prodEGood,
  proofLinkCrash,
  prodECurlMissing,
  healthyAlb,
  noLoadBalancer,
  twoTargetGroups,
  ec2Instances,
  slowStart,
  oneFlake,
  spotInterruption,
  scaleIn,
  completesLate,
  scaledToZero,
  superseded,
  breakerFirst,
  breakerNoWayBack,
  imageExpired,
  elb404,
  hangsInGrace,
  deadline,
  unchanged,
  refused
]

/** What `npm run demo` plays when it is given no name. */
export const demoStories: readonly Story[] = [prodEGood, proofLinkCrash, prodECurlMissing]

/** The story of that name. Throws, with the names there are, when there is none. */
export function storyNamed(name: string): Story {
  const story = stories.find((one) => one.name === name)
  if (story) return story
  throw new Error(
    `There is no story "${name}". The stories are:\n${stories.map((one) => `  ${one.name}`).join('\n')}`
  )
}
