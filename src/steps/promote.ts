import { sayBytes } from '../domain/bytes.js'
import { pinned, shortDigest } from '../domain/image.js'
import type { Blob, Ports } from '../ports.js'
import { inTime } from './in-time.js'
import { guarded, registriesOf, tooLate, type Bounds } from './promote-faults.js'
import type { Promotion } from './promote-plan.js'

const progressMs = 5000

/**
 * Copies what was planned: layers first, then manifests, the image itself last, so that nobody ever sees half of one.
 * Gives container -> tagged reference for the tags that were put. What was copied when it ends early stays and is not
 * copied again. Throws Refusal, AwsFault, and the signal's reason.
 */
export async function promote(
  ports: Ports,
  promotions: Promotion[],
  { until, signal }: Bounds = {}
): Promise<Record<string, string>> {
  const began = ports.clock.now()
  const todo = promotions.filter((p) => p.manifests.length > 0)
  const tagged: Record<string, string> = {}
  if (todo.length > 0) ports.announce({ code: 'step', step: 'promote', title: 'Promote' })
  const done = new Set<string>()
  for (const promotion of todo)
    try {
      const far = { text: 'nothing of it had arrived' }
      const late = () => tooLate(promotion.digest, promotion.to.text, began, ports.clock.now(), far.text)
      const copy = async (bounded: Ports) =>
        await guarded(promotion.digest, () => copyOne(bounded, promotion, done, far, signal))
      await inTime(ports, until, late, copy)
      if (promotion.tag !== undefined)
        for (const container of promotion.containers)
          tagged[container] = `${promotion.to.text}:${promotion.tag}`
    } catch (error) {
      const text = `What has arrived in ${promotion.to.text} stays there: no tag names it, and the next run does not copy it again.`
      ports.announce({ code: 'warning', text })
      throw error
    }
  return tagged
}

async function copyOne(
  ports: Ports,
  { from, to, missing, manifests, digest, tag }: Promotion,
  done: Set<string>,
  far: { text: string },
  signal?: AbortSignal
): Promise<void> {
  const registries = registriesOf(ports)
  const size = missing.reduce((sum, b) => sum + b.size, 0)
  let before = 0
  for (const blob of missing) {
    signal?.throwIfAborted()
    const key = pinned(to.text, blob.digest)
    if (done.has(key)) continue
    const tell = teller(ports, blob)
    const how = await registries.copy(blob, from.repository, to.repository, (bytes) => {
      far.text = `${sayBytes(before + bytes)} of ${sayBytes(size)} had arrived`
      tell(bytes)
    })
    done.add(key)
    before += blob.size
    ports.announce({ code: 'fact', name: how, value: `${shortDigest(blob.digest)} (${sayBytes(blob.size)})` })
  }
  for (const manifest of manifests) {
    signal?.throwIfAborted()
    await registries.put(to.repository, manifest, manifest.digest === digest ? tag : undefined)
  }
  ports.announce({ code: 'fact', name: 'promoted', value: pinned(to.text, shortDigest(digest)) })
}

/** Tells how far a large layer has come, at most every few seconds. */
function teller({ clock, announce }: Ports, { digest, size }: Blob): (bytes: number) => void {
  let said = clock.now()
  return (bytes) => {
    if (clock.now() - said < progressMs || bytes >= size) return
    said = clock.now()
    announce({ code: 'copying', digest, bytes, of: size })
  }
}
