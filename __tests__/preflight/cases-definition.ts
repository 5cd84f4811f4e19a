import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Case } from './cases.js'
import { definition, facts, region, service, serving } from './shop.js'

/** The definition that would run is another one than what runs. */
const next = (container: JsonObject, more: JsonObject = {}, change: Partial<Facts> = {}) =>
  facts({ definition: definition(container, more), ...change })
const size = (cpu: string, memory: string, change: Partial<Facts> = {}) => next({}, { cpu, memory }, change)
const ec2 = { service: service({ launchType: 'EC2' }) }
const onEc2 = { requiresCompatibilities: ['EC2'] }

const sidecar = (change: JsonObject): JsonObject => ({ name: 'proxy', image: 'envoy:1', ...change })
const two = (other: JsonObject, web: JsonObject = {}): JsonObject => {
  const { containerDefinitions } = definition(web)
  return { containerDefinitions: [...(containerDefinitions as JsonObject[]), sidecar(other)] }
}
const waits = (containerName: string, condition: string) => [{ containerName, condition }]

const group = '/ecs/shop'
const logs = (options: JsonObject): JsonObject => ({ logConfiguration: { logDriver: 'awslogs', options } })
const complete = { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': 'web' }
const lost = { logGroups: new Map([[group, known(false)]]) }
const elsewhere = { ...complete, 'awslogs-group': '/ecs/new' }

const bridge = (ports: JsonObject[], more: JsonObject = {}) =>
  definition({ portMappings: ports }, { networkMode: 'bridge', ...onEc2, ...more })
const onBridge = (ports: JsonObject[], change: Partial<Facts> = {}) =>
  facts({ ...ec2, definition: bridge(ports), running: bridge([{ containerPort: 8080 }]), ...change })

export const definitionCases: Case[] = [
  {
    check: 'task-size',
    when: 'the pair is none of Fargate’s',
    state: 'error',
    says: /1024 units of CPU and 1024 MiB.*memory 2048 to 8192 in steps of 1024.*Set memory to 2048, or cpu to 256,/,
    world: () => size('1 vCPU', '1 GB')
  },
  {
    check: 'task-size',
    when: 'there is no such CPU',
    state: 'error',
    says: /no task with 300 units.*Set cpu to 512 and memory to 1024/,
    world: () => size('300', '512')
  },
  {
    check: 'task-size',
    when: 'the words vCPU and GB, also in half and in another case',
    state: 'ok',
    says: /512 units of CPU and 1024 MiB/,
    world: () => size('.5 vCPU', '1gb')
  },
  {
    check: 'task-size',
    when: 'a step of 4 GB at 8 vCPU',
    state: 'error',
    says: /Set memory to 20480/,
    world: () => size('8 vCPU', '18 GB')
  },
  {
    check: 'task-size',
    when: 'larger than the table knows',
    state: 'unknown',
    says: /does not go so far/,
    world: () => size('32 vCPU', '244 GB')
  },
  {
    check: 'task-size',
    when: 'Windows on a quarter of a CPU',
    state: 'error',
    says: /Fargate runs Windows on 1024/,
    world: () =>
      next(
        {},
        { cpu: '256', memory: '1024', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }
      )
  },
  {
    check: 'task-size',
    when: 'no memory is given',
    state: 'error',
    says: /has no memory/,
    world: () => {
      const without = definition({}, { cpu: '512' })
      delete without['memory']
      return facts({ definition: without })
    }
  },
  {
    check: 'task-size',
    when: 'what runs has that odd size too: ECS has taken it',
    state: 'ok',
    says: /the size of the one that runs/,
    world: () => size('300', '300', { running: definition({}, { cpu: '300', memory: '300' }) })
  },
  {
    check: 'task-size',
    when: 'on EC2 any size will do',
    state: 'ok',
    says: /any size/,
    world: () => next({}, { cpu: '300', memory: '4000', ...onEc2 }, ec2)
  },
  {
    check: 'task-size',
    when: 'a container is larger than its task',
    state: 'error',
    says: /Container web may use 1024 MiB, more than the 512 MiB/,
    world: () => next({ memory: 1024 })
  },
  {
    check: 'task-size',
    when: 'the containers together are larger than their task',
    state: 'warning',
    says: /reserve 700 MiB together.*web 400, proxy 300; task 512/,
    world: () => facts({ definition: definition({}, two({ memory: 300 }, { memoryReservation: 400 })) })
  },
  {
    check: 'essential',
    when: 'no container is',
    state: 'error',
    says: /No container of the task definition is essential/,
    world: () => next({ essential: false })
  },
  {
    check: 'essential',
    when: 'the one behind the load balancer is not',
    state: 'warning',
    says: /sends to container web, which is not essential/,
    world: () => facts({ definition: definition({}, two({}, { essential: false })) })
  },
  {
    check: 'essential',
    when: 'a migration is, and will end the task',
    state: 'warning',
    says: /Container db-migrate is essential.*true by default.*condition SUCCESS/,
    world: () => facts({ definition: definition({}, two({ name: 'db-migrate' })) })
  },
  {
    check: 'essential',
    when: 'a container with such a name runs on: its name misleads',
    state: 'ok',
    says: /init is essential/,
    world: () =>
      facts({
        definition: definition({}, two({ name: 'init' })),
        tasks: known([serving({ name: 'init' })])
      })
  },
  {
    check: 'depends-on',
    when: 'nobody waits',
    state: 'ok',
    says: /No container waits/,
    world: () => facts()
  },
  {
    check: 'depends-on',
    when: 'one waits for a container that is not there',
    state: 'error',
    says: /waits for container envoy, which the task definition has not.*it has web, proxy/,
    world: () => facts({ definition: definition({}, two({}, { dependsOn: waits('envoy', 'START') })) })
  },
  {
    check: 'depends-on',
    when: 'one waits for the end of an essential one',
    state: 'error',
    says: /waits for the end of proxy, which is essential/,
    world: () => facts({ definition: definition({}, two({}, { dependsOn: waits('proxy', 'SUCCESS') })) })
  },
  {
    check: 'depends-on',
    when: 'one waits for the end of one that may end',
    state: 'ok',
    says: /web waits for proxy/,
    world: () =>
      facts({
        definition: definition({}, two({ essential: false }, { dependsOn: waits('proxy', 'COMPLETE') }))
      })
  },
  {
    check: 'depends-on',
    when: 'HEALTHY without a health check',
    state: 'warning',
    says: /proxy has no healthCheck/,
    world: () => facts({ definition: definition({}, two({}, { dependsOn: waits('proxy', 'HEALTHY') })) })
  },
  {
    check: 'depends-on',
    when: 'a circle',
    state: 'error',
    says: /in a circle: web → proxy → web/,
    world: () =>
      facts({
        definition: definition(
          {},
          two({ dependsOn: waits('web', 'START') }, { dependsOn: waits('proxy', 'START') })
        )
      })
  },
  {
    check: 'depends-on',
    when: 'what runs waits so too',
    state: 'ok',
    says: /as in the definition that runs/,
    world: () => {
      const odd = definition({}, two({}, { dependsOn: waits('proxy', 'HEALTHY') }))
      return facts({ definition: { ...odd, cpu: '512', memory: '1024' }, running: odd })
    }
  },
  {
    check: 'host-ports',
    when: 'awsvpc with another port on the host',
    state: 'error',
    says: /containerPort 8080, hostPort 80, networkMode awsvpc/,
    world: () => next({ portMappings: [{ containerPort: 8080, hostPort: 80 }] })
  },
  {
    check: 'host-ports',
    when: 'two containers of one task on the same port',
    state: 'warning',
    says: /Port 8080 is asked for by web and proxy/,
    world: () => facts({ definition: definition({}, two({ portMappings: [{ containerPort: 8080 }] })) })
  },
  {
    check: 'host-ports',
    when: 'the same port by TCP and by UDP',
    state: 'ok',
    says: /asked for twice/,
    world: () =>
      facts({
        definition: definition({}, two({ portMappings: [{ containerPort: 8080, protocol: 'udp' }] }))
      })
  },
  {
    check: 'host-ports',
    when: 'one host port twice',
    state: 'error',
    says: /Host port 80 is asked for by web twice/,
    code: 'port-conflict',
    world: () =>
      onBridge([
        { containerPort: 8080, hostPort: 80 },
        { containerPort: 9090, hostPort: 80 }
      ])
  },
  {
    check: 'host-ports',
    when: 'a static port, and no old task may go first',
    state: 'warning',
    says: /Host port 80 lets an instance hold one task.*at least 100 % of 2: 2 must stay/,
    world: () => onBridge([{ containerPort: 8080, hostPort: 80 }])
  },
  {
    check: 'host-ports',
    when: 'a static port, and one may go first',
    state: 'ok',
    says: /Ports leave room|asked for twice/,
    world: () =>
      onBridge([{ containerPort: 8080, hostPort: 80 }], {
        service: service({ launchType: 'EC2', minimumHealthyPercent: 50 })
      })
  },
  {
    check: 'host-ports',
    when: 'dynamic ports, many of them',
    state: 'ok',
    says: /asked for twice/,
    world: () => onBridge([{ containerPort: 8080, hostPort: 0 }, { containerPort: 9090 }])
  },
  {
    check: 'log-group',
    when: 'it does not exist',
    state: 'error',
    says: /Log group \/ecs\/new of container web does not exist.*create-log-group --region eu-west-1/,
    code: 'log-group-missing',
    world: () => next(logs(elsewhere), {}, { logGroups: new Map([['/ecs/new', known(false)]]) })
  },
  {
    check: 'log-group',
    when: 'it does not exist, and tasks write to it: the world says two things',
    state: 'warning',
    says: /tasks that name it run now/,
    world: () => facts({ ...lost, tasks: known([serving()]) })
  },
  {
    check: 'log-group',
    when: 'it exists in the region that the options name',
    state: 'ok',
    says: /\/ecs\/shop exists/,
    world: () =>
      next(
        logs({ ...complete, 'awslogs-region': 'eu-central-1' }),
        {},
        { logGroups: new Map([['eu-central-1 /ecs/shop', known(true)]]) }
      )
  },
  {
    check: 'log-group',
    when: 'the driver makes it',
    state: 'ok',
    says: /web makes its log group/,
    world: () => next(logs({ ...complete, 'awslogs-create-group': 'true' }), {}, lost)
  },
  {
    check: 'log-group',
    when: 'the driver is told not to make it, which ECS does not take',
    state: 'error',
    says: /awslogs-create-group of web is not/,
    code: 'log-config',
    world: () => next(logs({ ...complete, 'awslogs-create-group': 'false' }))
  },
  {
    check: 'log-group',
    when: 'no region',
    state: 'error',
    says: /no awslogs-region: no task.*to eu-west-1/,
    world: () => next(logs({ 'awslogs-group': group, 'awslogs-stream-prefix': 'web' }))
  },
  {
    check: 'log-group',
    when: 'no group',
    state: 'error',
    says: /no awslogs-group/,
    world: () => next(logs({ 'awslogs-region': region, 'awslogs-stream-prefix': 'web' }))
  },
  {
    check: 'log-group',
    when: 'no prefix on Fargate',
    state: 'warning',
    says: /no awslogs-stream-prefix/,
    world: () => next(logs({ 'awslogs-group': group, 'awslogs-region': region }))
  },
  {
    check: 'log-group',
    when: 'the role may not look',
    state: 'unknown',
    says: /may not call/,
    world: () => facts({ logGroups: new Map([[group, unknown('the role may not call it')]]) })
  },
  {
    check: 'log-group',
    when: 'logs go elsewhere',
    state: 'ok',
    says: /No container writes/,
    world: () => next({ logConfiguration: { logDriver: 'awsfirelens', options: {} } })
  },
  {
    check: 'images',
    when: 'one is left at latest',
    state: 'warning',
    says: /names the image of web by latest.*pin: all/,
    world: () => next({ image: 'shop:latest' })
  },
  {
    check: 'images',
    when: 'one has neither tag nor digest',
    state: 'warning',
    says: /by no tag/,
    world: () => next({ image: 'shop' })
  },
  {
    check: 'images',
    when: 'one is left at a tag of its own',
    state: 'ok',
    says: /by tag v1/,
    world: () => next({ image: 'shop:v1' })
  },
  {
    check: 'old-images',
    when: 'what runs names latest, and this deploy mends it',
    state: 'ok',
    says: /shop-web:7 names latest for web; the revision of this deploy names digests.*now sha256:bbbbbbbbbbbb/,
    world: () =>
      facts({
        running: definition({ image: 'shop:latest' }),
        tasks: known([serving({ imageDigest: `sha256:${'b'.repeat(64)}` })])
      })
  },
  {
    check: 'old-images',
    when: 'what runs names latest, and so would the new one; the tasks may not be read',
    state: 'warning',
    says: /shop-web:7 names the image of web by latest.*Deploy with pin: all/,
    world: () =>
      facts({
        definition: definition({ image: 'shop:latest' }),
        running: definition({ image: 'shop' }),
        tasks: unknown('the role may not call it')
      })
  }
]
