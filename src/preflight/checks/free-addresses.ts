import { error, ok, unknowable, warning, type Check } from '../check.js'
import { bounds } from './room-to-roll.js'

/** Each awsvpc task takes an address, and old and new tasks take theirs at the same time. */
export const freeAddresses: Check = {
  name: 'free-addresses',
  area: 'network',
  question: 'Have the subnets addresses for the new tasks beside the old ones?',
  reads: ['ec2:DescribeSubnets'],
  worst: 'error',
  source: 'EC2 API, AvailableIpAddressCount; a task of network mode awsvpc takes one address',
  look(facts) {
    const { service, subnets, desired } = facts
    if (service.network === undefined) return ok('The tasks share the addresses of their instances.')
    if (!subnets.known) return unknowable(subnets.why)
    // Only IPv4 addresses are counted.
    if (subnets.value.some((s) => s.cidr === undefined)) return unknowable('a subnet shows no IPv4 addresses')
    const counts = subnets.value.flatMap((s) => s.freeAddresses ?? [])
    if (counts.length < service.network.subnets.length)
      return unknowable('ec2:DescribeSubnets did not say how many addresses are free')
    const free = counts.reduce((sum, n) => sum + n, 0)
    const { least, most } = bounds(facts)
    const beside = Math.max(0, most - Math.max(service.running, 0))
    const sums = subnets.value.map((s) => `${s.id} has ${s.freeAddresses ?? '?'} free addresses`)
    if (free >= beside)
      return ok(`${free} addresses are free, ${beside} new tasks may come beside the old ones.`)
    const fix = {
      todo: `Give service ${service.name} another subnet, or free addresses in ${service.network.subnets.join(', ')}.`,
      console: 'VPC → Subnets → Available IPv4 addresses'
    }
    // No task may go first, and none can come.
    const none = free === 0 && least >= desired && service.running >= desired
    return none
      ? error(
          'No address is left in the subnets, and every new task needs one.',
          sums,
          fix,
          'subnet-exhausted'
        )
      : warning(
          `${free} addresses are free, and up to ${beside} new tasks come beside the old ones.`,
          sums,
          fix
        )
  }
}
