import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)

/** Test files of the world and its wire; the runner, the command line and the preload have their own words. */
const others = ['runner', 'cli', 'play', 'preload', 'workflow-commands', 'stories']

function titles(): string[] {
  return readdirSync(here)
    .filter((f) => f.endsWith('.test.ts') && !others.some((o) => f.startsWith(o)))
    .flatMap((f) => {
      const source = readFileSync(new URL(f, here), 'utf8')
      const found = source.matchAll(
        /(?:^test\(|^\]\)\(|^test\.each.*\)\()\s*(?:'((?:\\.|[^'\\])+)'|"([^"]+)")/gm
      )
      return [...found].map((m) => (m[1] ?? m[2] ?? '').replaceAll("\\'", "'"))
    })
}

test('the README promises what the tests hold', () => {
  const readme = readFileSync(new URL('../../simulator/README.md', here), 'utf8')
  const table = readme.slice(readme.indexOf('## What it promises'), readme.indexOf('## Timelines'))
  const promised = [...table.matchAll(/\| `([^`]+)`\s*\|$/gm)].map((m) => m[1]!)
  expect(promised.length).toBeGreaterThan(60)
  expect([...promised].sort()).toEqual(titles().sort())
})
