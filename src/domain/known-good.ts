/** Revisions that were good once, by what speaks for them. Times in epoch milliseconds. */

/** One piece of evidence that a revision was good: where it was seen, and when. */
export interface Sighting {
  /** ARN of the task definition. */
  taskDefinition: string
  at?: number
  /** In words, such as `runs now, COMPLETED`. */
  evidence: string
  /** Container -> `sha256:…` of the image that ran, where ECS knows it. */
  digests?: Record<string, string>
  /** The deployment that runs it now. */
  deploymentId?: string
}

/** A revision that could be gone back to. */
export interface Candidate {
  taskDefinition: string
  /** When it was last seen good, and when first. */
  goodAt?: number
  firstGoodAt?: number
  evidence: string
  digests: Record<string, string>
  deploymentId?: string
  /** True when the service went from it back to an older one: nobody goes there by himself. */
  abandoned: boolean
}

/**
 * The revisions among the sightings, each once, the one that was good last first. Pure. One after which an older
 * revision was good again was rolled back from: it is `abandoned`, however good ECS calls it.
 */
export function candidatesOf(sightings: readonly Sighting[]): Candidate[] {
  const byRevision = new Map<string, Sighting[]>()
  for (const s of sightings)
    byRevision.set(s.taskDefinition, [...(byRevision.get(s.taskDefinition) ?? []), s])
  const all = [...byRevision].map(([taskDefinition, seen]) => candidate(taskDefinition, seen))
  const wentBack = (x: Candidate) =>
    all.some(
      (y) =>
        x !== y && (y.goodAt ?? 0) > (x.goodAt ?? 0) && (y.firstGoodAt ?? Infinity) < (x.firstGoodAt ?? 0)
    )
  return all.map((c) => ({ ...c, abandoned: wentBack(c) })).sort((a, b) => (b.goodAt ?? 0) - (a.goodAt ?? 0))
}

function candidate(taskDefinition: string, seen: Sighting[]): Candidate {
  const newestFirst = [...seen].sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
  const times = newestFirst.flatMap((s) => (s.at === undefined ? [] : [s.at]))
  const [goodAt] = times
  const firstGoodAt = times.at(-1)
  const deploymentId = newestFirst.find((s) => s.deploymentId !== undefined)?.deploymentId
  return {
    taskDefinition,
    evidence: newestFirst[0]?.evidence ?? '',
    // The digests of the last rollout that ended well are those that were good.
    digests: newestFirst.find((s) => s.digests !== undefined)?.digests ?? {},
    ...(goodAt === undefined ? {} : { goodAt }),
    ...(firstGoodAt === undefined ? {} : { firstGoodAt }),
    ...(deploymentId === undefined ? {} : { deploymentId }),
    abandoned: false
  }
}
