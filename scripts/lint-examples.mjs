// Holds examples/*.yml, our own workflows and action.yml (or the files that are named) to GitHub's own language service:
// what an editor would underline is an error here. Steps that use this action are held to action.yml.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { ready, root, run } from './ready.mjs'

// The language service imports JSON as bundlers do; tsx lets it.
if (!process.execArgv.includes('tsx')) {
  ready()
  const named = process.argv.slice(2).map((file) => resolve(file))
  run(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), ...named])
  process.exit()
}
const { registerLogger, validate } = await import('@actions/languageservice')

const ours = 'safe-ecs-deploy/safe-ecs-deploy'
const files = process.argv.length > 2 ? process.argv.slice(2) : everyFile()
const { name, description, inputs, outputs } = parse(readFileSync(`${root}action.yml`, 'utf8'))

// A fault of its own is logged by the service, and what it found until then is given as if that were all.
const faults = []
registerLogger({ log: () => {}, info: () => {}, warn: () => {}, error: (text) => faults.push(text) })

const config = {
  actionsMetadataProvider: {
    // The inputs of other people's actions are not known here: without a list of them none is held to it.
    fetchActionMetadata: async ({ owner, name: repository, path }) =>
      `${owner}/${repository}` === ours && path === undefined
        ? { name, description, inputs, outputs }
        : { name: `${owner}/${repository}`, description: '' }
  }
}

function everyFile() {
  const under = (directory) =>
    readdirSync(`${root}${directory}`)
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => `${root}${directory}/${file}`)
  return [...under('examples'), ...under('.github/workflows'), `${root}action.yml`]
}

/** A text as the service wants it, with the one position that it asks for. */
function documentOf(file, text) {
  const lines = text.split('\n')
  const offsetAt = ({ line, character }) =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character
  return {
    uri: `file:///${basename(file)}`,
    languageId: 'yaml',
    version: 1,
    lineCount: lines.length,
    getText: (range) => (range ? text.slice(offsetAt(range.start), offsetAt(range.end)) : text),
    offsetAt,
    positionAt: (offset) => {
      const before = text.slice(0, offset).split('\n')
      return { line: before.length - 1, character: before.at(-1).length }
    }
  }
}

let wrong = 0
let steps = 0
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  steps += text.split(`uses: ${ours}@`).length - 1
  const found = await validate(documentOf(file, text), config)
  const said = [
    ...found.map(({ message, range }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`),
    ...faults.splice(0).map((fault) => `the language service itself: ${fault}`)
  ]
  for (const line of said) process.stderr.write(`${relative(process.cwd(), file)}:${line}\n`)
  wrong += said.length
}
if (wrong > 0) process.exit(1)
process.stdout.write(
  `workflows: ${files.length} files and ${steps} steps of this action, nothing to complain about\n`
)
