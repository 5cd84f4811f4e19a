// Debian's aws command line, pointed at a simulator; and checks that print a line each.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

function works(command) {
  return spawnSync(command, ['--version'], { encoding: 'utf8' }).status === 0
}

/** The aws CLI: Debian's, installed when that is possible, else any; undefined when there is none. */
export function findAws() {
  const debian = '/usr/bin/aws'
  if (existsSync(debian) && works(debian)) return debian
  if (process.getuid?.() === 0 && works('apt-get')) {
    const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update'], quiet)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'awscli'], quiet)
    if (existsSync(debian) && works(debian)) return debian
  }
  return works('aws') ? 'aws' : undefined
}

/** Commands of the CLI against a server: `run` gives the JSON that it prints, `refused` wants an error code. */
export function cli(aws, server, region) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME ?? '/',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: ''
  }
  const run = async (...args) => {
    const all = [...args, '--endpoint-url', server.url, '--output', 'json']
    const { stdout } = await promisify(execFile)(aws, all, { env })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const refused = async (code, ...args) => {
    try {
      await run(...args)
    } catch (error) {
      if (String(error.stderr).includes(`(${code})`)) return
      throw error
    }
    throw new Error(`not refused with ${code}`)
  }
  /** Whether this version of the CLI has such a command at all. */
  const knows = async (...args) => {
    try {
      await run(...args)
      return true
    } catch (error) {
      return !String(error.stderr).includes('Invalid choice')
    }
  }
  return { run, refused, knows }
}

/** Checks that print `ok` or `FAIL`, and how many failed. */
export function checks() {
  const made = {
    failures: 0,
    async check(name, fn) {
      try {
        await fn()
        console.log(`ok    ${name}`)
      } catch (error) {
        made.failures++
        console.log(`FAIL  ${name}: ${error.stderr ?? error.stack ?? error}`)
      }
    }
  }
  return made
}

/** Throws when two values are not the same JSON. */
export function same(actual, expected, what) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== e) throw new Error(`${what}: ${a} instead of ${e}`)
}
