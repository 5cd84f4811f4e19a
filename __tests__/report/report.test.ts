import { expect, test } from '@jest/globals'
import { playStory } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { codes, expectReport, published } from './report-schema.js'

test('every code of a happening is described, and no other', () => {
  const described = Object.keys(published.$defs).filter((name) => name.startsWith('happening-'))
  expect(described.toSorted()).toEqual(
    Object.keys(codes)
      .map((code) => `happening-${code}`)
      .toSorted()
  )
})

test('a field that nobody describes, or a wrong one, is found', async () => {
  const { report } = await playStory(storyNamed('refused'), { pace: 'lockstep' })
  const good = report as { ending: object; happenings: object[] }
  expectReport(good)
  expect(report).toMatchObject({ schemaVersion: 1, mode: 'deploy' })
  const [first = {}, ...rest] = good.happenings
  for (const bad of [
    { ...good, surprise: 1 },
    { ...good, schemaVersion: 2 },
    { ...good, ending: { ...good.ending, outcome: 'great' } },
    { ...good, happenings: [{ ...first, surprise: 1 }, ...rest] },
    { ...good, happenings: [{ ...first, code: 'surprise' }, ...rest] }
  ])
    expect(() => expectReport(bad)).toThrow()
})
