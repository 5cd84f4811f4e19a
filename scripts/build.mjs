// npm run build: src -> lib (tsc) -> dist (ncc). Unminified and byte-for-byte reproducible.
// With --check it builds beside dist/ and fails when dist/ is not exactly that.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
const check = process.argv.includes('--check')
const out = check ? '.build-check' : 'dist'
for (const dir of ['lib', out]) rmSync(root + dir, { recursive: true, force: true })
run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json'])
const ncc = `${root}node_modules/@vercel/ncc/dist/ncc/cli.js`
run(process.execPath, [
  ncc,
  'build',
  'lib/entry.js',
  '-o',
  out,
  '--no-cache',
  '--license',
  'licenses.txt',
  '-q'
])

mkdirSync(`${root}${out}/post`)
writeFileSync(
  `${root}${out}/post/index.js`,
  `// The post step: the same bundle as dist/index.js, told which step it is (src/entry.ts).
globalThis[Symbol.for('safe-ecs-deploy.step')] = 'post'
await import('../index.js')
`
)

// ncc takes a path that it can guess for an asset, copies files and rewrites the code; we have no assets.
const strange = readdirSync(`${root}${out}`).filter(
  (name) => !/^(\d+\.)?index\.js$|^licenses\.txt$|^package\.json$|^post$/.test(name)
)
const moved = readFileSync(`${root}${out}/index.js`, 'utf8').match(/__nccwpck_require__\.ab \+ .*/)
if (strange.length > 0 || moved) {
  process.stderr.write(`ncc made assets: ${[...strange, moved?.[0] ?? ''].join(', ')}\n`)
  process.exit(1)
}

const filesOf = (dir) =>
  existsSync(root + dir)
    ? readdirSync(root + dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${root}${dir}/`.length))
        .sort()
    : []

const files = filesOf(out)
const bytes = files.reduce((sum, file) => sum + statSync(`${root}${out}/${file}`).size, 0)
if (bytes >= 6_000_000) {
  process.stderr.write(`dist would be ${bytes} bytes; the limit is 6,000,000.\n`)
  process.exit(1)
}

if (check) {
  const same = (file) =>
    existsSync(`${root}dist/${file}`) &&
    readFileSync(`${root}dist/${file}`).equals(readFileSync(`${root}${out}/${file}`))
  const stale = [
    ...files.filter((file) => !same(file)),
    ...filesOf('dist').filter((file) => !files.includes(file))
  ]
  if (stale.length > 0) {
    process.stderr.write(`dist/ is stale: ${stale.join(', ')}. Run npm run build and commit dist/.\n`)
    process.exit(1)
  }
  process.stdout.write(`dist/ is what the source builds: ${files.length} files, ${bytes} bytes.\n`)
}
