import { sayDuration } from '../domain/duration.js'
import type { Ports } from '../ports.js'

/** Says at the start when the session of this job ends before the run's deadline (epoch milliseconds). Never throws. */
export async function warnOfSession(ports: Ports, deadline: number): Promise<void> {
  const session = await ports.session?.()
  if (!session || session.endsAt >= deadline) return
  const { endsAt } = session
  const left = endsAt - ports.clock.now()
  const when = left <= 0 ? `ended at ${clock(endsAt)}` : `ends at ${clock(endsAt)}, in ${sayDuration(left)}`
  ports.announce({
    code: 'warning',
    text: `The AWS session of this job ${when}, before the deadline of this run at ${clock(deadline)}. A run that it ends under loses sight of the service: it is inconclusive, and nothing is undone.`,
    fix: 'Raise role-duration-seconds of aws-actions/configure-aws-credentials (the role must allow it), or lower timeout.'
  })
}

const clock = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)}Z`
