import { parseImage, pinned } from '../domain/image.js'
import { containersOf } from '../domain/task-definition.js'
import type { Ports } from '../ports.js'
import { imageState } from '../steps/image-state.js'
import type { About, Facts, ImageThere } from './facts.js'
import { known, unknown, type Known } from './known.js'
import { each, type FactReader } from './reader.js'

/**
 * Whether the images of ECR that the running revision names can still be pulled. A tag counts as the digest that the tasks
 * pulled: that is what ECS starts more of, whatever the tag says by now (software version consistency).
 */
export async function imagesOf(
  ports: Pick<Ports, 'images' | 'repositories'>,
  { running }: About,
  tasks: Promise<Facts['tasks']>,
  read: FactReader
): Promise<Facts['images']> {
  const references = containersOf(running).map(async ({ name, image }): Promise<string[]> => {
    const parsed = parseImage(image)
    if (!parsed?.ecr) return []
    const digest = parsed.digest ?? pulled(await tasks, name, image)
    return [digest === undefined ? image : pinned(parsed.repository, digest)]
  })
  return await each((await Promise.all(references)).flat(), async (reference): Promise<Known<ImageThere>> => {
    const found = await read.read('ecr:DescribeImages', imageState, ports, reference)
    if (!found.known) return found
    const { value } = found
    if (value.state === 'unknown') return unknown(value.text)
    return known(value.state === 'there' ? { there: true } : { there: false, says: value.text })
  })
}

/** The digest that running tasks pulled for this container by this reference. */
function pulled(tasks: Facts['tasks'], container: string, image: string): string | undefined {
  const containers = tasks.known ? tasks.value.flatMap((t) => t.containers) : []
  return containers.find((c) => c.name === container && c.image === image)?.imageDigest
}
