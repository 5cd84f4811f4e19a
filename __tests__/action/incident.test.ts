/** The incident that `npm run demo -- expired-digest-504` plays: the shipped bundle, three times in one world that goes on. */
import { expect, test } from '@jest/globals'
import { openStory } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { expectLog, expectPage } from '../report/goldens.js'

const story = storyNamed('expired-digest-504')
const play = story.play!

test('one more push is foretold, then the image is gone and the rule is named, then production is repaired', async () => {
  const stage = await openStory({ ...story, build: play.begin }, { pace: 'lockstep' })
  try {
    const { world, scene } = stage
    const serving = () =>
      scene.service.tasks.filter((task) => task.status === 'RUNNING' && task.healthy).length
    const released = world.ecr.repository('app-prod').digestOf('latest')!
    const seen: unknown[] = []
    for (const act of play.acts) {
      const told = act.happens(world, scene)
      const before = serving()
      const { result, journal, report } = await stage.run({ inputs: act.inputs(world) })
      expectPage(act.name, report, result.summary)
      expectLog(act.name, result.stdout)
      const { outcome, reason = '' } = result.outputs
      expect([outcome, result.outputs['reason-code'] ?? '', result.exitCode]).toEqual([
        act.expect.outcome,
        act.expect.reasonCode ?? '',
        act.expect.exitCode
      ])
      expect(reason).toMatch(act.expect.says ?? /^/)
      const writes = journal.filter((entry) => entry.write).length
      seen.push({ act: act.name, before, after: serving(), writes: writes > 0 })
      if (act.name === 'audit-before') expect(reason).toContain(released.slice(0, 19))
      if (act.name === 'audit-after') {
        expect(reason).toContain(released.slice(0, 19))
        expect(told.join('\n')).toMatch(/day {2}9 .*expire sha256:\w+\nday 10 /)
        expect(told.join('\n')).toContain('CannotPullContainerError')
      }
    }
    expect(seen).toEqual([
      { act: 'audit-before', before: 2, after: 2, writes: false },
      { act: 'audit-after', before: 1, after: 1, writes: false },
      { act: 'repair', before: 1, after: 2, writes: true }
    ])
  } finally {
    await stage.close()
  }
})
