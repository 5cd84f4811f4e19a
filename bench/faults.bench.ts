/*
 * Every AWS operation that a deploy calls, struck by throttling, a 500, a reset, a lost answer, silence, a denial, expired
 * credentials, stale reads; at first, in the middle, always. A prefix of a point's name plays it alone:
 * node --import tsx bench/faults.bench.ts loop UpdateService
 */
import { faultCases, faultPoints, nameOfFault, playFault } from './crash/faults.js'
import { playAll, type Named } from './crash/report.js'

const points: Named[] = []
for (const one of faultCases)
  for (const point of await faultPoints(one))
    points.push({
      group: `${one.name}, ${point.kind}`,
      name: nameOfFault(point),
      play: async () => await playFault(point)
    })
await playAll('fault sweep', points)
