// Markdown as GitHub shows it: parsed by GitHub's own parser, in GitHub's style, with Mermaid left to the browser.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { root } from '../ready.mjs'

const extensions = ['table', 'strikethrough', 'autolink', 'tagfilter', 'tasklist']

/** HTML of a text in GitHub's Markdown. */
function htmlOf(markdown) {
  const args = ['--unsafe', '--github-pre-lang', ...extensions.flatMap((name) => ['-e', name])]
  const done = spawnSync('cmark-gfm', args, { input: markdown, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`cmark-gfm failed: ${done.stderr}`)
  return done.stdout.replace(
    /<pre lang="mermaid"><code>([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>'
  )
}

/**
 * A page with a card that holds the text, under a title as GitHub has it. `open`: summaries of parts that stand open;
 * `size`: of the letters, pixels.
 */
export function markdownPage(title, markdown, theme, open, size = 16) {
  const style = readFileSync(`${root}node_modules/github-markdown-css/github-markdown-${theme}.css`, 'utf8')
  const [back, card, line, quiet] =
    theme === 'dark'
      ? ['#0d1117', '#151b23', '#3d444d', '#9198a1']
      : ['#ffffff', '#f6f8fa', '#d1d9e0', '#59636e']
  const html = htmlOf(markdown).replace(/<details><summary>([^<]*)/g, (whole, name) =>
    open.some((part) => name.startsWith(part)) ? whole.replace('<details>', '<details open>') : whole
  )
  return `<!doctype html><meta charset="utf-8"><style>${style}
    body { margin: 0; padding: 16px; background: ${back}; width: 828px }
    .card { border: 1px solid ${line}; border-radius: 6px; overflow: hidden }
    .card > header { background: ${card}; border-bottom: 1px solid ${line}; color: ${quiet}; padding: 8px 16px;
      font: 14px -apple-system, 'Liberation Sans', sans-serif }
    .card > .markdown-body { padding: 16px; font-size: ${size}px }
    .markdown-body, .markdown-body p, .markdown-body table { font-family: 'Liberation Sans', 'Noto Color Emoji', sans-serif !important }
    .markdown-body code, .markdown-body pre { font-family: 'Liberation Mono', 'DejaVu Sans Mono', monospace !important }
    .markdown-body pre.mermaid { background: transparent; padding: 0 }
  </style>
  <div class="card"><header>${title}</header><div class="markdown-body">${html}</div></div>`
}
