/** One stretch of a random family: `family.ts healthy 0 5000` plays seeds 0 to 4999 and prints what went wrong as JSON. */
import { Dice } from './dice.js'
import { judgeRollout } from './play.js'
import { failingSample, healthySample } from './worlds.js'

/** What became of one seed, when it is not right. */
export interface Wrong {
  seed: number
  /** `false-failing`, `missed` or `wrong-cause`; `other` is a verdict that is neither right nor one of these. */
  kind: 'false-failing' | 'missed' | 'wrong-cause' | 'other'
  said: string
  about: string
}

export const families = { healthy: healthySample, failing: failingSample }

/** Plays one seed of a family; undefined when the judge was right about it. */
export async function playSeed(family: keyof typeof families, seed: number): Promise<Wrong | undefined> {
  const sample = families[family](new Dice(seed), seed)
  const judged = await judgeRollout(sample.rollout, { weather: sample.weather, timeoutSeconds: 3600 })
  const said = `${judged.state} ${judged.code} after ${judged.after.toFixed(0)} s: ${judged.sentence}`
  const wrong = (kind: Wrong['kind']): Wrong => ({ seed, kind, said, about: sample.about })
  if (family === 'healthy') {
    if (judged.state === 'failing') return wrong('false-failing')
    return judged.state === 'healthy' ? undefined : wrong('other')
  }
  if (judged.state !== 'failing') return wrong('missed')
  return sample.codes.includes(judged.code) ? undefined : wrong('wrong-cause')
}

if (process.argv[1]?.endsWith('family.ts') === true) {
  const [family = 'healthy', from = '0', to = '0'] = process.argv.slice(2)
  if (family !== 'healthy' && family !== 'failing') throw new Error(`no family ${family}`)
  const wrong: Wrong[] = []
  for (let seed = Number(from); seed < Number(to); seed++) {
    const one = await playSeed(family, seed)
    if (one !== undefined) wrong.push(one)
  }
  process.stdout.write(JSON.stringify(wrong))
}
