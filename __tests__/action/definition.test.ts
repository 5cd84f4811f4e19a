/** What the definition names is asked about before anything is written, and whoever may not ask deploys all the same. */
import { expect, test } from '@jest/globals'
import type { Fault, Json } from '../../simulator/index.js'
import { openStory, type Played } from '../play.js'
import { shop } from '../../simulator/stories/shop.js'
import type { Story } from '../../simulator/stories/story.js'

const secret = 'arn:aws:secretsmanager:us-west-2:043309339649:secret:shop-AbCdEf'
const role = 'arn:aws:iam::043309339649:role/shop-execution'

/** The shop, deployed with a file whose container is started with a secret and a parameter, under a role of its own. */
const story: Story = {
  name: 'inline',
  title: '',
  about: '',
  build(world) {
    const made = shop(world)
    const raw = made.taskDefinition.raw
    const containers = raw['containerDefinitions'] as Json[]
    const secrets = [
      { name: 'TOKEN', valueFrom: `${secret}:token::` },
      { name: 'KEY', valueFrom: '/shop/key' }
    ]
    const task = {
      ...raw,
      executionRoleArn: role,
      containerDefinitions: containers.map((c) => ({ ...c, secrets }))
    }
    return {
      ...made,
      files: { 'task.json': JSON.stringify(task) },
      inputs: { ...made.inputs, 'task-definition': 'task.json' }
    }
  },
  expect: { outcome: '', exitCode: 0 }
}

const asked = ['GetRole', 'SimulatePrincipalPolicy', 'DescribeSecret', 'DescribeParameters']

async function play(prepare: (stage: Awaited<ReturnType<typeof openStory>>) => void): Promise<Played> {
  const stage = await openStory(story, { pace: 'lockstep' })
  try {
    prepare(stage)
    return await stage.run()
  } finally {
    await stage.close()
  }
}

const operations = (played: Played) => played.journal.map((e) => e.operation)
const troubleIn = (played: Played) => /^ {2}[✖!] (\S+): /m.exec(played.result.stdout)?.[1]

test('a role that trusts another service and a secret that is gone are found before anything is written', async () => {
  const played = await play(({ world }) => {
    world.secret(secret, 'missing')
    world.role(role, {
      trust: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }
        ]
      }
    })
  })
  expect(played.result.outputs).toMatchObject({ outcome: 'refused' })
  expect(played.result.outputs['reason']).toMatch(/shop-execution does not trust ecs-tasks/)
  expect(played.result.outputs['reason']).toMatch(
    /shop-AbCdEf, which container web gets as TOKEN, does not exist/
  )
  expect(played.journal.filter((e) => e.write)).toEqual([])
})

test('what is well is asked about once, and no value is read', async () => {
  const played = await play(() => undefined)
  expect(played.result.outputs['outcome']).toBe('deployed')
  expect(troubleIn(played)).toBeUndefined()
  expect(played.result.stdout).not.toContain('could not be made')
  const all = operations(played)
  expect(asked.filter((o) => !all.includes(o))).toEqual([])
  expect(all.filter((o) => o === 'GetRole')).toHaveLength(
    new Set(['shop-execution', 'ecs-task-execution-role']).size
  )
  expect(all.filter((o) => /GetSecretValue|GetParameter/.test(o))).toEqual([])
})

const nobody: [string, Fault][] = [
  ['are denied', { kind: 'access-denied' }],
  ['are not known in this world', { kind: 'error', code: 'UnknownOperationException', message: 'unknown' }],
  ['never answer', { kind: 'silence' }]
]

test.each(nobody)('questions that %s leave one quiet line, and hold nothing up', async (_, fault) => {
  const played = await play(({ server }) => {
    for (const operation of asked) server.faults.add({ fault, operation })
  })
  expect(played.result.outputs['outcome']).toBe('deployed')
  expect(troubleIn(played)).toBeUndefined()
  expect(played.result.stdout.match(/checks could not be made/g)).toHaveLength(1)
  const told = played.result.commands.filter((c) => ['warning', 'error'].includes(c.name))
  expect(JSON.stringify(told)).not.toMatch(/role|secret|parameter|iam|ssm/i)
  const registered = played.journal.find((e) => e.operation === 'RegisterTaskDefinition')
  expect((registered?.time ?? Infinity) - played.from).toBeLessThanOrEqual(8000)
})
