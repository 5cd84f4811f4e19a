/*
 * SIGINT in the middle of each request of four stories, with `on-cancel` both ways, with and without post. A prefix of a
 * point's name plays it alone: node --import tsx bench/cancels.bench.ts loop 1050 rollback
 */
import { cancelCases, cancelPoints, nameOfCancel, playCancel } from './crash/cancels.js'
import { playAll, type Named } from './crash/report.js'

const points: Named[] = []
for (const one of cancelCases)
  for (const point of await cancelPoints(one))
    points.push({
      group: `${one.name}, ${point.onCancel}`,
      name: nameOfCancel(point),
      play: async () => await playCancel(point)
    })
await playAll('cancel sweep', points)
