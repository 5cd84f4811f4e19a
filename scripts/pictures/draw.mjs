// Plays the stories, draws their faces, and writes docs/images; see scripts/pictures.mjs.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createGitHub } from '../../simulator/github/index.js'
import { playStory } from '../../simulator/play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import { root } from '../ready.mjs'
import { draw, withBrowser } from './browser.mjs'
import { logPage } from './log.mjs'
import { markdownPage } from './markdown.mjs'

/** A good deploy, two bad ones that are caught, one that somebody else overtakes, many tasks, and one that never starts. */
const six = ['healthy-alb', 'prooflink-crash', 'elb-404', 'superseded', 'many-tasks', 'refused']
/** The one whose comment is drawn in the middle of the rollout too. */
const stillRunning = 'many-tasks'
const themes = ['light', 'dark']
const mostBytes = { each: 200_000, all: 2_000_000 }
const images = `${root}docs/images/`

const args = process.argv.slice(2)
const check = args.includes('--check')
const named = args.filter((arg) => !arg.startsWith('-'))
const stories = (named.length === 0 ? six : named).map(storyNamed)

/** The commit that the stand-in runner runs for. */
const sha = '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345'

/** Plays a story on the push of a merge; gives what people read of the run. */
async function facesOf(story) {
  let hub
  const { result } = await playStory(story, {
    pace: 'lockstep',
    hub: (world) => {
      hub = createGitHub(world)
      hub.pull({ title: 'Ship it', head: { ref: 'ship-it', sha } }).merge(sha)
      return hub
    }
  })
  const [comment] = hub.comments
  if (comment === undefined) throw new Error(`${story.name}: there is no comment on the pull request`)
  // In the middle of the rollout: some tasks are healthy, and nobody knows the end.
  const bodies = hub.journal.entries.flatMap(({ write, input }) => (write && input?.body ? [input.body] : []))
  const running = bodies.find(
    (body) => /deploying, [1-9]\d* of/.test(body) && body.includes('**Time left:**')
  )
  return { log: result.stdout, summary: result.summary, comment: comment.body, running, on: comment.issue }
}

const written = new Map()
const faults = []
await withBrowser(async (browser) => {
  for (const story of stories) {
    const faces = await facesOf(story)
    for (const theme of themes) {
      const commented = `<b>github-actions</b> bot commented on #${faces.on}`
      const pages = {
        comment: [markdownPage(commented, faces.comment, theme, [], 14), 860],
        summary: [markdownPage('Job summary', faces.summary, theme, ['Timeline']), 860],
        log: [logPage(faces.log, theme), 1120],
        ...(story.name === stillRunning
          ? { running: [markdownPage(commented, faces.running, theme, [], 14), 860] }
          : {})
      }
      for (const [face, [html, width]] of Object.entries(pages)) {
        const name = `${story.name}-${face}-${theme}.png`
        try {
          written.set(name, await draw(browser, html, theme, width))
        } catch (error) {
          faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
    }
  }
})

const sizes = [...written].map(([name, png]) => [name, png.length])
// What is kept is bounded; what is only looked at may be a little larger with other fonts.
for (const [name, size] of sizes)
  if (!check && size > mostBytes.each) faults.push(`${name} has ${size} bytes`)
const all = sizes.reduce((sum, [, size]) => sum + size, 0)
if (!check && all > mostBytes.all) faults.push(`all pictures together have ${all} bytes`)
process.stdout.write(`${written.size} pictures of ${stories.length} stories, ${Math.round(all / 1000)} kB\n`)
if (!check) {
  mkdirSync(images, { recursive: true })
  for (const [name, png] of written) writeFileSync(images + name, png)
}
for (const fault of faults) process.stderr.write(`${fault}\n`)
if (faults.length > 0) process.exitCode = 1
