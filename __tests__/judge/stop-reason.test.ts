import { expect, test } from '@jest/globals'
import { readStop, readStartText } from '../../src/judge/stop-reason.js'
import { dead } from './looks.js'

const ref = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/secret-timeout-denied:tag'

/* Texts of real tasks, old and new wordings. */
test.each([
  [
    `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${ref}: ${ref}: not found`,
    'image-not-found'
  ],
  [
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ref.replace(':tag', '')}@sha256:00: not found`,
    'image-not-found'
  ],
  [
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ref}`,
    'image-not-found'
  ],
  [
    "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
    'image-platform-mismatch'
  ],
  [
    'CannotPullContainerError: Error response from daemon: manifest for a:b not found: manifest unknown: Requested image not found',
    'image-not-found'
  ],
  ['CannotPullContainerError: API error (404): repository a not found', 'image-not-found'],
  [
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/repository:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed.',
    'image-pull-denied'
  ],
  [
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/latest:latest: failed to do request: Head "https://registry-1.docker.io/v2/library/latest/manifests/latest": dial tcp 44.205.64.79:443: i/o timeout',
    'image-pull-network'
  ],
  [
    "CannotPullContainerError: The task cannot pull 'a' from the Amazon ECR repository 'b'. There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
    'image-pull-network'
  ],
  ['CannotPullContainerError: unexpected status code 403 Forbidden', 'image-pull-denied'],
  ['CannotPullContainerError: no basic auth credentials', 'image-pull-denied'],
  [
    'CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.',
    'image-pull-rate-limit'
  ],
  [
    'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
    'image-pull-disk'
  ],
  [
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 63.34.62.189:443: i/o timeout. Please check your task network configuration.',
    'image-pull-network'
  ],
  [
    'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret arn:x from secrets manager: operation error Secrets Manager: GetSecretValue, https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded',
    'secret-network'
  ],
  [
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:x from secrets manager: AccessDeniedException: User: arn:y is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:x',
    'secret-denied'
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:x from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    'secret-missing'
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: invalid character 'p' in literal true (expecting 'r')",
    'secret-content'
  ],
  [
    'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    'log-group-missing'
  ],
  ['ResourceInitializationError: failed to initialize logging driver: something else', 'log-config'],
  [
    "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
    'subnet-exhausted'
  ],
  [
    "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-1'",
    'network-interface'
  ],
  ['RESOURCE:CPU', 'capacity'],
  ['RESOURCE:PORTS', 'port-conflict'],
  [
    'Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    'capacity'
  ],
  ["You've reached the limit on the number of vCPUs you can run concurrently", 'quota'],
  ['MemberOf placement constraint unsatisfied.', 'placement'],
  ['service web was unable to place a task because your account is currently blocked.', 'account-blocked']
])('%s', (text, code) => {
  expect(readStartText(text)).toBe(code)
  expect(readStop(dead('1', 'TaskFailedToStart', text))).toEqual({ kind: 'failed', code })
})

test.each([
  ['an exit', 1, undefined, 'container-exit'],
  ['an exit with 0', 0, undefined, 'container-exit'],
  ['a segfault', 139, undefined, 'container-exit'],
  ['no memory, old wording', 137, 'OutOfMemoryError: Container killed due to memory usage', 'container-oom'],
  ['no memory, new wording', 137, 'OutOfMemoryError: container killed due to memory usage', 'container-oom'],
  ['a kill', 137, undefined, 'container-killed'],
  ['another processor', 1, 'exec /app: exec format error', 'container-exec-format']
])('%s', (_, exitCode, reason, code) => {
  const container = {
    name: 'app',
    lastStatus: 'STOPPED',
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    addresses: [],
    bindings: []
  }
  const task = dead('1', 'EssentialContainerExited', 'Essential container in task exited', {
    containers: [container]
  })
  expect(readStop(task)).toEqual({ kind: 'failed', code })
})

test('health checks that failed, as ECS says them', () => {
  const scheduler = (reason: string) => readStop(dead('1', 'ServiceSchedulerInitiated', reason))
  expect(scheduler('Task failed container health checks')).toEqual({
    kind: 'failed',
    code: 'container-health-check'
  })
  expect(scheduler('Task failed ELB health checks in (target-group arn:x)')).toMatchObject({ kind: 'failed' })
  expect(scheduler('Scaling activity initiated by (deployment ecs-svc/1)')).toEqual({ kind: 'benign' })
})

test.each(['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth'])(
  '%s is benign, whatever the sentence, and not merely unknown',
  (stopCode) => {
    expect(readStop(dead('1', stopCode, 'Essential container in task exited'))).toEqual({ kind: 'benign' })
  }
)

test('an exit beside a kill is an exit: the sidecar was killed along with it', () => {
  const container = (name: string, exitCode: number) => ({
    name,
    lastStatus: 'STOPPED',
    exitCode,
    addresses: [],
    bindings: []
  })
  const stop = (...codes: number[]) =>
    readStop(
      dead('1', 'EssentialContainerExited', 'Essential container in task exited', {
        containers: codes.map((code, i) => container(`c${i}`, code))
      })
    )
  expect(stop(1, 137)).toEqual({ kind: 'failed', code: 'container-exit' })
  expect(stop(0, 137)).toEqual({ kind: 'failed', code: 'container-killed' })
})

test('a health check of a kind that we do not know is a failure without a code', () => {
  const stop = (reason: string) => readStop(dead('1', 'ServiceSchedulerInitiated', reason))
  expect(stop('Task failed VPC Lattice health checks in (target-group arn:x)')).toEqual({
    kind: 'failed',
    code: 'unknown'
  })
})

test.each([
  'Scaling activity initiated by (deployment ecs-svc/1)',
  'Your Spot Task was interrupted.',
  'Host EC2 (instance i-1) stopped.',
  'Container instance deregistration forced by user',
  'Task stopped by user'
])('without a stop code, benign: %s', (reason) => {
  const old = { ...dead('1', '', reason), stopCode: undefined as never }
  expect(readStop(old)).toEqual({ kind: 'benign' })
})

test('without a stop code the sentence decides, and an unknown one decides nothing', () => {
  const old = { ...dead('1', '', 'Essential container in task exited'), stopCode: undefined as never }
  expect(readStop(old)).toEqual({ kind: 'failed', code: 'container-exit' })
  expect(readStop({ ...old, stoppedReason: 'Host EC2 (instance i-1) terminated.' })).toEqual({
    kind: 'benign'
  })
  expect(readStop({ ...old, stoppedReason: 'A new sentence' })).toEqual({ kind: 'unknown' })
})
