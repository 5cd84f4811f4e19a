import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'
import { isFargate, logKey, logNeeds, objectOf, rawContainers, textOf, type LogNeed } from '../needs.js'
import { containerNamed, servingTasks, taken } from '../running.js'

/** Logs without a place to go: the container does not even start. */
export const logGroup: Check = {
  name: 'log-group',
  area: 'definition',
  question: 'Do the log groups of the containers exist, and are their options complete?',
  reads: ['logs:DescribeLogStreams'],
  worst: 'error',
  source:
    'ECS API, LogConfiguration.options; a task stops before its start where the log driver finds no log group',
  look(facts) {
    const answers = rawContainers(facts.definition)
      .filter((c) => textOf(objectOf(c, 'logConfiguration'), 'logDriver') === 'awslogs')
      .flatMap((c) => options(facts, textOf(c, 'name') ?? ''))
    const groups = logNeeds(facts.definition).map((need) => exists(facts, need))
    return gravest([...answers, ...groups], 'No container writes to CloudWatch Logs.')
  }
}

function options(facts: Facts, name: string): Answer[] {
  const { definition, service } = facts
  const log = (d: Facts['definition']) =>
    objectOf(objectOf(containerNamed(d, name), 'logConfiguration'), 'options')
  if (taken(facts, (d) => log(d))) return []
  const given = log(definition) ?? {}
  const fargate = isFargate(service, definition)
  const evidence = [`awslogs options of ${name}: ${Object.keys(given).join(', ') || 'none'}`]
  const create = given['awslogs-create-group']
  const answers: Answer[] = []
  if (textOf(given, 'awslogs-group') === undefined)
    answers.push(
      error(
        `The log driver of ${name} has no awslogs-group, which ECS requires.`,
        evidence,
        `Set awslogs-group in the logConfiguration of container ${name}.`,
        'log-config'
      )
    )
  if (textOf(given, 'awslogs-region') === undefined) {
    const says = `The log driver of ${name} has no awslogs-region${fargate ? ': no task of it can start' : ''}.`
    const fix = `Set awslogs-region of container ${name} to ${facts.region}.`
    answers.push(fargate ? error(says, evidence, fix, 'log-config') : warning(says, evidence, fix))
  }
  if (create !== undefined && create !== 'true' && create !== true)
    answers.push(
      error(
        `awslogs-create-group of ${name} is not "true", and ECS takes nothing else there.`,
        evidence,
        `Leave awslogs-create-group of container ${name} out, or set it to "true".`,
        'log-config'
      )
    )
  if (fargate && textOf(given, 'awslogs-stream-prefix') === undefined)
    answers.push(
      warning(
        `The log driver of ${name} has no awslogs-stream-prefix, which Fargate wants: its lines cannot be told by task.`,
        evidence,
        `Set awslogs-stream-prefix of container ${name}, such as to ${service.name}.`
      )
    )
  return answers
}

function exists(facts: Facts, need: LogNeed): Answer {
  const { container, group, region = facts.region, creates } = need
  if (creates) return ok(`${container} makes its log group.`)
  const there = of(facts.logGroups, logKey(need, facts.region))
  if (!there.known) return unknowable(there.why)
  if (there.value) return ok(`${group} exists.`)
  const says = `Log group ${group} of container ${container} does not exist in ${region}: no task of it can start.`
  const evidence = [`CloudWatch Logs knows no log group ${group} in ${region}`]
  const fix = {
    todo: `Create ${group}, or name the log group that is meant.`,
    console: `CloudWatch → Log groups → Create log group → ${group}`,
    command: `aws logs create-log-group --region ${region} --log-group-name '${group}'`
  }
  const writes = logNeeds(facts.running).some((n) => logKey(n, facts.region) === logKey(need, facts.region))
  const needed =
    isFargate(facts.service, facts.definition) ||
    containerNamed(facts.definition, container)?.['essential'] !== false
  if (!needed) return warning(says, evidence, fix)
  // Tasks that run have found it when they started: then it went away, or the answer is in doubt.
  return writes && servingTasks(facts).length > 0
    ? warning(says, [...evidence, 'tasks that name it run now'], fix)
    : error(says, evidence, fix, 'log-group-missing')
}
