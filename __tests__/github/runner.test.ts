import { expect, test } from '@jest/globals'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workspaceOf } from '../../src/github/runner.js'

test('files of the workspace are read; what lies beside it, or is linked to there, is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'workspace-'))
  try {
    const root = join(directory, 'work')
    mkdirSync(root)
    mkdirSync(join(directory, 'work-2'))
    writeFileSync(join(root, 'task.json'), 'inside')
    writeFileSync(join(directory, 'secret.json'), 'outside')
    writeFileSync(join(directory, 'work-2', 'secret.json'), 'outside')
    symlinkSync(join(directory, 'secret.json'), join(root, 'link.json'))
    const workspace = workspaceOf({ GITHUB_WORKSPACE: root })
    const read = async (path: string) => await workspace.read(path)
    expect(await read('task.json')).toBe('inside')
    expect(await read(join(root, 'task.json'))).toBe('inside')
    for (const path of [
      '../secret.json',
      '../work-2/secret.json',
      join(directory, 'secret.json'),
      'link.json',
      'none.json'
    ])
      expect(await read(path)).toBeUndefined()
  } finally {
    rmSync(directory, { recursive: true })
  }
})
