import type { Repository } from '../domain/image.js'
import { isObject } from '../domain/task-definition.js'
import { NotFound, RegistryFault } from '../ports.js'
import { retryAfter } from './patience.js'
import { bytesOf, type Answer } from './web.js'

const longestBody = 65_536

/**
 * What an answer means that is none of the good ones: NotFound only when the registry itself says so in the form of
 * the specification, so that a proxy's page is not taken for its word. Of its texts only the code is repeated.
 */
export async function refusalOf(
  { host, name }: Repository,
  answer: Answer,
  what: string,
  hasKey: boolean,
  now: number
): Promise<Error> {
  const { status } = answer
  const code = await codeOf(host, answer)
  const words = code === undefined ? `HTTP status ${status}` : `${code}, HTTP status ${status}`
  if (status === 404 && code !== undefined) return new NotFound(`${what} does not exist in ${host}/${name}`)
  if (status === 429)
    return new RegistryFault(
      'limited',
      host,
      `${host} says that too many requests were made (${words})`,
      retryAfter(answer.headers.get('retry-after'), now)
    )
  if (status >= 500) return new RegistryFault('unreachable', host, `${host} answers with ${words}`)
  if (status === 401 || status === 403) {
    const who = hasKey ? 'the user of the Docker config file' : 'an anonymous user'
    return new RegistryFault('denied', host, `${host} does not let ${who} into ${name} (${words})`)
  }
  const why = code === undefined ? 'it does not answer as a registry does' : 'it refuses'
  return new RegistryFault('rejected', host, `${host} gives nothing for ${what}: ${why} (${words})`)
}

/** The code of an error in the specification's form; undefined when it is in none. */
async function codeOf(host: string, answer: Answer): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse((await bytesOf(host, answer, longestBody)).toString('utf8'))
    const list = isObject(value) && Array.isArray(value['errors']) ? value['errors'] : undefined
    if (!list) return undefined
    const first = list[0] ?? null
    const code = isObject(first) ? first['code'] : undefined
    return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'an error without a code'
  } catch {
    return undefined
  }
}
