import { parseImage } from '../../domain/image.js'
import { containersOf } from '../../domain/task-definition.js'
import { gravest, ok, warning, type Check } from '../check.js'

/** Images that may be others tomorrow. */
export const images: Check = {
  name: 'images',
  area: 'definition',
  question: 'Does every container name an image that stays the same: by its digest?',
  reads: ['ecs:DescribeTaskDefinition'],
  worst: 'warning',
  source: 'ECS API, ContainerDefinition.image; what a tag names can change, what a digest names cannot',
  look({ definition, purpose }) {
    // What runs has its own question.
    if (purpose === 'diagnose') return ok('What runs is asked about by old-images.')
    return gravest(
      containersOf(definition).map(({ name, image }) => {
        const reference = parseImage(image)
        if (reference?.digest !== undefined) return ok(`${name} names its image by digest.`)
        if (reference?.tag !== undefined && reference.tag !== 'latest')
          return ok(`${name} names its image by tag ${reference.tag}.`)
        return warning(
          `The new revision names the image of ${name} by ${reference?.tag === undefined ? 'no tag' : 'latest'}: what it runs depends on the day.`,
          [`image ${image}`],
          `Use pin: all (the default), or give the image of ${name} by a tag or digest in images.`
        )
      }),
      'No container was shown.'
    )
  }
}
