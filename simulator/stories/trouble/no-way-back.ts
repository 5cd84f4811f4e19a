import { shop } from '../shop.js'
import { onFirstDeployment, red, type Story } from '../story.js'

export const noWayBack: Story = {
  name: 'no-way-back',
  title: 'The new tasks crash, and the image of the old revision is gone',
  about:
    'At most 100 percent: the old tasks had to make room, and now their image has expired. The way back is tried and ' +
    'fails; that is said exactly.',
  build(world) {
    const scene = shop(world, {
      image: { exits: { code: 1, after: 2 } },
      service: { minimumHealthyPercent: 0, maximumPercent: 100 }
    })
    onFirstDeployment(world, scene.service, () => scene.repository.expire(scene.servingDigest))
    return { ...scene, inputs: { ...scene.inputs, timeout: '15m' } }
  },
  expect: red('rollback-failed', 'container-exit')
}
