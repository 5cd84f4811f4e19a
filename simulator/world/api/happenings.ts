/** What happened, for timelines. */

/** Something that happened in the world, for timelines: the code is the interface, the text is for people. */
export interface Happening {
  time: number
  code: HappeningCode
  text: string
  ids: Readonly<Record<string, string>>
}

export type HappeningCode =
  | 'service-event'
  | 'deployment-started'
  | 'deployment-completed'
  | 'deployment-failed'
  | 'rollback-started'
  | 'failure-counted'
  | 'task-launched'
  | 'task-status'
  | 'task-stopped'
  | 'container-exited'
  | 'container-health'
  | 'target-health'
  | 'desired-count'
  | 'alarm-state'
  | 'image-pushed'
  | 'image-expired'
  | 'image-archived'
  | 'task-definition-registered'
