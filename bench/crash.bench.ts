/*
 * The process of the shipped bundle is killed before and after each of its requests in every story; then post runs or
 * the machine is gone, and a next run follows. `npm run bench -- crash` plays all; a prefix of a point's name plays it
 * alone: node --import tsx bench/crash.bench.ts loop 12 after gone
 */
import { crashCases } from './crash/cases.js'
import { playAll, type Named } from './crash/report.js'
import { nameOf, playPoint, pointsOf } from './crash/sweep.js'

const points: Named[] = []
for (const one of crashCases)
  for (const point of await pointsOf(one))
    points.push({ group: one.name, name: nameOf(point), play: async () => await playPoint(point) })
await playAll('crash sweep', points)
