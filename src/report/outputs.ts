import type { Ending } from '../domain/outcome.js'
import { forLog } from './untrusted.js'

/** What the outputs are made of. */
export interface OutputsOf {
  ending: Ending
  previousTaskDefinition?: string
  newTaskDefinition?: string
  deploymentId?: string
  serviceDeploymentArn?: string
  images: Record<string, string>
  imageTags: Record<string, string>
  failedTasks: number
  startedAt: number
  endedAt: number
  report: string
}

/** Every output of action.yml by name; one that has no value is an empty text, so that all are set. */
export function outputsOf(run: OutputsOf): Record<string, string> {
  const { ending } = run
  return {
    outcome: ending.outcome,
    // One harmless line: workflows echo it.
    reason: forLog(ending.reason, 2000),
    'reason-code': ending.reasonCode ?? '',
    'task-definition-arn': ending.servingTaskDefinition ?? '',
    'new-task-definition-arn': run.newTaskDefinition ?? '',
    'previous-task-definition-arn': run.previousTaskDefinition ?? '',
    'deployment-id': run.deploymentId ?? '',
    'service-deployment-arn': run.serviceDeploymentArn ?? '',
    images: JSON.stringify(run.images),
    'image-tags': JSON.stringify(run.imageTags),
    'failed-tasks': String(run.failedTasks),
    'duration-seconds': String(Math.round((run.endedAt - run.startedAt) / 1000)),
    report: run.report
  }
}
