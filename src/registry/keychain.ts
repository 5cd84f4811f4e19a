import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { homedir } from 'node:os'
import type { Clock } from '../ports.js'
import { keyMeans, readDockerConfig, type Credentials, type DockerConfig } from './docker-config.js'

const longestFile = 1024 * 1024
const longestAnswer = 65_536
const helperMs = 5000

/** What a program wrote, or that there is none of that name. */
interface Said {
  text?: string
  missing?: boolean
}

/** Gives the credentials of registries. */
export interface Keychain {
  /** `docker.io` is Docker Hub. Undefined when there are none: then one is anonymous. Never throws. */
  of(host: string): Promise<Credentials | undefined>
}

/** The credentials that `docker login` left in the Docker config file, or with the program that this file names. */
export class DockerKeychain implements Keychain {
  private file?: Promise<DockerConfig>
  private readonly found = new Map<string, Promise<Credentials | undefined>>()

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly clock: Clock,
    /** Hears, once, what is wrong with the file or a program; never a value out of them. */
    private readonly warn: (text: string) => void
  ) {}

  of(host: string): Promise<Credentials | undefined> {
    const known = this.found.get(host) ?? this.look(host)
    this.found.set(host, known)
    return known
  }

  private async look(host: string): Promise<Credentials | undefined> {
    this.file ??= this.read()
    const { auths, helpers, store } = await this.file
    const written = auths.filter((a) => keyMeans(a.key, host))
    const program = helpers.find((h) => keyMeans(h.key, host))?.program ?? store
    const kept = program === undefined ? undefined : await this.ask(program, host)
    return kept ?? written[0]?.credentials
  }

  private async read(): Promise<DockerConfig> {
    const folder = this.env['DOCKER_CONFIG'] || `${this.env['HOME'] || homedir()}/.docker`
    const text = await firstOf(`${folder}/config.json`, longestFile).catch(() => undefined)
    if (text === undefined) return { auths: [], helpers: [], problems: [] }
    const config = readDockerConfig(text)
    if (config.problems.length > 0)
      this.warn(`The Docker config file cannot be used as it is: ${config.problems.slice(0, 5).join('; ')}.`)
    return config
  }

  /** Asks `docker-credential-PROGRAM get`, as docker does. Undefined when it has nothing, or is not there. */
  private async ask(program: string, host: string): Promise<Credentials | undefined> {
    const key = host === 'docker.io' ? 'https://index.docker.io/v1/' : host
    const answer = await this.run(`docker-credential-${program}`, `${key}\n`)
    if (answer.missing === true)
      this.warn(`The Docker config file keeps credentials with "${program}", which is not installed here.`)
    if (answer.text === undefined) return undefined
    try {
      const { Username: username, Secret: secret } = JSON.parse(answer.text) as Record<string, unknown>
      if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined
      // So docker marks a secret that is a refresh token.
      return username === '<token>' ? { identityToken: secret } : { username, password: secret }
    } catch {
      return undefined
    }
  }

  /** What the program wrote; nothing when it failed, took too long or wrote too much. */
  private async run(program: string, input: string): Promise<Said> {
    const over = new AbortController()
    const ended = new Promise<Said>((resolve) => {
      const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], env: this.env })
      let text = ''
      const give = (value: Said) => {
        resolve(value)
        child.kill('SIGKILL')
        // What it may have started itself is not waited for.
        child.stdout.destroy()
        child.unref()
      }
      child.on('error', (error) => give({ missing: 'code' in error && error.code === 'ENOENT' }))
      child.stdout.setEncoding('utf8')
      child.stdout.on('data', (chunk: string) => {
        text += chunk
        if (text.length > longestAnswer) give({})
      })
      child.on('close', (code) => give(code === 0 ? { text } : {}))
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      over.signal.addEventListener('abort', () => give({}), { once: true })
    })
    const tooLong = this.clock.sleep(helperMs, over.signal).then(
      () => over.abort(),
      () => undefined
    )
    try {
      return await ended
    } finally {
      over.abort()
      await tooLong
    }
  }
}

/** A file's text, as far as `most` bytes: what is longer is no config file. */
async function firstOf(path: string, most: number): Promise<string> {
  const file = await open(path)
  try {
    const bytes = Buffer.alloc(most + 1)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
