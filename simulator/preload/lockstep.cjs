// Loaded with `node --require` into a process that is to live in virtual time. Its clock starts at SIMULATOR_NOW
// (epoch ms) and stands still while the program works. When the program has nothing left to do but wait, the clock
// jumps to its next timer; the world behind SIMULATOR_URL is told first, so that it has lived through the same time.
// No moment depends on how fast the machine is, so a run of an hour takes a second and always goes the same way.
//
// SIMULATOR_SIGINT_AT (epoch ms) cancels at a virtual moment as GitHub does: SIGINT then, SIGTERM 7.5 s later,
// SIGKILL 2.5 s after that. SIMULATOR_TIMEOUT_AT does the same for the step's time-out; at SIMULATOR_END_AT the job is
// over and the process is killed. Each signal sent is noted, with its reason, in the file SIMULATOR_SIGNALS.
'use strict'
const { AsyncResource, createHook } = require('node:async_hooks')
const fs = require('node:fs')
const http = require('node:http')
const timers = require('node:timers')
const promises = require('node:timers/promises')
const { promisify } = require('node:util')
const { syncBuiltinESMExports } = require('node:module')

const environment = process.env
const url = environment.SIMULATOR_URL
const signalsFile = environment.SIMULATOR_SIGNALS
const RealDate = Date
let now = Number(environment.SIMULATOR_NOW ?? RealDate.now())
const startedWith = now
let told = now
/** What the runner does to this process, as [moment, signal, reason]. */
const ladder = []
const steps = (at, reason) => [
  [at, 'SIGINT', reason],
  [at + 7_500, 'SIGTERM', reason],
  [at + 10_000, 'SIGKILL', reason]
]
const moment = (name) => (environment[name] ? Number(environment[name]) : Infinity)
const [cancelAt, timeoutAt, endAt] = ['SIGINT_AT', 'TIMEOUT_AT', 'END_AT'].map((name) =>
  moment(`SIMULATOR_${name}`)
)
if (Math.min(cancelAt, timeoutAt) < Infinity) {
  ladder.push(...(cancelAt <= timeoutAt ? steps(cancelAt, 'cancel') : steps(timeoutAt, 'timeout')))
}
if (endAt < Infinity) ladder.push([endAt, 'SIGKILL', 'end-of-job'])
ladder.sort(([a], [b]) => a - b)
for (const name of ['URL', 'NOW', 'SIGINT_AT', 'TIMEOUT_AT', 'END_AT', 'SIGNALS']) {
  delete environment[`SIMULATOR_${name}`]
}
// One worker thread makes its queue a line: what asks last is answered last, which is how quiet is noticed below.
environment.UV_THREADPOOL_SIZE = '1'

const real = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  request: http.request,
  stat: fs.stat,
  write: process.stderr.write.bind(process.stderr),
  append: fs.appendFileSync
}

// ---- the clock -----------------------------------------------------------------------------------------------------

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, asked) =>
    Reflect.construct(target, args.length > 0 ? args : [now], asked === globalThis.Date ? target : asked),
  apply: (target) => new target(now).toString(),
  get: (target, key) => (key === 'now' ? () => now : Reflect.get(target, key))
})
RealDate.prototype.constructor = globalThis.Date
performance.now = () => now - startedWith
process.hrtime = (since = [0, 0]) => {
  const passed = now - startedWith - (since[0] * 1e3 + since[1] / 1e6)
  return [Math.floor(passed / 1e3), Math.round((passed % 1e3) * 1e6)]
}
process.hrtime.bigint = () => BigInt(now - startedWith) * 1_000_000n

// ---- virtual timers ------------------------------------------------------------------------------------------------

/** Timers that wait, in no order; programs have a handful of them. */
const waiting = new Map()
let lastId = 0
let lastTurn = 0
/** How many waiting timers keep the process alive. */
let holding = 0
/** Goes up whenever the program does something, so that the driver sees it was not quiet. */
let activity = 0
/** A real handle that keeps the process alive for the virtual timers. */
let anchor

class Timeout extends AsyncResource {
  constructor(callback, ms, args, repeats) {
    super('Timeout')
    if (typeof callback !== 'function') {
      const error = new TypeError(
        `The "callback" argument must be of type function. Received ${typeof callback}`
      )
      error.code = 'ERR_INVALID_ARG_TYPE'
      throw error
    }
    const wanted = Number(ms)
    this.id = ++lastId
    this.callback = callback
    this.args = args
    this.ms = wanted >= 1 && wanted <= 2 ** 31 - 1 ? Math.trunc(wanted) : 1
    this.repeats = repeats
    this.held = true
    this.start()
  }

  start() {
    this.due = now + this.ms
    this.turn = ++lastTurn
    if (!waiting.has(this.id)) {
      waiting.set(this.id, this)
      if (this.held) hold(1)
    }
    wake()
  }

  stop() {
    if (waiting.delete(this.id) && this.held) hold(-1)
    activity++
  }

  ref() {
    if (!this.held && waiting.has(this.id)) hold(1)
    this.held = true
    wake()
    return this
  }

  unref() {
    if (this.held && waiting.has(this.id)) hold(-1)
    this.held = false
    return this
  }

  hasRef() {
    return this.held
  }

  refresh() {
    this.start()
    return this
  }

  close() {
    this.stop()
    return this
  }

  [Symbol.toPrimitive]() {
    return this.id
  }
}
if (Symbol.dispose) Timeout.prototype[Symbol.dispose] = Timeout.prototype.stop

function hold(change) {
  holding += change
  if (holding > 0) anchor ??= real.setInterval(() => {}, 2 ** 31 - 1)
  else if (anchor) {
    real.clearTimeout(anchor)
    anchor = undefined
  }
}

function clear(timer) {
  const found = typeof timer === 'object' && timer !== null ? timer : waiting.get(Number(timer))
  if (found instanceof Timeout) found.stop()
  else real.clearTimeout(timer)
}

const setTimeoutVirtual = (callback, ms, ...args) => new Timeout(callback, ms, args, false)
const setIntervalVirtual = (callback, ms, ...args) => new Timeout(callback, ms, args, true)

const aborted = (signal) =>
  Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR'
  })

promises.setTimeout = (ms, value, { signal, ref = true } = {}) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal))
    const stop = () => {
      timer.stop()
      reject(aborted(signal))
    }
    const timer = setTimeoutVirtual(() => {
      signal?.removeEventListener('abort', stop)
      resolve(value)
    }, ms)
    if (!ref) timer.unref()
    signal?.addEventListener('abort', stop, { once: true })
  })
promises.setInterval = async function* (ms, value, options) {
  for (;;) {
    await promises.setTimeout(ms, undefined, options)
    yield value
  }
}
promises.scheduler.wait = (ms, options) => promises.setTimeout(ms, undefined, options)
setTimeoutVirtual[promisify.custom] = (ms, value, options) => promises.setTimeout(ms, value, options)
AbortSignal.timeout = (ms) => {
  const controller = new AbortController()
  const abort = () =>
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  setTimeoutVirtual(abort, ms).unref()
  return controller.signal
}
for (const place of [globalThis, timers]) {
  Object.assign(place, {
    setTimeout: setTimeoutVirtual,
    setInterval: setIntervalVirtual,
    clearTimeout: clear,
    clearInterval: clear
  })
}

const requests = require('./requests.cjs')(
  url,
  () => activity++,
  () => wake()
)
const { inFlight, patient } = requests
syncBuiltinESMExports()

// ---- the driver ------------------------------------------------------------------------------------------------------

/** So many turns of the event loop, each behind all work of the thread pool asked for before it, must bring nothing new. */
const QUIET_TURNS = 4
const DAY_MS = 86_400_000
/** If the program neither works nor waits for this much real time, something is wrong, and saying what beats hanging. */
const STUCK_AFTER_MS = 60_000
/** What comes of the driver itself, or says nothing about work outside of JavaScript. */
const ignored = new Set(['PROMISE', 'TickObject', 'Microtask', 'Immediate', 'FSREQCALLBACK', 'Timeout'])
createHook({
  init(_, type) {
    if (!ignored.has(type)) activity++
  }
}).enable()

let driving = false
let signalled = false

function wake() {
  activity++
  if (driving || (holding === 0 && patient.size === 0)) return
  driving = true
  look(activity, 0)
}

/** Comes back after one turn, when everything asked of the worker thread before has been answered. */
function turn(next) {
  real.stat('/', () => real.setImmediate(next))
}

function look(seen, quiet) {
  turn(() => {
    if ((holding === 0 && patient.size === 0) || inFlight.size > 0 || requests.awaited || signalled) {
      // Whatever ends this state wakes the driver again.
      driving = false
      return
    }
    if (activity !== seen || working()) return look(activity, 0)
    if (quiet + 1 < QUIET_TURNS) return look(seen, quiet + 1)
    advance()
  })
}

/** Whether the event loop owes the program something other than a timer: a file, a name, a child process. */
function working() {
  return process
    .getActiveResourcesInfo()
    .some((kind) => /^(FSReq|GetAddrInfo|GetNameInfo|QueryReq|Connect|ProcessWrap|Zlib)/.test(kind))
}

function next() {
  let first
  for (const timer of waiting.values()) {
    if (!first || timer.due < first.due || (timer.due === first.due && timer.turn < first.turn)) first = timer
  }
  return first
}

function advance() {
  const timer = next()
  const due = timer?.due ?? now + DAY_MS
  const cancel = ladder.length > 0 && ladder[0][0] <= due
  const to = Math.max(now, cancel ? ladder[0][0] : due)
  const seen = activity
  tell(to, (reached, comes) => {
    now = reached
    if (comes && patient.size > 0) requests.awaited = true
    // An answer begins, or something real came in meanwhile (a signal from outside, say): let it happen first.
    if (reached < to || activity !== seen) return look(activity, 0)
    if (cancel) send(...ladder.shift().slice(1))
    else if (timer) fire(timer)
    else {
      real.write('lockstep: the program waits for an answer that does not come, and has no time-out for it\n')
      process.exit(70)
    }
  })
}

function fire(timer) {
  if (timer.repeats) timer.start()
  else timer.stop()
  // The driver goes on even when the callback throws: a program may survive that with a handler of its own.
  look(activity, 0)
  timer.runInAsyncScope(timer.callback, timer, ...timer.args)
}

function send(signal, reason) {
  if (signalsFile) real.append(signalsFile, `${signal} ${reason}\n`)
  if (process.listenerCount(signal) > 0) {
    // The clock stands until the program has heard it.
    signalled = true
    process.prependOnceListener(signal, () => {
      signalled = false
      wake()
    })
  }
  driving = false
  process.kill(process.pid, signal)
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

/** Lets the world live up to a moment, or to an answer that begins before it. */
function tell(to, done) {
  if (url === undefined || to <= told) return done(to)
  const failed = (why) => {
    real.write(`lockstep: the world at ${url} did not advance: ${why}\n`)
    process.exit(70)
  }
  const request = real.request(
    `${url}/_simulator/advance`,
    { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
    (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => {
        if (response.statusCode !== 200) return failed(`${response.statusCode} ${text}`)
        // A world that was not asked to stop for an answer went all the way.
        const { now: reached = to, answers = false } = text.startsWith('{') ? JSON.parse(text) : {}
        told = answers ? reached : to
        done(told, answers)
      })
    }
  )
  request.on('error', (error) => failed(error.message))
  request.end(JSON.stringify(patient.size === 0 ? { to } : { to, untilAnswer: true }))
}

let last = -1
real
  .setInterval(() => {
    if (activity !== last) {
      last = activity
      return
    }
    const flying = [...inFlight.values()].join(', ') || 'nothing'
    real.write(
      `lockstep: nothing has moved for a minute at ${new RealDate(now).toISOString()}; in flight: ${flying}\n`
    )
    process.exit(70)
  }, STUCK_AFTER_MS)
  .unref()
