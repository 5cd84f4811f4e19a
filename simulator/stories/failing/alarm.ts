import { shop } from '../shop.js'
import { onFirstDeployment, rolledBack, type Story } from '../story.js'

export const alarm: Story = {
  name: 'alarm',
  title: 'An alarm of the service goes off during the deployment',
  about:
    'The new tasks are healthy for every health check there is, and every tenth request fails. The 5xx alarm sees it, ' +
    'and ECS goes back by itself.',
  build(world) {
    const alarm = world.cloudwatch.alarm('shop-5xx')
    const scene = shop(world, {
      service: { alarms: { alarmNames: ['shop-5xx'], enable: true, rollback: true }, bakeTimeInMinutes: 5 }
    })
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(150_000, () => alarm.set('ALARM'))
    })
    return scene
  },
  expect: rolledBack('alarm')
}
