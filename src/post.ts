import { revisionName } from './domain/arn.js'
import { systemClock } from './clock.js'
import { addSummary, getState, LogHost, say, stateJournal } from './github/runner.js'
import type { Subject } from './judge/memory.js'
import { AwsFault, type Ports } from './ports.js'
import { codeSpan, fenced } from './report/untrusted.js'
import { whatIsLeft } from './steps/close.js'
import { openRunKey, readOpenRun, type OpenRun } from './steps/record.js'
import { restore, type Restored } from './steps/restore.js'
import { watch } from './steps/watch.js'
import { wire } from './wiring.js'

/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000
const lookAgainMs = 5000

/** The post step: closes what a cancelled or killed run left open, and says so; nothing to do after a run that ended. */
export async function post(): Promise<void> {
  const open = readOpenRun(getState(openRunKey))
  if (!open || open.phase === 'ended') return
  const deadline = systemClock.now() + budgetMs
  const host = new LogHost(systemClock)
  say(`The run on ${open.service} of cluster ${open.cluster} was cut off; looking at what it left.`)
  try {
    const region = open.region === undefined ? {} : { region: open.region }
    const ports = wire({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 })
    const end = await closePatiently(ports, open, deadline)
    stateJournal.save(openRunKey, JSON.stringify({ ...open, phase: 'ended', outcome: 'cancelled' }))
    say(end)
    await addSummary(`### After the run was cut off: ${codeSpan(open.service)}\n\n${fenced([end])}\n`)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    say(`Could not close the run: ${what}`)
    await addSummary(`### The run on ${codeSpan(open.service)} could not be closed\n\n${fenced([what])}\n`)
    process.exitCode = 1
  }
}

/** Tries until the budget ends: throttling and a failing network pass. */
async function closePatiently(ports: Ports, open: OpenRun, deadline: number): Promise<string> {
  for (;;) {
    try {
      return await closeRun(ports, open, deadline)
    } catch (error) {
      const passing =
        error instanceof AwsFault && (error.kind === 'throttled' || error.kind === 'unreachable')
      if (!passing || systemClock.now() + lookAgainMs >= deadline) throw error
      await systemClock.sleep(lookAgainMs)
    }
  }
}

async function closeRun(ports: Ports, open: OpenRun, deadline: number): Promise<string> {
  const name = { cluster: open.cluster, service: open.service }
  const service = await ports.containers.service(name)
  const left = whatIsLeft(open, service)
  if (left.todo === 'nothing') return left.reason
  const { id: deploymentId, taskDefinition, createdAt } = left.deployment
  const subject: Subject = {
    deploymentId,
    taskDefinition,
    since: createdAt ?? systemClock.now(),
    adoptsTasks: true
  }
  const policy = { maxFailedTasks: 'auto' as const, bakeMs: 0, deadline }
  if (left.todo === 'watch') {
    const { verdict } = await watch(ports, name, subject, policy, lookAgainMs, service)
    const revision = revisionName(taskDefinition)
    if (verdict.state === 'healthy') return `${revision} was put back and is healthy.`
    if (verdict.state === 'superseded')
      return `Another deployment, ${verdict.by.id}, took over; it is left alone.`
    const what = verdict.state === 'failing' ? verdict.detail : verdict.what
    return `${revision} was put back; it was not healthy by the end of the post step: ${what}.`
  }
  const knownGood =
    left.todo === 'go-back'
      ? { knownGood: { deploymentId: open.previousDeploymentId ?? '', taskDefinition: left.knownGood } }
      : {}
  const count =
    left.todo === 'go-back' && left.desiredCount !== undefined ? { desiredCount: left.desiredCount } : {}
  const previous =
    open.previousDeploymentId === undefined || open.knownGood === undefined
      ? {}
      : { previous: { deploymentId: open.previousDeploymentId, taskDefinition: open.knownGood } }
  const onStart = (id: string) =>
    stateJournal.save(openRunKey, JSON.stringify({ ...open, phase: 'restoring', restoreDeploymentId: id }))
  const because = left.todo === 'await-ecs' ? 'ecs-failed' : 'loop'
  const way = { ...knownGood, ...count, policy, pollMs: lookAgainMs }
  return sayRestored(await restore(ports, name, { ...subject, ...previous }, because, way, onStart))
}

function sayRestored(restored: Restored): string {
  switch (restored.state) {
    case 'restored': {
      const revision = revisionName(restored.taskDefinition)
      return restored.by === 'ecs'
        ? `ECS put ${revision} back, and it is healthy.`
        : `${revision} was put back and is healthy.`
    }
    case 'superseded':
      return `Another deployment, ${restored.by}, took over; it is left alone.`
    case 'nothing-known-good':
      return 'There is nothing known good to go back to; the deployment is left as it is.'
    case 'lost-sight':
      return `Going back was started; its end could not be seen: ${restored.what}.`
    case 'failed':
      return `Going back was tried (${restored.tried.join(', then ')}); it was not healthy by the end of the post step: ${restored.what}.`
  }
}
