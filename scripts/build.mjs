// npm run build: src -> lib (tsc) -> dist (ncc). Unminified and byte-for-byte reproducible.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
for (const dir of ['lib', 'dist']) rmSync(root + dir, { recursive: true, force: true })
run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json'])
const ncc = `${root}node_modules/@vercel/ncc/dist/ncc/cli.js`
run(process.execPath, [
  ncc,
  'build',
  'lib/entry.js',
  '-o',
  'dist',
  '--no-cache',
  '--license',
  'licenses.txt',
  '-q'
])

mkdirSync(`${root}dist/post`)
writeFileSync(
  `${root}dist/post/index.js`,
  `// The post step: the same bundle as dist/index.js, told which step it is (src/entry.ts).
globalThis[Symbol.for('safe-ecs-deploy.step')] = 'post'
await import('../index.js')
`
)

// ncc takes a path that it can guess for an asset, copies files and rewrites the code; we have no assets.
const strange = readdirSync(`${root}dist`).filter(
  (name) => !/^(\d+\.)?index\.js$|^licenses\.txt$|^package\.json$|^post$/.test(name)
)
const moved = readFileSync(`${root}dist/index.js`, 'utf8').match(/__nccwpck_require__\.ab \+ .*/)
if (strange.length > 0 || moved) {
  process.stderr.write(`ncc made assets: ${[...strange, moved?.[0] ?? ''].join(', ')}\n`)
  process.exit(1)
}
