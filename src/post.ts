import { revisionName } from './domain/arn.js'
import { addSummary, getState, LogHost, say, stateJournal } from './github/runner.js'
import { systemClock } from './clock.js'
import { codeSpan, fenced } from './report/untrusted.js'
import { close } from './steps/close.js'
import { openRunKey, readOpenRun, type OpenRun } from './steps/record.js'
import { watch } from './steps/watch.js'
import { wire } from './wiring.js'

/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000

/** The post step: closes what a cancelled or killed run left open, and says so; nothing to do after a run that ended. */
export async function post(): Promise<void> {
  const open = readOpenRun(getState(openRunKey))
  if (!open || open.phase === 'ended') return
  const deadline = systemClock.now() + budgetMs
  const host = new LogHost(systemClock)
  say(`The run on ${open.service} of cluster ${open.cluster} did not end by itself; looking at what it left.`)
  try {
    const region = open.region === undefined ? {} : { region: open.region }
    const ports = wire({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 })
    const closed = await close(ports, open)
    const end = closed.restoring
      ? await watchRestore(ports, open, closed.restoring, deadline)
      : closed.ending.reason
    stateJournal.save(openRunKey, JSON.stringify({ ...open, phase: 'ended', outcome: 'cancelled' }))
    say(end)
    await addSummary(`### After the cancel: ${codeSpan(open.service)}\n\n${fenced([end])}\n`)
  } catch (error) {
    say(`Could not close the run: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

async function watchRestore(
  ports: ReturnType<typeof wire>,
  open: OpenRun,
  restoring: { deploymentId: string; taskDefinition: string },
  deadline: number
): Promise<string> {
  const name = { cluster: open.cluster, service: open.service }
  const service = await ports.containers.service(name)
  const primary = service.deployments.find((d) => d.id === restoring.deploymentId)
  const subject = { ...restoring, since: primary?.createdAt ?? systemClock.now(), adoptsTasks: true }
  const policy = { maxFailedTasks: 'auto' as const, bakeMs: 0, deadline }
  const { verdict } = await watch(ports, name, subject, policy, 5000, service)
  const revision = revisionName(restoring.taskDefinition)
  switch (verdict.state) {
    case 'healthy':
      return `${revision} was put back and is healthy.`
    case 'superseded':
      return `Another deployment, ${verdict.by.id}, took over; it is left alone.`
    case 'failing':
      return `${revision} was put back, but is not healthy: ${verdict.detail}.`
    case 'inconclusive':
      return `${revision} was put back; its health could not be seen to the end: ${verdict.what}.`
  }
}
