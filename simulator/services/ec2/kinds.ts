/** The kinds of EC2 resources: their ids, their usual filters, and the words for those that do not exist. */
import type { ContainerInstance } from '../../world/ecs/clusters.js'
import type {
  InternetGateway,
  NatGateway,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint
} from '../../world/network/parts.js'
import type { NetworkInterface } from './interfaces.js'
import type { Kind } from './select.js'
import { rangeOf } from './shapes.js'

const missing =
  (code: string, what: string) =>
  (id: string): [string, string] => [code, `The ${what} '${id}' does not exist`]

const text = (...values: (string | number | boolean | undefined)[]): (string | undefined)[] =>
  values.map((v) => (v === undefined ? undefined : String(v)))

export const vpcs: Kind<Vpc> = {
  prefix: 'vpc-',
  parameter: 'VpcIds',
  idOf: (v) => v.id,
  missing: missing('InvalidVpcID.NotFound', 'vpc ID'),
  malformed: 'InvalidVpcID.Malformed',
  tagsOf: (v) => v.tags,
  filters: {
    'vpc-id': (v) => [v.id],
    cidr: (v) => [v.cidr],
    'cidr-block-association.cidr-block': (v) => v.cidrs,
    isDefault: (v) => text(v.isDefault),
    'is-default': (v) => text(v.isDefault),
    state: () => ['available']
  }
}

export const subnets: Kind<Subnet> = {
  prefix: 'subnet-',
  parameter: 'SubnetIds',
  idOf: (s) => s.id,
  missing: missing('InvalidSubnetID.NotFound', 'subnet ID'),
  malformed: 'InvalidSubnetID.Malformed',
  tagsOf: (s) => s.tags,
  filters: {
    'subnet-id': (s) => [s.id],
    'vpc-id': (s) => [s.vpc.id],
    'availability-zone': (s) => [s.availabilityZone],
    availabilityZone: (s) => [s.availabilityZone],
    'cidr-block': (s) => [s.cidr],
    'map-public-ip-on-launch': (s) => text(s.mapPublicIp),
    'default-for-az': (s) => text(s.vpc.isDefault),
    'available-ip-address-count': (s) => text(s.availableIps),
    state: () => ['available']
  }
}

export const routeTables: Kind<RouteTable> = {
  prefix: 'rtb-',
  parameter: 'RouteTableIds',
  idOf: (t) => t.id,
  missing: missing('InvalidRouteTableID.NotFound', 'routeTable ID'),
  malformed: 'InvalidRouteTableId.Malformed',
  tagsOf: (t) => t.tags,
  filters: {
    'route-table-id': (t) => [t.id],
    'vpc-id': (t) => [t.vpc.id],
    'association.main': (t) => text(t.main),
    'association.subnet-id': (t) => [...t.subnets].map((s) => s.id),
    'route.destination-cidr-block': (t) => [...t.vpc.cidrs, ...t.routes.keys()],
    'route.gateway-id': (t) => [...t.routes.values()].map((r) => r.target),
    'route.nat-gateway-id': (t) => [...t.routes.values()].map((r) => r.target)
  }
}

export const internetGateways: Kind<InternetGateway> = {
  prefix: 'igw-',
  parameter: 'InternetGatewayIds',
  idOf: (g) => g.id,
  missing: missing('InvalidInternetGatewayID.NotFound', 'internetGateway ID'),
  malformed: 'InvalidInternetGatewayId.Malformed',
  tagsOf: (g) => g.tags,
  filters: {
    'internet-gateway-id': (g) => [g.id],
    'attachment.vpc-id': (g) => (g.attached ? [g.vpc.id] : []),
    'attachment.state': (g) => (g.attached ? ['available'] : [])
  }
}

export const natGateways: Kind<NatGateway> = {
  prefix: 'nat-',
  parameter: 'NatGatewayIds',
  idOf: (n) => n.id,
  missing: (id) => ['NatGatewayNotFound', `NAT gateway ${id} was not found`],
  malformed: 'NatGatewayMalformed',
  tagsOf: (n) => n.tags,
  filters: {
    'nat-gateway-id': (n) => [n.id],
    'vpc-id': (n) => [n.place.subnet.vpc.id],
    'subnet-id': (n) => [n.place.subnet.id],
    state: (n) => [n.state]
  }
}

const ports = (rules: SecurityGroup['ingress'], side: 'from' | 'to'): (string | undefined)[] =>
  text(...rules.map((r) => rangeOf(r)[side]))

export const securityGroups: Kind<SecurityGroup> = {
  prefix: 'sg-',
  parameter: 'GroupIds',
  idOf: (g) => g.id,
  missing: missing('InvalidGroup.NotFound', 'security group'),
  malformed: 'InvalidGroupId.Malformed',
  tagsOf: (g) => g.tags,
  filters: {
    'group-id': (g) => [g.id],
    'group-name': (g) => [g.name],
    'vpc-id': (g) => [g.vpc.id],
    description: (g) => [g.description],
    'ip-permission.cidr': (g) => g.ingress.map((r) => r.cidr),
    'ip-permission.group-id': (g) => g.ingress.map((r) => r.group?.id),
    'ip-permission.from-port': (g) => ports(g.ingress, 'from'),
    'ip-permission.to-port': (g) => ports(g.ingress, 'to'),
    'egress.ip-permission.cidr': (g) => g.egress.map((r) => r.cidr),
    'egress.ip-permission.group-id': (g) => g.egress.map((r) => r.group?.id)
  }
}

export const vpcEndpoints: Kind<VpcEndpoint> = {
  prefix: 'vpce-',
  parameter: 'VpcEndpointIds',
  idOf: (e) => e.id,
  missing: missing('InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id'),
  malformed: 'InvalidVpcEndpointId.Malformed',
  filters: {
    'vpc-endpoint-id': (e) => [e.id],
    'vpc-endpoint-type': (e) => [e.type],
    'vpc-endpoint-state': (e) => [e.state],
    'vpc-id': (e) => [e.vpc.id],
    'service-name': (e) => [e.serviceName]
  }
}

export const networkInterfaces: Kind<NetworkInterface> = {
  prefix: 'eni-',
  parameter: 'NetworkInterfaceIds',
  idOf: (n) => n.place.eni,
  missing: missing('InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'),
  malformed: 'InvalidNetworkInterfaceId.Malformed',
  filters: {
    'network-interface-id': (n) => [n.place.eni],
    'private-ip-address': (n) => [n.place.ip],
    'addresses.private-ip-address': (n) => [n.place.ip],
    'association.public-ip': (n) => [n.place.publicIp],
    'attachment.instance-id': (n) => [n.instance?.instanceId],
    'availability-zone': (n) => [n.place.subnet.availabilityZone],
    description: (n) => [n.description],
    'group-id': (n) => n.place.groups.map((g) => g.id),
    'interface-type': (n) => [n.type],
    'requester-id': (n) => [n.requesterId],
    status: () => ['in-use'],
    'subnet-id': (n) => [n.place.subnet.id],
    'vpc-id': (n) => [n.place.subnet.vpc.id]
  }
}

/** Network ACLs: each VPC has its default one. */
export const networkAcls: Kind<Vpc> = {
  prefix: 'acl-',
  parameter: 'NetworkAclIds',
  idOf: (v) => v.aclId,
  missing: missing('InvalidNetworkAclID.NotFound', 'networkAcl ID'),
  malformed: 'InvalidNetworkAclId.Malformed',
  filters: { 'network-acl-id': (v) => [v.aclId], 'vpc-id': (v) => [v.id], default: () => ['true'] }
}

export const instances: Kind<ContainerInstance> = {
  prefix: 'i-',
  parameter: 'InstanceIds',
  idOf: (i) => i.instanceId,
  missing: missing('InvalidInstanceID.NotFound', 'instance ID'),
  malformed: 'InvalidInstanceID.Malformed',
  filters: {
    'instance-id': (i) => [i.instanceId],
    'availability-zone': (i) => [i.availabilityZone],
    'private-ip-address': (i) => [i.place.ip],
    'instance-state-name': (i) => [i.status === 'GONE' ? 'terminated' : 'running'],
    'instance.group-id': (i) => i.place.groups.map((g) => g.id),
    'subnet-id': (i) => [i.place.subnet.id],
    'vpc-id': (i) => [i.place.subnet.vpc.id]
  }
}
