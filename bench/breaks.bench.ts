/*
 * Whether the sweeps can see what they are for: the bundle is broken on purpose, once for each rule, and points of the sweep
 * are played until one says so. Exits 1 when a break is not seen within so many points. Words of a rule play that one alone:
 * node --import tsx bench/breaks.bench.ts 'loses its tag'
 */
import { breaks, broken, pointsFor } from './crash/breaks.js'

const most = 12
const asked = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? ''
for (const one of breaks.filter(({ rule }) => rule.includes(asked))) {
  const points = await pointsFor(one)
  const { action, forget } = broken(one)
  process.env['SWEEP_ACTION'] = action
  try {
    let played = 0
    let seen: string | undefined
    for (const point of points.slice(0, most)) {
      played += 1
      const wrong = await point.play()
      seen = wrong.find((sentence) => one.says.test(sentence))
      if (seen !== undefined) {
        console.log(`✔ ${one.rule}\n    ${one.sweep} ${point.name}: ${seen.slice(0, 160)}`)
        break
      }
    }
    if (seen !== undefined) continue
    console.log(`✘ ${one.rule}\n    not seen in ${played} points of ${one.sweep} ${one.story}`)
    process.exitCode = 1
  } finally {
    delete process.env['SWEEP_ACTION']
    forget()
  }
}
