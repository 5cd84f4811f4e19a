/*
 * SIGINT in the middle of the requests and of the waits of some stories, with `on-cancel` both ways, with and without post.
 * bench/README.md says which points are chosen; `--all` plays every one, `--seed=N` another sample. The beginning of a
 * point's name plays those alone: node --import tsx bench/cancels.bench.ts loop 1050 rollback
 */
import { cancelCases, cancelPoints, nameOfCancel, playCancel } from './crash/cancels.js'
import { asked, playAll, type Named } from './crash/report.js'
import { Dice } from './judge/dice.js'

const wanted = asked({ seed: 6, percent: 10 })
const named: Named[] = []
const known = new Set<string>()
let all = 0
for (const one of cancelCases) {
  const { points, requests } = await cancelPoints(one, new Dice(wanted.seed), wanted.percent, known)
  all += requests
  for (const point of points)
    named.push({
      group: `${one.name}, ${point.onCancel}`,
      name: nameOfCancel(point),
      play: async () => await playCancel(point)
    })
}
await playAll('cancels', named, wanted, all)
