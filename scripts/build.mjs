// npm run build: src -> lib (tsc) -> dist (ncc). Unminified and byte-for-byte reproducible.
import { rmSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
for (const dir of ['lib', 'dist']) rmSync(root + dir, { recursive: true, force: true })
run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json'])
const ncc = `${root}node_modules/@vercel/ncc/dist/ncc/cli.js`
run(process.execPath, [ncc, 'build', 'lib/main.js', '-o', 'dist', '--no-cache', '--license', 'licenses.txt', '-q'])
run(process.execPath, [ncc, 'build', 'lib/post.js', '-o', 'dist/post', '--no-cache', '--license', 'licenses.txt', '-q'])
