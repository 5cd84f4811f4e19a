/** A row for every reason code that a deployment can end with: the real words, the code, the names, what to do. */
import { describe, expect, test } from '@jest/globals'
import type { Observation, TaskLog } from '../../src/domain/observation.js'
import type { Task } from '../../src/domain/service.js'
import { explain, type Cause } from '../../src/judge/causes.js'
import {
  after,
  dead,
  deployment,
  group,
  lb,
  look,
  oldDeployment,
  service,
  start,
  subject,
  target,
  task
} from './looks.js'

const image = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:v2'
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf'
const definition = {
  family: 'web',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::111122223333:role/web-execution',
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  containerDefinitions: [
    {
      name: 'app',
      image,
      environment: [{ name: 'TOKEN', value: 'top-secret-value' }],
      secrets: [{ name: 'DB_URL', valueFrom: secret }],
      healthCheck: { command: ['CMD-SHELL', 'curl -f -H top-secret-value http://localhost/ || exit 1'] },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web',
          'awslogs-region': 'eu-west-1',
          'awslogs-stream-prefix': 'web'
        }
      }
    }
  ]
}
const rolling = (tasks: Task[], change: Partial<Observation> = {}) =>
  look(90, {
    service: service({
      loadBalancers: lb,
      gracePeriodMs: 30_000,
      deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 0 }), oldDeployment()]
    }),
    tasks,
    ...change
  })
const causeOf = (looks: Observation[], logs: TaskLog[] = []): Cause => {
  const { verdict, memory, seen } = after(looks)
  if (verdict.state !== 'failing') throw new Error(`expected failing, got ${verdict.state}`)
  return explain(verdict, subject, memory, seen, definition, logs)
}
const app = (change: object) => ({
  containers: [{ name: 'app', lastStatus: 'STOPPED', addresses: [], bindings: [], ...change }]
})
const exit = (change: object) => (id: string) =>
  dead(id, 'EssentialContainerExited', 'Essential container in task exited', app(change))
const unstarted = (text: string) => (id: string) => dead(id, 'TaskFailedToStart', text, app({}))
const said = (lines: string[]): TaskLog[] => [{ task: 'x', container: 'app', lines }]
const retried = 'CannotPullContainerError: pull image manifest has been retried 7 time(s):'
const auth = 'ResourceInitializationError: unable to pull secrets or registry auth:'

test.each<[string, (id: string) => Task, RegExp, RegExp, TaskLog[]?]>([
  [
    'image-not-found',
    unstarted(`${retried} failed to resolve ref ${image}: ${image}: not found`),
    /image \S+\/shop:v2 of container app does not exist/,
    /Push \S+\/shop:v2 again/
  ],
  [
    'image-platform-mismatch',
    unstarted(`${retried} image Manifest does not contain descriptor matching platform 'linux/arm64'`),
    /no version for linux\/arm64/,
    /--platform linux\/arm64/
  ],
  [
    'image-pull-denied',
    unstarted(
      "CannotPullContainerError: The task can't pull the image. Check that the role has the permissions to pull images from the registry."
    ),
    /pulling image \S+ of container app is denied/,
    /Let web-execution pull/
  ],
  [
    'image-pull-network',
    unstarted(
      `CannotPullContainerError: The task cannot pull '${image}' from the Amazon ECR repository 'shop'. There is a connection issue between the task and Amazon ECR. Check your task network configuration.`
    ),
    /registry is not reachable/,
    /NAT gateway.*ecr\.dkr/
  ],
  [
    'image-pull-rate-limit',
    unstarted('CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.'),
    /rate limit/,
    /pull-through cache/
  ],
  [
    'image-pull-disk',
    unstarted('CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob1: no space left on device'),
    /no space/,
    /ephemeralStorage/
  ],
  [
    'secret-missing',
    unstarted(
      `${auth} execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secret} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`
    ),
    /secret:shop\/db-AbCdEf \(DB_URL\) does not exist/,
    /Create arn:/
  ],
  [
    'secret-denied',
    unstarted(
      `${auth} execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${secret} from secrets manager: AccessDeniedException: User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secret}`
    ),
    /execution role web-execution may not read .*shop\/db/,
    /secretsmanager:GetSecretValue/
  ],
  [
    'secret-content',
    unstarted(
      `${auth} execution resource retrieval failed: unable to retrieve secret from asm: invalid character 'p' in literal true (expecting 'r')`
    ),
    /DB_URL|shop\/db/,
    /JSON key/
  ],
  [
    'secret-network',
    unstarted(
      `${auth} unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret ${secret} from secrets manager: operation error Secrets Manager: GetSecretValue, https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded`
    ),
    /not reachable/,
    /secretsmanager, ssm and kms/
  ],
  [
    'log-group-missing',
    unstarted(
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.'
    ),
    /log group \/ecs\/web of container app does not exist/,
    /aws logs create-log-group --log-group-name \/ecs\/web --region eu-west-1/
  ],
  [
    'log-network',
    unstarted(
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post "https://logs.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout'
    ),
    /CloudWatch Logs is not reachable/,
    /NAT gateway.* for logs/
  ],
  [
    'log-config',
    unstarted('ResourceInitializationError: failed to initialize logging driver: unknown log opt'),
    /log driver of container app cannot start/,
    /logConfiguration of container app/
  ],
  [
    'network-interface',
    unstarted(
      "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0a1b': AuthFailure"
    ),
    /no network interface in subnet subnet-0a1b/,
    /security groups/
  ],
  [
    'network-interface',
    unstarted('Timeout waiting for network interface provisioning to complete.'),
    /no network interface in its subnet/,
    /security groups/
  ],
  [
    'subnet-exhausted',
    unstarted(
      "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a1b': InsufficientFreeAddressesInSubnet"
    ),
    /subnet subnet-0a1b has no free addresses/,
    /Free addresses in subnet-0a1b/
  ],
  [
    'capacity',
    unstarted(
      'Capacity is unavailable at this time. Please try again later or in a different availability zone.'
    ),
    /no capacity/,
    /capacity providers/
  ],
  [
    'placement',
    unstarted('MemberOf placement constraint unsatisfied.'),
    /no container instance/,
    /placement constraints/
  ],
  ['port-conflict', unstarted('RESOURCE:PORTS'), /host port of container app is taken/, /hostPort 0/],
  [
    'quota',
    unstarted("You've reached the limit on the number of tasks you can run concurrently"),
    /quota of the account/,
    /Service Quotas/
  ],
  [
    'account-blocked',
    unstarted('service web was unable to place a task because your account is currently blocked.'),
    /AWS has blocked the account/,
    /AWS Support/
  ],
  [
    'container-exit',
    exit({ exitCode: 3 }),
    /container app exits with code 3 \(/,
    /aws logs tail \/ecs\/web --since 15m --region eu-west-1/
  ],
  ['container-exit', exit({ exitCode: 0 }), /code 0: it ends by itself/, /aws logs tail/],
  [
    'container-exit',
    exit({ exitCode: 127 }),
    /code 127: the command that it starts is not in the image/,
    /command and entryPoint of app/
  ],
  [
    'container-exit',
    exit({ exitCode: 1 }),
    /code 1/,
    /Mend what its last lines say/,
    said(['Error: no such table'])
  ],
  [
    'container-exit',
    unstarted(
      'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container_linux.go: starting container process caused: exec: "/app/start.sh": stat /app/start.sh: no such file or directory: unknown'
    ),
    /container app cannot start: its command \/app\/start.sh is not in the image/,
    /command and entryPoint of app/
  ],
  [
    'container-oom',
    exit({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }),
    /runs out of memory \(limit 512 MiB\)/,
    /more memory than 512 MiB/
  ],
  [
    'container-oom',
    exit({ exitCode: 137, reason: 'OutOfMemoryError: container killed due to memory usage' }),
    /runs out of memory/,
    /more memory/
  ],
  [
    'container-killed',
    exit({ exitCode: 137 }),
    /killed \(exit code 137\), and ECS reports no lack of memory/,
    /SIGKILL/
  ],
  [
    'container-killed',
    exit({ exitCode: 137 }),
    /its log speaks of memory: FATAL: JavaScript heap out of memory/,
    /more memory/,
    said(['FATAL: JavaScript heap out of memory'])
  ],
  [
    'container-exec-format',
    exit({ exitCode: 1, reason: 'exec /app: exec format error' }),
    /another processor than linux\/arm64/,
    /--platform linux\/arm64/
  ],
  [
    'container-exec-format',
    exit({ exitCode: 255 }),
    /another processor/,
    /runtimePlatform/,
    said(['exec /app/server: exec format error'])
  ],
  [
    'container-health-check',
    (id) => dead(id, 'ServiceSchedulerInitiated', 'Task failed container health checks'),
    /curl -f -H \*\*\* http:\/\/localhost/,
    /image of app has the program curl/
  ],
  ['unknown', unstarted('QuantumError: no'), /tasks cannot start: QuantumError: no/, /ECS console/]
])('%s, %#', (code, made, sentence, fix, logs = []) => {
  const cause = causeOf([rolling([made('1'), made('2')])], logs)
  expect(cause.code).toBe(code)
  expect(cause.sentence).toMatch(sentence)
  expect(cause.fix).toMatch(fix)
  expect(cause.fix).toMatch(/\S$/)
  expect(cause.evidence[0]).toContain('task 1 stopped')
  if (cause.evidence.length > 2) expect(cause.evidence[1]).toMatch(/task 2 stopped.*: the same$/)
  expect(JSON.stringify(cause)).not.toContain('top-secret-value')
})

describe('load balancers', () => {
  const groups = new Map([
    [
      group,
      {
        arn: group,
        intervalMs: 10_000,
        timeoutMs: 5000,
        unhealthyThreshold: 2,
        path: '/healthz',
        port: '8081',
        matcher: '200-299'
      }
    ]
  ])
  const sick = (
    reason: string,
    description: string,
    targetGroups: NonNullable<Observation['targetGroups']> = groups
  ) => {
    const seen = (seconds: number) =>
      look(seconds, {
        ...rolling([task('1'), task('2')]),
        at: start + seconds * 1000,
        targets: new Map([[group, ['1', '2'].map((id) => target(id, 'unhealthy', { reason, description }))]]),
        targetGroups
      })
    return [seen(60), seen(70)]
  }
  test.each([
    [
      'elb-health-code',
      'Target.ResponseCodeMismatch',
      'Health checks failed with these codes: [404]',
      /gets the code 404 from GET \/healthz on port 8081; target group web-tg wants 200-299/,
      /container app answer GET \/healthz on port 8081 with 200-299/
    ],
    [
      'elb-health-timeout',
      'Target.Timeout',
      'Request timed out',
      /GET \/healthz on port 8081 times out/,
      /security group of the tasks accept port 8081 from the load balancer.*within 5s/
    ],
    [
      'elb-health-unreachable',
      'Target.FailedHealthChecks',
      'Health checks failed',
      /cannot connect to GET \/healthz on port 8081/,
      /listen on port 8081 on all addresses.*30s/
    ]
  ])('%s, before ECS stops the first task', (code, reason, description, sentence, fix) => {
    const cause = causeOf(sick(reason, description))
    expect(cause).toMatchObject({ code })
    expect(cause.sentence).toMatch(sentence)
    expect(cause.sentence).toContain('2 tasks unhealthy past the grace period')
    expect(cause.evidence[0]).toContain('task 1 runs: target unhealthy in web-tg')
    expect(cause.fix).toMatch(fix)
  })

  test('without permission to read the target group, the sentence says what is known', () => {
    const [first, second] = sick(
      'Target.ResponseCodeMismatch',
      'Health checks failed with these codes: [404]',
      new Map()
    )
    const later = { ...second!, at: start + 190_000 }
    expect(causeOf([first!, second!, later]).sentence).toMatch(
      /gets the code 404 from the health check on port 80 \(/
    )
  })

  test.each([
    ['(task 1) (port 80)', {}],
    [
      '(instance i-1) (port 32768)',
      {
        containerInstanceArn: 'ci',
        containers: [
          {
            name: 'app',
            lastStatus: 'STOPPED',
            addresses: [],
            bindings: [{ containerPort: 80, hostPort: 32768 }]
          }
        ]
      }
    ]
  ])('where the target was not seen, the event of %s says how', (who, change) => {
    const killed = (id: string) =>
      dead(
        id,
        'ServiceSchedulerInitiated',
        `Task failed ELB health checks in (target-group ${group})`,
        change
      )
    const message = `(service web) ${who} is unhealthy in (target-group ${group}) due to (reason Health checks failed with these codes: [503]).`
    const seen = rolling([killed('2'), killed('1')], { instances: new Map([['ci', 'i-1']]) })
    const events = [{ id: 'e', at: start + 60_000, message }]
    const cause = causeOf([
      { ...seen, service: { ...seen.service, events } },
      { ...seen, at: seen.at + 1000 }
    ])
    expect(cause).toMatchObject({ code: 'elb-health-code' })
    expect(cause.sentence).toContain('gets the code 503')
  })

  test('a container that keeps restarting lies deeper than the check that it fails', () => {
    const started = (id: string, runtimeId: string) => task(id, app({ lastStatus: 'RUNNING', runtimeId }))
    const killed = (id: string) =>
      dead(
        id,
        'ServiceSchedulerInitiated',
        `Task failed ELB health checks in (target-group ${group})`,
        app({ exitCode: 1 })
      )
    const looks = [
      rolling([started('1', 'a'), started('2', 'x')]),
      rolling([started('1', 'b'), started('2', 'x')]),
      rolling([killed('1'), killed('2')])
    ].map((seen, i) => ({ ...seen, at: seen.at + i * 10_000 }))
    expect(causeOf(looks)).toMatchObject({ code: 'container-exit' })
  })
})

test('several causes: the root first, the others beside it', () => {
  const looks = [
    rolling([
      exit({ exitCode: 1 })('1'),
      dead('2', 'ServiceSchedulerInitiated', 'Task failed container health checks')
    ])
  ]
  const cause = causeOf(looks)
  expect(cause.code).toBe('container-exit')
  expect(cause.evidence.join('\n')).toMatch(
    /also, in 1 task: the container health check fails.*\(container-health-check\)/
  )
})

describe('without a task that failed', () => {
  const standing = (change: Parameters<typeof service>[0]) =>
    [5, 70, 700].map((s) =>
      look(s, {
        service: service({
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 0 }), oldDeployment()],
          ...change
        })
      })
    )
  test('stuck: the percentages, and the command that leaves room', () => {
    const cause = causeOf(standing({ maximumPercent: 100 }))
    expect(cause).toMatchObject({ code: 'stuck' })
    expect(cause.sentence).toMatch(
      /leave no room at 1 wanted task \(at least 1 must stay, at most 1 may be\)/
    )
    expect(cause.fix).toBe(
      'Leave room: aws ecs update-service --cluster main --service web --deployment-configuration minimumHealthyPercent=100,maximumPercent=200'
    )
  })
  test.each([
    [
      'capacity',
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
      /no capacity for the tasks: Capacity is unavailable/
    ],
    [
      'quota',
      "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently",
      /quota of the account is reached/
    ],
    [
      'account-blocked',
      'service web was unable to place a task because your account is currently blocked.',
      /blocked the account/
    ],
    [
      'placement',
      'service (web) was unable to place a task because no container instance met all of its requirements.',
      /no container instance may take/
    ]
  ])('%s, from the event', (code, message, sentence) => {
    const cause = causeOf(standing({ events: [{ id: 'e', at: start + 1000, message }] }))
    expect(cause).toMatchObject({ code })
    expect(cause.sentence).toMatch(sentence)
    expect(cause.evidence.join('\n')).toContain(message)
  })

  test("ECS's own record of the rollout names the alarm, and what its breaker counted", () => {
    const rollout = {
      arn: 'a',
      status: 'ROLLBACK_IN_PROGRESS',
      triggeredAlarms: ['web-5xx'],
      breaker: { status: 'TRIGGERED', failureCount: 2, threshold: 3 }
    }
    const ended = look(90, {
      service: service({
        deployments: [deployment({ rolloutState: 'FAILED', rolloutStateReason: 'ended' })]
      }),
      rollout
    })
    const cause = causeOf([ended])
    expect(cause).toMatchObject({ code: 'alarm' })
    expect(cause.sentence).toContain('web-5xx')
    expect(cause.evidence.join('\n')).toContain("ECS's circuit breaker has counted 2 of the 3 failures")
  })
})
