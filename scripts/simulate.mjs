// npm run simulate -- STORY [options]: a story's AWS on loopback, for any AWS client, until Ctrl-C.
import { spawn } from 'node:child_process'
import { ready, root } from './ready.mjs'

ready()
const child = spawn(
  process.execPath,
  ['--import', 'tsx', `${root}simulator/simulate.ts`, ...process.argv.slice(2)],
  {
    cwd: root,
    // The channel says nothing: its end tells the child that this process is gone, also when it was killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc']
  }
)
// Ctrl-C reaches both of us; a signal sent to this process alone is passed on. Either way the child has the last word.
let passed = false
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (!passed && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    passed = true
  })
// npm's shell, when it is ended by a signal, says nothing to us: the process is another's from then on.
if (process.env.npm_lifecycle_event === 'simulate') {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, 500).unref()
}
child.on('close', (code) => process.exit(code ?? 1))
