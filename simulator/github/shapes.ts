/** How things look in GitHub's answers, held against its published schemas. */
import type { components } from '@octokit/openapi-types'

/** Members of one of GitHub's schemas; what nobody reads is left out, what is there has the right name and type. */
export type Shape<K extends keyof components['schemas']> = {
  [M in keyof components['schemas'][K]]?: components['schemas'][K][M] extends infer V
    ? V extends object
      ? V | Partial<V>
      : V
    : never
}

/** A moment as GitHub writes it, without milliseconds. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Somebody; apps have a name that ends in `[bot]`. */
export function user(login: string): { login: string; id: number; type: string; html_url: string } {
  const bot = login.endsWith('[bot]')
  const name = login.replace(/\[bot\]$/, '')
  return {
    login,
    id: Array.from(login).reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_003, 7),
    type: bot ? 'Bot' : 'User',
    html_url: bot ? `https://github.com/apps/${name}` : `https://github.com/${name}`
  }
}

/** How long GitHub finds a text: in characters, however many bytes each has. */
export function charactersIn(text: string): number {
  return Array.from(text).length
}
