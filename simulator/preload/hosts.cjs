// Loaded with `node --require` into a process that is to meet only the hosts of a simulated world: what it asks of
// https://HOST/path goes to SIMULATOR_HOSTS (the simulator's URL) as /_host/HOST/path. A host that the world does not
// have is not known to any name server either. Loaded last, so that other preloads see the requests as they are sent.
'use strict'
const http = require('node:http')
const https = require('node:https')
const { syncBuiltinESMExports } = require('node:module')

const world = new URL(process.env.SIMULATOR_HOSTS)
delete process.env.SIMULATOR_HOSTS

/** The first arguments of http.request: a URL, options, or both. */
function asked(first, second) {
  const given = typeof first === 'string' || first instanceof URL
  const options = given ? (typeof second === 'object' && second !== null ? second : {}) : first
  if (given) return { url: new URL(first), options }
  const host = options.hostname ?? options.host ?? 'localhost'
  const port = options.port === undefined ? '' : `:${options.port}`
  return { url: new URL(`https://${host}${port}${options.path ?? '/'}`), options }
}

https.request = function request(...args) {
  const answered = args.find((arg) => typeof arg === 'function')
  const { url, options } = asked(args[0], args[1])
  // Where the world itself has sent the program, the path says the host already.
  const path = url.pathname.startsWith('/_host/') ? url.pathname : `/_host/${url.host}${url.pathname}`
  const sent = http.request(
    new URL(`${path}${url.search}`, world),
    { method: options.method, headers: options.headers, signal: options.signal },
    answered
  )
  const { emit } = sent
  sent.emit = function (event, ...rest) {
    if (event !== 'response' || rest[0].headers['x-simulator-host'] !== 'unknown')
      return emit.call(this, event, ...rest)
    rest[0].resume()
    const unknown = new Error(`getaddrinfo ENOTFOUND ${url.hostname}`)
    return emit.call(this, 'error', Object.assign(unknown, { code: 'ENOTFOUND', hostname: url.hostname }))
  }
  return sent
}
https.get = function get(...args) {
  const sent = https.request(...args)
  sent.end()
  return sent
}
syncBuiltinESMExports()
