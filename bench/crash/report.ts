/** Plays many points side by side, and prints how many there were and which broke a rule. */
import { availableParallelism } from 'node:os'

/** A point with the group that it is counted in and the name by which it can be played alone. */
export interface Named {
  group: string
  name: string
  play: () => Promise<string[]>
}

/**
 * Plays all points, or those whose name begins with what the command line says; `--every=7` plays each seventh. Prints
 * a line a group and every violation; sets the exit code.
 */
export async function playAll(title: string, points: readonly Named[]): Promise<void> {
  const every = Number(process.argv.find((arg) => arg.startsWith('--every='))?.slice(8) ?? 1)
  const prefix = process.argv
    .slice(2)
    .filter((arg) => !arg.startsWith('--'))
    .join(' ')
  const chosen = points.filter((one) => one.name.startsWith(prefix)).filter((_, i) => i % every === 0)
  const counts = new Map<string, { played: number; broken: number }>()
  const queue = [...chosen]
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const wrong = await one.play().catch((error: unknown) => [`threw ${String(error)}`])
      const count = counts.get(one.group) ?? { played: 0, broken: 0 }
      counts.set(one.group, { played: count.played + 1, broken: count.broken + (wrong.length > 0 ? 1 : 0) })
      if (wrong.length > 0) console.log(`  ${one.name}: ${wrong.join(' | ')}`)
      const left = queue.length
      if (left > 0 && left % 100 === 0) console.log(`  ${left} to go`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  for (const [group, { played, broken }] of counts)
    console.log(`${group.padEnd(24)} ${String(played).padStart(5)} points, ${broken} violations`)
  const broken = [...counts.values()].reduce((sum, one) => sum + one.broken, 0)
  console.log(`${title.padEnd(24)} ${String(chosen.length).padStart(5)} points, ${broken} violations`)
  if (broken > 0 || chosen.length === 0) process.exitCode = 1
}
