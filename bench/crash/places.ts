/**
 * Where a story can be struck, and which of these places stand for others. Two requests are alike when they ask for the
 * same operation, the last write before them was the same operation, post is left the same, and the service showed the
 * same deployments before both. The first of each kind is always played; of the others a sample, by a seed. As long as a run
 * has written nothing it leaves nothing behind: there a kind that one story has shown stands for that of every other.
 */
import type { JournalEntry } from '../../simulator/index.js'
import type { Played, Stage } from '../../simulator/play.js'
import type { Run } from '../../simulator/runner.js'
import type { Dice } from '../judge/dice.js'

/** The points that were chosen of a story, and how many requests it makes. */
export interface Points<P> {
  requests: number
  points: P[]
}

/** A request of a story. */
export interface Place {
  /** The request's number in the run, from 1. */
  nth: number
  entry: JournalEntry
  /** True when something was left behind by then, in AWS or for post. */
  isTouched: boolean
  /** True for the first of its kind. */
  isFirst: boolean
}

/** Plays a story once, undisturbed, and gives its requests. `known` are the kinds that earlier stories have shown. */
export async function placesOf(
  stage: Stage,
  known: Set<string>
): Promise<{ places: Place[]; played: Played }> {
  let run: Run | undefined
  const saved = new Map<JournalEntry, number>()
  stage.server.journal.listen((entry) => saved.set(entry, run?.saved().length ?? 0))
  const played = await stage.run({ onRun: (started) => (run = started) })
  const kinds = new Set<string>()
  let wrote = ''
  let shown = ''
  const places = played.journal.map((entry, i): Place => {
    const left = saved.get(entry) ?? 0
    const kind = `${entry.operation} after ${wrote} and ${left} characters, seeing ${shown}`
    const isTouched = wrote !== '' || left > 0 || entry.write
    const seenBefore = isTouched ? kinds : known
    const isFirst = !seenBefore.has(kind)
    seenBefore.add(kind)
    if (entry.write && entry.error === undefined) wrote = entry.operation
    if (entry.operation === 'DescribeServices') shown = showing(entry.output)
    return { nth: i + 1, entry, isTouched, isFirst }
  })
  return { places, played }
}

/** The first of each kind, and so many in a hundred of the others. */
export function chosen(places: readonly Place[], dice: Dice, percent: number): Place[] {
  return places.filter((place) => place.isFirst || dice.chance(percent / 100))
}

interface Shown {
  status: string
  rolloutState?: string
  desiredCount: number
  runningCount: number
  failedTasks?: number
}

/** What a service says of its deployments, without names and times. */
function showing(output: unknown): string {
  const { services = [] } = (output ?? {}) as { services?: { deployments?: Shown[] }[] }
  return (services[0]?.deployments ?? [])
    .map((d) => {
      const failed = (d.failedTasks ?? 0) > 0 ? ' failing' : ''
      return `${d.status} ${d.rolloutState ?? ''} ${d.runningCount}/${d.desiredCount}${failed}`
    })
    .join(', ')
}
