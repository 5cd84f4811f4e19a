import { isObject, type Json, type JsonObject } from '../domain/task-definition.js'

/** What `docker login` left for one registry. Never logged, and never part of an error. */
export interface Credentials {
  username?: string
  password?: string
  /** A refresh token for the registry's token server. */
  identityToken?: string
  /** A token that is sent as it is. */
  registryToken?: string
}

/** A Docker config file, as far as it says how to be let into registries. */
export interface DockerConfig {
  /** Credentials by the key that the file has for the registry, in the file's order. */
  auths: { key: string; credentials: Credentials }[]
  /** The program that keeps the credentials of a registry, by key. */
  helpers: { key: string; program: string }[]
  /** The program that keeps all others. */
  store?: string
  /** What could not be understood, in words without any of its values. */
  problems: string[]
}

/** The name behind `docker-credential-`: a program, never a path. */
const programName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Reads a Docker config file. Never throws: what is wrong in it is among `problems`, the rest is taken. */
export function readDockerConfig(text: string): DockerConfig {
  const config: DockerConfig = { auths: [], helpers: [], problems: [] }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, '')) as unknown
  } catch {
    config.problems.push('it is not JSON')
    return config
  }
  if (!isObject(value)) {
    config.problems.push('it is not an object')
    return config
  }
  for (const [key, entry] of entries(value, 'auths', config.problems)) {
    const credentials = isObject(entry) ? readEntry(entry) : 'not an object'
    if (typeof credentials === 'string') config.problems.push(`the entry of ${place(key)} is ${credentials}`)
    // An entry without anything says only that a program keeps it.
    else if (Object.keys(credentials).length > 0) config.auths.push({ key, credentials })
  }
  for (const [key, program] of entries(value, 'credHelpers', config.problems)) {
    if (typeof program === 'string' && programName.test(program)) config.helpers.push({ key, program })
    else config.problems.push(`the credential helper of ${place(key)} is not the name of a program`)
  }
  const store = value['credsStore']
  if (typeof store === 'string' && programName.test(store)) config.store = store
  else if (store !== undefined && store !== null && store !== '')
    config.problems.push('credsStore is not the name of a program')
  return config
}

function entries(value: JsonObject, name: string, problems: string[]): [string, Json][] {
  const member = value[name]
  if (member === undefined || member === null) return []
  if (isObject(member)) return Object.entries(member)
  problems.push(`${name} is not an object`)
  return []
}

/** A key as it may be said: a host. Anything else in its place might be a secret that slipped. */
function place(key: string): string {
  const host = hostOfKey(key)
  return /^[a-z0-9.:-]{1,100}$/.test(host) ? host : 'a registry with an odd name'
}

function readEntry(entry: JsonObject): Credentials | string {
  const text = (name: string): string | undefined => {
    const value = entry[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const credentials: Credentials = {}
  const identityToken = text('identitytoken')
  const registryToken = text('registrytoken')
  if (identityToken !== undefined) credentials.identityToken = identityToken
  if (registryToken !== undefined) credentials.registryToken = registryToken
  const auth = text('auth')
  if (auth !== undefined) {
    const plain = Buffer.from(auth, 'base64').toString('utf8')
    const colon = plain.indexOf(':')
    // Docker itself writes user, colon, password; some tools end it with zeros.
    if (colon < 1) return 'not user and password in base64'
    return checked({
      ...credentials,
      username: plain.slice(0, colon),
      password: plain.slice(colon + 1).replace(/\0+$/, '')
    })
  }
  const username = text('username')
  const password = text('password')
  return checked({
    ...credentials,
    ...(username === undefined || password === undefined ? {} : { username, password })
  })
}

/** Nothing that could end a header and begin another. */
function checked(credentials: Credentials): Credentials | string {
  const unsafe = Object.values(credentials).some((v: string) => /[\u0000-\u001f\u007f]/.test(v))
  return unsafe ? 'of characters that no header can carry' : credentials
}

/** The host of a key: keys are written with and without scheme, and with paths such as `/v1/`. */
export function hostOfKey(key: string): string {
  const host = key.replace(/^[a-z]+:\/\//i, '').split('/')[0] ?? ''
  return host.toLowerCase()
}

/** Every name under which Docker Hub's credentials are kept. */
const hub = ['index.docker.io', 'docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']

/** Whether a key of the file means this registry (`docker.io` for Docker Hub). */
export function keyMeans(key: string, host: string): boolean {
  const named = hostOfKey(key)
  return host === 'docker.io' ? hub.includes(named) : named === host.toLowerCase()
}
