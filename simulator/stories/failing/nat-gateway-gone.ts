import { shop } from '../shop.js'
import { onFirstDeployment, red, type Story } from '../story.js'

export const natGatewayGone: Story = {
  name: 'nat-gateway-gone',
  title: 'The NAT gateway of the private subnets is gone',
  about:
    'Nothing changed in the image. New tasks cannot reach the registry any more; old ones need nothing from it and ' +
    'run on. A deployment that goes back needs new tasks too, and they cannot start either: that is said exactly.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.ec2.mainRouteTable(world.ec2.mainVpc).unroute('0.0.0.0/0')
    })
    return scene
  },
  expect: red('rollback-failed', 'image-pull-network')
}
