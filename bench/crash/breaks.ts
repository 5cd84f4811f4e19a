/**
 * The product broken on purpose, once for each rule of the sweeps: a text of the bundle is replaced, and the sweep must see
 * it. A rule whose check cannot go red holds nothing.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Dice } from '../judge/dice.js'
import { cancelCases, cancelPoints, nameOfCancel, playCancel } from './cancels.js'
import { crashCases } from './cases.js'
import { faultCases, faultPoints, nameOfFault, playFault } from './faults.js'
import { nameOf, playPoint, pointsOf } from './sweep.js'

/** A way to break the product. */
export interface Break {
  rule: string
  /** What is done to the bundle: every place that matches is replaced. */
  find: RegExp
  put: string
  sweep: 'crash' | 'faults' | 'cancels'
  /** The story, and which of its points can show it. */
  story: string
  points: RegExp
  /** What the sweep then says. */
  says: RegExp
}

export const breaks: readonly Break[] = [
  {
    rule: 'green only when what was asked for serves: here a rollback is called deployed',
    find: /outcome: 'rolled-back'/g,
    put: "outcome: 'deployed'",
    sweep: 'crash',
    story: 'loop',
    points: / same /,
    says: /deployed, and the image is not the one asked for/
  },
  {
    rule: 'green only when it is healthy: here nobody looks',
    find: /const lost = whoTookOver\(subject, memory, seen\);/g,
    put: "return { state: 'healthy', since: seen.at, bakeLeftMs: 0 };",
    sweep: 'crash',
    story: 'healthy',
    points: / newer /,
    says: /deployed, and the service is not whole/
  },
  {
    rule: 'a red outcome says exactly what is wrong: here it is vague',
    find: /reason: \(0,[^\n]*\(ending\.reason, 2000\)/g,
    put: "reason: 'Something went wrong, look at the console.'",
    sweep: 'crash',
    story: 'restore-fails',
    points: / same /,
    says: /the reason does not name what stands there/
  },
  {
    rule: 'the next run names what it found: here it is silent',
    find: /Found deployment \$\{/g,
    put: 'All is well with ${',
    sweep: 'crash',
    story: 'loop',
    points: / gone /,
    says: /the next run does not begin with what it found/
  },
  {
    rule: 'nothing that serves is deregistered: here it is',
    find: /\{ TagResourceCommand \}/g,
    put: '{ DeregisterTaskDefinitionCommand: TagResourceCommand }',
    sweep: 'crash',
    story: 'healthy',
    points: / newer /,
    says: /called DeregisterTaskDefinition/
  },
  {
    rule: 'nothing that serves loses its tag: here the tag of the old image is moved to the new one',
    find: /imageTag: tag,(\s+imageDigest)/g,
    put: "imageTag: 'v1', imageDigest",
    sweep: 'crash',
    story: 'healthy',
    points: /after/,
    says: /is no longer on/
  },
  {
    rule: 'no run is longer than its timeout and half a minute: here it takes twice as long',
    find: /const deadline = run\.startedAt \+ inputs\.timeoutMs;|const overtimeMs = 25_000;/g,
    put: 'const [deadline, overtimeMs] = [Date.now() + 1_800_000, 9_000_000];',
    sweep: 'faults',
    story: 'stuck',
    points: /./,
    says: /took \d+/
  },
  {
    rule: 'a good image is not undone for a fault of AWS: here tasks that cannot be seen have failed',
    find: /sightOfDetails\.lost\(error\)/g,
    put: "{ state: 'failing', because: 'loop', detail: 'no sight' }",
    sweep: 'faults',
    story: 'healthy',
    points: /(ListTasks|DescribeTasks) (expired|reset|silence) (always|middle)/,
    says: /a good image/
  },
  {
    rule: 'on-cancel: leave leaves: here it goes back',
    find: /open\.onCancel === 'leave' \|\|/g,
    put: '',
    sweep: 'cancels',
    story: 'loop',
    points: / leave /,
    says: /changes after the cancel/
  }
]

/** A broken copy of the shipped action in a directory of its own. Throws when the text is not in the bundle. */
export function broken({ find, put }: Break): { action: string; forget: () => void } {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const action = mkdtempSync(join(tmpdir(), 'broken-'))
  cpSync(join(root, 'action.yml'), join(action, 'action.yml'))
  cpSync(join(root, 'dist'), join(action, 'dist'), { recursive: true })
  let places = 0
  for (const file of readdirSync(join(action, 'dist')).filter((name) => name.endsWith('index.js'))) {
    const path = join(action, 'dist', file)
    const text = readFileSync(path, 'utf8')
    places += text.match(find)?.length ?? 0
    writeFileSync(
      path,
      text.replace(find, () => put)
    )
  }
  if (places === 0) throw new Error(`${String(find)} is nowhere in the bundle`)
  return { action, forget: () => rmSync(action, { recursive: true, force: true }) }
}

/** The points of the story that can show it, from the end: there most of a run is behind it. */
export async function pointsFor(one: Break): Promise<{ name: string; play: () => Promise<string[]> }[]> {
  const dice = new Dice(6)
  const named = async (): Promise<{ name: string; play: () => Promise<string[]> }[]> => {
    if (one.sweep === 'crash') {
      const { points } = await pointsOf(
        crashCases.find((c) => c.name === one.story)!,
        dice,
        0
      )
      return points.map((p) => ({ name: nameOf(p), play: async () => await playPoint(p) }))
    }
    if (one.sweep === 'cancels') {
      const { points } = await cancelPoints(
        cancelCases.find((c) => c.name === one.story)!,
        dice,
        0
      )
      return points.map((p) => ({ name: nameOfCancel(p), play: async () => await playCancel(p) }))
    }
    const { points } = await faultPoints(faultCases.find((c) => c.name === one.story)!)
    return points.map((p) => ({ name: nameOfFault(p), play: async () => await playFault(p) }))
  }
  return (await named()).filter((p) => one.points.test(p.name)).toReversed()
}
