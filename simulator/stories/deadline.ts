import { rolledBack, shop, type Story } from './story.js'

export const deadline: Story = {
  name: 'deadline',
  title: 'The new tasks neither die nor ever get healthy',
  about:
    'The application hangs at start. The grace period of an hour keeps ECS from replacing its tasks, so nothing ever ends this but the deadline of ten minutes.',
  build(world) {
    const { service, inputs } = shop(world, {
      image: { healthCheck: 'timeout' },
      service: { gracePeriodSeconds: 3600 }
    })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('stuck')
}
