import { known } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import { dead, definition, facts, image, service } from './shop.js'
import type { Facts, ImageThere } from '../../src/preflight/facts.js'

const percent = (desired: number, minimumHealthyPercent: number, maximumPercent: number, running = desired) =>
  facts({
    desired,
    service: service({ desired, running, minimumHealthyPercent, maximumPercent })
  })

const unhealthy = 'Task failed container health checks'
const withImages = (there: ImageThere): Partial<Facts> => ({ images: new Map([[image, known(there)]]) })
const otherImage = definition({ image: image.replace(/a{64}/, 'b'.repeat(64)) })

export const serviceCases: Case[] = [
  {
    check: 'service-ready',
    when: 'it is ACTIVE and rolls',
    state: 'ok',
    says: /ACTIVE and rolls/,
    world: () => facts()
  },
  {
    check: 'service-ready',
    when: 'the service is being deleted',
    state: 'error',
    says: /is DRAINING, not ACTIVE/,
    world: () => facts({ service: service({ status: 'DRAINING' }) })
  },
  {
    check: 'service-ready',
    when: 'CodeDeploy deploys it',
    state: 'error',
    says: /CODE_DEPLOY/,
    world: () => facts({ service: service({ controller: 'CODE_DEPLOY' }) })
  },
  {
    check: 'other-deployment',
    when: 'the last one has completed',
    state: 'ok',
    says: /No deployment is in progress/,
    world: () => facts()
  },
  {
    check: 'other-deployment',
    when: 'the deployment before has not ended',
    state: 'warning',
    says: /ecs-svc\/1 of shop-web:7/,
    world: () =>
      facts({
        purpose: 'plan',
        service: service({
          deployments: [{ ...service().deployments[0]!, rolloutState: 'IN_PROGRESS' }]
        })
      })
  },
  {
    check: 'room-to-roll',
    when: 'three tasks, 100 and 125 percent: no room for a fourth',
    state: 'error',
    says: /neither start a new task nor stop an old one.*at most 125 % of 3: 3/,
    code: 'stuck',
    world: () => percent(3, 100, 125)
  },
  {
    check: 'room-to-roll',
    when: 'four tasks, 100 and 125 percent: room for a fifth',
    state: 'ok',
    says: /5 may exist/,
    world: () => percent(4, 100, 125)
  },
  {
    check: 'room-to-roll',
    when: 'one of them is missing: ECS may still move',
    state: 'warning',
    says: /neither start/,
    world: () => percent(3, 100, 125, 2)
  },
  {
    check: 'room-to-roll',
    when: 'two tasks, 50 and 100 percent: one goes first',
    state: 'ok',
    says: /room to move/,
    world: () => percent(2, 50, 100)
  },
  {
    check: 'gap',
    when: 'the only task goes first',
    state: 'warning',
    says: /stops the only task first/,
    world: () => percent(1, 0, 100)
  },
  {
    check: 'gap',
    when: 'half of two is one',
    state: 'ok',
    says: /1 of 2 tasks serve throughout/,
    world: () => percent(2, 50, 100)
  },
  {
    check: 'undo',
    when: 'no breaker, and this action is told to leave it',
    state: 'warning',
    says: /Nobody does: the circuit breaker is off/,
    world: () => facts({ undoes: false, service: service({ breaker: { enable: false, rollback: false } }) })
  },
  {
    check: 'undo',
    when: 'no breaker, but this action goes back',
    state: 'ok',
    says: /This action does/,
    world: () => facts({ service: service({ breaker: { enable: false, rollback: false } }) })
  },
  {
    check: 'undo',
    when: 'a breaker that only stops, and nobody else',
    state: 'warning',
    says: /does not roll back/,
    world: () => facts({ undoes: false, service: service({ breaker: { enable: true, rollback: false } }) })
  },
  {
    check: 'deployment-alarms',
    when: 'one rings already',
    state: 'warning',
    says: /In ALARM already: shop-5xx/,
    world: () =>
      facts({
        service: service({ alarms: { names: ['shop-5xx'], enable: true, rollback: true } }),
        alarms: known([{ name: 'shop-5xx', state: 'ALARM' }])
      })
  },
  {
    check: 'deployment-alarms',
    when: 'all are quiet',
    state: 'ok',
    says: /Quiet: shop-5xx/,
    world: () =>
      facts({
        service: service({ alarms: { names: ['shop-5xx'], enable: true, rollback: true } }),
        alarms: known([{ name: 'shop-5xx', state: 'OK' }])
      })
  },
  {
    check: 'image-kept',
    when: 'the digest that runs has expired',
    state: 'warning',
    says: /No new task of shop-web:7 can start.*sha256:a+ does not exist in shop/,
    world: () => facts(withImages({ there: false, says: 'sha256:aaa does not exist in shop' }))
  },
  {
    check: 'image-kept',
    when: 'it is there',
    state: 'ok',
    says: /Every image that runs is there/,
    world: () => facts()
  },
  {
    check: 'image-kept',
    when: 'the images come from elsewhere',
    state: 'ok',
    says: /No image that runs is in ECR/,
    world: () => facts({ images: new Map() })
  },
  {
    check: 'tried-before',
    when: 'the same image died of its health check ten minutes ago',
    state: 'warning',
    says: /2 tasks with these images failed.*failed container health checks/,
    world: () =>
      facts({
        stopped: known([1, 2].map(() => dead(unhealthy, 60_000, { taskDefinition: 'shop-web:8' })))
      })
  },
  {
    check: 'tried-before',
    when: 'another image died',
    state: 'ok',
    says: /No task with these images/,
    world: () =>
      facts({
        definition: otherImage,
        stopped: known([dead(unhealthy, 60_000, { taskDefinition: 'shop-web:8' })])
      })
  },
  {
    check: 'tried-before',
    when: 'a task of the revision that serves failed, and was replaced',
    state: 'ok',
    says: /every task is there/,
    world: () => facts({ stopped: known([dead(unhealthy, 60_000)]) })
  },
  {
    check: 'tried-before',
    when: 'tasks with it were scaled in',
    state: 'ok',
    says: /No task with these images/,
    world: () => facts({ stopped: known([dead('Scaling activity initiated by deployment', 60_000)]) })
  }
]
