import { ladder, pageOf } from './page.js'
import type { RunView } from './view.js'

/** GitHub takes 1 MiB of a step; other parts of the step may have written before. */
const mostBytes = 900_000

/** The job summary in GitHub's Markdown: the page of the run, whole where it fits. Pure. */
export function summaryOf(view: RunView): string {
  const pages = ladder.map((level) => pageOf(view, level))
  return pages.find((page) => bytesIn(page) <= mostBytes) ?? pages.at(-1) ?? ''
}

/** The length as UTF-8. */
function bytesIn(text: string): number {
  let bytes = 0
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
