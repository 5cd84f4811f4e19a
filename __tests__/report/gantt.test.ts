import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import mermaid from 'mermaid'
import type { Happening, HappeningBody, TaskState } from '../../src/domain/events.js'
import { pictureOf } from '../../src/report/gantt.js'
import { groupTasks } from '../../src/report/task-groups.js'

const startedAt = Date.UTC(2026, 0, 5, 12)
const at = (seconds: number, body: HappeningBody): Happening => ({ ...body, at: startedAt + seconds * 1000 })

const step = (seconds: number, name: 'pin' | 'tag' | 'register' | 'release' | 'watch' | 'restore') =>
  at(seconds, { code: 'step', step: name, title: name })

function task(seconds: number, id: string, state: TaskState, more: { revision?: string; why?: string } = {}) {
  const taskDefinition = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${more.revision ?? 'web:42'}`
  const reasonCode = more.why === undefined ? {} : { reasonCode: more.why }
  const since = startedAt + seconds * 1000
  return at(seconds, { code: 'task-seen', task: id, taskDefinition, state, since, ...reasonCode })
}

const row = (seconds: number, state: string) =>
  at(seconds, {
    code: 'rollout',
    elapsedMs: seconds * 1000,
    counts: { desired: 2, pending: 0, running: 2, healthy: 2, failed: 0 },
    state,
    what: '',
    first: false
  })

const caught: Happening[] = [
  step(0, 'pin'),
  step(2, 'tag'),
  step(3, 'register'),
  step(4, 'release'),
  step(5, 'watch'),
  task(6, '0a1b2c3d4e', 'starting'),
  task(30, '0a1b2c3d4e', 'running'),
  task(51, '0a1b2c3d4e', 'failed', { why: 'container-exit' }),
  task(55, 'ffee2c3d4e', 'starting'),
  task(80, 'ffee2c3d4e', 'running'),
  task(101, 'ffee2c3d4e', 'failed', { why: 'container-exit' }),
  row(102, 'failing'),
  at(102, { code: 'verdict', state: 'failing', text: '' }),
  step(103, 'restore'),
  task(104, '77aa', 'healthy', { revision: 'web:41' }),
  row(104, 'waiting'),
  row(140, 'healthy')
]

test('a caught bad deploy: phases, tasks with what became of them, and the way back', () => {
  const picture = pictureOf(caught, startedAt, startedAt + 140_000)
  expect(picture?.mermaid.split('\n').slice(1)).toEqual([
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    '  axisFormat %M:%S',
    '  todayMarker off',
    '  section pin',
    '    2s :done, 2000-01-01 00:00:00, 2000-01-01 00:00:02',
    '  section tag/register',
    '    2s :done, 2000-01-01 00:00:02, 2000-01-01 00:00:04',
    '  section rollout of web 42',
    '    1m 39s, failing :crit, 2000-01-01 00:00:04, 2000-01-01 00:01:43',
    '  section 0a1b2c container-exit',
    '    starting :done, 2000-01-01 00:00:06, 2000-01-01 00:00:30',
    '    running :2000-01-01 00:00:30, 2000-01-01 00:00:51',
    '    ✖ :crit, milestone, 2000-01-01 00:00:51, 2000-01-01 00:00:51',
    '  section ffee2c container-exit',
    '    starting :done, 2000-01-01 00:00:55, 2000-01-01 00:01:20',
    '    running :2000-01-01 00:01:20, 2000-01-01 00:01:41',
    '    ✖ :crit, milestone, 2000-01-01 00:01:41, 2000-01-01 00:01:41',
    '  section rollback to web 41',
    '    37s :active, 2000-01-01 00:01:43, 2000-01-01 00:02:20',
    '  section 77aa healthy',
    '    healthy :active, 2000-01-01 00:01:44, 2000-01-01 00:02:20'
  ])
  expect(picture?.words).toEqual([
    'pin: 0:00 for 2s',
    'tag/register: 0:02 for 2s',
    'rollout of web:42: 0:04 for 1m 39s, failing',
    '  task 0a1b2c3d: starting 0:06, running 0:30, failed 0:51 (container-exit)',
    '  task ffee2c3d: starting 0:55, running 1:20, failed 1:41 (container-exit)',
    'rollback to web:41: 1:43 for 37s',
    '  task 77aa: healthy 1:44'
  ])
})

test('a bake that breaks and begins anew stands in one row', () => {
  const run = [step(0, 'release'), row(60, 'healthy'), row(80, 'waiting'), row(100, 'healthy')]
  const words = pictureOf(run, startedAt, startedAt + 160_000)?.words
  expect(words).toEqual(['rollout: 0:00 for 1m 40s', 'bake: 1:00 for 20s, broken off; 1:40 for 1m 00s'])
})

test('nothing begun is no picture', () => {
  expect(pictureOf([], startedAt, startedAt + 1000)).toBeUndefined()
  expect(pictureOf([step(0, 'pin')], startedAt, startedAt)).toBeUndefined()
})

test('fifty alike tasks are a few rows, and the odd one out keeps its own', () => {
  const run = [step(0, 'release')]
  for (let i = 0; i < 50; i += 1) {
    const id = `${String(i).padStart(4, '0')}abcdef`
    run.push(task(5 + i * 4, id, 'starting'), task(30 + i * 4, id, 'running'))
    run.push(
      i === 20 ? task(40 + i * 4, id, 'failed', { why: 'container-oom' }) : task(60 + i * 4, id, 'healthy')
    )
  }
  const picture = pictureOf(run, startedAt, startedAt + 300_000)
  const sections = picture?.mermaid.split('\n').filter((l) => l.startsWith('  section')) ?? []
  expect(sections.length).toBeLessThanOrEqual(15)
  expect(sections).toContain('  section 0020ab container-oom')
  const counted = (picture?.words ?? []).map((w) =>
    Number(/^ {2}(\d+) tasks/.exec(w)?.[1] ?? (w.startsWith('  task') ? 1 : 0))
  )
  expect(counted.reduce((a, b) => a + b)).toBe(50)
})

const hostile = fc.oneof(
  fc.constantFrom(
    '%%{init: {"theme":"forest"}}%%',
    '%% comment',
    'click here href "https://evil.example"',
    'a:b;c#d',
    '`"\'',
    '```\n\n@everyone',
    'section x\n  y :done, 1, 2',
    '<br><script>alert(1)</script>',
    '__proto__',
    'constructor',
    '-->',
    '---\nconfig:\n---',
    '\u202eabc\u0000',
    '#quot;',
    'end',
    ''
  ),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 })
)
const states: TaskState[] = ['starting', 'running', 'healthy', 'unhealthy', 'failed', 'stopped']
const time = fc.integer({ min: -100, max: 5000 })
const happening = (ids: string[], names: string[]): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc
        .tuple(time, fc.constantFrom('pin' as const, 'release' as const, 'restore' as const))
        .map(([t, s]) => step(t, s))
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(time, fc.constantFrom('healthy', 'waiting', 'failing', '?'))
        .map(([t, s]) => row(t, s))
    },
    {
      weight: 20,
      arbitrary: fc
        .tuple(time, fc.constantFrom(...ids), fc.constantFrom(...states), fc.constantFrom(...names))
        .map(([t, id, state, name]) =>
          task(t, id, state, { revision: name, ...(state === 'failed' ? { why: name } : {}) })
        )
    }
  )
const rollout = fc
  .tuple(
    fc.array(hostile, { minLength: 1, maxLength: 200 }),
    fc.array(hostile, { minLength: 1, maxLength: 5 })
  )
  .chain(([ids, names]) => fc.array(happening(ids, names), { maxLength: 600 }))

test('whatever happens and however it is called, Mermaid reads it and Markdown sees none of it', async () => {
  await fc.assert(
    fc.asyncProperty(rollout, time, async (happenings, end) => {
      const picture = pictureOf(happenings, startedAt, startedAt + end * 1000)
      const begun = end > 0 && happenings.some((h) => h.code !== 'rollout')
      expect(picture !== undefined).toBe(begun)
      if (!picture) return
      expect(picture.mermaid.length).toBeLessThanOrEqual(9000)
      const [init = '', ...rest] = picture.mermaid.split('\n')
      expect(init).toMatch(/^%%\{init: \{"gantt":\{[\w":, ]+\}\}\}%%$/)
      for (const line of rest)
        expect(line).toMatch(
          /^(gantt| {2}(dateFormat YYYY-MM-DD HH:mm:ss|axisFormat %[MH]:%[SM]|todayMarker off|section [\p{L}\p{N} ()._/-]+)| {4}[\p{L}\p{N} ,✖■·]+ :((done|active|crit|milestone), )*2000-01-0\d \d\d:\d\d:\d\d, 2000-01-0\d \d\d:\d\d:\d\d)$/u
        )
      await expect(mermaid.parse(picture.mermaid)).resolves.toMatchObject({ diagramType: 'gantt' })
      for (const line of picture.words) expect(line).not.toMatch(/[\r\n\u202e\u0000]/)
    }),
    { numRuns: 60, seed: 7 }
  )
})

test('grouping loses no task and says no code that is not all of theirs', () => {
  const states = fc.constantFrom<TaskState>('starting', 'running', 'healthy', 'failed')
  const tasks = fc.array(
    fc.tuple(
      fc.nat(9_000_000),
      fc.array(states, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('a', 'b', 'c', undefined)
    ),
    { maxLength: 200 }
  )
  fc.assert(
    fc.property(tasks, fc.integer({ min: 6, max: 20 }), (drawn, most) => {
      const rows = drawn.map(([from, path, code], i) => ({
        task: String(i),
        states: path.map((state, n) => ({ state, from: from + n * 10, to: from + n * 10 + 10 })),
        ...(code === undefined ? {} : { reasonCode: code })
      }))
      const groups = groupTasks(rows, most)
      expect(groups.length).toBeLessThanOrEqual(most)
      expect(groups.flatMap((g) => g.tasks).toSorted()).toEqual(rows.map((r) => r.task).toSorted())
      for (const group of groups)
        if (group.reasonCode !== undefined)
          for (const id of group.tasks) expect(rows[Number(id)]?.reasonCode).toBe(group.reasonCode)
    }),
    { numRuns: 100 }
  )
})
