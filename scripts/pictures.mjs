// npm run pictures [-- --check] [STORY ...]: draws what people see of a run (comment, job summary, log) in Debian's
// Chromium, in GitHub's style, light and dark, and keeps it under docs/images. --check draws and checks without writing,
// --install gets what is missing from Debian.
import { existsSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

/** Debian packages that this needs beside npm's: the browser, GitHub's own Markdown parser, smaller PNGs, fonts. */
const tools = ['chromium', 'cmark-gfm', 'pngquant']
const fonts = ['fonts-liberation', 'fonts-dejavu-core', 'fonts-noto-color-emoji']

const missing = () => tools.filter((tool) => !existsSync(`/usr/bin/${tool}`))
const args = process.argv.slice(2)

ready()
if (missing().length > 0 && args.includes('--install')) {
  if (!existsSync('/usr/bin/apt-get')) {
    process.stdout.write(`pictures: skipped, this is no Debian and has no ${missing().join(', ')}\n`)
    process.exit(0)
  }
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...tools, ...fonts], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  })
}
if (missing().length > 0) {
  const all = [...tools, ...fonts].join(' ')
  process.stderr.write(
    `npm run pictures misses ${missing().join(', ')}: apt-get install --no-install-recommends ${all}\n`
  )
  process.exit(1)
}
const rest = args.filter((arg) => arg !== '--install')
run(process.execPath, ['--import', 'tsx', `${root}scripts/pictures/draw.mjs`, ...rest])
