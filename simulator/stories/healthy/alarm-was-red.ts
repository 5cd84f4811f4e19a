import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const alarmWasRed: Story = {
  name: 'alarm-was-red',
  title: 'An alarm of the service was in ALARM before the deployment began',
  about:
    'ECS ignores such an alarm for the whole deployment, and so must everybody: it says nothing about the new ' +
    'revision.',
  build(world) {
    world.cloudwatch.alarm('shop-5xx', { state: 'ALARM' })
    return shop(world, {
      service: { alarms: { alarmNames: ['shop-5xx'], enable: true, rollback: true }, bakeTimeInMinutes: 2 }
    })
  },
  expect: deployed
}
