import { kindOf, programsOf } from '../../domain/check-program.js'
import { parseImage } from '../../domain/image.js'
import type { Container } from '../../domain/service.js'
import type { JsonObject } from '../../domain/task-definition.js'
import { gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { objectOf, rawContainers, textOf } from '../needs.js'
import { containerNamed, servingContainers, taken } from '../running.js'

/** A health check that calls what the image may not have: then every task is replaced, well as it is. */
export const containerCheckProgram: Check = {
  name: 'container-check-program',
  area: 'definition',
  question: 'Is the program that a container health check calls likely to be in the image?',
  // The tasks that serve prove more, where they may be read.
  reads: ['ecs:DescribeTaskDefinition'],
  worst: 'warning',
  source:
    'An image without curl, and a health check that called curl: every task was replaced, again and again',
  look(facts) {
    const checked = rawContainers(facts.definition).filter(
      (c) => c['essential'] !== false && objectOf(c, 'healthCheck')
    )
    return gravest(
      checked.map((c) => called(facts, c)),
      'No essential container has a health check in the task definition.'
    )
  }
}

function called(facts: Facts, container: JsonObject): Answer {
  const name = textOf(container, 'name') ?? ''
  const image = textOf(container, 'image') ?? ''
  const reference = facts.named?.get(name) ?? image
  const command = objectOf(container, 'healthCheck')?.['command']
  const programs = Array.isArray(command) ? programsOf(command.filter((c) => typeof c === 'string')) : []
  const kind = kindOf(reference)
  const missing = programs.filter((p) => kind?.lacks.includes(p))
  if (!kind || missing.length === 0)
    return ok(
      `Nothing in the name of its image says that ${name} lacks ${programs.join(', ') || 'what its check calls'}.`
    )
  const what = missing.join(' and ')
  const same = taken(facts, (d) => objectOf(containerNamed(d, name) ?? {}, 'healthCheck')?.['command'])
  if (same && servingContainers(facts, name).some((c) => proves(c, kind.kind, image)))
    return ok(`${name} passes this check now, in an image of this kind.`)
  return warning(
    `The health check of ${name} calls ${what}, which ${kind.kind} images come without: if this one does too, every new task turns UNHEALTHY and is replaced.`,
    [`image ${reference}`, `healthCheck of ${name} calls ${programs.join(', ')}`],
    `Try it: docker run --rm --entrypoint ${missing[0] ?? ''} ${reference} --help. If it is not there, let the health check of container ${name} call what the application is made of, or install ${what} in the image.`
  )
}

/** HEALTHY by this very image, or by one whose name says the same of it. */
function proves({ healthStatus, image, imageDigest }: Container, kind: string, next: string): boolean {
  if (healthStatus !== 'HEALTHY') return false
  const digest = parseImage(next)?.digest
  return (digest !== undefined && digest === imageDigest) || kindOf(image ?? '')?.kind === kind
}
