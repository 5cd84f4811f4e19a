import { expect, test } from '@jest/globals'
import { createWorld, prodEService, proofLinkService } from '../../simulator/index.js'
import { until } from './support.js'

test('prod-e-service as its document gives it', () => {
  const world = createWorld()
  const seed = prodEService(world)
  expect(seed.taskDefinition.raw).toMatchObject({
    family: 'prod-e-task',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: 'prod-e-container',
        image: '043309339649.dkr.ecr.us-west-2.amazonaws.com/prod-e-backend:latest',
        portMappings: [{ containerPort: 3000, hostPort: 3000 }],
        healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 60 }
      }
    ]
  })
  const deployed = seed.repository.push()
  const [container] = seed.taskDefinition.raw.containerDefinitions as Record<string, unknown>[]
  const next = world.ecs.taskDefinition({
    ...(seed.taskDefinition.raw as { family: string }),
    containerDefinitions: [{ ...container, image: deployed.uri }]
  })
  world.ecs.updateService(seed.service, { taskDefinition: next.arn })
  until(world, () => seed.service.primary.rolloutState === 'COMPLETED')
})

test('prod-e-service with its old check: an image without curl fails it', () => {
  const world = createWorld()
  const seed = prodEService(world, { containerHealthCheck: 'curl' })
  const [container] = seed.taskDefinition.raw.containerDefinitions as Record<string, unknown>[]
  const image = seed.repository.push({ lacks: ['curl'] })
  const next = world.ecs.taskDefinition({
    ...(seed.taskDefinition.raw as { family: string }),
    containerDefinitions: [{ ...container, image: image.uri }]
  })
  world.ecs.updateService(seed.service, { taskDefinition: next.arn })
  until(world, () => seed.service.tasks[1]?.stoppedReason === 'Task failed container health checks', 200)
})

test('prooflink-service as its document gives it', () => {
  const world = createWorld({ region: 'ap-northeast-1', account: '123456789012' })
  const seed = proofLinkService(world)
  expect(seed.service.name).toBe('prooflink-service')
  expect(seed.targetGroup.targetList).toMatchObject([{ port: 3000, state: 'healthy' }])
  expect(seed.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED', status: 'PRIMARY' }])
})
