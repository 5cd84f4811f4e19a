/**
 * What ships, as a process: dist/index.js started by the stand-in runner against the simulated AWS, in lock-step
 * virtual time. The snapshots hold everything that a user or AWS would see of a run.
 */
import { describe, expect, test } from '@jest/globals'
import { playStory, type Played } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { node24 } from '../node24.js'

/** Everything a run shows, without what differs from machine to machine. */
function seen(played: Played): object {
  const { result, journal } = played
  const post = result.post
  const all = {
    exitCode: result.exitCode,
    conclusion: result.conclusion,
    stdout: result.stdout.split('\n'),
    stderr: result.stderr,
    outputs: result.outputs,
    state: result.state,
    summary: result.summary.split('\n'),
    runner: [...result.errors, ...result.warnings],
    requests: requests(journal),
    ...(post === undefined
      ? {}
      : {
          post: {
            exitCode: post.exitCode,
            stdout: post.stdout.split('\n'),
            stderr: post.stderr,
            summary: post.summary.split('\n')
          }
        })
  }
  const text = JSON.stringify(all).replaceAll(played.directory, '<runner>').replaceAll(played.url, '<aws>')
  return JSON.parse(numbered(text)) as object
}

/** Ids that the world draws become numbers in their order, so that only what a run says is held, and which is which. */
function numbered(text: string): string {
  const known = new Map<string, string>()
  const number = (kind: string, id: string): string => {
    const count = [...known.values()].filter((v) => v.startsWith(`<${kind} `)).length
    const name = known.get(id) ?? `<${kind} ${count + 1}>`
    known.set(id, name)
    return name
  }
  return text
    .replace(/sha256:([0-9a-f]{12})([0-9a-f]{52})?/g, (_, short: string) => number('digest', short))
    .replace(/ecs-svc\/\d+/g, (id) => number('deployment', id))
    .replace(
      /(targetgroup\/[\w-]+\/)([0-9a-f]{16})/g,
      (_, name: string, id: string) => name + number('group', id)
    )
    .replace(
      /(service-deployment\/[\w-]+\/[\w-]+\/)([\w-]{21})/g,
      (_, name: string, id: string) => name + number('rollout', id)
    )
    .replace(/\b[0-9a-f]{32}\b/g, (id) => number('task', id))
}

/** Writes one by one; the reads between them summed up, in alphabetical order: some are sent side by side. */
function requests(journal: Played['journal']): string[] {
  const lines: string[] = []
  let reads = new Map<string, number>()
  const flush = (): void => {
    for (const [name, n] of [...reads].toSorted(([a], [b]) => (a < b ? -1 : 1))) lines.push(`${name} × ${n}`)
    reads = new Map()
  }
  for (const { service, operation, write, error } of journal) {
    const name = `${service} ${operation}${error === undefined ? '' : ` → ${error}`}`
    if (write) {
      flush()
      lines.push(`WRITE ${name}`)
    } else reads.set(name, (reads.get(name) ?? 0) + 1)
  }
  flush()
  return lines
}

describe.each([
  ['deployed', 'prod-e-good'],
  ['rolled-back', 'prooflink-crash'],
  ['refused', 'refused'],
  ['unchanged', 'unchanged']
])('%s', (_, name) => {
  const play = async (node: string): Promise<object> =>
    seen(await playStory(storyNamed(name), { pace: 'lockstep', node }))
  let here: Promise<object> | undefined

  test('what a run shows', async () => {
    here = play(process.execPath)
    expect(await here).toMatchSnapshot()
  })

  test('Node 24 shows the same', async () => {
    expect(await play(node24())).toEqual(await (here ?? play(process.execPath)))
  })
})
