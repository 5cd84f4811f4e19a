import { readFile } from 'node:fs/promises'
import { endOfToken, readExpiration, type Session } from '../domain/session.js'
import type { Clients } from './clients.js'

/**
 * When the session of this job ends, where something tells: `AWS_CREDENTIAL_EXPIRATION` beside keys in the environment,
 * which nobody renews (the SDK reads it; AWS CLI and others write it), or STS itself, where the SDK has assumed a role by
 * a token file that ends before the session does. Undefined when nothing tells, or the SDK renews it. Never throws.
 */
export async function sessionOf(clients: Clients, env: NodeJS.ProcessEnv): Promise<Session | undefined> {
  if (env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE']) {
    const told = env['AWS_CREDENTIAL_EXPIRATION'] || env['AWS_SESSION_EXPIRATION']
    const endsAt = readExpiration(told)
    return endsAt === undefined ? undefined : { endsAt }
  }
  const file = env['AWS_WEB_IDENTITY_TOKEN_FILE']
  if (!file) return undefined
  try {
    const tokenEnds = endOfToken(await readFile(file, 'utf8'))
    if (tokenEnds === undefined) return undefined
    // The first request resolves the same credentials; they are kept.
    const { expiration } = await (await clients.ecs()).config.credentials()
    return expiration && tokenEnds < expiration.getTime() ? { endsAt: expiration.getTime() } : undefined
  } catch {
    // The first request tells what is wrong.
    return undefined
  }
}
