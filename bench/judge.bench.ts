/*
 * The judge against the world, all in virtual time: every story whose deployment is bad, at four sizes, beside ECS's circuit
 * breaker and the SDK's waiter; ten thousand messy good worlds and five thousand bad ones from seeds; what watching costs in
 * requests. Results are kept in bench/results/judge.json.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Wrong } from './judge/family.js'
import { judgeRollout } from './judge/play.js'
import { sizes, table, type Row } from './judge/table.js'
import { rollout } from './judge/worlds.js'

const pollSeconds = 5
const root = fileURLToPath(new URL('..', import.meta.url))

/** Figures that no judge can reach in this world, by what they are called below; `--known-misses` lets them pass. */
const outOfReach = ['sooner than the circuit breaker, median']

/** Seeds in two processes, one for each core. */
async function family(name: 'healthy' | 'failing', count: number): Promise<Wrong[]> {
  const half = Math.ceil(count / 2)
  const play = async (from: number, to: number): Promise<Wrong[]> => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', `${root}bench/judge/family.ts`, name, String(from), String(to)],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] }
    )
    let text = ''
    for await (const chunk of child.stdout) text += String(chunk)
    return JSON.parse(text) as Wrong[]
  }
  return (await Promise.all([play(0, half), play(half, count)])).flat()
}

/** Requests of a good deployment behind a load balancer, by the number of tasks. */
async function cost(desired: number): Promise<{ desired: number; perMinute: number; busiest: number }> {
  const { perMinute, busiest, state } = await judgeRollout(rollout({ desired, image: {} }))
  if (state !== 'healthy') throw new Error(`a good deployment of ${desired} tasks was called ${state}`)
  return { desired, perMinute, busiest }
}

const seconds = (n: number): string => (Number.isFinite(n) ? `${n.toFixed(0)}s` : 'never')
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

const missed: string[] = []
/** Prints a figure beside what it must reach. */
function figure(what: string, value: string, reached: boolean, limit: string): void {
  console.log(`${reached ? '✔' : '✘'} ${what.padEnd(52)} ${value.padStart(10)}   must be ${limit}`)
  if (!reached) missed.push(what)
}

/** How much sooner than ECS anybody could speak who waits for proof: ours, or the world's own. */
const atBest = (r: Row): number => r.breaker / Math.min(r.evidence, r.verdict)
const times = (n: number): string => (Number.isFinite(n) ? n.toFixed(1) : '∞')

const { rows, fine } = await table()
console.log(
  'failing story                  desired  verdict  evidence  breaker  sooner  at best  waiter after 30 min        cause  requests'
)
for (const r of rows)
  console.log(
    `${r.story.padEnd(30)} ${String(r.desired).padStart(7)} ${seconds(r.verdict).padStart(8)} ${seconds(r.evidence).padStart(9)} ` +
      `${seconds(r.breaker).padStart(8)} ${times(r.breaker / r.verdict).padStart(7)} ${times(atBest(r)).padStart(8)}  ` +
      `${`${r.waiter.says} ${seconds(r.waiter.after)}`.padEnd(26)} ${(r.right ? 'right' : r.said).padEnd(6)} ${String(r.requests).padStart(8)}`
  )
console.log(`\nNot bad at every size, and so without a row: ${fine.join('; ')}.\n`)

const proven = rows.filter((r) => Number.isFinite(r.evidence))
const lag = (r: Row): number => r.verdict - r.evidence
const within = (polls: number): Row[] => proven.filter((r) => lag(r) <= polls * pollSeconds)
figure(
  'verdict within one poll of the evidence',
  share(within(1).length, proven.length),
  within(1).length >= 0.95 * proven.length,
  '≥ 95 %'
)
figure(
  'verdict within three polls of the evidence',
  share(within(3).length, proven.length),
  within(3).length === proven.length,
  '100 %'
)
const sooner = median(rows.map((r) => r.breaker / r.verdict))
figure('sooner than the circuit breaker, median', `${sooner.toFixed(1)} times`, sooner >= 4, '≥ 4 times')
const best = median(rows.map(atBest))
const bySize = sizes.map((n) => [
  n,
  median(rows.filter((r) => r.desired === n).map((r) => r.breaker / r.verdict))
])
console.log(
  `    with ${bySize.map(([n, m]) => `${n}: ${times(m!)}`).join(', ')} tasks; whoever waits for proof could reach ${times(best)} at best`
)
const late = rows.filter((r) => r.verdict > r.breaker)
figure('later than the circuit breaker', String(late.length), late.length === 0, '0')
// A waiter that calls it a success never says that it failed.
const than = median(rows.map((r) => (r.waiter.says === 'SUCCESS' ? Infinity : r.waiter.after) / r.verdict))
figure('sooner than the waiter, median', `${than.toFixed(1)} times`, than >= 20, '≥ 20 times')
const wrongCauses = rows.filter((r) => !r.right)
figure(
  'causes right in the table',
  share(rows.length - wrongCauses.length, rows.length),
  wrongCauses.length === 0,
  '100 %'
)

const [good, bad] = [10_000, 5_000]
const healthy = await family('healthy', good)
const failed = await family('failing', bad)
const count = (list: Wrong[], kind: Wrong['kind']): number => list.filter((w) => w.kind === kind).length
figure(
  `false failing in ${good} messy good worlds`,
  String(count(healthy, 'false-failing')),
  count(healthy, 'false-failing') === 0,
  '0'
)
figure(
  `not called healthy in ${good} messy good worlds`,
  String(count(healthy, 'other')),
  count(healthy, 'other') === 0,
  '0'
)
figure(`missed in ${bad} bad worlds`, String(count(failed, 'missed')), count(failed, 'missed') === 0, '0')
const wrong = count(failed, 'wrong-cause')
figure(`causes right in ${bad} bad worlds`, share(bad - wrong, bad), wrong <= 0.01 * bad, '≥ 99 %')
for (const w of [...healthy, ...failed].slice(0, 10))
  console.log(`    seed ${w.seed}: ${w.kind}: ${w.said} (${w.about})`)

const costs = await Promise.all([1, 10, 100, 1000].map(cost))
for (const { desired, perMinute, busiest } of costs) {
  const limit = desired <= 10 ? 30 : 90
  figure(
    `requests a minute, ${desired} tasks (busiest minute ${busiest})`,
    perMinute.toFixed(1),
    perMinute <= limit,
    `≤ ${limit}`
  )
}

mkdirSync(`${root}bench/results`, { recursive: true })
const never = (_: string, value: unknown): unknown => (value === Infinity ? 'never' : value)
writeFileSync(
  `${root}bench/results/judge.json`,
  `${JSON.stringify({ pollSeconds, rows, fine, sooner, atBest: best, soonerThanWaiter: than, healthy, failing: failed, costs }, never, 2)}\n`
)
console.log(
  missed.length === 0 ? 'judge     every figure is reached' : `judge     missed: ${missed.join('; ')}`
)
const known = process.argv.includes('--known-misses') ? outOfReach : []
if (missed.some((what) => !known.includes(what))) process.exitCode = 1
