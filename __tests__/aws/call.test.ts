import { expect, test } from '@jest/globals'
import { call } from '../../src/aws/call.js'

/** A clock that only moves when somebody sleeps. */
function still() {
  let now = 0
  const slept: number[] = []
  const clock = {
    now: () => now,
    random: () => 0.5,
    sleep: (ms: number) => {
      slept.push(ms)
      now += ms
      return Promise.resolve()
    }
  }
  return { clock, slept }
}

const throttle = () =>
  Promise.reject(
    Object.assign(new Error('Rate exceeded'), {
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 }
    })
  )

test('throttling is tried again with growing delays, each try counted', async () => {
  const { clock, slept } = still()
  let sent = 0
  const answer = await call('ecs:X', { clock, patienceMs: 60_000, count: () => (sent += 1) }, () =>
    sent < 4 ? throttle() : Promise.resolve('yes')
  )
  expect({ answer, sent, slept }).toEqual({ answer: 'yes', sent: 4, slept: [375, 750, 1500] })
})

test('patience ends, and the fault says which operation', async () => {
  const { clock } = still()
  await expect(
    call('ecs:X', { clock, patienceMs: 5000, count: () => undefined }, throttle)
  ).rejects.toMatchObject({ kind: 'throttled', operation: 'ecs:X' })
  expect(clock.now()).toBeLessThanOrEqual(5000)
})

test('an answer is final: it is not asked again', async () => {
  const { clock, slept } = still()
  const rejected = () =>
    Promise.reject(
      Object.assign(new Error('no'), { name: 'ClientException', $metadata: { httpStatusCode: 400 } })
    )
  await expect(
    call('ecs:X', { clock, patienceMs: 5000, count: () => undefined }, rejected)
  ).rejects.toMatchObject({ kind: 'rejected' })
  expect(slept).toEqual([])
})

test('a cancelled run makes no call', async () => {
  const { clock } = still()
  const cancelled = new AbortController()
  cancelled.abort(new Error('cancelled'))
  let sent = 0
  await expect(
    call('ecs:X', { clock, patienceMs: 5000, count: () => (sent += 1), signal: cancelled.signal }, () =>
      Promise.resolve(1)
    )
  ).rejects.toThrow('cancelled')
  expect(sent).toBe(0)
})
