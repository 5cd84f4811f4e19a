import { revisionName } from '../../domain/arn.js'
import { ok, unknowable, warning, type Check } from '../check.js'

/** A digest that runs, and that the registry has no more: all is green until the next task has to start. */
export const imageKept: Check = {
  name: 'image-kept',
  area: 'service',
  question: 'Can the images that run now still be pulled, when a task has to be replaced?',
  reads: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecs:ListTasks', 'ecs:DescribeTasks'],
  worst: 'warning',
  source:
    'A 504 in production: eleven builds later the lifecycle policy had expired the digest that was running',
  look({ images, service }) {
    const gone: string[] = []
    let why: string | undefined
    for (const found of images.values()) {
      if (!found.known) why ??= found.why
      else if (!found.value.there) gone.push(found.value.says)
    }
    if (gone.length > 0) {
      const revision = revisionName(service.taskDefinition)
      return warning(
        `No new task of ${revision} can start: an image that it runs is gone from its registry.`,
        gone,
        {
          todo: `Deploy an image that exists, or push this one again; then let the lifecycle policy keep what runs (mode audit says which rule took it).`,
          console: 'ECR → Repositories → Lifecycle Policy'
        }
      )
    }
    if (why !== undefined) return unknowable(why)
    return ok(images.size === 0 ? 'No image that runs is in ECR.' : 'Every image that runs is there.')
  }
}
