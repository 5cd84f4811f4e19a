// npm test: installs what is missing, then runs jest with the flag that ES modules need.
import { ready, root, run } from './ready.mjs'

ready()
const flags = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim()
run(process.execPath, [`${root}node_modules/jest/bin/jest.js`, ...process.argv.slice(2)], {
  env: { ...process.env, NODE_OPTIONS: flags }
})
