import { error, gravest, ok, unknowable, type Answer, type Check } from '../check.js'
import { passesAny } from '../paths.js'
import { named, waysIn, type WayIn } from '../way-in.js'

/** The tasks' security group keeps the load balancer out. */
export const taskLetsIn: Check = {
  name: 'task-lets-in',
  area: 'network',
  question:
    "Does the tasks' security group let the load balancer in, on the port of the application and of the check?",
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeLoadBalancers',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets'
  ],
  worst: 'error',
  source: 'A runbook for 503: the rule for the port of the container was missing; every check times out',
  look(facts) {
    const ways = waysIn(facts)
    if (!ways.known) return unknowable(ways.why)
    return gravest(ways.value.map(judged), 'No load balancer with a security group stands in front.')
  }
}

function judged({ balancer, ports, from, to, groups, proven }: WayIn): Answer {
  const tasks = named(to.groups, groups)
  const lb = named(from.groups, groups)
  const closed = ports.filter((port) => passesAny(to.groups, groups, 'ingress', port, from) === 'no')
  const port = closed[0]
  if (port === undefined) return ok(`${tasks} lets ${balancer.name} in on TCP ${ports.join(', ')}.`)
  if (proven) return ok(`A target of ${balancer.name} is healthy now.`)
  return error(
    `The security group of the tasks lets nobody in from load balancer ${balancer.name} on TCP ${closed.join(', ')}: every health check times out.`,
    [`${tasks} has no ingress rule for TCP ${closed.join(', ')} from ${lb}`],
    {
      todo: `Let ${lb} in: add an ingress rule for TCP ${closed.join(', ')} from it to ${tasks}.`,
      console: `EC2 → Security groups → ${to.groups[0] ?? ''} → Inbound rules → Edit`,
      command: `aws ec2 authorize-security-group-ingress --group-id ${to.groups[0] ?? ''} --protocol tcp --port ${port} --source-group ${from.groups[0] ?? ''}`
    },
    'elb-health-timeout'
  )
}
