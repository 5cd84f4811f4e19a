/** Networks in the shapes of the EC2 API. */
import { sha256 } from '../../world/ids.js'
import { prefixLists, routeState } from '../../world/network/paths.js'
import type { GroupRule } from '../../world/api.js'
import type {
  InternetGateway,
  NatGateway,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint
} from '../../world/network/parts.js'
import type { SimulatedWorld } from '../../world/world.js'
import { tagShape } from './select.js'

export type Shape = Record<string, unknown>

/** An id that follows from other ids, for what the world has no object for. */
export const derived = (prefix: string, ...of: string[]): string =>
  `${prefix}-0${sha256(of.join(' ')).slice(7, 23)}`

/** `usw2-az1` of `us-west-2a`. */
export function zoneId(zone: string): string {
  const [area = '', side = '', rest = ''] = zone.split('-')
  const short = side.replace('north', 'n').replace('south', 's').replace('east', 'e').replace('west', 'w')
  const letter = rest.slice(-1)
  return `${area}${short.replace('central', 'c')}${rest.slice(0, -1)}-az${letter.charCodeAt(0) - 96}`
}

export function vpcShape(world: SimulatedWorld, vpc: Vpc): Shape {
  return {
    VpcId: vpc.id,
    OwnerId: world.account,
    State: 'available',
    CidrBlock: vpc.cidr,
    CidrBlockAssociationSet: vpc.cidrs.map((CidrBlock) => ({
      AssociationId: derived('vpc-cidr-assoc', vpc.id, CidrBlock),
      CidrBlock,
      CidrBlockState: { State: 'associated' }
    })),
    DhcpOptionsId: derived('dopt', world.region),
    InstanceTenancy: 'default',
    IsDefault: vpc.isDefault,
    Tags: tagShape(vpc.tags)
  }
}

export function subnetShape(world: SimulatedWorld, subnet: Subnet): Shape {
  return {
    SubnetId: subnet.id,
    SubnetArn: `arn:aws:ec2:${world.region}:${world.account}:subnet/${subnet.id}`,
    VpcId: subnet.vpc.id,
    OwnerId: world.account,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: subnet.availableIps,
    AvailabilityZone: subnet.availabilityZone,
    AvailabilityZoneId: zoneId(subnet.availabilityZone),
    DefaultForAz: subnet.vpc.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false
    },
    Tags: tagShape(subnet.tags)
  }
}

/** Rules of one direction: those of one protocol and port range are one permission. */
function permissions(world: SimulatedWorld, rules: readonly GroupRule[]): Shape[] {
  const together = new Map<string, GroupRule[]>()
  for (const rule of rules) {
    const { protocol, from, to } = rangeOf(rule)
    const key = [protocol, from, to].join(' ')
    together.set(key, [...(together.get(key) ?? []), rule])
  }
  return [...together.values()].map((same) => {
    const { protocol, from, to } = rangeOf(same[0]!)
    const said = (rule: GroupRule): Shape =>
      rule.description === undefined ? {} : { Description: rule.description }
    return {
      IpProtocol: protocol,
      FromPort: from,
      ToPort: to,
      IpRanges: same.flatMap((r) => (r.cidr === undefined ? [] : [{ CidrIp: r.cidr, ...said(r) }])),
      Ipv6Ranges: same.flatMap((r) =>
        r.cidrIpv6 === undefined ? [] : [{ CidrIpv6: r.cidrIpv6, ...said(r) }]
      ),
      PrefixListIds: same.flatMap((r) =>
        r.prefixList === undefined ? [] : [{ PrefixListId: r.prefixList, ...said(r) }]
      ),
      UserIdGroupPairs: same.flatMap((r) =>
        r.group === undefined ? [] : [{ GroupId: r.group.id, UserId: world.account, ...said(r) }]
      )
    }
  })
}

/** Protocol and ports of a rule; everything has no ports. */
export function rangeOf(rule: GroupRule): {
  protocol: string
  from: number | undefined
  to: number | undefined
} {
  const protocol = rule.protocol ?? (rule.port === undefined ? '-1' : 'tcp')
  if (protocol === '-1') return { protocol, from: undefined, to: undefined }
  const every = protocol === 'icmp' ? { from: -1, to: -1 } : { from: 0, to: 65535 }
  if (rule.port === undefined) return { protocol, ...every }
  return { protocol, from: rule.port, to: rule.toPort ?? rule.port }
}

export function groupShape(world: SimulatedWorld, group: SecurityGroup): Shape {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: world.account,
    VpcId: group.vpc.id,
    SecurityGroupArn: `arn:aws:ec2:${world.region}:${world.account}:security-group/${group.id}`,
    IpPermissions: permissions(world, group.ingress),
    IpPermissionsEgress: permissions(world, group.egress),
    Tags: tagShape(group.tags)
  }
}

export function tableShape(world: SimulatedWorld, table: RouteTable): Shape {
  const state = { State: 'associated' }
  const main = {
    Main: true,
    RouteTableAssociationId: derived('rtbassoc', table.id),
    RouteTableId: table.id,
    AssociationState: state
  }
  const subnets = [...table.subnets].map((s) => ({
    Main: false,
    RouteTableAssociationId: derived('rtbassoc', table.id, s.id),
    RouteTableId: table.id,
    SubnetId: s.id,
    AssociationState: state
  }))
  const local = table.vpc.cidrs.map((DestinationCidrBlock) => ({
    DestinationCidrBlock,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active'
  }))
  const routes = [...table.routes.values()].map((route) => ({
    ...(route.destination.startsWith('pl-')
      ? { DestinationPrefixListId: route.destination }
      : { DestinationCidrBlock: route.destination }),
    ...targetShape(route.target),
    Origin: 'CreateRoute',
    State: routeState(world.ec2, route)
  }))
  const gateways = [...world.ec2.vpcEndpoints.values()]
    .filter((e) => e.type === 'Gateway' && e.state === 'available' && e.routeTables.includes(table))
    .map((e) => ({
      DestinationPrefixListId: prefixLists[e.service],
      GatewayId: e.id,
      Origin: 'CreateRoute',
      State: 'active'
    }))
  return {
    RouteTableId: table.id,
    VpcId: table.vpc.id,
    OwnerId: world.account,
    Associations: table.main ? [main, ...subnets] : subnets,
    PropagatingVgws: [],
    Routes: [...local, ...routes, ...gateways],
    Tags: tagShape(table.tags)
  }
}

/** The member that a route's target stands in, by its kind. */
function targetShape(target: string): Shape {
  const members = {
    nat: 'NatGatewayId',
    tgw: 'TransitGatewayId',
    pcx: 'VpcPeeringConnectionId',
    eni: 'NetworkInterfaceId'
  } as const
  const kind = target.split('-')[0] as keyof typeof members
  if (target === 'blackhole') return { NatGatewayId: derived('nat', 'deleted') }
  return { [kind in members ? members[kind] : 'GatewayId']: target }
}

export function internetGatewayShape(world: SimulatedWorld, gateway: InternetGateway): Shape {
  return {
    InternetGatewayId: gateway.id,
    OwnerId: world.account,
    Attachments: gateway.attached ? [{ State: 'available', VpcId: gateway.vpc.id }] : [],
    Tags: tagShape(gateway.tags)
  }
}

export function natShape(nat: NatGateway): Shape {
  const { place } = nat
  const failed = nat.state === 'failed'
  return {
    NatGatewayId: nat.id,
    VpcId: place.subnet.vpc.id,
    SubnetId: place.subnet.id,
    State: nat.state,
    ConnectivityType: 'public',
    CreateTime: new Date(nat.createdAt),
    ...(failed
      ? {
          FailureCode: 'Gateway.NotAttached',
          FailureMessage: `Network ${place.subnet.vpc.id} has no Internet gateway attached`
        }
      : {}),
    NatGatewayAddresses: [
      {
        AllocationId: derived('eipalloc', nat.id),
        NetworkInterfaceId: place.eni,
        PrivateIp: place.ip,
        PublicIp: place.publicIp,
        IsPrimary: true,
        Status: failed ? 'failed' : 'succeeded'
      }
    ],
    Tags: tagShape(nat.tags)
  }
}

export function endpointShape(world: SimulatedWorld, endpoint: VpcEndpoint): Shape {
  const interfaces = endpoint.type === 'Interface'
  const name = `${endpoint.service.split('.').reverse().join('.')}.${world.region}`
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: endpoint.type,
    VpcId: endpoint.vpc.id,
    OwnerId: world.account,
    ServiceName: endpoint.serviceName,
    State: endpoint.state,
    PolicyDocument:
      '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}',
    RouteTableIds: endpoint.routeTables.map((t) => t.id),
    SubnetIds: endpoint.places.map((p) => p.subnet.id),
    Groups: endpoint.groups.map((g) => ({ GroupId: g.id, GroupName: g.name })),
    PrivateDnsEnabled: interfaces && endpoint.privateDns,
    RequesterManaged: false,
    NetworkInterfaceIds: endpoint.places.map((p) => p.eni),
    DnsEntries: interfaces
      ? [{ DnsName: `${endpoint.id}.${name}.vpce.amazonaws.com`, HostedZoneId: 'Z1YSA3EXCYUU9Z' }]
      : [],
    CreationTimestamp: new Date(endpoint.createdAt),
    Tags: []
  }
}

/** The default network ACL of a VPC: everything, both ways. */
export function aclShape(world: SimulatedWorld, vpc: Vpc): Shape {
  const entry = (Egress: boolean, RuleNumber: number, RuleAction: string): Shape => ({
    CidrBlock: '0.0.0.0/0',
    Egress,
    Protocol: '-1',
    RuleAction,
    RuleNumber
  })
  return {
    NetworkAclId: vpc.aclId,
    VpcId: vpc.id,
    OwnerId: world.account,
    IsDefault: true,
    Associations: [...world.ec2.subnets.values()]
      .filter((s) => s.vpc === vpc)
      .map((s) => ({
        NetworkAclAssociationId: derived('aclassoc', vpc.aclId, s.id),
        NetworkAclId: vpc.aclId,
        SubnetId: s.id
      })),
    Entries: [true, false].flatMap((egress) => [entry(egress, 100, 'allow'), entry(egress, 32767, 'deny')]),
    Tags: []
  }
}
