// npm run checks-table: writes the table of preflight checks into README.md, from the code.
import { readFileSync, writeFileSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

ready()
if (process.argv[2] === '--inside') {
  const { checks } = await import(`${root}src/preflight/checks.ts`)
  const { tableOfChecks } = await import(`${root}src/preflight/table.ts`)
  const text = readFileSync(`${root}README.md`, 'utf8')
  const [before, rest] = text.split('<!-- checks -->\n')
  const after = rest.split('<!-- /checks -->')[1]
  writeFileSync(
    `${root}README.md`,
    `${before}<!-- checks -->\n\n${tableOfChecks(checks)}\n\n<!-- /checks -->${after}`
  )
} else {
  run(process.execPath, ['--import', 'tsx', `${root}scripts/checks-table.mjs`, '--inside'])
  run(process.execPath, [`${root}node_modules/prettier/bin/prettier.cjs`, '--write', `${root}README.md`])
}
