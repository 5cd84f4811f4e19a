import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const albWithoutEgress: Story = {
  name: 'alb-without-egress',
  title: 'The security group of the load balancer has no egress rule',
  about:
    'Terraform made it, and Terraform makes no egress rule by itself. The containers are healthy, their own health checks ' +
    'pass, and every check of the load balancer times out, because its requests never leave it. This is a new service: ' +
    'there is no revision that ever worked.',
  build(world) {
    const group = world.ec2.securityGroup({
      name: 'alb-hc-test-alb-sg',
      ingress: [{ protocol: 'tcp', port: 80, cidr: '0.0.0.0/0' }],
      egress: []
    })
    world.elb.loadBalancer('shop-alb', { securityGroups: [group] })
    const scene = shop(world, {
      loadBalancer: 'shop-alb',
      healthCheck: { command: ['CMD-SHELL', 'wget -q --spider http://localhost:8080/healthz'], interval: 10 },
      service: { settled: false }
    })
    world.clock.advanceBy(15 * 60_000)
    return scene
  },
  expect: red('refused', 'elb-health-timeout')
}
