/*
 * The process of the shipped bundle is killed before and after its requests in every story; then post runs or the machine
 * is gone, and a next run follows. bench/README.md says which points are chosen; `--all` plays every one, `--seed=N`
 * another sample. The beginning of a point's name plays those alone: node --import tsx bench/crash.bench.ts loop 12 after
 */
import { crashCases } from './crash/cases.js'
import { asked, playAll, type Named } from './crash/report.js'
import { nameOf, playPoint, pointsOf } from './crash/sweep.js'
import { Dice } from './judge/dice.js'

const wanted = asked({ seed: 6, percent: 10 })
const named: Named[] = []
const known = new Set<string>()
let all = 0
for (const one of crashCases) {
  const { points, requests } = await pointsOf(one, new Dice(wanted.seed), wanted.percent, known)
  all += requests
  for (const point of points)
    named.push({ group: one.name, name: nameOf(point), play: async () => await playPoint(point) })
}
await playAll('crash', named, wanted, all)
