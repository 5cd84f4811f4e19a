import { taskId } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Observation } from '../domain/observation.js'
import { checksOf } from '../judge/checks.js'
import { sayFailure } from '../judge/findings.js'
import type { Memory, Subject } from '../judge/memory.js'
import type { Policy } from '../judge/policy.js'
import { readStop } from '../judge/stop-reason.js'
import type { Verdict } from '../judge/verdict.js'
import type { Ports } from '../ports.js'
import { TaskStates } from './task-states.js'

/** Tells each thing once: rows when a number changed, what became of each task, events of the service. */
export class Teller {
  private readonly toldTasks = new Set<string>()
  private readonly toldEvents = new Set<string>()
  private readonly states: TaskStates
  private row = ''
  private checks = ''
  private baking = false

  constructor(
    private readonly ports: Ports,
    private readonly subject: Subject,
    private readonly policy: Policy
  ) {
    this.states = new TaskStates(subject)
  }

  tell(memory: Memory, seen: Observation, verdict: Verdict): void {
    // What happened stands above the row that it led to; only the first row comes first, under its head.
    const first = this.row === '' && verdict.state === 'waiting'
    this.tellChecks(memory, seen)
    if (first) this.tellRow(memory, seen, verdict)
    this.tellEvents(seen)
    this.tellTasks(memory, seen)
    for (const change of this.states.changes(memory, seen)) this.ports.announce(change)
    if (!first) this.tellRow(memory, seen, verdict)
    if (this.baking && verdict.state === 'waiting')
      this.ports.announce({ code: 'note', text: 'No longer healthy; the bake time starts anew when it is.' })
    this.baking = verdict.state === 'healthy'
  }

  private tellRow({ counts }: Memory, seen: Observation, verdict: Verdict): void {
    const what = sayVerdict(verdict)
    const { state } = verdict
    const row = JSON.stringify([counts, state === 'healthy' ? state : what])
    if (row === this.row) return
    const elapsedMs = seen.at - this.subject.since
    this.ports.announce({ code: 'rollout', elapsedMs, counts, state, what, first: this.row === '' })
    this.row = row
  }

  private tellChecks(memory: Memory, seen: Observation): void {
    // A look at the service alone would forget what the one before saw of tasks and targets.
    if (!seen.tasks && seen.tasksReadable) return
    const checks = checksOf(this.policy, this.subject, memory, seen)
    const text = JSON.stringify(checks)
    if (text === this.checks) return
    this.checks = text
    this.ports.announce({ code: 'checks', taskDefinition: this.subject.taskDefinition, checks })
  }

  private tellEvents(seen: Observation): void {
    for (const event of [...seen.service.events].reverse()) {
      if (event.at < this.subject.since || this.toldEvents.has(event.id)) continue
      this.toldEvents.add(event.id)
      this.ports.announce({ code: 'service-event', eventAt: event.at, text: event.message })
    }
  }

  private tellTasks(memory: Memory, seen: Observation): void {
    for (const task of seen.tasks ?? []) {
      if (task.startedBy !== this.subject.deploymentId || this.toldTasks.has(task.arn)) continue
      const failure = memory.failed.get(task.arn)
      if (!failure && task.lastStatus !== 'STOPPED') continue
      if (task.stoppedAt !== undefined && task.stoppedAt < this.subject.since) continue
      this.toldTasks.add(task.arn)
      const text = sayFailure(failure ?? { task })
      if (failure)
        this.ports.announce({ code: 'task-failed', task: taskId(task.arn), reasonCode: failure.code, text })
      else if (readStop(task).kind !== 'failed')
        this.ports.announce({ code: 'task-stopped', task: taskId(task.arn), text })
    }
  }
}

function sayVerdict(verdict: Verdict): string {
  switch (verdict.state) {
    case 'waiting':
      return `waiting for ${verdict.what}`
    case 'healthy':
      return verdict.bakeLeftMs > 0
        ? `healthy; must stay so for ${sayDuration(verdict.bakeLeftMs)}`
        : 'healthy'
    case 'failing':
      return `failing: ${verdict.detail}`
    case 'superseded':
      return `superseded by ${verdict.by.id}`
    case 'inconclusive':
      return `inconclusive: ${verdict.what}`
  }
}
