import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const quotaReached: Story = {
  name: 'quota-reached',
  title: 'The account may not run more tasks at once',
  about:
    'The quota of concurrent tasks is used up by other services. No task of the new revision can be placed.',
  build(world) {
    const { service, inputs } = shop(world, { image: { fails: 'task-quota' } })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('quota')
}
