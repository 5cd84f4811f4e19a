import { expect, test } from '@jest/globals'
import { diffDefinitions } from '../../src/domain/definition-diff.js'
import type { JsonObject } from '../../src/domain/task-definition.js'

const web = {
  name: 'web',
  image: 'shop:v1',
  cpu: 256,
  environment: [
    { name: 'LEVEL', value: 'info' },
    { name: 'OLD', value: 'x' }
  ],
  secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/one' }],
  portMappings: [{ containerPort: 8080 }]
}
const definition = (
  change: JsonObject = {},
  container: JsonObject = {},
  more: JsonObject[] = []
): JsonObject => ({
  family: 'shop',
  cpu: '256',
  memory: '512',
  networkMode: 'awsvpc',
  ...change,
  containerDefinitions: [{ ...web, ...container }, ...more]
})

test.each<[string, JsonObject, unknown]>([
  ['nothing', definition(), []],
  ['defaults that ECS fills in', definition({ volumes: [] }, { essential: true, mountPoints: [] }), []],
  ['another image, which the plan shows itself', definition({}, { image: 'shop:v2' }), []],
  [
    'memory of the task',
    definition({ memory: '1024' }),
    [{ what: 'memory', kind: 'changed', before: '512', after: '1024' }]
  ],
  [
    'the environment, by key',
    definition(
      {},
      {
        environment: [
          { name: 'NEW', value: '1' },
          { name: 'LEVEL', value: 'debug' }
        ]
      }
    ),
    [
      { container: 'web', what: 'environment', key: 'LEVEL', kind: 'changed' },
      { container: 'web', what: 'environment', key: 'NEW', kind: 'added' },
      { container: 'web', what: 'environment', key: 'OLD', kind: 'removed' }
    ]
  ],
  [
    'a secret that comes from elsewhere',
    definition({}, { secrets: [{ name: 'TOKEN', valueFrom: 'arn:two' }] }),
    [{ container: 'web', what: 'secrets', key: 'TOKEN', kind: 'changed' }]
  ],
  [
    'a new container',
    definition({}, {}, [{ name: 'log', image: 'log:1' }]),
    [{ container: 'log', what: 'container', kind: 'added' }]
  ],
  [
    'a command, without its words',
    definition({}, { command: ['serve', '--password=hunter2'] }),
    [{ container: 'web', what: 'command', kind: 'added' }]
  ],
  [
    'a member that nobody here has heard of',
    definition({}, { novelty: { on: true } }),
    [{ container: 'web', what: 'novelty', kind: 'added' }]
  ]
])('%s', (_, next, changes) => {
  expect(diffDefinitions(definition(), next)).toEqual(changes)
})

test('another order of the containers is a difference of its own', () => {
  const log = { name: 'log', image: 'log:1' }
  const turned = { ...definition(), containerDefinitions: [log, web] }
  expect(diffDefinitions(definition({}, {}, [log]), turned)).toEqual([
    { what: 'order of the containers', kind: 'changed' }
  ])
})

test('no value that could be a secret is in any difference', () => {
  const canary = 'AKIACANARY'
  const every: JsonObject = {
    name: 'web',
    image: 'shop:v1',
    command: [canary],
    entryPoint: [canary],
    cpu: canary,
    user: canary,
    hostname: canary,
    environment: [{ name: 'LEVEL', value: canary }],
    secrets: [{ name: 'TOKEN', valueFrom: canary }],
    dockerLabels: { team: canary },
    logConfiguration: { logDriver: 'awslogs', options: { group: canary } },
    healthCheck: { command: ['CMD', canary] },
    extraHosts: [{ hostname: canary, ipAddress: canary }],
    workingDirectory: canary
  }
  const next = { ...definition({ memory: canary, taskRoleArn: canary }), containerDefinitions: [every] }
  expect(JSON.stringify(diffDefinitions(definition(), next))).not.toContain(canary)
  expect(JSON.stringify(diffDefinitions(next, definition()))).not.toContain(canary)
})
