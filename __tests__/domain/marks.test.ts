/** Our tags on a task definition, beside those of others. */
import { expect, test } from '@jest/globals'
import { backOf, backTag, markOf, withMark, withoutMarks } from '../../src/domain/marks.js'

const mark = { environment: 'production', run: '81.2', commit: '4f1c2b9' }
const team = { key: 'team', value: 'shop' }

test('a mark is read as it was written, and replaces an older one', () => {
  const first = withMark([team], { ...mark, run: '80.1' })
  const second = withMark(first, mark)
  expect(markOf(second)).toEqual(mark)
  expect(second).toHaveLength(first.length)
  expect(withoutMarks(second)).toEqual([team])
})

test('what the runner did not say is not written', () => {
  const tags = withMark([], { environment: 'staging', run: '', commit: '' })
  expect(tags).toEqual([{ key: 'safe-ecs-deploy:environment', value: 'staging' }])
  expect(markOf(tags)).toEqual({ environment: 'staging', run: '', commit: '' })
})

test('other tags are no mark, and come first where ECS takes no more', () => {
  expect(markOf([team, { key: 'environment', value: 'production' }])).toBeUndefined()
  const many = Array.from({ length: 48 }, (_, i) => ({ key: `k${i}`, value: '' }))
  expect(withMark(many, mark)).toEqual(many)
  expect(withMark(many.slice(1), mark)).toHaveLength(50)
})

test('a rollback says from where, since when and until when, for its environment alone', () => {
  const back = { run: '81.2', at: 1_780_000_000_000, until: 1_780_001_800_000, from: 'shop-web:3' }
  const tags = [team, backTag('production', back)]
  expect(backOf(tags, 'production')).toEqual(back)
  expect(backOf(tags, 'staging')).toBeUndefined()
  expect(backOf([backTag('production', { ...back, run: '' })], 'production')).toEqual({ ...back, run: '' })
  expect(
    backOf([{ ...tags[1]!, value: '81.2 at noon until later from shop-web:3' }], 'production')
  ).toBeUndefined()
  // AWS takes letters, digits and these signs in a tag's value.
  expect(tags[1]!.value).toMatch(/^[\w .:/=+@-]{1,256}$/)
})
