import { shop } from '../shop.js'
import type { Story } from '../story.js'

export const breakerNoWayBack: Story = {
  name: 'breaker-no-way-back',
  title: 'The second bad deployment in a row: the circuit breaker has nothing to go back to',
  about:
    'The service never had a deployment that completed: its first one crashed until the breaker ended it. The next image ' +
    'crashes too. Neither ECS nor the action knows a revision that ever worked, so the bad one is left and said so.',
  build(world) {
    const crash = { exits: { code: 1, after: 1 } }
    const scene = shop(world, {
      serving: crash,
      image: crash,
      service: { settled: false, circuitBreaker: { enable: true, rollback: true } }
    })
    world.clock.advanceBy(30 * 60_000)
    return scene
  },
  expect: { outcome: 'failed', reasonCode: 'container-exit', exitCode: 1 }
}
