// Debian's headless Chromium: draws a page, lets Mermaid draw in it, checks what it drew, and takes the picture.
import { spawnSync } from 'node:child_process'
import { chromium } from 'playwright-core'
import { root } from '../ready.mjs'

// What this closed machine needs: no sandbox as root, and nobody who calls home.
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** Runs `act` with a browser, which is closed whatever happens. */
export async function withBrowser(act) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags.split(' ') })
  try {
    return await act(browser)
  } finally {
    await browser.close()
  }
}

/** Draws a page and gives its picture as PNG. Throws when Mermaid did not draw, or when something sticks out. */
export async function draw(browser, html, theme, width) {
  const page = await browser.newPage({ viewport: { width, height: 400 }, colorScheme: theme })
  try {
    await page.setContent(html)
    const drawings = await page.locator('pre.mermaid').count()
    if (drawings > 0) {
      await page.addScriptTag({ path: `${root}node_modules/mermaid/dist/mermaid.min.js` })
      await drawMermaid(page, theme)
    }
    const faults = await page.evaluate(faultsOf, drawings)
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return small(await page.screenshot({ fullPage: true }))
  } finally {
    await page.close()
  }
}

/** The same picture in 20 colours: a third of the size, and text looks no worse. */
function small(png) {
  const done = spawnSync('pngquant', ['20', '--speed', '1', '--strip', '-'], { input: png, maxBuffer: 1e8 })
  if (done.status !== 0) throw new Error(`pngquant failed: ${String(done.stderr)}`)
  return done.stdout
}

/** Draws every diagram, also those in folded parts, which are folded again afterwards. */
async function drawMermaid(page, theme) {
  await page.evaluate(async (dark) => {
    const folded = [...document.querySelectorAll('details:not([open])')]
    for (const part of folded) part.open = true
    globalThis.mermaid.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'default' })
    for (const drawing of document.querySelectorAll('pre.mermaid'))
      drawing.dataset.sections = String(
        drawing.textContent.split('\n').filter((l) => /^\s+section /.test(l)).length
      )
    await globalThis.mermaid.run()
    for (const part of folded) part.open = false
  }, theme === 'dark')
}

/** What is wrong with the page, in words; runs in the browser. */
function faultsOf(drawings) {
  const faults = []
  const drawn = [...document.querySelectorAll('pre.mermaid')]
  if (drawn.length !== drawings) faults.push(`${drawings} diagrams became ${drawn.length}`)
  for (const drawing of drawn) {
    const svg = drawing.querySelector('svg')
    if (!svg) faults.push('Mermaid drew nothing')
    else if (
      svg.getAttribute('aria-roledescription') !== 'gantt' ||
      svg.querySelector('.error-icon, .error-text')
    )
      faults.push(`Mermaid drew an error: ${svg.textContent.slice(0, 200)}`)
    else if (svg.querySelectorAll('.sectionTitle').length !== Number(drawing.dataset.sections))
      faults.push(
        `Mermaid drew ${svg.querySelectorAll('.sectionTitle').length} of ${drawing.dataset.sections} rows`
      )
  }
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) faults.push('the page is wider than the screen')
  return faults
}
