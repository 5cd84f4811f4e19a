import { shop } from '../shop.js'
import { onFirstDeployment, rolledBack, type Story } from '../story.js'

export const natGatewayGone: Story = {
  name: 'nat-gateway-gone',
  title: 'The NAT gateway of the private subnets is gone',
  about:
    'Nothing changed in the image. New tasks cannot reach the registry any more; old ones need nothing from it and ' +
    'run on. A new deployment of the old revision could not start tasks either; StopServiceDeployment keeps those there are.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.ec2.mainRouteTable(world.ec2.mainVpc).unroute('0.0.0.0/0')
    })
    return scene
  },
  expect: rolledBack('image-pull-network')
}
