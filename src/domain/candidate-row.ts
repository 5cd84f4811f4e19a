/** A revision that a rollback looked at, as every face shows it. Names, digests and words; times in epoch milliseconds. */
export interface CandidateRow {
  /** ARN of the task definition. */
  taskDefinition: string
  /** No longer ACTIVE: an exact copy would be registered. */
  inactive: boolean
  /** What its containers run, with the tags that the registry knows of it. */
  images: { container: string; digest?: string; tags: string[] }[]
  commit?: string
  /** When it was last seen good, and what says so. */
  goodAt?: number
  evidence: string
  standing: 'taken' | 'runs-now' | 'eligible' | 'not-eligible'
  /** Why it is not eligible; of one that is taken because it was named, what speaks against it. */
  why: string[]
  /** What could not be checked. */
  unknown: string[]
}
