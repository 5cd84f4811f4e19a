import { shop } from '../shop.js'
import { deployed, onFirstDeployment, red, rolledBack, type Story } from '../story.js'
import { releases } from './releases.js'

const crash = { exits: { code: 1, after: 2 } }
const breaker = { circuitBreaker: { enable: true, rollback: true } }

const inactive: Story = {
  name: 'rollback-inactive',
  title: 'A manual rollback to a revision that Terraform deregistered',
  about:
    'Terraform deregisters the old revision on every change. ECS does not take it for an update: an exact copy is ' +
    'registered, and that is released.',
  build(world) {
    const scene = releases(world, 2)
    world.ecs.deregister(scene.arns[1]!)
    world.clock.advanceBy(20 * 60_000)
    return scene
  },
  expect: {
    ...deployed,
    serves: 'shop-web:4',
    tells: /shop-web:2 \(INACTIVE\) .*shop-web:4, a copy of shop-web:2: it is INACTIVE/
  }
}

const expiredNamed: Story = {
  name: 'rollback-expired-named',
  title: 'A manual rollback to a revision whose image has expired',
  about:
    'It was named, and no task of it could start. It is refused before anything is touched; the next one is offered.',
  build(world) {
    const scene = releases(world, 2)
    scene.repository.expire(scene.digests[1]!)
    return { ...scene, inputs: { ...scene.inputs, 'rollback-to': 'shop-web:2' } }
  },
  expect: {
    ...red('refused', 'image-not-found'),
    says: /shop-web:2 cannot be gone back to.*does not exist/,
    tells:
      /The next known-good revision that could start is shop-web:1: run again with rollback-to: shop-web:1/
  }
}

const expiredPrevious: Story = {
  name: 'rollback-expired-previous',
  title: 'The image of the revision before has expired: the next candidate',
  about: '`previous` takes the next revision that was good and whose images are there, and says so.',
  build(world) {
    const scene = releases(world, 2)
    scene.repository.expire(scene.digests[1]!)
    return scene
  },
  expect: {
    ...deployed,
    serves: 'shop-web:1',
    tells: /! Not gone back to: shop-web:2: container web: .*does not exist.* Taking shop-web:1\./
  }
}

const expiredBeforeDeploy: Story = {
  name: 'way-back-expired',
  title: 'The image that serves has expired, and the new one crashes: back to the one before',
  about:
    'What runs now could not start again, so the deployment is proven another way back first, and that is where it goes.',
  build(world) {
    const scene = releases(world, 1)
    const next = scene.repository.push({ tags: ['v3'], behaviour: crash })
    scene.repository.expire(scene.digests[1]!)
    const inputs = {
      environment: 'production',
      cluster: 'shop',
      service: 'shop-web',
      images: `web=${next.uri}`
    }
    return { ...scene, inputs }
  },
  expect: { ...rolledBack('container-exit'), serves: 'shop-web:1' }
}

const nothing: Story = {
  name: 'rollback-nothing-good',
  title: 'A manual rollback of a service that had one release only',
  about: 'No other revision was ever good: refused, and the service runs on.',
  build(world) {
    return releases(world, 0)
  },
  expect: { ...red('refused', 'input'), says: /No other revision of this service is known good/ }
}

const twice: Story = {
  name: 'rollback-two-bad',
  title: 'Two bad releases in a row that ECS called successful: back over both',
  about:
    'The second release was rolled back from by hand, the third is bad too. ECS calls all of them SUCCESSFUL; the one that ' +
    'the service went back from is nobody’s way back.',
  build(world) {
    const scene = releases(world, 1)
    world.ecs.updateService(scene.service, { taskDefinition: scene.arns[0]! })
    world.clock.advanceBy(20 * 60_000)
    scene.release()
    return scene
  },
  expect: { ...deployed, serves: 'shop-web:1' }
}

const already: Story = {
  name: 'rollback-already-there',
  title: 'A manual rollback to what serves already',
  about: 'Nothing is written; what serves is looked at, and it is healthy.',
  build(world) {
    const scene = releases(world, 2)
    return { ...scene, inputs: { ...scene.inputs, 'rollback-to': '3' } }
  },
  expect: { outcome: 'unchanged', exitCode: 0 }
}

const ecsGoesBack: Story = {
  name: 'rollback-breaker-first',
  title: 'The circuit breaker is rolling back when the rollback arrives',
  about: 'ECS puts the old revision back by itself already. That is watched to its end and not raced.',
  build(world) {
    const scene = releases(world, 1, { service: breaker })
    scene.release(crash, 0)
    for (let i = 0; i < 600 && !scene.service.primary.rolloutStateReason.includes('rolling back'); i++)
      world.clock.advanceBy(1000)
    return scene
  },
  expect: { outcome: 'unchanged', exitCode: 0, tells: /that is watched, and not raced/ }
}

const ecsGoesElsewhere: Story = {
  name: 'rollback-breaker-elsewhere',
  title: 'The circuit breaker is rolling back, and the form names an older revision',
  about:
    'ECS puts shop-web:2 back by itself; the form wants shop-web:1. What ECS has begun is waited for, and then shop-web:1 ' +
    'is released.',
  build(world) {
    const scene = releases(world, 1, { service: breaker })
    scene.release(crash, 0)
    for (let i = 0; i < 600 && !scene.service.primary.rolloutStateReason.includes('rolling back'); i++)
      world.clock.advanceBy(1000)
    return { ...scene, inputs: { ...scene.inputs, 'rollback-to': '1', busy: 'take-over' } }
  },
  expect: { ...deployed, serves: 'shop-web:1' }
}

const waits: Story = {
  name: 'rollback-waits',
  title: 'A rollback while another deployment is in progress waits for its end',
  about: 'Somebody deploys a release that is good. The rollback waits, and then goes back from it.',
  build(world) {
    const scene = releases(world, 1)
    scene.release(undefined, 30_000)
    return scene
  },
  expect: { ...deployed, serves: 'shop-web:2' }
}

const takeOver: Story = {
  name: 'rollback-takes-over',
  title: 'A rollback while a bad deployment is in progress: ECS keeps the old tasks',
  about:
    'Somebody deployed a crash loop a minute ago. The form says `busy: take-over`: ECS is asked to go back, and the old ' +
    'tasks, which still run, need no new ones.',
  build(world) {
    const scene = releases(world, 1)
    scene.release(crash, 60_000)
    return { ...scene, inputs: { ...scene.inputs, busy: 'take-over' } }
  },
  expect: { ...deployed, serves: 'shop-web:2' }
}

const fails: Story = {
  name: 'rollback-fails',
  title: 'The revision that is gone back to crashes as well: what served is put back once',
  about:
    'It was good once; something around it changed since. The rollback fails, what served before is put back, and that is ' +
    'the end of it: nothing goes to and fro.',
  build(world) {
    const scene = releases(world, 2, {
      serving: (start) => (start > 1 ? { exits: { code: 1, after: 2 } } : {})
    })
    return { ...scene, inputs: { ...scene.inputs, 'rollback-to': '1' } }
  },
  expect: {
    ...red('rollback-failed', 'container-exit'),
    serves: 'shop-web:3',
    says: /was put back and is healthy/
  }
}

const noWay: Story = {
  name: 'way-back-none',
  title: 'The image that serves has expired, nothing else was good, and the new one crashes',
  about:
    'Said before the deployment, which goes on because it may be the repair. It is not; the bad one is left and said so.',
  build(world) {
    const scene = shop(world, { pinned: true, image: crash })
    scene.repository.expire(scene.servingDigest)
    return scene
  },
  expect: {
    ...red('failed', 'container-exit'),
    says: /nothing could be gone back to \(shop-web:1: .*does not exist/
  }
}

const again: Story = {
  name: 'way-back-same-revision',
  title: 'The same revision is deployed again, and its new tasks crash: ECS keeps the old ones',
  about:
    'force-new-deployment, nothing else. What served is the same revision, so an update could not tell the two apart: ECS ' +
    'is asked for the deployment that stood before, whose tasks still run.',
  build(world) {
    const scene = shop(world, { pinned: true, serving: (start) => (start > 0 ? crash : {}) })
    const inputs = { environment: 'production', cluster: 'shop', service: 'shop-web' }
    return { ...scene, inputs: { ...inputs, 'force-new-deployment': 'true' } }
  },
  expect: {
    ...rolledBack('container-exit'),
    serves: 'shop-web:1',
    says: /^The new deployment of shop-web:1 failed: .*it was undone, and shop-web:1 is healthy as before/
  }
}

const restoreFails: Story = {
  name: 'way-back-fails',
  title: 'Going back fails as well, and the command to run by hand is said',
  about:
    'At most 100 percent: the old tasks had to make room, and the image of the old revision goes away meanwhile.',
  build(world) {
    const scene = releases(world, 1, { service: { minimumHealthyPercent: 0, maximumPercent: 100 } })
    const next = scene.repository.push({ tags: ['v3'], behaviour: crash })
    onFirstDeployment(world, scene.service, () => scene.repository.expire(scene.digests[1]!))
    const inputs = {
      environment: 'production',
      cluster: 'shop',
      service: 'shop-web',
      images: `web=${next.uri}`
    }
    return { ...scene, inputs: { ...inputs, timeout: '15m' } }
  },
  expect: {
    ...red('rollback-failed', 'container-exit'),
    says: /going back to shop-web:2 failed too \(tried StopServiceDeployment back to shop-web:2/,
    tells: /next .* aws ecs update-service --cluster shop --service shop-web --task-definition shop-web:2/
  }
}

export const rollbackTroubles: readonly Story[] = [
  inactive,
  expiredNamed,
  expiredPrevious,
  expiredBeforeDeploy,
  noWay,
  nothing,
  twice,
  already,
  ecsGoesBack,
  ecsGoesElsewhere,
  waits,
  takeOver,
  again,
  fails,
  restoreFails
]
