/** Whether ECS is given the time to begin its own way back. */
import { expect, test } from '@jest/globals'
import { ecsMayBegin } from '../../src/steps/restore.js'
import { deployment, service } from '../judge/looks.js'

test.each([
  ['in progress', 'IN_PROGRESS', true, true],
  ['failed, and about to go back', 'FAILED', true, true],
  ['completed: ECS looks at its alarms no more', 'COMPLETED', true, false],
  ['set up not to go back', 'IN_PROGRESS', false, false]
])('an alarm of the service, %s', (_, rolloutState, rollback, expected) => {
  const alarms = { names: ['web-5xx'], enable: true, rollback }
  const seen = service({ alarms, deployments: [deployment({ rolloutState })] })
  expect(ecsMayBegin('alarm', seen)).toBe(expected)
  expect(ecsMayBegin('loop', seen)).toBe(false)
})
