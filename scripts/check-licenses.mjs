// Every dependency that ships, and every one that we name, must have a licence of this list.
import { readFileSync } from 'node:fs'
import { root } from './ready.mjs'

const allowed = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '(MIT AND Zlib)'
])
const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
const named = new Set(Object.keys({ ...packages[''].dependencies, ...packages[''].devDependencies }))
const held = Object.entries(packages).filter(
  ([path, p]) => path !== '' && (!p.dev || named.has(path.replace('node_modules/', '')))
)
const wrong = held.filter(([, p]) => !allowed.has(p.license))
for (const [path, p] of wrong)
  process.stderr.write(`${path}: licence ${p.license ?? 'not stated'} is not allowed\n`)
if (wrong.length > 0) process.exit(1)
process.stdout.write(`licences: ${held.length} packages, all of ${[...allowed].join(', ')}\n`)
