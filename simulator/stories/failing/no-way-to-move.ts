import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const noWayToMove: Story = {
  name: 'no-way-to-move',
  title: 'The percentages let ECS neither stop an old task nor start a new one',
  about:
    'minimumHealthyPercent 100 and maximumPercent 100. ECS says so in an event after a while and waits for ever; the ' +
    'arithmetic shows it at once.',
  build(world) {
    const { service, inputs } = shop(world, { service: { minimumHealthyPercent: 100, maximumPercent: 100 } })
    return { service, inputs: { ...inputs, preflight: 'off' } }
  },
  expect: rolledBack('stuck', /maximumPercent 100/)
}
