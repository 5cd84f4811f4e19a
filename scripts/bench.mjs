// npm run bench [-- NAME]: measures with limits; exits 1 when a limit is missed. Results: bench/README.md.
import { existsSync, readdirSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
const all = readdirSync(`${root}bench`)
  .filter((f) => /^[a-z-]+\.bench\.ts$/.test(f))
  .map((f) => f.replace('.bench.ts', ''))
const asked = process.argv.slice(2)
const wrong = asked.find((name) => !all.includes(name))
if (wrong !== undefined) {
  process.stderr.write(`No bench "${wrong}"; there are: ${all.join(', ')}.\n`)
  process.exit(2)
}
if (!existsSync(`${root}dist/index.js`)) run(process.execPath, [`${root}scripts/build.mjs`])
for (const name of asked.length > 0 ? asked : all)
  run(process.execPath, ['--import', 'tsx', `${root}bench/${name}.bench.ts`])
