import { error, gravest, ok, unknowable, type Answer, type Check } from '../check.js'
import { passesAny } from '../paths.js'
import { named, waysIn, type WayIn } from '../way-in.js'

/** The load balancer's own security group keeps its requests in. */
export const balancerLetsOut: Check = {
  name: 'balancer-lets-out',
  area: 'network',
  question: "Does the load balancer's security group let its requests out to the tasks?",
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeLoadBalancers',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets'
  ],
  worst: 'error',
  source:
    'A load balancer whose group Terraform made, without an egress rule: its health checks never left it',
  look(facts) {
    const ways = waysIn(facts)
    if (!ways.known) return unknowable(ways.why)
    return gravest(ways.value.map(judged), 'No load balancer with a security group stands in front.')
  }
}

function judged({ balancer, ports, from, to, groups, proven }: WayIn): Answer {
  const tasks = named(to.groups, groups)
  const lb = named(from.groups, groups)
  const closed = ports.filter((port) => passesAny(from.groups, groups, 'egress', port, to) === 'no')
  const port = closed[0]
  if (port === undefined) return ok(`${lb} lets ${balancer.name} out on TCP ${ports.join(', ')}.`)
  if (proven) return ok(`A target of ${balancer.name} is healthy now.`)
  const group = from.groups.find((id) => groups.has(id)) ?? ''
  const none = groups.get(group)?.egress.length === 0
  return error(
    `The security group of load balancer ${balancer.name} has no egress to the tasks on TCP ${closed.join(', ')}: its health checks never leave it.`,
    [`${lb} has no egress rule ${none ? 'at all' : `for TCP ${closed.join(', ')} to ${tasks}`}`],
    {
      todo: `Let ${balancer.name} out: add an egress rule for TCP ${closed.join(', ')} to ${tasks} in ${lb}. Terraform makes a group without egress rules unless they are written down.`,
      console: `EC2 → Security groups → ${group} → Outbound rules → Edit`,
      command: `aws ec2 authorize-security-group-egress --group-id ${group} --ip-permissions 'IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${to.groups[0] ?? ''}}]'`
    },
    'elb-health-timeout'
  )
}
