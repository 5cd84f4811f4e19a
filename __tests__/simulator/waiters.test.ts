import {
  waitUntilServicesInactive,
  waitUntilServicesStable,
  waitUntilTasksRunning,
  waitUntilTasksStopped
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { breaker, clients, shop, until } from './support.js'

test('the SDK waiters read the world as they read AWS: stable at 0 of 0 and after a rollback, not when it is missing', async () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const { ecs } = await clients(s.world)
  const config = { client: ecs, minDelay: 1, maxDelay: 1, maxWaitTime: 2 }
  const services = { cluster: 'c', services: ['shop'] }
  const stable = async () => (await waitUntilServicesStable(config, services)).state
  expect(await stable()).toBe('SUCCESS')

  const task = s.service.tasks[0]!
  const tasks = { cluster: 'c', tasks: [task.arn] }
  expect((await waitUntilTasksRunning(config, tasks)).state).toBe('SUCCESS')
  s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => s.service.deployments.length === 1 && s.service.primary.rolloutState === 'COMPLETED')
  // It went back, and the waiter calls that a success (A5).
  expect(s.service.primary.rolloutStateReason).toContain('completed')
  expect(await stable()).toBe('SUCCESS')

  s.world.ecs.scale(s.service, 0)
  until(s.world, () => s.service.tasks.every((t) => t.status === 'STOPPED'))
  expect(await stable()).toBe('SUCCESS')
  expect((await waitUntilTasksStopped(config, tasks)).state).toBe('SUCCESS')

  const missing = { cluster: 'c', services: ['nobody'] }
  await expect(waitUntilServicesStable(config, missing)).rejects.toThrow(/FAILURE/)
  await expect(waitUntilServicesInactive(config, missing)).rejects.toThrow(/FAILURE/)
})
