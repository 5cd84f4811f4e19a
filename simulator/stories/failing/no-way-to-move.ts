import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const noWayToMove: Story = {
  name: 'no-way-to-move',
  title: 'The percentages let ECS neither stop an old task nor start a new one',
  about:
    'minimumHealthyPercent 100 and maximumPercent 100. ECS says so in an event after a while and waits for ever; the ' +
    'arithmetic shows it at once. Going back would need room too; the old tasks serve on.',
  build(world) {
    const { service, inputs } = shop(world, { service: { minimumHealthyPercent: 100, maximumPercent: 100 } })
    return { service, inputs: { ...inputs, preflight: 'off' } }
  },
  expect: { ...red('rollback-failed', 'stuck'), says: /maximumPercent 100/ }
}
