/**
 * Every way in which a task does not get to run, by a short name, with the words that AWS has for it.
 * A story says `fails: 'secret-missing'`; what follows from it is decided by its phase.
 */
import type { Source } from '../texts.js'

/**
 * How far the task gets. `placement`: there is no task, only an event. `network`: it stays in PROVISIONING.
 * `init`: before its images are pulled. `pull`: while they are. `create`: its container cannot be started.
 * `exec`: the container starts, and the program in it does not.
 */
export type FailurePhase = 'placement' | 'network' | 'init' | 'pull' | 'create' | 'exec'

/** What the texts name. */
export interface FailureScene {
  service: string
  image: string
  /** `linux/amd64` */
  platform: string
  region: string
  account: string
  taskId: string
  subnet: string
  publicIp: boolean
  /** Name of the execution role. */
  role: string
  secret: string
  logGroup: string
  fargate: boolean
}

interface Failure extends Source {
  phase: FailurePhase
  say: (scene: FailureScene) => string
}

const failure = (
  phase: FailurePhase,
  facts: string,
  known: Source['known'],
  say: (scene: FailureScene) => string
): Failure => ({ phase, facts, known, say })

/** Something that cannot be placed says so in the service's events. */
const unplaced = (facts: string, known: Source['known'], reason: string): Failure =>
  failure(
    'placement',
    facts,
    known,
    (s) => `(service ${s.service}) was unable to place a task. Reason: ${reason}`
  )

const init = 'ResourceInitializationError: '
const auth = `${init}unable to pull secrets or registry auth: `
const parameter = `${auth}execution resource retrieval failed: unable to retrieve secrets from ssm: `
const parameterName = (ref: string): string =>
  ref.startsWith('arn:') ? ref.slice(ref.indexOf(':parameter/') + ':parameter'.length) : ref
const parameterArn = (s: FailureScene): string =>
  s.secret.startsWith('arn:')
    ? s.secret
    : `arn:aws:ssm:${s.region}:${s.account}:parameter/${s.secret.replace(/^\//, '')}`
const pull = 'CannotPullContainerError: '
const manifest = (times: number): string => `${pull}pull image manifest has been retried ${times} time(s): `
const limit =
  'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit'

const hostOf = (image: string): string => {
  const first = image.split('/')[0] ?? ''
  return image.includes('/') && /[.:]/.test(first) ? first : 'registry-1.docker.io'
}

/** `repo` and `tag or digest` of a reference, without its registry. */
const partsOf = (image: string): { repository: string; version: string } => {
  const host = hostOf(image)
  const rest = image.startsWith(`${host}/`) ? image.slice(host.length + 1) : image
  const found = /^(.*?)(?:@(sha256:[0-9a-f]+)|:([^@/]+)(?:@(sha256:[0-9a-f]+))?)?$/.exec(rest)
  const name = found?.[1] ?? rest
  const repository = host === 'registry-1.docker.io' && !name.includes('/') ? `library/${name}` : name
  return { repository, version: found?.[4] ?? found?.[2] ?? found?.[3] ?? 'latest' }
}

/** The form in which containerd names an image: Docker Hub's with its full name. */
const refOf = (image: string): string => {
  const { repository, version } = partsOf(image)
  const host = hostOf(image) === 'registry-1.docker.io' ? 'docker.io' : hostOf(image)
  return `${host}/${repository}${version.startsWith('sha256:') ? '@' : ':'}${version}`
}

const manifestUrl = (image: string): string => {
  const { repository, version } = partsOf(image)
  return `https://${hostOf(image)}/v2/${repository}/manifests/${version}`
}

const eni = (s: FailureScene): string =>
  `Unexpected EC2 error while attempting to Create Network Interface${s.publicIp ? ' with public IP assignment enabled' : ''} in subnet '${s.subnet}'`

/** The table: name, phase, section of the facts, how it is known, and the text. */
export const startFailures = {
  // ---- no task at all
  'no-capacity': unplaced(
    'A3.19',
    'DOC',
    'Capacity is unavailable at this time. Please try again later or in a different availability zone.'
  ),
  'task-quota': unplaced(
    'A3.19',
    'DOC',
    "You've reached the limit on the number of tasks you can run concurrently"
  ),
  'vcpu-quota': unplaced(
    'A3.19',
    'DOC',
    "You've reached the limit on the number of vCPUs you can run concurrently"
  ),
  'cpu-limit': unplaced('A3.19', 'DOC', 'The requested CPU configuration is above your limit.'),
  'memory-limit': unplaced('A3.19', 'DOC', 'The requested MEMORY configuration is above your limit.'),
  'internal-error': unplaced('A3.19', 'DOC', 'Internal error.'),
  'account-blocked': failure(
    'placement',
    'A3.18',
    'OBS',
    (s) => `(service ${s.service}) was unable to place a task because your account is currently blocked.`
  ),

  // A role that is missing, or trusts others: its first line is that of a public capture.
  'role-not-assumed': failure(
    'placement',
    'I',
    'OBS',
    (s) =>
      `(service ${s.service}) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::${s.account}:role/${s.role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`
  ),

  // ---- the network interface
  'eni-failed': failure('network', 'C4', 'DOC', (s) => `${eni(s)}: AuthFailure`),
  'subnet-full': failure('network', 'C4', 'DOC+OBS', (s) => `${eni(s)}: InsufficientFreeAddressesInSubnet`),
  'eni-timeout': failure(
    'network',
    'C4',
    'OBS',
    () => 'Timeout waiting for network interface provisioning to complete.'
  ),

  // ---- secrets, registry login, logs, volumes
  'secret-missing': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${auth}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${s.secret} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`
  ),
  'secret-deleted': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${auth}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${s.secret} from secrets manager: InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.`
  ),
  'secret-denied': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${auth}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${s.secret} from secrets manager: AccessDeniedException: User: arn:aws:sts::${s.account}:assumed-role/${s.role}/${s.taskId} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${s.secret} because no identity-based policy allows the secretsmanager:GetSecretValue action`
  ),
  'secret-content': failure(
    'init',
    'C4',
    'OBS',
    () =>
      `${auth}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): invalid character 'p' in literal true (expecting 'r')`
  ),
  'secret-network': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${auth}unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret ${s.secret} from secrets manager: operation error Secrets Manager: GetSecretValue, https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded`
  ),
  'parameter-missing': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${parameter}service call has been retried 1 time(s): invalid ssm parameters: ${parameterName(s.secret)}`
  ),
  'parameter-denied': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${parameter}service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::${s.account}:assumed-role/${s.role}/${s.taskId} is not authorized to perform: ssm:GetParameters on resource: ${parameterArn(s)} because no identity-based policy allows the ssm:GetParameters action`
  ),
  'parameter-network': failure(
    'init',
    'C4',
    'OBS',
    () =>
      `${auth}unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. There is a connection issue between the task and AWS Systems Manager Parameter Store. Check your task network configuration. operation error SSM: GetParameters, https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded`
  ),
  'ecr-auth-network': failure(
    'init',
    'C4',
    'OBS',
    (s) =>
      `${auth}execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.${s.region}.amazonaws.com/": dial tcp 63.34.62.189:443: i/o timeout. Please check your task network configuration.`
  ),
  'log-group-missing': failure('init', 'C4', 'DOC+OBS', (s) =>
    s.fargate
      ? `${init}failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1`
      : 'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.'
  ),
  'log-network': failure(
    'init',
    'C4',
    'OBS',
    () =>
      `${init}failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed`
  ),
  'log-config': failure(
    'init',
    'C4',
    'OBS',
    () =>
      `${init}failed to validate logger args: unable to get awslogs driver arguments: awslogs-region is required`
  ),
  'efs-failed': failure(
    'init',
    'C4',
    'DOC+OBS',
    () =>
      `${init}failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32`
  ),

  // ---- pulling
  'image-not-found': failure('pull', 'C4', 'DOC+OBS', (s) =>
    s.fargate
      ? `${manifest(7)}failed to resolve ref ${refOf(s.image)}: ${refOf(s.image)}: not found`
      : `${pull}Error response from daemon: manifest for ${s.image} not found: manifest unknown: Requested image not found`
  ),
  'wrong-platform': failure('pull', 'C4', 'OBS', (s) =>
    s.fargate
      ? `${manifest(7)}image Manifest does not contain descriptor matching platform '${s.platform}'`
      : `${pull}image Manifest does not contain descriptor matching platform '${s.platform}'`
  ),
  'pull-forbidden': failure('pull', 'C4', 'DOC', (s) =>
    s.fargate
      ? `${manifest(1)}failed to resolve ref ${refOf(s.image)}: unexpected status code 403 Forbidden`
      : `${pull}Error response from daemon: Head "${manifestUrl(s.image)}": no basic auth credentials`
  ),
  'pull-role': failure(
    'pull',
    'C4',
    'DOC',
    () =>
      `${pull}The task can't pull the image. Check that the role has the permissions to pull images from the registry.`
  ),
  'pull-denied': failure('pull', 'C4', 'OBS', (s) =>
    s.fargate
      ? `${manifest(1)}failed to resolve ref ${refOf(s.image)}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed.`
      : `${pull}API error (404): repository ${partsOf(s.image).repository} not found`
  ),
  'pull-network': failure('pull', 'C4', 'OBS', (s) =>
    s.fargate
      ? `${manifest(5)}failed to resolve ref ${refOf(s.image)}: failed to do request: Head "${manifestUrl(s.image)}": dial tcp 44.205.64.79:443: i/o timeout`
      : `${pull}API error (500): Get https://${hostOf(s.image)}/v2/: net/http: request canceled while waiting for connection`
  ),
  'layer-network': failure(
    'pull',
    'C4',
    'INF',
    (s) =>
      `${pull}ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-${s.region}-starport-layer-bucket.s3.${s.region}.amazonaws.com/": dial tcp 52.219.170.18:443: i/o timeout`
  ),
  'rate-limit': failure('pull', 'C4', 'DOC+OBS', (s) =>
    s.fargate
      ? `${manifest(1)}httpReadSeeker: failed open: unexpected status code ${manifestUrl(s.image)}: 429 Too Many Requests - Server message: ${limit}`
      : `${pull}Error response from daemon: ${limit}`
  ),
  'no-space': failure('pull', 'C4', 'DOC', (s) =>
    s.fargate
      ? `${pull}ref pull has been retried 1 time(s): failed to extract layer: write /var/lib/containerd: no space left on device`
      : `${pull}write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device`
  ),

  // ---- the container itself
  'no-entrypoint': failure(
    'create',
    'C4',
    'OBS',
    () =>
      `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/entrypoint.sh": executable file not found in $PATH: unknown`
  ),
  // The program's own last words: they are in the log, the task only says that it exited with 1.
  'exec-format': failure('exec', 'C4', 'OBS', () => 'exec /usr/local/bin/entrypoint.sh: exec format error')
} satisfies Record<string, Failure>

/** The names a story may use. */
export type StartFailure = keyof typeof startFailures

/** The rule behind a name. */
export function failureOf(name: StartFailure): Failure {
  return startFailures[name]
}
