/** Which failed tasks show that another try cannot help, and which only look like it. */
import { describe, expect, test } from '@jest/globals'
import type { Task } from '../../src/domain/service.js'
import { isHopeless } from '../../src/judge/permanent.js'
import { readStop } from '../../src/judge/stop-reason.js'
import { after, dead, deployment, exited, look, oldDeployment, service } from './looks.js'

const pull = (text: string) =>
  `CannotPullContainerError: pull image manifest has been retried 7 time(s): ${text}`
const init = (text: string) =>
  `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ${text}`
const notStarted = (text: string, change: Partial<Task> = {}) => dead('1', 'TaskFailedToStart', text, change)
const onInstance = { containerInstanceArn: 'arn:aws:ecs:eu-west-1:111122223333:container-instance/main/ci' }

function verdictOn(task: Task) {
  const deployments = [deployment({ rolloutState: 'IN_PROGRESS', running: 0 }), oldDeployment()]
  return after([look(90, { service: service({ deployments }), tasks: [task] })]).verdict
}

describe('failing at the first task', () => {
  test.each<[string, Task]>([
    ['image-not-found', notStarted(pull('failed to resolve ref r:1: r:1: not found'))],
    [
      'image-platform-mismatch',
      notStarted(pull("image Manifest does not contain descriptor matching platform 'linux/amd64'"))
    ],
    [
      'image-pull-denied',
      notStarted(pull('failed to resolve ref r:1: unexpected status code 403 Forbidden'))
    ],
    [
      'image-pull-denied',
      notStarted(
        pull(
          'failed to resolve ref docker.io/library/a:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed.'
        )
      )
    ],
    [
      'secret-missing',
      notStarted(
        init(
          "failed to fetch secret arn:x from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."
        )
      )
    ],
    [
      'secret-denied',
      notStarted(
        init(
          'failed to fetch secret arn:x from secrets manager: AccessDeniedException: User: arn:y is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:x'
        )
      )
    ],
    ['secret-content', notStarted(init("invalid character 'p' in literal true (expecting 'r')"))],
    [
      'log-group-missing',
      notStarted(
        'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.'
      )
    ],
    [
      'log-config',
      notStarted(
        'ResourceInitializationError: failed to validate logger args: unable to get awslogs driver arguments: awslogs-region is required'
      )
    ],
    [
      'log-config',
      notStarted(
        "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: unknown log opt 'awslogs-grup' for awslogs log driver"
      )
    ],
    [
      'container-exit',
      notStarted(
        'CannotStartContainerError: Error response from daemon: failed to create task: exec: "serve": executable file not found in $PATH'
      )
    ],
    ['container-exec-format', notStarted('CannotStartContainerError: exec /app: exec format error')]
  ])('%s', (code, task) => {
    expect(readStop(task)).toEqual({ kind: 'failed', code })
    expect(verdictOn(task)).toEqual({
      state: 'failing',
      because: 'permanent',
      detail: `${code}: another try cannot help`
    })
  })
})

describe('tolerated once, because it may pass', () => {
  test.each<[string, Task]>([
    [
      'a network',
      notStarted(pull('failed to resolve ref r:1: failed to do request: dial tcp 1.2.3.4:443: i/o timeout'))
    ],
    ['a rate limit', notStarted(pull('toomanyrequests: You have reached your pull rate limit.'))],
    [
      'a full disk',
      notStarted('CannotPullContainerError: write /var/lib/docker/tmp/x: no space left on device')
    ],
    ['a text that is cut off after the reference', notStarted(pull('failed to resolve ref r.example/web:1'))],
    ['an agent without a login', notStarted('CannotPullContainerError: no basic auth credentials')],
    [
      'a login that has expired',
      notStarted(
        pull('denied: Your authorization token has expired. access denied. Reauthenticate and try again.')
      )
    ],
    [
      'one EC2 instance that may not pull',
      notStarted(pull('unexpected status code 403 Forbidden'), onInstance)
    ],
    [
      'one EC2 instance with another processor',
      notStarted('CannotStartContainerError: exec /app: exec format error', onInstance)
    ],
    [
      'a network of secrets',
      notStarted(
        'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration.'
      )
    ],
    [
      'an unknown sentence about a log driver',
      notStarted('ResourceInitializationError: failed to initialize logging driver: something new')
    ],
    [
      'a network interface',
      notStarted("Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1'")
    ],
    ['no capacity', notStarted('RESOURCE:CPU')],
    ['an exit code', exited('1', 127)],
    ['a sentence that nobody knows', notStarted('QuantumError: the flux was not aligned')]
  ])('%s', (_, task) => {
    expect(verdictOn(task).state).toBe('waiting')
  })

  test('codes that no rule names', () => {
    for (const code of ['container-oom', 'capacity', 'unknown', 'elb-health-code'] as const)
      expect(isHopeless(code, notStarted('not found'))).toBe(false)
  })
})
