/** The network of `prooflink-service` as its document lists it, and the mistakes that it warns of. */
import type { NatGatewayHandle, SecurityGroupHandle, SubnetHandle, VpcHandle, World } from '../api.js'

/**
 * What its document says people get wrong: the service has no target group; it stands in the public subnet without a
 * public address; it has a public address in a private subnet, where only a NAT gateway would help; there is no NAT
 * gateway; the task's group lacks its rule for port 3000; the load balancer's group has no egress rule.
 */
export type ProofLinkMistake =
  | 'no-target-group'
  | 'public-subnet'
  | 'public-ip-instead-of-nat'
  | 'no-nat'
  | 'no-ingress-rule'
  | 'alb-without-egress'

export interface ProofLinkNetwork {
  vpc: VpcHandle
  privateSubnet: SubnetHandle
  publicSubnets: SubnetHandle[]
  ecsGroup: SecurityGroupHandle
  albGroup: SecurityGroupHandle
  /** Absent with the mistakes that consist in its absence. */
  nat: NatGatewayHandle | undefined
  /** What the service's configuration names. */
  subnet: SubnetHandle
  assignPublicIp: 'ENABLED' | 'DISABLED'
}

/** Builds it; the ALB's zones are a and c, as those of production. */
export function proofLinkNetwork(world: World, mistake?: ProofLinkMistake): ProofLinkNetwork {
  const { ec2, region } = world
  const vpc = ec2.vpc({ cidr: '10.0.0.0/16', name: 'prooflink-dev-vpc' })
  const publicSubnets = ['a', 'c'].map((zone, i) =>
    ec2.subnet({
      vpc,
      cidr: `10.0.${i + 1}.0/24`,
      availabilityZone: `${region}${zone}`,
      name: `prooflink-dev-subnet-public${i + 1}-${region}${zone}`,
      mapPublicIp: true
    })
  )
  const privateSubnet = ec2.subnet({
    vpc,
    id: 'subnet-0b11c22d33e44f551',
    cidr: '10.0.11.0/24',
    availabilityZone: `${region}a`,
    name: `prooflink-dev-subnet-private1-${region}a`
  })
  const igw = ec2.internetGateway({ vpc, name: 'prooflink-dev-igw' })
  ec2.routeTable({
    vpc,
    name: 'prooflink-dev-rtb-public',
    routes: [{ to: '0.0.0.0/0', via: igw }],
    subnets: publicSubnets
  })
  const withNat = mistake !== 'no-nat' && mistake !== 'public-ip-instead-of-nat'
  const nat = withNat
    ? ec2.natGateway({ subnet: publicSubnets[0]!, name: 'prooflink-dev-nat-public1' })
    : undefined
  ec2.routeTable({
    vpc,
    name: `prooflink-dev-rtb-private1-${region}a`,
    routes: nat === undefined ? [] : [{ to: '0.0.0.0/0', via: nat }],
    subnets: [privateSubnet]
  })
  const { ecsGroup, albGroup } = groups(world, vpc, mistake)
  world.elb.loadBalancer('prooflink-alb', { subnets: publicSubnets, securityGroups: [albGroup] })
  return {
    vpc,
    privateSubnet,
    publicSubnets,
    ecsGroup,
    albGroup,
    nat,
    subnet: mistake === 'public-subnet' ? publicSubnets[0]! : privateSubnet,
    assignPublicIp: mistake === 'public-ip-instead-of-nat' ? 'ENABLED' : 'DISABLED'
  }
}

function groups(
  { ec2 }: World,
  vpc: VpcHandle,
  mistake: ProofLinkMistake | undefined
): { ecsGroup: SecurityGroupHandle; albGroup: SecurityGroupHandle } {
  const albGroup = ec2.securityGroup({
    vpc,
    name: 'prooflink-alb-sg',
    ingress: [{ protocol: 'tcp', port: 80, cidr: '0.0.0.0/0' }],
    egress: []
  })
  const rds = ec2.securityGroup({ vpc, name: 'prooflink-rds-sg', egress: [] })
  const vpce = ec2.securityGroup({ vpc, name: 'prooflink-vpce-sg', egress: [] })
  const ecsGroup = ec2.securityGroup({
    vpc,
    id: 'sg-0b11c22d33e44f552',
    name: 'prooflink-ecs-sg',
    ingress: [],
    egress: [
      { protocol: 'tcp', port: 443, cidr: '0.0.0.0/0' },
      { protocol: 'tcp', port: 5432, group: rds },
      { protocol: 'tcp', port: 443, group: vpce }
    ]
  })
  rds.allow('ingress', { protocol: 'tcp', port: 5432, group: ecsGroup })
  vpce.allow('ingress', { protocol: 'tcp', port: 443, group: ecsGroup })
  if (mistake !== 'no-ingress-rule')
    ecsGroup.allow('ingress', { protocol: 'tcp', port: 3000, group: albGroup })
  if (mistake !== 'alb-without-egress')
    albGroup.allow('egress', { protocol: 'tcp', port: 3000, group: ecsGroup })
  return { ecsGroup, albGroup }
}
