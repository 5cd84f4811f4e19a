import type {
  Endpoint,
  NatGateway,
  Permission,
  RouteTable,
  SecurityGroup,
  Subnet
} from '../domain/surroundings.js'
import { list, number, operation, structure, text, truth, xml, type Shape } from './shapes.js'
import { ec2Service, type SmallClient } from './small-client.js'

const ids = (name: string): Shape => [() => list(`${name}s`, text, name), { xmlName: name }]
const filter = structure('Filter', {
  Name: text,
  Values: [() => list('Values', text, 'Value'), { xmlName: 'Value' }]
})
const filters: Shape = [() => list('Filters', [() => filter, {}], 'Filter'), { xmlName: 'Filter' }]
const many = (member: unknown[], name: string): Shape =>
  xml(() => list(`${String(member[2])}s`, () => member), name)

const texts = (name: string): Shape => xml(() => list('Texts', text), name)
const inner = (key: string, name: string): Shape => many(structure(key, { [key]: xml(text, name) }), '')

/** Lists of objects of which one member is read. */
const one = (key: string, name: string, set: string): Shape =>
  xml((inner(key, name) as [() => unknown, object])[0], set)

const subnet = structure('Subnet', {
  SubnetId: xml(text, 'subnetId'),
  VpcId: xml(text, 'vpcId'),
  AvailabilityZone: xml(text, 'availabilityZone'),
  CidrBlock: xml(text, 'cidrBlock'),
  AvailableIpAddressCount: xml(number, 'availableIpAddressCount')
})
const permission = structure('IpPermission', {
  IpProtocol: xml(text, 'ipProtocol'),
  FromPort: xml(number, 'fromPort'),
  ToPort: xml(number, 'toPort'),
  IpRanges: one('CidrIp', 'cidrIp', 'ipRanges'),
  UserIdGroupPairs: one('GroupId', 'groupId', 'groups'),
  PrefixListIds: one('PrefixListId', 'prefixListId', 'prefixListIds')
})
const securityGroup = structure('SecurityGroup', {
  GroupId: xml(text, 'groupId'),
  GroupName: xml(text, 'groupName'),
  VpcId: xml(text, 'vpcId'),
  IpPermissions: many(permission, 'ipPermissions'),
  IpPermissionsEgress: many(permission, 'ipPermissionsEgress')
})
const association = structure('RouteTableAssociation', {
  Main: xml(truth, 'main'),
  SubnetId: xml(text, 'subnetId')
})
const gateways = {
  GatewayId: 'gatewayId',
  NatGatewayId: 'natGatewayId',
  TransitGatewayId: 'transitGatewayId',
  LocalGatewayId: 'localGatewayId',
  CarrierGatewayId: 'carrierGatewayId',
  NetworkInterfaceId: 'networkInterfaceId',
  VpcPeeringConnectionId: 'vpcPeeringConnectionId',
  InstanceId: 'instanceId',
  CoreNetworkArn: 'coreNetworkArn'
}
const route = structure('Route', {
  DestinationCidrBlock: xml(text, 'destinationCidrBlock'),
  DestinationPrefixListId: xml(text, 'destinationPrefixListId'),
  State: xml(text, 'state'),
  ...Object.fromEntries(Object.entries(gateways).map(([key, name]) => [key, xml(text, name)]))
})
const routeTable = structure('RouteTable', {
  RouteTableId: xml(text, 'routeTableId'),
  VpcId: xml(text, 'vpcId'),
  Associations: many(association, 'associationSet'),
  Routes: many(route, 'routeSet')
})
const natGateway = structure('NatGateway', {
  NatGatewayId: xml(text, 'natGatewayId'),
  State: xml(text, 'state'),
  SubnetId: xml(text, 'subnetId')
})
const endpoint = structure('VpcEndpoint', {
  VpcEndpointId: xml(text, 'vpcEndpointId'),
  ServiceName: xml(text, 'serviceName'),
  VpcEndpointType: xml(text, 'vpcEndpointType'),
  State: xml(text, 'state'),
  PrivateDnsEnabled: xml(truth, 'privateDnsEnabled'),
  SubnetIds: texts('subnetIdSet'),
  RouteTableIds: texts('routeTableIdSet'),
  Groups: one('GroupId', 'groupId', 'groupSet')
})

function describe(
  name: string,
  input: Record<string, Shape>,
  key: string,
  of: unknown[],
  set: string
): unknown[] {
  return operation(
    name,
    structure(`${name}Request`, { NextToken: text, ...input }),
    structure(`${name}Result`, { [key]: many(of, set), NextToken: xml(text, 'nextToken') })
  )
}

const operations = {
  subnets: describe('DescribeSubnets', { SubnetIds: ids('SubnetId') }, 'Items', subnet, 'subnetSet'),
  groups: describe(
    'DescribeSecurityGroups',
    { GroupIds: ids('GroupId') },
    'Items',
    securityGroup,
    'securityGroupInfo'
  ),
  tables: describe('DescribeRouteTables', { Filters: filters }, 'Items', routeTable, 'routeTableSet'),
  nats: describe(
    'DescribeNatGateways',
    { NatGatewayIds: ids('NatGatewayId') },
    'Items',
    natGateway,
    'natGatewaySet'
  ),
  endpoints: describe('DescribeVpcEndpoints', { Filters: filters }, 'Items', endpoint, 'vpcEndpointSet')
}

type Raw = Record<string, unknown>
const string = (raw: Raw, key: string): string => (typeof raw[key] === 'string' ? raw[key] : '')
const maybe = <K extends string>(name: K, value: unknown): { [k in K]?: string } =>
  (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [k in K]?: string }
const counted = <K extends string>(name: K, value: unknown): { [k in K]?: number } =>
  (typeof value === 'number' ? { [name]: value } : {}) as { [k in K]?: number }
const listed = (raw: Raw, key: string): Raw[] => (Array.isArray(raw[key]) ? (raw[key] as Raw[]) : [])
const plain = (raw: Raw, key: string): string[] => (Array.isArray(raw[key]) ? (raw[key] as string[]) : [])
const member = (raw: Raw, key: string, of: string): string[] =>
  listed(raw, key).flatMap((r) => (typeof r[of] === 'string' ? [r[of]] : []))

/** Amazon EC2's networks. */
export class Ec2 {
  constructor(private readonly client: SmallClient) {}

  async subnets(SubnetIds: string[]): Promise<Subnet[]> {
    return (await this.all('ec2:DescribeSubnets', operations.subnets, { SubnetIds })).map((s) => ({
      id: string(s, 'SubnetId'),
      ...maybe('vpc', s['VpcId']),
      ...maybe('zone', s['AvailabilityZone']),
      ...maybe('cidr', s['CidrBlock']),
      ...counted('freeAddresses', s['AvailableIpAddressCount'])
    }))
  }

  async securityGroups(GroupIds: string[]): Promise<SecurityGroup[]> {
    return (await this.all('ec2:DescribeSecurityGroups', operations.groups, { GroupIds })).map((g) => ({
      id: string(g, 'GroupId'),
      name: string(g, 'GroupName'),
      ...maybe('vpc', g['VpcId']),
      ingress: listed(g, 'IpPermissions').map(toPermission),
      egress: listed(g, 'IpPermissionsEgress').map(toPermission)
    }))
  }

  async routeTables(vpc: string): Promise<RouteTable[]> {
    const found = await this.all('ec2:DescribeRouteTables', operations.tables, inVpc(vpc))
    return found.map((t) => ({
      id: string(t, 'RouteTableId'),
      ...maybe('vpc', t['VpcId']),
      main: listed(t, 'Associations').some((a) => a['Main'] === true),
      subnets: member(t, 'Associations', 'SubnetId'),
      routes: listed(t, 'Routes').map((r) => ({
        to: string(r, 'DestinationCidrBlock') || string(r, 'DestinationPrefixListId'),
        via:
          Object.keys(gateways)
            .map((key) => string(r, key))
            .find((id) => id !== '') ?? '',
        ...maybe('state', r['State'])
      }))
    }))
  }

  async natGateways(NatGatewayIds: string[]): Promise<NatGateway[]> {
    return (await this.all('ec2:DescribeNatGateways', operations.nats, { NatGatewayIds })).map((n) => ({
      id: string(n, 'NatGatewayId'),
      ...maybe('state', n['State']),
      ...maybe('subnet', n['SubnetId'])
    }))
  }

  async endpoints(vpc: string): Promise<Endpoint[]> {
    const found = await this.all('ec2:DescribeVpcEndpoints', operations.endpoints, inVpc(vpc))
    return found.map((e) => ({
      id: string(e, 'VpcEndpointId'),
      service: string(e, 'ServiceName'),
      type: string(e, 'VpcEndpointType'),
      ...maybe('state', e['State']),
      privateDns: e['PrivateDnsEnabled'] === true,
      subnets: plain(e, 'SubnetIds'),
      groups: member(e, 'Groups', 'GroupId'),
      routeTables: plain(e, 'RouteTableIds')
    }))
  }

  private async all(name: string, of: unknown[], input: object): Promise<Raw[]> {
    const items: Raw[] = []
    let NextToken: string | undefined
    do {
      const page = NextToken === undefined ? input : { ...input, NextToken }
      const answer: Raw = await this.client.send(ec2Service, name, of, page)
      items.push(...listed(answer, 'Items'))
      NextToken = string(answer, 'NextToken') || undefined
    } while (NextToken !== undefined && items.length < 2000)
    return items
  }
}

const inVpc = (vpc: string): object => ({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] })

function toPermission(p: Raw): Permission {
  return {
    protocol: string(p, 'IpProtocol'),
    ...counted('from', p['FromPort']),
    ...counted('to', p['ToPort']),
    cidrs: member(p, 'IpRanges', 'CidrIp'),
    groups: member(p, 'UserIdGroupPairs', 'GroupId'),
    prefixLists: member(p, 'PrefixListIds', 'PrefixListId')
  }
}
