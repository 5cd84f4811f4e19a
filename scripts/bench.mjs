// npm run bench [-- NAME… --known-misses --all --seed=N]: measures with limits; exits 1 when a limit is missed, with
// --known-misses only when it is none of those that bench/README.md calls out of reach. --all and --seed are the sweeps'.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
const all = readdirSync(`${root}bench`)
  .filter((f) => /^[a-z-]+\.bench\.ts$/.test(f))
  .map((f) => f.replace('.bench.ts', ''))
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const flags = process.argv.slice(2).filter((word) => word.startsWith('--'))
const wrong = asked.find((name) => !all.includes(name))
const known = /^--(known-misses|all|seed=\d+)$/
const strange = flags.find((flag) => !known.test(flag))
if (strange !== undefined) {
  process.stderr.write(
    `No option "${strange}"; there are --known-misses, and for the sweeps --all and --seed=NUMBER.\n`
  )
  process.exit(2)
}
if (wrong !== undefined) {
  process.stderr.write(`No bench "${wrong}"; there are: ${all.join(', ')}.\n`)
  process.exit(2)
}
if (!existsSync(`${root}dist/index.js`)) run(process.execPath, [`${root}scripts/build.mjs`])
for (const name of asked.length > 0 ? asked : all) {
  const args = ['--import', 'tsx', `${root}bench/${name}.bench.ts`, ...flags]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
