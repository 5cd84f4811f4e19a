/** The example workflows are held to GitHub's own language service, and what is wrong in one is said by file and line. */
import { afterAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const directory = mkdtempSync(join(tmpdir(), 'workflows-'))
afterAll(() => rmSync(directory, { recursive: true }))

const rollback = readFileSync('examples/rollback.yml', 'utf8')

/** The form of a manual rollback with one thing changed. */
function changed(name: string, from: string, to: string): string {
  expect(rollback.split(from)).toHaveLength(2)
  const file = join(directory, `${name}.yml`)
  writeFileSync(file, rollback.replace(from, to))
  return file
}

const lint = (files: string[]) =>
  spawnSync(process.execPath, ['scripts/lint-examples.mjs', ...files], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' }
  })

test('examples, our own workflows and action.yml have nothing to complain about', () => {
  const { status, stdout, stderr } = lint([])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^workflows: \d+ files and [5-9]\d* steps of this action/)
})

test('a broken form of a rollback is red, by file and line', () => {
  const { status, stderr } = lint([
    changed('input', 'rollback-to:', 'rollback-too:'),
    changed('field', '${{ inputs.target }}', '${{ inputs.targt }}'),
    changed('missing', '          service: ${{ inputs.service }}\n', ''),
    changed('key', '    timeout-minutes: 60', '    timeout-minuts: 60'),
    changed(
      'open',
      'group: rollback-${{ inputs.environment }}-${{ inputs.service }}',
      'group: rollback-${{ inputs.'
    )
  ])
  expect(status).toBe(1)
  const said = stderr
    .trim()
    .split('\n')
    .map((line) => line.replace(/^.*\//, ''))
  expect(said).toEqual([
    expect.stringMatching(/^input\.yml:\d+:\d+ Invalid action input 'rollback-too'$/),
    expect.stringMatching(/^field\.yml:\d+:\d+ Context access might be invalid: targt$/),
    expect.stringMatching(/^missing\.yml:\d+:\d+ Missing required input `service`$/),
    expect.stringMatching(/^key\.yml:\d+:\d+ Unexpected value 'timeout-minuts'$/),
    expect.stringMatching(/^open\.yml:\d+:\d+ .*not closed/)
  ])
})

test('the form asks for environment, service and target, and queues beside no deploy', () => {
  expect(rollback).toMatch(
    /workflow_dispatch:\n {4}inputs:\n {6}environment:[^]*\n {6}service:[^]*\n {6}target:/
  )
  expect(rollback).toMatch(/# A group of its own\.[^]*\nconcurrency:\n {2}group: rollback-/)
})
