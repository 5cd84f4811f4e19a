/**
 * Each check in its three directions: a finding, no finding, and without each of the permissions that it needs. Goes red
 * when one of them has no case, so a new check brings all three. The first two are cases (cases.ts); the third is played
 * here: the facts are gathered anew from a world that denies one action after the other.
 */
import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/domain/finding.js'
import { checks } from '../../src/preflight/checks.js'
import type { Facts } from '../../src/preflight/facts.js'
import { limitMs } from '../../src/preflight/gather.js'
import { limitMs as briefMs } from '../../src/preflight/identity-facts.js'
import { preflight } from '../../src/preflight/run.js'
import { findings } from './cases.js'
import { known } from '../../src/preflight/known.js'
import { alarms, alone, bothKinds, byRules, dead, facts, service } from './shop.js'
import { worldOf, type AskedWorld, type How } from './world.js'

const name = { cluster: 'shop', service: 'shop-web' }

/** Without these nothing at all is known of a service, and a run ends before any check (outcome inconclusive). */
const needed = ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition']

/** Worlds in which a check reads what it does not need for a service that is well; else that one. */
const reading: Record<string, () => Facts> = {
  registered: () => facts(alone),
  'target-group-in-use': () => facts(byRules([{}])),
  'grace-period': () =>
    facts({ stopped: known([dead('Scaling activity initiated', 600_000, { arn: 'gone' })]) }),
  'deployment-alarms': () => facts({ service: service({ alarms }) }),
  secrets: bothKinds
}
/** Answers that are not waited for as long as the others. */
const brief = [
  'secretsmanager:DescribeSecret',
  'ssm:DescribeParameters',
  'iam:GetRole',
  'iam:SimulatePrincipalPolicy'
]

const worldFor = (check: string): Facts => (reading[check] ?? facts)()

async function look(check: string, how: (action: string) => How): Promise<Finding & AskedWorld> {
  const world = worldOf(worldFor(check), how)
  const { findings: found } = await preflight(world.ports, name, worldFor(check))
  return { ...found.find((f) => f.check === check)!, ...world }
}

const only =
  (how: How, action: string) =>
  (asked: string): How =>
    asked === action ? how : 'answered'

test('each check has a case with a finding and one without', () => {
  const directions = checks.map(({ name: check }) => {
    const states = new Set(findings.filter((f) => f.check === check).map((f) => f.state))
    return { check, finds: states.has('warning') || states.has('error'), findsNothing: states.has('ok') }
  })
  expect(directions).toEqual(checks.map((c) => ({ check: c.name, finds: true, findsNothing: true })))
})

describe.each(checks.map((c) => [c.name, c.reads.filter((r) => !needed.includes(r))] as const))(
  '%s',
  (check, reads) => {
    test('asks for each permission that it names, some only without another', async () => {
      const { asked, state } = await look(check, () => 'answered')
      const more = await Promise.all(reads.map((action) => look(check, only('denied', action))))
      expect(state).toBe('ok')
      expect([...asked(), ...more.flatMap((world) => world.asked())]).toEqual(expect.arrayContaining(reads))
    })

    test('without a permission finds nothing that is not so, and without all of them has no answer', async () => {
      for (const action of reads)
        expect(['ok', 'unknown']).toContain((await look(check, only('denied', action))).state)
      const blind = await look(check, (action) => (reads.includes(action) ? 'denied' : 'answered'))
      if (reads.length === 0) expect(blind.state).toBe('ok')
      else
        expect(blind).toMatchObject({
          state: 'unknown',
          why: expect.stringMatching(/may not call|did not say/) as unknown
        })
    })
  }
)

const everyAction = [...new Set(checks.flatMap((c) => c.reads))].filter((a) => !needed.includes(a))

test.each(everyAction)(
  '%s that never answers holds preflight up for its limit, and no longer',
  async (action) => {
    for (const about of [facts(), facts(alone), bothKinds(), facts({ service: service({ alarms }) })]) {
      const { ports, asked } = worldOf(about, only('silent', action))
      const { findings: found, tookMs } = await preflight(ports, name, about)
      const dark = found.filter((f) => f.state !== 'ok')
      expect(dark.filter((f) => f.state !== 'unknown')).toEqual([])
      // Nobody else's answer is lost with it.
      const readers = checks.filter((c) => c.reads.includes(action)).map((c) => c.name)
      expect(readers).toEqual(expect.arrayContaining(dark.map((f) => f.check)))
      if (asked().includes(action)) expect(tookMs).toBe(brief.includes(action) ? briefMs : limitMs)
    }
  }
)

test('a world that answers nothing at all costs the limit, once', async () => {
  const { ports, asked } = worldOf(facts(), () => 'silent')
  const { findings: found, tookMs } = await preflight(ports, name, facts())
  expect(tookMs).toBe(limitMs)
  expect(found.filter((f) => f.state === 'warning' || f.state === 'error')).toEqual([])
  // What needs another answer first is not asked for any more.
  expect(asked()).not.toContain('ec2:DescribeSecurityGroups')
})

test('what is gathered from a world is what it holds', async () => {
  const { ports, asked } = worldOf(facts())
  const { facts: found } = await preflight(ports, name, facts())
  expect({ ...found, now: 0 }).toEqual(facts())
  expect(asked()).not.toEqual([])
})
