/** `npm run demo [-- NAME | --list]`: plays stories in virtual time, and shows what GitHub would show. */
import { incident } from './incident.js'
import { openStory, playStory, type Played } from './play.js'
import { demoStories, stories, storyNamed, type Story } from './stories/index.js'
import { endWithReader, paintFor } from './terminal.js'
import type { WorkflowCommand } from './workflow-commands.js'

const { bold, dim, red, green, yellow } = paintFor(process.stdout)

const say = (text = ''): void => void process.stdout.write(`${text}\n`)

/** A line as the log of a workflow run shows it; undefined: not shown. */
function shown(line: string, command: WorkflowCommand | undefined): string | undefined {
  switch (command?.name) {
    case undefined:
      return line
    case 'group':
      return bold(`▸ ${command.data}`)
    case 'error':
      return red(`Error: ${command.data}`)
    case 'warning':
      return yellow(`Warning: ${command.data}`)
    case 'notice':
      return `Notice: ${command.data}`
    default:
      // endgroup, add-mask, debug, set-output and the rest leave nothing to read.
      return undefined
  }
}

/** Plays one story and shows it; true when it ended as it must. */
async function show(story: Story): Promise<boolean> {
  if (story.play) return await showActs(story, story.play)
  heading(story)
  const began = Date.now()
  const played = await playStory(story, {
    ...watching,
    onScene: ({ told = [] }) => told.length > 0 && section('What had happened', told.join('\n'))
  })
  return ended(story, played, began)
}

/** Plays the acts of a story in one world that goes on; true when each ended as it must. */
async function showActs(story: Story, { begin, acts }: NonNullable<Story['play']>): Promise<boolean> {
  heading(story)
  say()
  const stage = await openStory({ ...story, build: begin }, watching)
  try {
    const good: boolean[] = []
    for (const act of acts) {
      const told = act.happens(stage.world, stage.scene)
      heading({ ...act, name: `${story.name}, ${act.name}` })
      section('What had happened', told.join('\n'))
      const began = Date.now()
      good.push(ended(act, await stage.run({ inputs: act.inputs(stage.world) }), began))
    }
    return good.every((one) => one)
  } finally {
    await stage.close()
  }
}

const watching = {
  // Time jumps from one wait to the next: a slow machine shows the same seconds as a fast one.
  pace: 'lockstep' as const,
  // The run takes its output for GitHub's log, which shows colours; here they depend on who reads.
  ...(process.stdout.isTTY && !process.env['NO_COLOR'] ? {} : { env: { NO_COLOR: '1' } }),
  onLine: (line: string, _: unknown, command: WorkflowCommand | undefined) => {
    const text = shown(line, command)
    if (text !== undefined) say(text)
  }
}

function heading({ name, title, about }: Pick<Story, 'name' | 'title' | 'about'>): void {
  const rule = '─'.repeat(100)
  say(dim(rule))
  say(bold(`${name}: ${title}`))
  say(wrapped(about, 100))
  say(dim(rule))
}

/** Shows what a run left on its pages; true when it ended as it must. */
function ended(expected: Pick<Story, 'expect'>, played: Played, began: number): boolean {
  const { result } = played
  const post = result.post
  for (const trouble of [...result.errors, ...(post?.errors ?? [])]) say(red(`Error: ${trouble}`))
  section('Job summary', [result.summary, post?.summary ?? ''].filter((text) => text !== '').join('\n'))
  section(
    'Outputs',
    Object.entries(result.outputs)
      .map(
        ([name, value]) => [name, value.replace(`${played.directory}/work/_temp`, '$RUNNER_TEMP')] as const
      )
      .map(([name, value]) => `${name.padEnd(30)} ${value.replaceAll('\n', '\n'.padEnd(32))}`)
      .join('\n')
  )
  const passed = verdict(expected, played)
  const virtual = Math.round((played.to - played.from) / 1000)
  say(
    dim(
      `${Math.floor(virtual / 60)} min ${virtual % 60} s of the world in ${((Date.now() - began) / 1000).toFixed(1)} s, ` +
        `${played.journal.length} AWS requests`
    )
  )
  say()
  return passed
}

function verdict({ expect }: Pick<Story, 'expect'>, { result }: Played): boolean {
  const outcome = result.outputs['outcome'] ?? 'nothing'
  const code = result.outputs['reason-code'] ?? ''
  const words = (name: string, reason: string, exit: number): string =>
    `${[name, reason].filter((word) => word !== '').join(' (') + (reason === '' ? '' : ')')}, exit code ${exit}`
  const passed =
    outcome === expect.outcome &&
    (expect.reasonCode === undefined || code === expect.reasonCode) &&
    result.exitCode === expect.exitCode
  const reasons = expect.reasonCode === undefined ? '' : code
  const line = `expected ${words(expect.outcome, expect.reasonCode ?? '', expect.exitCode)}; got ${words(outcome, reasons, result.exitCode)}`
  say(passed ? green(`${line} ✔`) : red(`${line} ✘`))
  return passed
}

function section(title: string, text: string): void {
  if (text === '') return
  say()
  say(bold(`▸ ${title}`))
  say(text.trimEnd())
  say()
}

function wrapped(text: string, width: number): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

function list(): void {
  const width = Math.max(...stories.map((story) => story.name.length))
  for (const { name, title } of stories) say(`${name.padEnd(width)}  ${title}`)
}

/** The command line; gives the exit code. */
async function main(args: string[]): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith('-') && !['--list', '--help', '-h'].includes(arg))
  if (unknown !== undefined)
    throw new Error(`There is no option ${unknown}. Use: npm run demo -- [NAME | --list]`)
  if (args.includes('--help') || args.includes('-h')) {
    say('npm run demo                 three stories: a good deploy, a crash loop, a failing health check')
    say('npm run demo -- NAME ...     the stories of these names')
    say('npm run demo -- diagnose     one incident, from 503 to healthy')
    say('npm run demo -- --list       every story')
    return 0
  }
  if (args.includes('--list')) {
    list()
    return 0
  }
  if (args.length === 1 && args[0] === 'diagnose') {
    const heading = (text: string): void => {
      say()
      say(bold(text))
      say(dim('─'.repeat(100)))
    }
    const passed = await incident({
      heading,
      line: (line, _, command) => {
        const text = shown(line, command)
        if (text !== undefined) say(text)
      }
    })
    say(passed ? green('From 503 to healthy.') : red('Not as expected.'))
    return passed ? 0 : 1
  }
  const chosen = args.length === 0 ? demoStories : args.map(storyNamed)
  const wrong: string[] = []
  for (const story of chosen) if (!(await show(story))) wrong.push(story.name)
  if (wrong.length > 0) say(red(`Not as expected: ${wrong.join(', ')}`))
  return wrong.length === 0 ? 0 : 1
}

endWithReader(process.stdout)
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${red(error instanceof Error ? error.message : String(error))}\n`)
  process.exitCode = 2
}
