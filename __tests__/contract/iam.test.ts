/** docs/iam.md names what the shipped code calls, and no more. */
import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { playStory } from '../../simulator/play.js'
import { storyNamed } from '../../simulator/stories/index.js'

const read = (path: string) => readFileSync(path, 'utf8')

test('the documented policy equals the calls in src/aws', () => {
  const source = readdirSync('src/aws')
    .map((file) => read(`src/aws/${file}`))
    .join('\n')
  const named = (file: string, prefix: string) =>
    [...read(`src/aws/${file}`).matchAll(/(?:send|ask)\(\s*(?:\w+,\s*)?'(\w+)'/g)].map(
      (m) => `${prefix}:${m[1] ?? ''}`
    )
  const used = [
    ...named('ecs.ts', 'ecs'),
    ...named('ecs-rollouts.ts', 'ecs'),
    ...named('ecr.ts', 'ecr'),
    ...named('ecr-layers.ts', 'ecr'),
    ...named('repositories.ts', 'ecr'),
    ...[...source.matchAll(/(?:call|all)\('(\w+:\w+)'/g)].map((m) => m[1] ?? '')
  ]
  const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(read('docs/iam.md'))?.[1] ?? '') as {
    Statement: { Action: string | string[] }[]
  }
  const documented = policy.Statement.flatMap((s) => s.Action)
  // A consequence of RegisterTaskDefinition, not a call of ours.
  const implied = ['iam:PassRole']
  expect([...new Set(used)].sort()).toEqual(documented.filter((a) => !implied.includes(a)).sort())
  expect(used.length).toBeGreaterThan(8)
})

test('nothing that destroys is anywhere in the source', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .map((f) => read(`src/${f}`))
    .join('\n')
  expect(source).not.toMatch(/Deregister\w*Command|Delete\w+Command|BatchDelete|StopTaskCommand/)
})

test('what stories make the bundle call is all in the documented policy', async () => {
  const called = new Set<string>()
  for (const name of ['healthy-alb', 'ec2-instances', 'prooflink-crash', 'refused'])
    for (const { service, operation } of (await playStory(storyNamed(name), { pace: 'lockstep' })).journal)
      // Registries and layer stores let in by other means.
      if (service !== 'oci') called.add(`${service}:${operation}`)
  const text = read('docs/iam.md')
  expect([...called].filter((call) => !text.includes(`"${call}"`))).toEqual([])
  expect(called.size).toBeGreaterThan(8)
})

test('the policy of mode plan is what reads of the policy of deploy, and all that a plan calls', async () => {
  const actions = (after: string): string[] => {
    const text = read('docs/iam.md').split(after)[1] ?? ''
    const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '') as {
      Statement: { Action: string | string[] }[]
    }
    return policy.Statement.flatMap((s) => s.Action)
  }
  const [deploy, plan] = [actions('# Permissions'), actions('## Mode plan')]
  // For what watches a deployment.
  const watching = ['ecs:DescribeServiceDeployments', 'ecs:DescribeContainerInstances', 'logs:GetLogEvents']
  const reads = deploy.filter((a) => /:(Describe|List|Get|BatchGet|BatchCheck|Simulate)/.test(a))
  expect(plan.toSorted()).toEqual(reads.filter((a) => !watching.includes(a)).sort())
  const inputs = { mode: 'plan' }
  for (const name of ['healthy-alb', 'ec2-instances', 'prooflink-crash']) {
    const { journal, result } = await playStory(storyNamed(name), { pace: 'lockstep', inputs })
    expect(result.outputs['outcome']).toBe('ok')
    expect(journal.filter((e) => e.write)).toEqual([])
    const called = new Set(
      journal.filter((e) => e.service !== 'oci').map((e) => `${e.service}:${e.operation}`)
    )
    expect([...called].filter((call) => !plan.includes(call))).toEqual([])
  }
})
