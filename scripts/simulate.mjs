// npm run simulate -- STORY [options]: a story's AWS on loopback, for any AWS client, until Ctrl-C.
import { spawn } from 'node:child_process'
import { ready, root } from './ready.mjs'

ready()
const child = spawn(
  process.execPath,
  ['--import', 'tsx', `${root}simulator/simulate.ts`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit'
  }
)
// Ctrl-C reaches both of us; a signal sent to this process alone is passed on. Either way the child has the last word.
let passed = false
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (!passed && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    passed = true
  })
child.on('close', (code) => process.exit(code ?? 1))
