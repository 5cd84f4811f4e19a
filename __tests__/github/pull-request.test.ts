import { expect, test } from '@jest/globals'
import { choose, leadOf, type Lead } from '../../src/github/pull-request.js'
import type { WorkflowRun } from '../../src/github/context.js'

const sha = '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345'
const base: WorkflowRun = { event: 'push', payload: {}, sha, ref: 'refs/heads/main', runId: '1', attempt: 1 }
const fork = { head_sha: sha, head_branch: 'fix', head_repository: { owner: { login: 'mona' } } }

test.each<[string, Partial<WorkflowRun>, number | undefined, Lead]>([
  [
    'a pull request',
    { event: 'pull_request', payload: { pull_request: { number: 7 } } },
    undefined,
    { number: 7 }
  ],
  ['pr-number, which wins', { payload: { pull_request: { number: 7 } } }, 12, { number: 12 }],
  ['a push', {}, undefined, { sha, branch: 'main' }],
  ['a tag', { ref: 'refs/tags/v1' }, undefined, { sha }],
  [
    'workflow_dispatch',
    { event: 'workflow_dispatch', ref: 'refs/heads/fix' },
    undefined,
    { sha, branch: 'fix' }
  ],
  [
    'a comment under a pull request',
    { event: 'issue_comment', payload: { issue: { number: 7, pull_request: {} } } },
    undefined,
    { number: 7 }
  ],
  [
    'a comment under an issue',
    { event: 'issue_comment', payload: { issue: { number: 7 } } },
    undefined,
    { sha, branch: 'main' }
  ],
  [
    'a merge group',
    {
      event: 'merge_group',
      payload: { merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-31-${sha}` } }
    },
    undefined,
    { number: 31 }
  ],
  [
    'workflow_run of a pull request of the repository',
    {
      event: 'workflow_run',
      payload: { workflow_run: { head_sha: sha, pull_requests: [{ number: 7, head: { sha } }] } }
    },
    undefined,
    { number: 7 }
  ],
  [
    'workflow_run of a fork',
    { event: 'workflow_run', payload: { workflow_run: { ...fork, pull_requests: [] } } },
    undefined,
    { sha, branch: 'fix', owner: 'mona' }
  ],
  [
    'an event without anything',
    { event: 'schedule', payload: undefined, sha: '', ref: '' },
    undefined,
    undefined
  ],
  [
    'a number that is none',
    { payload: { pull_request: { number: '7' } } },
    undefined,
    { sha, branch: 'main' }
  ]
])('%s leads to its pull request', (_, run, given, lead) => {
  expect(leadOf({ ...base, ...run }, given)).toEqual(lead)
})

const pull = (number: number, more: object = {}) => ({
  number,
  state: 'open',
  merged_at: null,
  head: { sha: '0'.repeat(40), ref: 'other' },
  ...more
})
const merged = { state: 'closed', merged_at: '2026-06-01T09:00:00Z' }

test.each<[string, unknown[], number | undefined]>([
  ['none', [], undefined],
  ['the one that this commit merged', [pull(9), pull(3, { ...merged, merge_commit_sha: sha })], 3],
  [
    'the open one of this branch',
    [pull(9, { head: { sha, ref: 'x' } }), pull(4, { head: { sha, ref: 'fix' } })],
    4
  ],
  ['the open one whose head it is', [pull(9), pull(4, { head: { sha, ref: 'x' } })], 4],
  ['a merged one that has it', [pull(9), pull(4, merged), pull(5)], 4],
  ['the only one', [pull(9)], 9],
  ['none of several that merely have it', [pull(9), pull(8)], undefined],
  ['nothing out of what is no pull request', [null, 'x', { number: -1 }], undefined]
])('of the pull requests of a commit: %s', (_, pulls, number) => {
  expect(choose(pulls, sha, 'fix')).toBe(number)
})
