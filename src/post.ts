import { error as annotate, notice } from '@actions/core'
import { systemClock } from './clock.js'
import type { Ending } from './domain/outcome.js'
import { tellAfterwards, tellOwed } from './github/afterwards.js'
import { addSummary, getState, LogHost, say, stateJournal } from './github/runner.js'
import { codeSpan, fenced, forLog } from './report/untrusted.js'
import { closeRun } from './steps/close-run.js'
import { faultEnding } from './steps/fault-ending.js'
import { openRunKey, readOpenRun, type OpenRun } from './steps/record.js'
import { wire } from './wiring.js'

/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000

/** The post step: closes what a cancelled or killed run left open; of one that ended, shows what GitHub did not take. */
export async function post(): Promise<void> {
  const open = readOpenRun(getState(openRunKey))
  if (!open || open.phase === 'ended') {
    await payOwed()
    return
  }
  const deadline = systemClock.now() + budgetMs
  const host = new LogHost(systemClock)
  say(`The run on ${open.service} of cluster ${open.cluster} was cut off; looking at what it left.`)
  const ending = await close(open, host, deadline)
  stateJournal.save(openRunKey, JSON.stringify({ ...open, phase: 'ended', outcome: ending.outcome }))
  await closeFaces(open, ending, deadline)
}

async function payOwed(): Promise<void> {
  const troubles = await tellOwed(process.env, systemClock)
  if (troubles?.length === 0) say('GitHub has taken the end of the run now.')
  tellTroubles(troubles ?? [])
}

function tellTroubles(troubles: readonly string[]): void {
  if (troubles.length > 0)
    notice(troubles.map((t) => forLog(t, 1500)).join(' '), { title: 'Safe ECS Deploy' })
}

async function close(open: OpenRun, host: LogHost, deadline: number): Promise<Ending> {
  try {
    const region = open.region === undefined ? {} : { region: open.region }
    const ports = wire({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 })
    return await closeRun(ports, open, deadline)
  } catch (error) {
    return faultEnding(
      error,
      'What the run left could not be closed; the next run of this environment finds it.'
    )
  }
}

/**
 * Tells how the run ended after it was cut off: log, job summary, exit code. A cancelled job stays cancelled whatever
 * post says; one that fails for want of a healthy service says so by an error and exit code 1.
 */
async function closeFaces(open: OpenRun, ending: Ending, deadline: number): Promise<void> {
  say(ending.reason)
  if (ending.fix !== undefined) say(ending.fix)
  const lines = [ending.reason, ...(ending.fix === undefined ? [] : [ending.fix])]
  await addSummary(`### After the run was cut off: ${codeSpan(open.service)}\n\n${fenced(lines)}\n`)
  // A rate limit mostly lasts a minute; the other post steps of the job need some time too.
  const left = Math.min(65_000, deadline + 20_000 - systemClock.now())
  tellTroubles(await tellAfterwards(open, ending, process.env, systemClock, Math.max(15_000, left)))
  if (ending.outcome === 'cancelled' || ending.outcome === 'superseded') return
  annotate(forLog(lines.join(' '), 3000), { title: `${ending.outcome} after the run was cut off` })
  process.exitCode = 1
}
