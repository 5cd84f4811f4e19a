/** The numbers of a rollout as a person follows them. */
export interface Counts {
  desired: number
  pending: number
  running: number
  healthy: number
  failed: number
}
