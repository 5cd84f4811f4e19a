import { expect, test } from '@jest/globals'
import {
  logGroupOf,
  problemsOf,
  registrable,
  sameDefinition,
  withImages,
  withTexts
} from '../../src/domain/task-definition.js'

const file = {
  family: 'web',
  networkMode: 'awsvpc',
  cpu: '0.25 vCPU',
  memory: '0.5 GB',
  containerDefinitions: [
    {
      name: 'app',
      image: 'r@sha256:1',
      portMappings: [{ containerPort: 80 }],
      environment: [
        { name: 'B', value: '' },
        { name: 'A', value: '1' }
      ],
      healthCheck: { command: ['CMD', 'true'] }
    }
  ]
}
/** The same, as DescribeTaskDefinition answers it. */
const described = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3',
  revision: 3,
  status: 'ACTIVE',
  registeredAt: 1,
  registeredBy: 'x',
  deregisteredAt: null,
  requiresAttributes: [{ name: 'a' }],
  compatibilities: ['EC2', 'FARGATE'],
  family: 'web',
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  volumes: [],
  placementConstraints: [],
  containerDefinitions: [
    {
      name: 'app',
      image: 'r@sha256:1',
      cpu: 0,
      essential: true,
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '' }
      ],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 }
    }
  ]
}

test('a file and what ECS made of it are the same definition', () => {
  expect(sameDefinition(file, described)).toBe(true)
})

test.each([
  ['an image', { image: 'r@sha256:2' }],
  ['an environment value', { environment: [{ name: 'A', value: '2' }] }],
  ['an order that matters', { command: ['b', 'a'] }],
  ['a field that no SDK knows yet', { futureField: { on: true } }],
  ['essential', { essential: false }]
])('%s makes a difference', (_, change) => {
  const [container] = described.containerDefinitions
  expect(
    sameDefinition(file, { ...described, containerDefinitions: [{ ...container, ...change }] as never })
  ).toBe(false)
})

test('registering drops what ECS only answers, and keeps every other field, unknown ones included', () => {
  const kept = registrable({ ...described, futureField: { deep: [1, { x: null, y: 'z' }] } })
  expect(kept).toEqual({
    family: 'web',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    volumes: [],
    placementConstraints: [],
    containerDefinitions: described.containerDefinitions,
    futureField: { deep: [1, { y: 'z' }] }
  })
})

test('images are changed by container name, the rest is untouched', () => {
  const two = {
    family: 'f',
    containerDefinitions: [
      { name: 'a', image: '1', x: 1 },
      { name: 'b', image: '2' }
    ]
  }
  expect(withImages(two, new Map([['b', '9']]))).toEqual({
    family: 'f',
    containerDefinitions: [
      { name: 'a', image: '1', x: 1 },
      { name: 'b', image: '9' }
    ]
  })
})

test('what YAML reads as numbers becomes the text that ECS wants', () => {
  const yaml = {
    family: 'f',
    cpu: 256,
    memory: 512,
    containerDefinitions: [
      {
        name: 'a',
        cpu: 10,
        environment: [
          { name: 'P', value: 80 },
          { name: 'T', value: true }
        ]
      }
    ]
  }
  expect(withTexts(yaml)).toEqual({
    family: 'f',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'a',
        cpu: 10,
        environment: [
          { name: 'P', value: '80' },
          { name: 'T', value: 'true' }
        ]
      }
    ]
  })
})

test('a definition that is none says why', () => {
  expect(problemsOf({})).toEqual(['it has no containerDefinitions'])
  expect(problemsOf({ containerDefinitions: [null, { image: 'x' }, { name: 'a' }, { name: 'a' }] })).toEqual([
    'it has no family',
    'containerDefinitions[0] is not an object',
    'containerDefinitions[1] has no name',
    'two containers are named "a"'
  ])
})

test('the log group is found where awslogs names it', () => {
  const log = {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1' }
  }
  expect(logGroupOf({ containerDefinitions: [{ name: 'a', logConfiguration: log }] }, 'a')).toEqual({
    group: '/ecs/web',
    region: 'eu-west-1'
  })
  expect(
    logGroupOf({ containerDefinitions: [{ name: 'a', logConfiguration: { logDriver: 'json-file' } }] }, 'a')
  ).toBeUndefined()
})
