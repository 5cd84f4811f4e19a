/** The example that tells Slack reads what a report has, and what it posts is one line that Slack shows as it is meant. */
import { expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { runWith } from './hostile-run.js'

const example = readFileSync(new URL('../../examples/tell-slack.yml', import.meta.url), 'utf8')

/** The filter that the workflow gives to jq. */
function filterOf(text: string): string {
  const { jobs } = parse(text) as { jobs: { deploy: { steps: { run?: string }[] } } }
  const run = jobs.deploy.steps.map((step) => step.run ?? '').find((command) => command.includes('jq')) ?? ''
  return /jq '([^']+)' "\$REPORT" \|\s+curl [^|]*--json @- "\$WEBHOOK"/.exec(run)?.[1] ?? ''
}

/** What the filter makes of a report: every `\(.path)` of its text, then its substitutions in their order. */
function played(filter: string, report: object): string {
  const [, text = '', rest = ''] =
    /^\{text: \("((?:[^"\\]|\\\([^)]*\))*)"\s*((?:\|\s*gsub\("[^"]+"; "[^"]+"\)\s*)*)\)\}$/.exec(filter) ?? []
  const filled = text.replace(/\\\(\.([\w.]+)\)/g, (_, path: string) =>
    String(path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], report))
  )
  return [...rest.matchAll(/gsub\("([^"]+)"; "([^"]+)"\)/g)].reduce(
    (all, [, from = '', to = '']) => all.replaceAll(from, to),
    filled
  )
}

const report = (reason: string) => {
  const { ending, ...view } = runWith(() => 'words')
  return { ...view, ending: { ...ending, reason } }
}

test('says service, environment, outcome and reason; nothing of it is markup to Slack', () => {
  const filter = filterOf(example)
  expect(played(filter, report('shop-web:2 failed & <!channel>.'))).toBe(
    'shop-web in production: rolled-back. shop-web:2 failed &amp; &lt;!channel&gt;.'
  )
})

test('reads only what the schema of the report promises', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')
  ) as Schema
  const paths = [...filterOf(example).matchAll(/\\\(\.([\w.]+)\)/g)].map(([, path = '']) => path.split('.'))
  expect(paths.length).toBeGreaterThan(2)
  for (const path of paths) expect([path, isPromised(schema, schema, path)]).toEqual([path, true])
})

interface Schema {
  $ref?: string
  required?: string[]
  properties?: Record<string, Schema>
  $defs?: Record<string, Schema>
}

/** Each step of a path is described, and never left out. */
function isPromised(root: Schema, at: Schema, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  const here = at.$ref === undefined ? at : (root.$defs?.[at.$ref.replace('#/$defs/', '')] ?? {})
  const next = here.properties?.[name]
  return next !== undefined && here.required?.includes(name) === true && isPromised(root, next, rest)
}

const jq = ['/usr/bin/jq', '/usr/local/bin/jq'].find((file) => existsSync(file))

test('jq itself makes the same of it, where there is one', () => {
  const odd = report('a & b < c > d "quoted" \\ back')
  const told =
    jq === undefined ? undefined : execFileSync(jq, [filterOf(example)], { input: JSON.stringify(odd) })
  const text =
    told === undefined ? played(filterOf(example), odd) : (JSON.parse(String(told)) as { text: string }).text
  expect(text).toBe(played(filterOf(example), odd))
})
