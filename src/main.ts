import { systemClock } from './clock.js'
import { sayDuration } from './domain/duration.js'
import { Refusal, type Ending } from './domain/outcome.js'
import { workflowRun } from './github/context.js'
import { facesOf } from './github/faces.js'
import { getInput, LogHost, runContext, say, stateJournal } from './github/runner.js'
import { readInputs, type Inputs } from './inputs.js'
import { viewOf } from './github/view.js'
import { modes } from './modes/index.js'
import type { Journal } from './ports.js'
import { close } from './steps/close.js'
import { faultEnding } from './steps/fault-ending.js'
import { openRunKey, readOpenRun, type OpenRun, type Run } from './steps/record.js'
import { wire } from './wiring.js'

/** Patience of one AWS call with throttling and a failing network; a cancelled run has seconds only. */
const patient = { patienceMs: 60_000, requestTimeoutMs: 15_000 }
const hurried = { patienceMs: 2000, requestTimeoutMs: 2500 }

class Cancelled extends Error {}

/** So much later than its timeout a run ends at the latest: the last call of AWS may come to its end. */
const overtimeMs = 25_000

class OutOfTime extends Error {}

/** The main step: reads the inputs, runs the mode, tells the ending on every face. */
export async function main(): Promise<void> {
  const { env } = process
  const host = new LogHost(systemClock)
  const cancel = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (!cancel.signal.aborted) say(`${signal}: the run is being cancelled.`)
      cancel.abort(new Cancelled('the run was cancelled'))
    })
  const run: Run = {
    startedAt: systemClock.now(),
    environment: '',
    cluster: '',
    service: '',
    images: {},
    imageTags: {},
    failedTasks: 0
  }
  const last = remembering(stateJournal)
  const workflow = workflowRun(env)
  const over = new AbortController()
  let told: string | undefined
  try {
    const inputs = readInputs(getInput, runContext(env))
    const mode = modes[inputs.mode]
    Object.assign(run, { environment: inputs.environment, cluster: inputs.cluster, service: inputs.service })
    say(heading(inputs))
    for (const name of inputs.unused)
      say(`Input ${name} means nothing in mode ${inputs.mode}; it is not used.`)
    told = inputs.mode
    // What waits for AWS, or for a registry, ends by itself before; this is for what nobody thought of.
    systemClock.sleep(inputs.timeoutMs + overtimeMs, over.signal).then(
      () => cancel.abort(new OutOfTime(`the timeout of ${sayDuration(inputs.timeoutMs)} is over`)),
      () => undefined
    )
    host.faces = await facesOf(inputs, {
      env,
      clock: systemClock,
      workflow,
      journal: stateJournal,
      say,
      view: () => viewOf(run, host.happenings, workflow, systemClock.now(), inputs.mode),
      hurried: () => cancel.signal.aborted
    })
    const ports = {
      ...wire({ host, env, ...regionOf(inputs), ...patient, signal: cancel.signal }),
      journal: last.journal
    }
    run.ending = await mode(ports, inputs, run, cancel.signal)
  } catch (error) {
    run.ending =
      cancel.signal.reason instanceof Cancelled
        ? await closeCancelled(host, env, last.open())
        : endingOf(cancel.signal.aborted ? cancel.signal.reason : error, run, last.open())
  }
  over.abort()
  if (run.ending.outcome !== 'cancelled') last.end(run.ending)
  const { finish } = await import('./github/finish.js')
  await finish(run, host, systemClock, env, workflow, told)
  // Nothing is left to do, and the runner's patience with a cancelled step is short.
  if (cancel.signal.aborted) process.exit(1)
}

function heading({ mode, environment, services }: Inputs): string {
  const what = [mode === 'deploy' ? '' : mode, environment].filter((t) => t !== '').join(' ')
  const where = services.map((s) => `service ${s.service} of cluster ${s.cluster}`).join(', ')
  return `Safe ECS Deploy: ${what}, ${where}`
}

function regionOf(inputs: Inputs): { region?: string } {
  return inputs.region === undefined ? {} : { region: inputs.region }
}

/** A journal that also knows its own last record. */
function remembering(journal: Journal): {
  journal: Journal
  open: () => OpenRun | undefined
  end: (ending: Ending) => void
} {
  let text = ''
  const open = () => readOpenRun(text)
  const save = (key: string, value: string) => {
    if (key === openRunKey) text = value
    journal.save(key, value)
  }
  const end = (ending: Ending) => {
    const record = open()
    if (record) save(openRunKey, JSON.stringify({ ...record, phase: 'ended', outcome: ending.outcome }))
  }
  return { journal: { save }, open, end }
}

/** The one thing that a cancelled run does: what `on-cancel` asks for. Watching is the post step's. */
async function closeCancelled(
  host: LogHost,
  env: NodeJS.ProcessEnv,
  open: OpenRun | undefined
): Promise<Ending> {
  const untouched: Ending = {
    outcome: 'cancelled',
    reasonCode: 'cancelled',
    reason: 'The run was cancelled before the service was touched; it runs on as before.',
    evidence: []
  }
  if (!open) return untouched
  try {
    const region = open.region === undefined ? {} : { region: open.region }
    const closed = await close(wire({ host, env, ...region, ...hurried }), open)
    if (closed.restoring !== undefined) {
      const record: OpenRun = { ...open, phase: 'restoring', restoreDeploymentId: closed.restoring }
      stateJournal.save(openRunKey, JSON.stringify(record))
    } else if (!closed.stillOpen)
      stateJournal.save(openRunKey, JSON.stringify({ ...open, phase: 'ended', outcome: 'cancelled' }))
    return closed.ending
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    return {
      ...untouched,
      reason: `The run was cancelled, and what it left could not be closed: ${what}. The post step tries again.`
    }
  }
}

/** Refusals, faults of AWS and bugs as endings; each says what is touched and what is not. */
function endingOf(error: unknown, run: Run, open: OpenRun | undefined): Ending {
  const untouched = open === undefined || open.phase === 'planned' || error instanceof Refusal
  const serving =
    untouched && run.previousTaskDefinition !== undefined
      ? { servingTaskDefinition: run.previousTaskDefinition }
      : {}
  if (error instanceof Refusal)
    return {
      ...serving,
      outcome: 'refused',
      reasonCode: error.reasonCode,
      reason: error.problems.join('\n'),
      evidence: error.evidence,
      ...(error.fix === undefined ? {} : { fix: error.fix })
    }
  const left = untouched ? 'The service was not touched.' : leftOpen(open, run.deploymentId)
  if (error instanceof OutOfTime)
    return {
      ...serving,
      outcome: 'inconclusive',
      reasonCode: 'stuck',
      reason: `No verdict: ${error.message}. ${left}`,
      evidence: [],
      fix: 'Look at the service, and raise timeout if that is how long it takes.'
    }
  return { ...serving, ...faultEnding(error, left) }
}

/** What becomes of a service that a run touched and then lost sight of. */
function leftOpen(open: OpenRun, deploymentId: string | undefined): string {
  if (open.phase === 'restoring')
    return open.restoreDeploymentId === undefined
      ? `Going back from ${deploymentId ?? 'the new deployment'} was about to begin, and may have begun.`
      : `Going back was begun (${open.restoreDeploymentId}); its end was not seen.`
  return deploymentId === undefined
    ? 'UpdateService was sent, so the deployment may have started; nothing was undone.'
    : `Deployment ${deploymentId} goes on; nothing was undone.`
}
