import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse } from 'yaml'
import { Refusal } from '../src/domain/outcome.js'
import { readInputs, type Inputs } from '../src/inputs.js'

const run = { sha: '0123456789abcdef', runId: '987', attempt: '2' }
const least = { environment: 'staging', service: 'web' }

function read(given: Record<string, string>): Inputs {
  return readInputs((name) => given[name] ?? '', run)
}

function problems(given: Record<string, string>): string[] {
  try {
    read(given)
  } catch (error) {
    if (error instanceof Refusal) return error.problems
    throw error
  }
  return []
}

test('the defaults are those of action.yml, and every input that is read stands there', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as {
    inputs: Record<string, { default?: string; description: string }>
  }
  const asked = new Set<string>()
  const fromCode = readInputs((name) => {
    asked.add(name)
    return (least as Record<string, string>)[name] ?? ''
  }, run)
  const fromFile = readInputs(
    (name) => (least as Record<string, string>)[name] ?? action.inputs[name]?.default ?? '',
    run
  )
  expect(fromFile).toEqual({ ...fromCode, githubToken: '${{ github.token }}' })
  expect(Object.keys(action.inputs).filter((name) => !asked.has(name))).toEqual([])
  expect([...asked].filter((name) => !(name in action.inputs))).toEqual([])
  const types = parse(readFileSync('action-types.yml', 'utf8')) as { inputs: object; outputs: object }
  expect(Object.keys(types.inputs)).toEqual(Object.keys(action.inputs))
})

test('a whole deploy is read as typed values', () => {
  const inputs = read({
    ...least,
    cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/main',
    images: 'web=repo/web:1\n\n log = repo/log@sha256:' + 'a'.repeat(64),
    'desired-count': '3',
    timeout: '1h',
    'bake-time': '0s',
    'poll-interval': '10s',
    'max-failed-tasks': '0',
    'tag-images': 'False'
  })
  expect(inputs).toMatchObject({
    cluster: 'main',
    region: 'eu-west-1',
    desiredCount: 3,
    timeoutMs: 3_600_000,
    bakeMs: 0,
    pollMs: 10_000,
    maxFailedTasks: 0,
    tagImages: false,
    imageTag: 'staging-0123456-987.2'
  })
  expect(inputs.images.map((i) => i.container)).toEqual(['web', 'log'])
})

test('all problems come in one message, each with the value and what is allowed', () => {
  const found = problems({
    environment: 'Prod!',
    service: 'a b',
    pin: 'some',
    timeout: '30',
    'poll-interval': '2m',
    'desired-count': '0',
    'max-failed-tasks': '-1',
    'image-tag-template': '{branch}',
    images: 'web=Repo:1\nweb=repo:1',
    'on-failure': 'retry',
    busy: 'queue',
    'tag-images': 'yes'
  })
  for (const word of [
    'environment "Prod!"',
    'service "a b"',
    'pin "some" is not allowed: all, given',
    'timeout "30"',
    'poll-interval "2m"',
    'desired-count "0"',
    'max-failed-tasks "-1"',
    '{branch}',
    '"Repo:1"',
    'on-failure "retry"',
    'busy "queue" is not allowed: wait, refuse, take-over',
    'tag-images "yes"'
  ])
    expect(found.join('\n')).toContain(word)
})

test.each([
  [
    'an unknown mode',
    { mode: 'deply' },
    'mode "deply" is not allowed: deploy, rollback, plan, diagnose, audit'
  ],
  ['two services to deploy to', { service: 'web\nworker' }, 'service names 2 services ("web", "worker")'],
  [
    'two regions',
    {
      mode: 'audit',
      service: ['eu-west-1', 'us-east-1']
        .map((r) => `arn:aws:ecs:${r}:111122223333:service/main/web`)
        .join('\n')
    },
    'one run looks at one region'
  ],
  [
    'alarms',
    { alarms: 'arn:aws:sns:eu-west-1:111122223333:x' },
    'is neither the name nor the ARN of a CloudWatch alarm'
  ],
  ['a GitHub deployment', { 'github-deployment': 'perhaps' }, 'github-deployment "perhaps" is not allowed'],
  ['a pull request', { 'pr-number': '#12' }, 'pr-number "#12" is not allowed'],
  ['an image without tag and digest', { images: 'repo/web' }, 'names no tag and no digest'],
  ['a digest that is too short', { images: 'repo/web@sha256:abc' }, 'is not an image reference'],
  ['two lines without container', { images: 'a:1\nb:1' }, 'container=reference'],
  ['the same container twice', { images: 'a=a:1\na=b:1' }, 'given more than once'],
  [
    'a template that expands beyond the grammar',
    { 'image-tag-template': '-{sha}' },
    'which ECR does not take'
  ],
  [
    'a service of another cluster',
    { cluster: 'one', service: 'arn:aws:ecs:eu-west-1:111122223333:service/two/web' },
    'lives in cluster "two"'
  ]
])('%s is refused by name', (_, given, words) => {
  expect(problems({ ...least, ...given }).join('\n')).toContain(words)
})

test('several services are for audit and diagnose, each with its place; an environment is not needed there', () => {
  const arn = 'arn:aws:ecs:eu-west-1:111122223333:service/other/worker'
  const inputs = read({ mode: 'audit', cluster: 'main', service: 'web' })
  expect(inputs).toMatchObject({ mode: 'audit', environment: '', cluster: 'main', service: 'web' })
  expect(read({ mode: 'diagnose', service: `web\n\n${arn}\nweb` }).services).toEqual([
    { cluster: 'default', service: 'web' },
    { cluster: 'other', service: 'worker', region: 'eu-west-1', account: '111122223333' }
  ])
})

test('inputs that mean nothing in a mode are named, and no error', () => {
  expect(read({ ...least, 'rollback-to': '7' }).unused).toEqual(['rollback-to'])
  expect(read({ ...least, 'rollback-to': 'previous' }).unused).toEqual([])
  const back = read({ ...least, mode: 'rollback', 'rollback-to': '7', images: 'web=a:1', busy: 'take-over' })
  expect(back).toMatchObject({ rollbackTo: '7', unused: ['images'] })
})

test('an ARN of a service names its cluster and region', () => {
  const inputs = read({
    ...least,
    cluster: 'default',
    service: 'arn:aws-cn:ecs:cn-north-1:111122223333:service/two/web'
  })
  expect(inputs).toMatchObject({ cluster: 'two', service: 'web', region: 'cn-north-1' })
})

test('whatever stands in the inputs, the end is a value or a refusal with sentences', () => {
  const names = [
    'environment',
    'cluster',
    'service',
    'images',
    'timeout',
    'image-tag-template',
    'desired-count',
    'mode'
  ]
  const given = fc.record(
    Object.fromEntries(names.map((n) => [n, fc.string({ unit: 'binary', maxLength: 40 })]))
  )
  fc.assert(
    fc.property(given, (values) => {
      for (const problem of problems(values)) expect(problem).toMatch(/\w.*\.$/s)
    }),
    { numRuns: 500 }
  )
})
