// npm run demo [-- STORY | --list]: the shipped dist/index.js against the simulated AWS, in virtual time.
import { ready, root, run } from './ready.mjs'

ready()
run(process.execPath, ['--import', 'tsx', `${root}simulator/cli.ts`, ...process.argv.slice(2)])
