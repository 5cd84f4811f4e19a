import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { demoStories, stories } from '../../simulator/stories/index.js'
import { rollbackStories } from '../../simulator/stories/rollback/index.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The command line as `npm run demo` starts it, from a directory that has nothing to do with it. */
function cli(...args: string[]): { code: number | null; out: string; err: string } {
  const tsx = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href
  const done = spawnSync(process.execPath, ['--import', tsx, `${root}simulator/cli.ts`, ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

test('--list names every story with its title', () => {
  const { code, out } = cli('--list')
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n')).toHaveLength(stories.length)
  for (const { name, title } of stories) expect(out).toMatch(new RegExp(`^${name} +${title}$`, 'm'))
})

test('an unknown name is answered with the names there are', () => {
  const { code, err } = cli('prod-e-bad')
  expect(code).toBe(2)
  expect(err).toContain('There is no story "prod-e-bad". The stories are:\n  prod-e-good\n')
})

test('an unknown option is named', () => {
  const { code, err } = cli('--lst')
  expect(code).toBe(2)
  expect(err).toContain('There is no option --lst')
})

describe('the stories', () => {
  test('have names of their own, one file each, and say what happens', () => {
    expect(new Set(stories.map((story) => story.name)).size).toBe(stories.length)
    for (const story of stories) {
      expect(story.name).toMatch(/^[a-z0-9-]+$/)
      expect(story.about).toMatch(/\.$/)
    }
    const files = ['seeds', 'healthy', 'failing', 'trouble']
      .flatMap((folder) => readdirSync(`${root}simulator/stories/${folder}`))
      .filter((file) => file !== 'index.ts')
    // Rollbacks stand together by kind.
    const together = new Set(rollbackStories.map((story) => story.name))
    const alone = stories.filter(({ name }) => !together.has(name))
    expect(alone.map((story) => `${story.name}.ts`).sort()).toEqual(files.sort())
    expect(demoStories.map((story) => story.name)).toEqual([
      'prod-e-good',
      'prooflink-crash',
      'prod-e-curl-missing'
    ])
  })

  test('a green ending exits 0 and has no reason code; every other one exits 1 and has one', () => {
    for (const { name, expect: end } of stories) {
      const green = end.outcome === 'deployed' || end.outcome === 'unchanged'
      expect({ name, exitCode: end.exitCode, coded: end.reasonCode !== undefined }).toEqual({
        name,
        exitCode: green ? 0 : 1,
        coded: !green
      })
    }
  })
})
