import { targetGroupName } from '../domain/arn.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { Container, Task } from '../domain/service.js'
import { isObject, logGroupOf, type JsonObject } from '../domain/task-definition.js'
import type { FailedTask } from './memory.js'
import type { TaskHealth } from './task-health.js'

/** A cause in words: one sentence, and what to do. */
export interface Told {
  code: ReasonCode
  sentence: string
  fix: string
}

/** The container that decided: the one that failed, not a sidecar that was stopped along with it. */
function culprit(task: Task): Container | undefined {
  const rank = (c: Container) =>
    (c.reason !== undefined ? 2 : 0) + (c.exitCode !== undefined && c.exitCode !== 0 ? 1 : 0)
  return [...task.containers].sort((a, b) => rank(b) - rank(a))[0]
}

/** A failed task's cause in words, with the names that the definition and the service give. */
export function describeFailure(
  code: ReasonCode,
  failure: FailedTask,
  seen: Observation,
  definition: JsonObject
): Told {
  const { task } = failure
  const container = culprit(task)
  const name = container?.name ?? 'the container'
  const general =
    task.stoppedReason === undefined ||
    /^(task failed to start|essential container in task exited)/i.test(task.stoppedReason)
  const text = (general ? container?.reason : undefined) ?? task.stoppedReason ?? ''
  const logs = logHint(definition, name)
  switch (code) {
    case 'container-exit':
      return {
        code,
        sentence: `container ${name} exits with code ${container?.exitCode ?? 'unknown'}`,
        fix: logs
      }
    case 'container-oom':
      return {
        code,
        sentence: `container ${name} runs out of memory`,
        fix: `Give container ${name} or the task more memory, or find the leak.`
      }
    case 'container-killed':
      return {
        code,
        sentence: `container ${name} is killed (exit code 137) without a report of memory`,
        fix: `Check whether ${name} stops on SIGTERM in time, and its memory. ${logs}`
      }
    case 'container-exec-format':
      return {
        code,
        sentence: `the image of ${name} is built for another processor`,
        fix: "Build the image for the task definition's runtimePlatform (Fargate's default is linux/amd64)."
      }
    case 'container-health-check':
      return {
        code,
        sentence: `the container health check fails: ${healthCommand(definition, task)}`,
        fix: 'Run this command inside the image: the program it calls must be in it, and it must exit 0 within its timeout.'
      }
    case 'elb-health-code':
    case 'elb-health-timeout':
    case 'elb-health-unreachable':
      return describeTarget(code, failure.lastWords?.target?.group ?? groupIn(text), failure.lastWords, seen)
    default:
      return { code, sentence: startSentence(code, name, text), fix: startFix(code) }
  }
}

/** What is wrong with the targets of a group, in words. */
export function describeTarget(
  code: ReasonCode,
  group: string,
  health: TaskHealth | undefined,
  seen: Observation
): Told {
  const entry = seen.service.loadBalancers.find(
    (l) => l.targetGroupArn !== undefined && targetGroupName(l.targetGroupArn) === group
  )
  const port = health?.target?.containerPort ?? entry?.containerPort
  const where = `target group ${group}${port === undefined ? '' : `, container port ${port}`}`
  const said = health?.target?.target?.description
  switch (code) {
    case 'elb-health-code':
      return {
        code,
        sentence: `the load balancer's health check gets a wrong answer (${said ?? 'wrong code'}; ${where})`,
        fix: 'Check the health check path and the success codes of the target group against what the application answers.'
      }
    case 'elb-health-timeout':
      return {
        code,
        sentence: `the load balancer's health check times out (${where})`,
        fix: 'Check that the security groups let the load balancer reach the task on this port, and that the application answers in time.'
      }
    case 'target-not-in-use':
      return {
        code,
        sentence: `no load balancer sends traffic to ${where}`,
        fix: 'Attach the target group to a listener of the load balancer, and enable the Availability Zones of the tasks.'
      }
    case 'target-not-registered':
      return {
        code,
        sentence: `tasks run but are not registered in ${where}`,
        fix: 'Check the load balancer entry of the service: container name, port and target group.'
      }
    default:
      return {
        code,
        sentence: `the load balancer's health check cannot connect (${where})`,
        fix: 'Check that the application listens on this port on all addresses, and starts within the health check grace period.'
      }
  }
}

function groupIn(text: string): string {
  const found = /\(target-group ([^)\s]+)\)/.exec(text)?.[1]
  return found === undefined ? 'unknown' : targetGroupName(found)
}

/** The health check that failed: of the container that is UNHEALTHY, else of the first that has one. */
function healthCommand(definition: JsonObject, task: Task): string {
  const sick = task.containers.find((c) => c.healthStatus === 'UNHEALTHY')?.name
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  const checked = list.filter(isObject).filter((c) => isObject(c['healthCheck']))
  const container = checked.find((c) => c['name'] === sick) ?? checked[0]
  const check = container?.['healthCheck']
  const command =
    isObject(check) && Array.isArray(check['command']) ? check['command'].map(String).join(' ') : ''
  if (command === '') return 'the command of the task definition'
  return `container ${containerName(container)}, ${command.length > 160 ? `${command.slice(0, 160)}…` : command}`
}

function containerName(container: JsonObject | undefined): string {
  const name = container?.['name']
  return typeof name === 'string' ? name : 'unnamed'
}

function logHint(definition: JsonObject, container: string): string {
  const log = logGroupOf(definition, container)
  if (!log) return `Read the last lines that ${container} logged.`
  const region = log.region === undefined ? '' : ` --region ${log.region}`
  return `Read the last lines that ${container} logged: aws logs tail ${log.group} --since 15m${region}`
}

/** Why a task cannot start, as a sentence. */
export function startSentence(code: ReasonCode, container: string, text: string): string {
  switch (code) {
    case 'image-not-found':
      return 'an image of the task does not exist'
    case 'image-platform-mismatch':
      return `the image of ${container} has no version for the platform of the task`
    case 'image-pull-denied':
      return 'pulling an image is denied'
    case 'image-pull-network':
      return 'an image cannot be pulled: the registry is not reachable from the task'
    case 'image-pull-rate-limit':
      return 'an image cannot be pulled: the rate limit of the registry is reached'
    case 'image-pull-disk':
      return 'an image cannot be pulled: no space left on the disk'
    case 'secret-missing':
      return 'a secret or parameter of the task does not exist'
    case 'secret-denied':
      return 'the execution role may not read a secret or parameter of the task'
    case 'secret-content':
      return 'a secret of the task does not have the expected content'
    case 'secret-network':
      return 'a secret or parameter cannot be read: its service is not reachable from the task'
    case 'log-group-missing':
      return 'the log group of the task does not exist'
    case 'log-network':
      return 'the log driver cannot start: CloudWatch Logs is not reachable from the task'
    case 'log-config':
      return 'the log driver cannot start'
    default:
      return text === ''
        ? 'tasks stop for a reason that ECS does not name'
        : `tasks cannot start: ${text.slice(0, 200)}`
  }
}

/** What to do about a task that cannot start. */
export function startFix(code: ReasonCode): string {
  switch (code) {
    case 'image-not-found':
      return 'Push the image again, or name one that exists; check whether a lifecycle policy expired it.'
    case 'image-platform-mismatch':
      return "Build the image for the task definition's runtimePlatform (Fargate's default is linux/amd64)."
    case 'image-pull-denied':
      return "Let the task's execution role pull from this repository."
    case 'image-pull-network':
    case 'secret-network':
    case 'log-network':
      return 'Give the subnets a way out: a NAT gateway, a public address, or the VPC endpoints.'
    case 'secret-missing':
      return 'Create the secret or parameter, or mend its name in the task definition.'
    case 'secret-denied':
      return "Let the task's execution role read this secret or parameter, and its key."
    case 'log-group-missing':
      return 'Create the log group, or set awslogs-create-group and let the execution role create it.'
    case 'quota':
    case 'capacity':
    case 'placement':
    case 'port-conflict':
    case 'subnet-exhausted':
      return 'Make room: capacity, quota, ports or addresses, as the reason says.'
    default:
      return 'Look at the stopped tasks and events of the service in the ECS console.'
  }
}
