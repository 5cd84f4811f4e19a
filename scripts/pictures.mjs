// npm run pictures [-- --check] [STORY ...]: draws what people see of a run (comment, job summary, log) in Debian's
// Chromium, in GitHub's style, light and dark, and keeps it under docs/images. --check draws and checks without writing.
import { existsSync } from 'node:fs'
import { ready, root, run } from './ready.mjs'

/** Debian packages that this needs beside npm's: the browser, GitHub's own Markdown parser, smaller PNGs, fonts. */
const tools = ['chromium', 'cmark-gfm', 'pngquant']
const fonts = ['fonts-liberation', 'fonts-dejavu-core', 'fonts-noto-color-emoji']

ready()
const missing = tools.filter((tool) => !existsSync(`/usr/bin/${tool}`))
if (missing.length > 0) {
  const all = [...tools, ...fonts].join(' ')
  process.stderr.write(
    `npm run pictures misses ${missing.join(', ')}: apt-get install --no-install-recommends ${all}\n`
  )
  process.exit(1)
}
run(process.execPath, ['--import', 'tsx', `${root}scripts/pictures/draw.mjs`, ...process.argv.slice(2)])
