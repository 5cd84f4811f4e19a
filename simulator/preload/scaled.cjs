// Loaded with `node --require` into a process that is to live in fast time: SIMULATOR_SPEED virtual seconds pass in a
// real one. Virtual time was SIMULATOR_NOW (epoch ms) at the real moment SIMULATOR_STARTED_AT (epoch ms; default: now).
// The program below knows nothing of it: Date, performance.now and every timer are scaled at once.
'use strict'
const timers = require('node:timers')
const promises = require('node:timers/promises')
const { promisify } = require('node:util')
const { syncBuiltinESMExports } = require('node:module')

const speed = Number(process.env.SIMULATOR_SPEED ?? 1)
const realDate = Date
const startedAt = Number(process.env.SIMULATOR_STARTED_AT ?? realDate.now())
const startedWith = Number(process.env.SIMULATOR_NOW ?? startedAt)
for (const name of ['SIMULATOR_SPEED', 'SIMULATOR_STARTED_AT', 'SIMULATOR_NOW']) delete process.env[name]
if (!(speed > 0)) throw new Error('SIMULATOR_SPEED must be a positive number')

const now = () => Math.floor(startedWith + (realDate.now() - startedAt) * speed)

globalThis.Date = new Proxy(realDate, {
  construct: (target, args, asked) =>
    Reflect.construct(target, args.length > 0 ? args : [now()], asked === globalThis.Date ? target : asked),
  apply: (target) => new target(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key))
})
realDate.prototype.constructor = globalThis.Date

const realPerformanceNow = performance.now.bind(performance)
performance.now = () => realPerformanceNow() * speed

const scaled = (ms) => (typeof ms === 'number' || typeof ms === 'string' ? Number(ms) / speed : ms)
const real = { setTimeout, setInterval, timeout: AbortSignal.timeout }
const later = { setTimeout: promises.setTimeout, setInterval: promises.setInterval }

const setTimeoutScaled = (callback, ms, ...args) => real.setTimeout(callback, scaled(ms), ...args)
const setIntervalScaled = (callback, ms, ...args) => real.setInterval(callback, scaled(ms), ...args)
promises.setTimeout = (ms, value, options) => later.setTimeout(scaled(ms), value, options)
promises.setInterval = (ms, value, options) => later.setInterval(scaled(ms), value, options)
promises.scheduler.wait = (ms, options) => promises.setTimeout(ms, undefined, options)
setTimeoutScaled[promisify.custom] = (ms, value, options) => promises.setTimeout(ms, value, options)
AbortSignal.timeout = (ms) => real.timeout.call(AbortSignal, Math.ceil(scaled(ms)))

for (const place of [globalThis, timers]) {
  place.setTimeout = setTimeoutScaled
  place.setInterval = setIntervalScaled
}
syncBuiltinESMExports()
