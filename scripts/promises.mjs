// Shows each promise of simulator/README.md beside the test that holds it, and fails when either stands alone.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const tests = new URL('__tests__/simulator/', root)

/** Every test of the simulator by its own title, in a `describe` or not: `{ title, file }`. */
export function simulatorTests() {
  return readdirSync(tests)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, tests), 'utf8')
      // A table of `describe.each` has a title behind it too, which is no test's.
      const only = source.replace(/^describe\.each\(\[[\s\S]*?^\]\)\(.*$/gm, '')
      const found = only.matchAll(
        /(?:^\s*test\(|^\s*\]\)\(|^\s*test\.each.*\)\()\s*(?:'((?:\\.|[^'\\])+)'|"([^"]+)"|`([^`]+)`)/gm
      )
      return [...found].map((m) => ({ title: (m[1] ?? m[2] ?? m[3]).replaceAll("\\'", "'"), file }))
    })
}

/** Every promise of the README: `{ part, promise, source, test }`. */
export function promises() {
  const readme = readFileSync(new URL('simulator/README.md', root), 'utf8')
  const from = readme.indexOf('## What it promises')
  const parts = readme.slice(from, readme.indexOf('\n## ', from + 1)).split('\n### ')
  return parts.slice(1).flatMap((part) => {
    const [name = ''] = part.split('\n')
    return [...part.matchAll(/^\| (.*?)\s*\| (.*?)\s*\| `(.+)`\s*\|$/gm)].map((m) => ({
      part: name,
      promise: m[1],
      source: m[2],
      test: m[3]
    }))
  })
}

/** What does not fit: promises without a test or a source, tests without a promise, titles that are there twice. */
export function mismatches() {
  const titles = simulatorTests().map((t) => t.title)
  const named = promises().map((p) => p.test)
  const twice = (list) => list.filter((one, at) => list.indexOf(one) !== at)
  return [
    ...promises().flatMap((p) => (titles.includes(p.test) ? [] : [`promised, not tested: ${p.test}`])),
    ...promises().flatMap((p) =>
      p.promise === '' || p.source === '' ? [`no promise or source: ${p.test}`] : []
    ),
    ...titles.flatMap((title) => (named.includes(title) ? [] : [`tested, not promised: ${title}`])),
    ...twice(titles).map((title) => `two tests of one name: ${title}`)
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let part = ''
  const files = new Map(simulatorTests().map((t) => [t.title, t.file]))
  for (const one of promises()) {
    if (one.part !== part) console.log(`\n${(part = one.part)}`)
    console.log(`  ${one.promise} [${one.source}]\n    ${files.get(one.test) ?? 'NO TEST'}: ${one.test}`)
  }
  const wrong = mismatches()
  for (const line of wrong) console.error(line)
  console.log(
    `\n${promises().length} promises, ${simulatorTests().length} tests, ${wrong.length} without the other`
  )
  process.exitCode = wrong.length === 0 ? 0 : 1
}
