/** Every story, in the order in which `npm run demo -- --list` shows them. */
import { failingStories } from './failing/index.js'
import { healthyStories } from './healthy/index.js'
import { prodECurlMissing } from './seeds/prod-e-curl-missing.js'
import { prodEGood } from './seeds/prod-e-good.js'
import { proofLinkCrash } from './seeds/prooflink-crash.js'
import { rollbackStories } from './rollback/index.js'
import { seedStories } from './seeds/index.js'
import type { Story } from './story.js'
import { troubleStories } from './trouble/index.js'

export type { Act, Expected, Scene, Story } from './story.js'

export const stories: readonly Story[] = [
  ...seedStories,
  ...healthyStories,
  ...failingStories,
  ...troubleStories,
  ...rollbackStories
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
