/*
 * Every operation that a deploy and a rollback call, struck by throttling, a 500, a reset, a lost answer, silence, a denial,
 * expired credentials, stale reads; at first, in the middle, always. bench/README.md says which points are left out because
 * another story has them. The beginning of a point's name plays those alone:
 * node --import tsx bench/faults.bench.ts loop UpdateService
 */
import { faultCases, faultPoints, nameOfFault, playFault } from './crash/faults.js'
import { asked, playAll, type Named } from './crash/report.js'

const wanted = asked({ seed: 6, percent: 0 })
const named: Named[] = []
const before: string[][] = []
let all = 0
for (const one of faultCases) {
  const { points, requests, operations } = await faultPoints(one, wanted.percent === 100 ? [] : before)
  before.push(operations)
  all += requests
  for (const point of points)
    named.push({
      group: `${one.name}, ${point.kind}`,
      name: nameOfFault(point),
      play: async () => await playFault(point)
    })
}
await playAll('faults', named, wanted, all)
