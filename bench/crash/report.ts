/** Plays many points side by side, prints how many there were and which broke a rule, and keeps the figures. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** A point with the group that it is counted in and the name by which it can be played alone. */
export interface Named {
  group: string
  name: string
  play: () => Promise<string[]>
}

/** What of the command line a sweep knows. */
export interface Asked {
  /** Chooses what a sample is taken of, and what is drawn. */
  seed: number
  /** So many in a hundred of the points that are like an earlier one. */
  percent: number
  /** The beginning of the names of the points to play; empty: all. */
  prefix: string
}

/** Reads `--seed=N`, `--all` and the beginning of a point's name. */
export function asked(usual: { seed: number; percent: number }): Asked {
  const words = process.argv.slice(2)
  const seed = words.find((word) => word.startsWith('--seed='))?.slice('--seed='.length)
  return {
    seed: seed === undefined ? usual.seed : Number(seed),
    percent: words.includes('--all') ? 100 : usual.percent,
    prefix: words.filter((word) => !word.startsWith('--')).join(' ')
  }
}

interface Group {
  group: string
  points: number
  violations: number
}

/**
 * Plays all points, or those whose name begins as it was asked. Prints a line a group and every violation; sets the exit
 * code, and keeps the figures in `bench/results/NAME.json` when all were played.
 */
export async function playAll(
  name: string,
  points: readonly Named[],
  { seed, percent, prefix }: Asked,
  requests: number
): Promise<void> {
  const chosen = points.filter((one) => one.name.startsWith(prefix))
  const groups = new Map<string, Group>()
  const violations: { point: string; wrong: string[] }[] = []
  const queue = [...chosen]
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const wrong = await one.play().catch((error: unknown) => [`threw ${String(error)}`])
      const group = groups.get(one.group) ?? { group: one.group, points: 0, violations: 0 }
      groups.set(one.group, group)
      group.points += 1
      if (wrong.length > 0) {
        group.violations += 1
        violations.push({ point: one.name, wrong })
        console.log(`  ${one.name}: ${wrong.join(' | ')}`)
      }
      const left = queue.length
      if (left > 0 && left % 100 === 0) console.log(`  ${left} to go`)
    }
  }
  // The worlds of all points share this process; one more than there are cores keeps these busy.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work))
  const line = (what: string, count: number, broken: number): void =>
    console.log(`${what.padEnd(36)} ${String(count).padStart(5)} points, ${broken} violations`)
  const rows = points.map((one) => groups.get(one.group)).filter((row) => row !== undefined)
  for (const { group, points: count, violations: broken } of new Set(rows)) line(group, count, broken)
  line(`${name} (seed ${seed})`, chosen.length, violations.length)
  if (violations.length > 0 || chosen.length === 0) process.exitCode = 1
  if (prefix !== '') return
  const results = fileURLToPath(new URL('../results', import.meta.url))
  const kept = { seed, percent, requests, points: chosen.length, violations, groups: [...new Set(rows)] }
  mkdirSync(results, { recursive: true })
  writeFileSync(`${results}/${name}.json`, `${JSON.stringify(kept, null, 2)}\n`)
}
