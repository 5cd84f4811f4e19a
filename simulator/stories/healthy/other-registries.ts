import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const otherRegistries: Story = {
  name: 'other-registries',
  title: 'Images of Docker Hub and GHCR beside one of a registry that is out of reach',
  about:
    'The image to deploy lies in GHCR, a sidecar in Docker Hub, another where this runner cannot look: two become digests, ' +
    'the third stays as it is, with a warning, and the deployment goes its way.',
  build(world) {
    const scene = shop(world, {
      sidecars: [
        { name: 'proxy', image: 'nginx:1.27', essential: false },
        { name: 'agent', image: 'registry.intern.example/agent:7', essential: false }
      ]
    })
    const hub = {
      apiHost: 'registry-1.docker.io',
      tokenHost: 'auth.docker.io',
      service: 'registry.docker.io'
    }
    world.registries
      .add('docker.io', hub)
      .repository('library/nginx')
      .push({ tags: ['1.27'], form: 'index' })
    world.registries
      .add('ghcr.io')
      .repository('acme/shop-web')
      .push({ tags: ['v2'] })
    return { ...scene, inputs: { ...scene.inputs, images: 'web=ghcr.io/acme/shop-web:v2' } }
  },
  expect: deployed
}
