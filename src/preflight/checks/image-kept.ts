import { revisionName } from '../../domain/arn.js'
import { parseImage } from '../../domain/image.js'
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
    let lost: string | undefined
    let why: string | undefined
    for (const [reference, found] of images) {
      if (!found.known) why ??= found.why
      else if (!found.value.there) {
        gone.push(found.value.says)
        lost ??= reference
      }
    }
    if (gone.length > 0) {
      const revision = revisionName(service.taskDefinition)
      return warning(
        `No new task of ${revision} can start: an image that it runs is gone from its registry.`,
        gone,
        {
          todo: `Deploy an image that exists, or push this one again; then let the lifecycle policy keep what runs (mode audit says which rule took it).`,
          console: 'ECR → Repositories → Lifecycle Policy',
          ...newestOf(lost)
        }
      )
    }
    if (why !== undefined) return unknowable(why)
    return ok(images.size === 0 ? 'No image that runs is in ECR.' : 'Every image that runs is there.')
  }
}

/** The command that shows what is there to be deployed instead. */
function newestOf(reference = ''): { command?: string } {
  const ecr = parseImage(reference)?.ecr
  if (!ecr) return {}
  const where = `--registry-id ${ecr.account} --region ${ecr.region} --repository-name ${ecr.name}`
  return {
    command: `aws ecr describe-images ${where} --query 'reverse(sort_by(imageDetails,&imagePushedAt))[:5].[imagePushedAt,imageTags]'`
  }
}
