import {
  isObject,
  problemsOf,
  withTexts,
  type Json,
  type Tag,
  type TaskDefinition
} from '../domain/task-definition.js'
import { Refusal } from '../domain/outcome.js'
import { NotFound, type Ports } from '../ports.js'

/** `family`, `family:revision` or an ARN; everything else is a file. */
const family = /^(arn:aws[a-z-]*:ecs:[^\s]+:task-definition\/)?[A-Za-z0-9_-]{1,255}(:\d+)?$/

/** The definition to start from, and whether it came from a file. */
export interface Source extends TaskDefinition {
  from: string
  /** A file that names no tags leaves the tags of the running revision as they are. */
  tagsGiven: boolean
}

/**
 * Finds the definition that `task-definition` names: a file of the workspace, a revision, or (when it is
 * not given) what the service runs now. Throws a Refusal that says file, line and what is wrong.
 */
export async function define(
  ports: Ports,
  given: string | undefined,
  running: TaskDefinition
): Promise<Source> {
  if (given === undefined) return { ...running, from: 'the running revision', tagsGiven: true }
  const text = await ports.workspace.read(given)
  if (text !== undefined) return await fromFile(given, text)
  if (/\.(json|ya?ml)$/i.test(given) || !family.test(given))
    throw new Refusal(
      [`task-definition: file "${given}" does not exist in the workspace.`],
      'input',
      'Check the path, and that actions/checkout runs before this step.'
    )
  try {
    return { ...(await ports.containers.taskDefinition(given)), from: given, tagsGiven: true }
  } catch (error) {
    if (error instanceof NotFound)
      throw new Refusal([
        `task-definition "${given}" is neither a file in the workspace nor a task definition that ECS knows.`
      ])
    throw error
  }
}

async function fromFile(path: string, text: string): Promise<Source> {
  const value = await parse(path, text)
  // `aws ecs describe-task-definition` writes it inside an object, with the tags beside it.
  const inner = isObject(value) && isObject(value['taskDefinition']) ? value['taskDefinition'] : value
  if (!isObject(inner) || !Array.isArray(inner['containerDefinitions']))
    throw new Refusal([
      `task-definition: ${path}, line ${lineOf(text)}: not an object with containerDefinitions.`
    ])
  const problems = problemsOf(inner)
  if (problems.length > 0)
    throw new Refusal(problems.map((p) => `task-definition: ${path}, line ${lineOf(text)}: ${p}.`))
  const tags: Json | undefined = isObject(value) ? (value['tags'] ?? inner['tags']) : undefined
  const definition = Object.fromEntries(Object.entries(inner).filter(([key]) => key !== 'tags'))
  return {
    definition: withTexts(definition),
    tags: readTags(path, tags),
    from: path,
    tagsGiven: tags !== undefined && tags !== null
  }
}

/** The line where the containers stand, or the first. */
function lineOf(text: string): number {
  return text.split('\n').findIndex((line) => line.includes('containerDefinitions')) + 1 || 1
}

async function parse(path: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not JSON: read it as YAML, whose errors know their line. (Broken JSON is broken YAML too, mostly.)
  }
  const { LineCounter, parseDocument, visit } = await import('yaml')
  const lines = new LineCounter()
  // Silent: the parser's warnings would bring the file's own words to stderr.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const refuse = (offset: number, what: string): never => {
    const { line, col } = lines.linePos(offset)
    throw new Refusal([`task-definition: ${path}, line ${line}, column ${col}: ${what}.`])
  }
  const error = document.errors[0]
  if (error) refuse(error.pos[0], `not valid JSON or YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`)
  visit(document, {
    Pair: (_, { key }) => {
      const offset = (key as { range?: [number] } | null)?.range?.[0] ?? 0
      if (
        key === null ||
        typeof (key as { value?: unknown }).value === 'object' ||
        !('value' in (key as object))
      )
        refuse(offset, 'a key must be a plain text')
    },
    Scalar: (_, node) => {
      // 0123, 1.10 or an account id is meant as it is written; as a number it would become another text.
      if (typeof node.value === 'number' && node.source !== undefined && String(node.value) !== node.source)
        node.value = node.source
    }
  })
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch {
    // The parser's own sentence may quote a value.
    throw new Refusal([
      `task-definition: ${path}: an alias (*name) cannot be resolved, or there are too many; put values that start with * or & in quotes.`
    ])
  }
}

function readTags(path: string, tags: Json | undefined): Tag[] {
  if (tags === undefined || tags === null) return []
  const wrong = () =>
    new Refusal([`task-definition: ${path}: tags must be a list of objects with key and value.`])
  if (!Array.isArray(tags)) throw wrong()
  return tags.map((t) => {
    if (!isObject(t) || typeof t['key'] !== 'string') throw wrong()
    const value = t['value'] ?? ''
    if (isObject(value) || Array.isArray(value)) throw wrong()
    return { key: t['key'], value: String(value) }
  })
}
