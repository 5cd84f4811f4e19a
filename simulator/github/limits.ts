/** GitHub's rate limits in virtual time, one set a token (facts 2, documented). */
import { refusals } from './errors.js'

/** GITHUB_TOKEN: requests in an hour for a repository. */
const hourly = 1000
/** Points in a minute: a read is 1, a write 5. */
const pointsPerMinute = 900
const contentPerMinute = 80
const contentPerHour = 500
const minute = 60_000
const hour = 60 * minute

/** What one token has asked so far. */
export class Limits {
  private window: { from: number; used: number } | undefined
  private requests: { at: number; points: number; content: boolean }[] = []

  /** Counts a request; gives the headers that tell of the primary limit. Throws a GitHubError when it is one too many. */
  count(write: boolean, now: number): Record<string, string> {
    if (this.window === undefined || now >= this.window.from + hour) this.window = { from: now, used: 0 }
    const { window } = this
    const headers = (): Record<string, string> => ({
      'x-ratelimit-limit': String(hourly),
      'x-ratelimit-remaining': String(hourly - window.used),
      'x-ratelimit-used': String(window.used),
      'x-ratelimit-reset': String(Math.ceil((window.from + hour) / 1000)),
      'x-ratelimit-resource': 'core'
    })
    if (window.used >= hourly) throw refusals.primaryLimit(headers())
    window.used++
    this.requests = this.requests.filter((one) => one.at > now - hour)
    this.withinSecondary(write, now)
    this.requests.push({ at: now, points: write ? 5 : 1, content: write })
    return headers()
  }

  private withinSecondary(write: boolean, now: number): void {
    const lately = this.requests.filter((one) => one.at > now - minute)
    const points = lately.reduce((sum, one) => sum + one.points, 0)
    if (points + (write ? 5 : 1) > pointsPerMinute) throw refusals.secondaryLimit(60)
    if (!write) return
    const first = (among: typeof lately): number => among.find((one) => one.content)?.at ?? now
    const wait = (from: number, span: number): number => Math.ceil((from + span - now) / 1000)
    if (lately.filter((one) => one.content).length >= contentPerMinute)
      throw refusals.secondaryLimit(wait(first(lately), minute))
    if (this.requests.filter((one) => one.content).length >= contentPerHour)
      throw refusals.secondaryLimit(wait(first(this.requests), hour))
  }
}
