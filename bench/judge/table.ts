/** The bad stories at four sizes, each in three equal worlds: ours, the one of ECS's circuit breaker, the SDK's waiter's. */
import { breakerAfter, judgeRollout, waiterSays } from './play.js'
import { badStories, rolloutOf, type BadStory } from './stories.js'

export const sizes = [1, 2, 10, 50] as const

/** Times in virtual seconds since UpdateService; Infinity: never. */
export interface Row {
  story: string
  desired: number
  verdict: number
  /** The world's own first proof. */
  evidence: number
  /** ECS itself calls the deployment FAILED. */
  breaker: number
  waiter: { says: string; after: number }
  right: boolean
  said: string
  requests: number
}

/** Where the story's own ending tells something else than what the deployment itself dies of. */
const codesOf: Readonly<Record<string, readonly string[]>> = {
  // ECS's breaker has its default threshold here, and is not the first; the role may not see the tasks.
  'breaker-unseen': ['unknown', 'circuit-breaker'],
  // Good stories, with percentages that leave no room at one task.
  'many-tasks': ['stuck'],
  'stop-before-start': ['stuck'],
  'one-and-a-half': ['stuck']
}

/** The reason codes that are right for a bad story. */
export function rightCodes({ name, story }: BadStory): readonly string[] {
  return codesOf[name] ?? (story.expect.reasonCode === undefined ? [] : [story.expect.reasonCode])
}

/** One row: the judge has the breaker beside it, the waiter has none to end the deployment for it. */
async function row(bad: BadStory): Promise<Row> {
  const { name, desired, story } = bad
  const world = (breaker: boolean) => rolloutOf(story, { desired, breaker })!
  const ours = world(true)
  const judged = await judgeRollout(ours, { timeoutSeconds: ours.timeoutSeconds })
  return {
    story: name,
    desired,
    verdict: judged.after,
    evidence: judged.evidence,
    breaker: breakerAfter(world(true)),
    waiter: await waiterSays(world(false)),
    right: judged.state === 'failing' && rightCodes(bad).includes(judged.code),
    said: judged.state === 'failing' ? judged.code : judged.state,
    requests: judged.requests
  }
}

/** Every row, and where a bad story is none. */
export async function table(): Promise<{ rows: Row[]; fine: string[] }> {
  const { bad, fine } = badStories(sizes)
  const rows: Row[] = []
  for (const one of bad) rows.push(await row(one))
  return { rows, fine }
}
