/** The registries as the action wires them, over this machine's network and clock; ECR is for who gives one. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.js'
import { parseImage, repositoryOf, type Repository } from '../../src/domain/image.js'
import type { Clock, Registries } from '../../src/ports.js'
import { registriesOf, type EcrClient, type Materials } from '../../src/registry/index.js'

/** A clock whose pauses after failures are short. */
export const hastyClock: Clock = {
  ...systemClock,
  random: () => 0,
  sleep: async (ms, signal) => {
    await systemClock.sleep(ms < 3000 ? ms / 50 : ms, signal)
  }
}

/** Registries that find this Docker config file, and what they warned of. */
export function registries(
  config: unknown = {},
  more: Partial<Materials> = {}
): { registries: Registries; warnings: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'))
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  const warnings: string[] = []
  const made = registriesOf({
    ecr: () => ({}) as EcrClient,
    env: { DOCKER_CONFIG: folder, PATH: process.env['PATH'] },
    clock: hastyClock,
    warn: (text) => warnings.push(text),
    ...more
  })
  return { registries: made, warnings }
}

/** The repository of a reference. */
export function at(reference: string): Repository {
  const parsed = parseImage(reference)
  if (!parsed) throw new Error(`${reference} is no reference`)
  return repositoryOf(parsed)
}

/** What `docker login` leaves. */
export function loggedIn(host: string, user: string, password: string): object {
  return { auths: { [host]: { auth: Buffer.from(`${user}:${password}`).toString('base64') } } }
}
