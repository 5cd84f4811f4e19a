// Watches the requests of a program in lockstep: while one is in flight, the program is not waiting for time. Requests
// whose answer comes later in virtual time, or never, are announced by the simulator ("102 Processing").
'use strict'
const channels = require('node:diagnostics_channel')
const http = require('node:http')
const https = require('node:https')

/**
 * Starts watching http, https, fetch and undici. `url` is the simulator's, which is told that this program can be told
 * of late answers; `stirred` hears that something began, `settled` that something ended.
 */
module.exports = function watchRequests(url, stirred, settled) {
  /** An announced answer is on its way: time stands until it is here. */
  const requests = { awaited: false }
  /** What is in flight, by request. */
  const inFlight = new Map()
  /** Requests whose answer comes later in virtual time, or never, as the simulator has announced ("102 Processing"). */
  const patient = new Set()
  /** What tells the simulator that this program can be told so. */
  const timeHeader = 'x-simulator-time'

  function departed(key, what) {
    inFlight.set(key, what)
    stirred()
  }

  function arrived(key) {
    if (patient.delete(key)) requests.awaited = false
    if (inFlight.delete(key)) settled()
  }

  /** Time goes on while this one waits; when its answer begins, time stands again. */
  function announced(key) {
    patient.add(key)
    if (inFlight.delete(key)) settled()
  }

  function answering(key, what) {
    if (patient.delete(key)) departed(key, what)
    requests.awaited = false
  }

  function watched(original) {
    return function (...args) {
      const request = original.apply(this, args)
      const what = `${request.method} ${request.host}${request.path}`
      departed(request, what)
      if (!request.headersSent && url !== undefined && new URL(url).host === request.getHeader('host'))
        request.setHeader(timeHeader, 'virtual')
      request.once('close', () => arrived(request))
      request.once('error', () => arrived(request))
      request.once('information', () => announced(request))
      request.once('response', (response) => {
        answering(request, what)
        response.once('end', () => arrived(request))
        response.once('close', () => arrived(request))
      })
      return request
    }
  }

  for (const library of [http, https]) {
    library.request = watched(library.request)
    library.get = (...args) => {
      const request = library.request(...args)
      request.end()
      return request
    }
  }

  // fetch, and every copy of undici that a bundle may carry, tells of its requests on these channels.
  function hrefOf(asked) {
    const text = String(asked?.url ?? asked)
    return URL.canParse(text) ? new URL(text).href.split('#')[0] : text
  }
  const whatOf = (request) => `${request.method} ${request.origin}${request.path}`
  channels.subscribe('undici:request:create', ({ request }) => {
    departed(request, whatOf(request))
    if (url !== undefined && String(request.origin) === new URL(url).origin)
      request.addHeader?.(timeHeader, 'virtual')
  })
  channels.subscribe('undici:request:headers', ({ request, response }) => {
    const fetches = [...inFlight.keys(), ...patient].filter(
      (key) => key.fetches === request.origin + request.path
    )
    for (const key of [request, ...fetches]) {
      if (response.statusCode === 102) announced(key)
      else answering(key, whatOf(request))
    }
  })
  channels.subscribe('undici:request:trailers', ({ request }) => arrived(request))
  channels.subscribe('undici:request:error', ({ request }) => arrived(request))
  if (globalThis.fetch) {
    const fetchReal = globalThis.fetch
    globalThis.fetch = async (...args) => {
      const key = { fetches: hrefOf(args[0]) }
      departed(key, `fetch ${key.fetches}`)
      try {
        return await fetchReal(...args)
      } finally {
        arrived(key)
      }
    }
  }

  return Object.assign(requests, { inFlight, patient })
}
