import type { Repository } from '../domain/image.js'
import { isForeign, readManifest } from '../domain/manifest.js'
import { NotFound, RegistryFault, type Blob, type Manifest, type Registries } from '../ports.js'

/** All that an image is made of. */
export interface ImageTree {
  /** Its manifests, each after those that it names: the order in which registries take them. */
  manifests: Manifest[]
  /** Its configs and layers, each once. */
  blobs: Blob[]
}

const deepest = 4
const most = 1000

/**
 * Reads all manifests of an image, those of an index with it, and collects what they name. Layers that lie elsewhere by
 * design are left out: no registry has them. Throws NotFound for a child that is gone, RegistryFault and AwsFault.
 */
export async function readTree(registries: Registries, from: Repository, root: Manifest): Promise<ImageTree> {
  const manifests = new Map<string, Manifest>()
  const blobs = new Map<string, Blob>()
  const tooMuch = (why: string) =>
    new RegistryFault('rejected', from.host, `${root.digest} cannot be copied: ${why}`)
  const visit = async (manifest: Manifest, depth: number): Promise<void> => {
    const content = readManifest(manifest.bytes)
    if (content.kind === 'unreadable') throw tooMuch(content.why)
    if (content.kind === 'index') {
      if (depth === deepest) throw tooMuch('its indexes name each other too deep')
      for (const { digest } of content.children) {
        if (manifests.has(digest)) continue
        const child = await registries.manifest(from, { digest }, 'needed').catch((error: unknown) => {
          if (error instanceof NotFound)
            throw new NotFound(`${error.message}, which ${manifest.digest} names`)
          throw error
        })
        await visit(child, depth + 1)
      }
    } else
      for (const part of [content.config, ...content.layers.filter((l) => !isForeign(l))])
        blobs.set(part.digest, { digest: part.digest, size: part.size })
    manifests.set(manifest.digest, manifest)
    if (manifests.size > most || blobs.size > most) throw tooMuch(`it has more than ${most} parts`)
  }
  await visit(root, 0)
  return { manifests: [...manifests.values()], blobs: [...blobs.values()] }
}
