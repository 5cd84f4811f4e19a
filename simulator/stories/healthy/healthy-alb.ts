import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const healthyAlb: Story = {
  name: 'healthy-alb',
  title: 'A good image behind an ALB',
  about:
    'Two tasks are replaced one after the other, as minimum and maximum percent allow; their targets turn healthy.',
  build(world) {
    return shop(world)
  },
  expect: deployed
}
