import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const bakesWithAlarms: Story = {
  name: 'bakes-with-alarms',
  title: 'All tasks are healthy, and ECS bakes for three minutes more',
  about:
    'The service has deployment alarms: counts match, one deployment is left, and rolloutState stays IN_PROGRESS ' +
    'until the bake time is over. Green before that would be a lie.',
  build(world) {
    world.cloudwatch.alarm('shop-5xx')
    return shop(world, {
      service: { alarms: { alarmNames: ['shop-5xx'], enable: true, rollback: true }, bakeTimeInMinutes: 3 }
    })
  },
  expect: deployed
}
