import { revisionName } from '../../domain/arn.js'
import { parseImage, shortDigest } from '../../domain/image.js'
import { primaryOf } from '../../domain/service.js'
import { containersOf } from '../../domain/task-definition.js'
import { ok, warning, type Check } from '../check.js'
import { servingContainers } from '../running.js'

/** A revision that cannot be put back as it was. */
export const oldImages: Check = {
  name: 'old-images',
  area: 'definition',
  question: 'Would the revision that runs now be the same if it were deployed again?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'warning',
  source: 'A definition that named latest: putting it back brought another image than the one that had run',
  look(facts) {
    const { running, definition, service, purpose } = facts
    const revision = revisionName(primaryOf(service)?.taskDefinition ?? service.taskDefinition)
    const loose = containersOf(running).filter(({ image }) => {
      const reference = parseImage(image)
      return reference?.digest === undefined && (reference?.tag ?? 'latest') === 'latest'
    })
    if (loose.length === 0) return ok(`${revision} names its images by tag or digest.`)
    const names = loose.map((c) => c.name).join(', ')
    const evidence = loose.map(({ name, image }) => {
      const digest = servingContainers(facts, name).find((c) => c.imageDigest !== undefined)?.imageDigest
      return `${name}: ${image}${digest === undefined ? '' : `, now ${shortDigest(digest)}`}`
    })
    const pinned = containersOf(definition).filter((c) => parseImage(c.image)?.digest !== undefined)
    if (purpose !== 'diagnose' && loose.every((c) => pinned.some((p) => p.name === c.name)))
      return ok(`${revision} names latest for ${names}; the revision of this deploy names digests.`, evidence)
    return warning(
      `Revision ${revision} names the image of ${names} by latest or by no tag: deployed again, it may be another one.`,
      evidence,
      `Deploy with pin: all, so that the revision names the image of ${names} by its digest.`
    )
  }
}
