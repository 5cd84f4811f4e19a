/** Run as a program of its own: copies a small blob, then a large one, and writes how much its memory grew by that. */
import { at, registries } from './ports.js'

const [from = '', to = '', small = '', large = '', smallSize = '', largeSize = ''] = process.argv.slice(2)
const { registries: found } = registries()
const copy = async (digest: string, size: string) =>
  await found.copy({ digest, size: Number(size) }, at(from), at(to), () => undefined)

await copy(small, smallSize)
const before = process.resourceUsage().maxRSS
const how = await copy(large, largeSize)
// maxRSS is in kilobytes.
process.stdout.write(JSON.stringify({ how, grewBytes: (process.resourceUsage().maxRSS - before) * 1024 }))
