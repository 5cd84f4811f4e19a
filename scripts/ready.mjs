// Installs the locked dependencies when they are not there, so that each npm script works alone on a fresh clone.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command in the repository, its output shown; ends this process when the command fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

/** Runs `npm ci` unless what the lock file asks for is already installed. */
export function ready() {
  const installed = `${root}node_modules/.package-lock.json`
  if (existsSync(installed) && upToDate(installed)) return
  process.stderr.write('Installing dependencies (npm ci) ...\n')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] })
}

function upToDate(installed) {
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages
  const want = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages
  return Object.entries(want).every(
    ([path, entry]) => path === '' || entry.optional || have[path]?.version === entry.version
  )
}
