// The log of a step as GitHub shows it: groups closed, commands acted on, colours drawn.

const palette = {
  light: {
    back: '#ffffff',
    text: '#1f2328',
    quiet: '#6e7781',
    red: '#cf222e',
    green: '#116329',
    row: '#ffebe9'
  },
  dark: {
    back: '#0d1117',
    text: '#e6edf3',
    quiet: '#8b949e',
    red: '#ff7b72',
    green: '#3fb950',
    row: '#3c1618'
  }
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** ANSI colours as spans; codes that a log of ours does not have are an error. */
function coloured(text, colours) {
  const styles = {
    1: 'font-weight:bold',
    31: `color:${colours.red}`,
    32: `color:${colours.green}`,
    90: `color:${colours.quiet}`
  }
  return escaped(text).replace(/\u001b\[(\d+)m/g, (_, code) => {
    if (code === '0') return '</span>'
    if (!(code in styles)) throw new Error(`The log has a colour that is not ours: ${code}`)
    return `<span style="${styles[code]}">`
  })
}

/** The rows that GitHub shows of a step's output. */
function rowsOf(stdout, colours) {
  const rows = []
  let closed = false
  for (const line of stdout.trimEnd().split('\n')) {
    const command = /^::(\w+)(?: [^:]*)?::(.*)$/.exec(line)
    if (command?.[1] === 'group') {
      rows.push({ html: `<b>▸</b> ${escaped(command[2])}` })
      closed = true
    } else if (command?.[1] === 'endgroup') closed = false
    else if (command?.[1] === 'error')
      rows.push({ html: `<b>Error:</b> ${escaped(command[2])}`, error: true })
    else if (command?.[1] === 'warning' || command?.[1] === 'notice')
      rows.push({ html: `${command[1]}: ${escaped(command[2])}` })
    else if (!command && !closed) rows.push({ html: coloured(line, colours) })
  }
  return rows
}

/** A page with the log. */
export function logPage(stdout, theme) {
  const colours = palette[theme]
  const rows = rowsOf(stdout, colours).map(
    ({ html, error }, i) =>
      `<div class="row${error ? ' error' : ''}"><i>${i + 1}</i><span>${html}</span></div>`
  )
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 12px 8px; width: 1104px; background: ${colours.back}; color: ${colours.text};
      font: 12px/20px 'DejaVu Sans Mono', monospace; font-variant-ligatures: none }
    .row { display: flex } .row > span { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 20px }
    .row > i { flex: 0 0 40px; text-align: right; padding-right: 16px; color: ${colours.quiet}; font-style: normal }
    .error { background: ${colours.row}; color: ${colours.red} }
  </style>${rows.join('')}`
}
