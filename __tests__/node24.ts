import { execFileSync } from 'node:child_process'

let found: string | undefined

/**
 * The Node 24 that production runs on: `NODE24`, this very Node when it is one, else the npm package of it, which npx
 * fetches once and keeps. Throws, with what was tried, when there is none.
 */
export function node24(): string {
  found ??= look()
  return found
}

function look(): string {
  const tried: string[] = []
  const is24 = (path: string): boolean => {
    try {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
      if (version.startsWith('v24.')) return true
      tried.push(`${path} is ${version}`)
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
    return false
  }
  const given = process.env['NODE24']
  if (given !== undefined && given !== '') {
    if (is24(given)) return given
    throw new Error(`NODE24 is not a Node 24: ${tried.join('; ')}`)
  }
  if (is24(process.execPath)) return process.execPath
  // `node` itself puts its binary there with an install script, which this repository's .npmrc keeps from running;
  // the platform's package has the binary in it.
  const platform = process.platform === 'win32' ? 'win' : process.platform
  for (const name of [`node-${platform}-${process.arch}@24`, 'node@24']) {
    try {
      const path = execFileSync('npx', ['--yes', '--package', name, '--', 'node', '-p', 'process.execPath'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, NODE_OPTIONS: '' }
      }).trim()
      if (is24(path)) return path
    } catch (error) {
      tried.push(`npx ${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    }
  }
  throw new Error(`No Node 24 to test with; set NODE24 to its path. Tried: ${tried.join('; ')}`)
}
