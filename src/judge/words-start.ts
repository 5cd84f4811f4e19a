import type { ReasonCode } from '../domain/outcome.js'
import { logGroupOf, type JsonObject } from '../domain/task-definition.js'
import { executionRole, imageIn, platformOf, secretIn, subnetIn } from './names.js'

/** What a sentence about a task that did not start is made of. */
export interface StartScene {
  container: string
  /** What AWS said. */
  said: string
  definition: JsonObject
}

const named = (what: string, name: string) => (name === '' ? what : `${what} ${name}`)

/** Why a task cannot start, as a sentence with the exact names. */
export function startSentence(code: ReasonCode, scene: StartScene): string {
  const { container, definition } = scene
  // It stands in the middle of a sentence.
  const said = scene.said.replace(/[.\s]+$/, '')
  const image = named('image', imageIn(said, definition, container))
  const secret = named('the secret or parameter', secretIn(said, definition))
  const group = named('the log group', logGroupOf(definition, container)?.group ?? '')
  const subnet = named('subnet', subnetIn(said))
  switch (code) {
    case 'image-not-found':
      return `${image} of container ${container} does not exist`
    case 'image-platform-mismatch':
      return `${image} of container ${container} has no version for ${wantedPlatform(said, definition)}`
    case 'image-pull-denied':
      return `pulling ${image} of container ${container} is denied`
    case 'image-pull-network':
      return `${image} of container ${container} cannot be pulled: the registry is not reachable from the task`
    case 'image-pull-rate-limit':
      return `${image} of container ${container} cannot be pulled: the rate limit of the registry is reached`
    case 'image-pull-disk':
      return `${image} of container ${container} cannot be pulled: no space is left on the disk of the task`
    case 'secret-missing':
      return `${secret} does not exist`
    case 'secret-denied':
      return `the execution role${role(definition)} may not read ${secret}`
    case 'secret-content':
      return `${secret} does not have the expected content`
    case 'secret-network':
      return `${secret} cannot be read: its service is not reachable from the task`
    case 'log-group-missing':
      return `${group} of container ${container} does not exist`
    case 'log-network':
      return `the log driver of container ${container} cannot start: CloudWatch Logs is not reachable from the task`
    case 'log-config':
      return `the log driver of container ${container} cannot start: ${said.slice(0, 300)}`
    case 'subnet-exhausted':
      return `${subnet} has no free addresses for the network interface of a task`
    case 'network-interface':
      return `a task gets no network interface in ${subnet === 'subnet' ? 'its subnet' : subnet}: ${said.slice(0, 200)}`
    case 'capacity':
      return `there is no capacity for the tasks: ${said.slice(0, 200)}`
    case 'placement':
      return `no container instance may take the tasks: ${said.slice(0, 200)}`
    case 'port-conflict':
      return `the host port of container ${container} is taken on every instance that could run it`
    case 'quota':
      return `a quota of the account is reached: ${said.slice(0, 200)}`
    case 'account-blocked':
      return 'AWS has blocked the account, so no task can be placed'
    default:
      return said === ''
        ? 'tasks stop for a reason that ECS does not name'
        : `tasks cannot start: ${said.slice(0, 200)}`
  }
}

function wantedPlatform(said: string, definition: JsonObject): string {
  return /matching platform '([^']+)'/.exec(said)?.[1] ?? platformOf(definition)
}

function role(definition: JsonObject): string {
  const name = executionRole(definition)
  return name === '' ? '' : ` ${name}`
}

/** What to do about a task that cannot start, as one sentence with the exact names. */
export function startFix(code: ReasonCode, { container, said, definition }: StartScene): string {
  const subnets = 'Give the subnets of the tasks a way out: a NAT gateway, a public address, or VPC endpoints'
  const who = executionRole(definition) === '' ? 'the execution role' : executionRole(definition)
  const image = imageIn(said, definition, container)
  switch (code) {
    case 'image-not-found':
      return `Push ${image === '' ? 'the image' : image} again, or deploy one that exists; check whether a lifecycle policy expired it.`
    case 'image-platform-mismatch': {
      const wants = wantedPlatform(said, definition)
      return `Build the image for ${wants} (docker build --platform ${wants}), or change runtimePlatform of the task definition.`
    }
    case 'image-pull-denied':
      return `Let ${who} pull ${image === '' ? 'from this repository' : image}: ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, or the credentials of the registry.`
    case 'image-pull-network':
      return `${subnets} for ecr.api, ecr.dkr and S3.`
    case 'image-pull-rate-limit':
      return 'Pull it from ECR (a pull-through cache, or a copy), or with credentials of the registry.'
    case 'image-pull-disk':
      return 'Raise ephemeralStorage of the task definition, free the disk of the instance, or make the image smaller.'
    case 'secret-missing':
      return `Create ${secretIn(said, definition) || 'the secret or parameter'} with a current value, or mend its name in the task definition.`
    case 'secret-denied':
      return `Let ${who} read it: secretsmanager:GetSecretValue or ssm:GetParameters on this ARN, and kms:Decrypt on its key.`
    case 'secret-content':
      return `Mend the content of ${secretIn(said, definition) || 'the secret'}, or the JSON key that the task definition asks for.`
    case 'secret-network':
      return `${subnets} for secretsmanager, ssm and kms.`
    case 'log-group-missing': {
      const group = logGroupOf(definition, container)
      const region = group?.region === undefined ? '' : ` --region ${group.region}`
      return group === undefined
        ? 'Create the log group, or set awslogs-create-group and let the execution role create it.'
        : `Create it: aws logs create-log-group --log-group-name ${group.group}${region}`
    }
    case 'log-network':
      return `${subnets} for logs.`
    case 'log-config':
      return `Mend logConfiguration of container ${container} in the task definition, as the reason says.`
    case 'subnet-exhausted':
      return `Free addresses in ${subnetIn(said) || 'the subnet'}, or give the service a larger subnet.`
    case 'network-interface':
      return 'Check the subnets and security groups of the service, and the quota of network interfaces.'
    case 'capacity':
      return 'Wait for capacity, or give the service more subnets, other capacity providers or more instances; then deploy again.'
    case 'placement':
      return 'Add an instance that meets the placement constraints, CPU, memory and attributes of the task definition.'
    case 'port-conflict':
      return `Use a dynamic host port (hostPort 0) for container ${container}, or add an instance where the port is free.`
    case 'quota':
      return 'Ask for a higher quota in Service Quotas (AWS Fargate, Amazon ECS), or stop tasks that are not needed.'
    case 'account-blocked':
      return 'Contact AWS Support: nothing in this service or workflow can mend it.'
    default:
      return 'Look at the stopped tasks and events of the service in the ECS console.'
  }
}
