import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const restartsInPlace: Story = {
  name: 'restarts-in-place',
  title: 'A container restarts in place once, and is well',
  about:
    'Its restartPolicy starts it again after a crash; the task is never replaced, and the second start works.',
  build(world) {
    const agent = world.ecr
      .repository('agent')
      .push({ tags: ['v1'], behaviour: [{ exits: { code: 1, after: 70 } }, {}] })
    return shop(world, {
      sidecars: [
        {
          name: 'agent',
          image: agent.uri,
          essential: true,
          restartPolicy: { enabled: true, restartAttemptPeriod: 60 }
        }
      ]
    })
  },
  expect: deployed
}
