/** What stories and tests say of networks. A world that says nothing has one healthy VPC. */
import type { Tag } from './common.js'

export interface VpcHandle {
  readonly id: string
  readonly cidr: string
}

export interface SubnetHandle {
  readonly id: string
  readonly cidr: string
  readonly availabilityZone: string
  mapPublicIp: boolean
  /** Addresses that are left, as AvailableIpAddressCount shows them. */
  readonly availableIps: number
}

/** Where a route leads: a gateway of this world, any other id (`tgw-…`, `pcx-…`), or nowhere. */
export type RouteTarget = { readonly id: string } | 'blackhole'

export interface RouteTableHandle {
  readonly id: string
  /** Sets the route of a destination (CIDR or prefix list). */
  route(destination: string, via: RouteTarget): void
  unroute(destination: string): void
  /** Explicit association; a subnet without one uses the VPC's main table. */
  associate(subnet: SubnetHandle): void
}

export interface InternetGatewayHandle {
  readonly id: string
  attached: boolean
}

export interface NatGatewayHandle {
  readonly id: string
  state: 'pending' | 'failed' | 'available' | 'deleting' | 'deleted'
}

/** One rule: protocol and ports, and one side of the traffic. Without protocol and port: everything. */
export interface GroupRule {
  protocol?: 'tcp' | 'udp' | 'icmp' | '-1'
  /** One port, or the first of a range. */
  port?: number
  toPort?: number
  cidr?: string
  cidrIpv6?: string
  prefixList?: string
  group?: SecurityGroupHandle
  description?: string
}

export interface SecurityGroupHandle {
  readonly id: string
  readonly name: string
  readonly ingress: readonly GroupRule[]
  readonly egress: readonly GroupRule[]
  allow(direction: 'ingress' | 'egress', rule: GroupRule): void
  /** Takes the rules out that match (all of that direction without a test). */
  revoke(direction: 'ingress' | 'egress', matching?: (rule: GroupRule) => boolean): void
}

export interface VpcEndpointHandle {
  readonly id: string
  /** `com.amazonaws.REGION.ecr.api` */
  readonly serviceName: string
  state: 'pending' | 'available' | 'deleting' | 'failed' | 'rejected'
  privateDns: boolean
}

export interface SecurityGroupOptions {
  vpc?: VpcHandle
  id?: string
  name: string
  description?: string
  ingress?: GroupRule[]
  /** Default: everything to 0.0.0.0/0, as the console makes it. Terraform makes `[]`. */
  egress?: GroupRule[]
  tags?: Tag[]
}

export interface VpcEndpointOptions {
  vpc: VpcHandle
  /** The last part of the service's name: `ecr.api`, `ecr.dkr`, `s3`, `logs`, `secretsmanager`, … */
  service: string
  /** Default: `Gateway` for s3 and dynamodb, else `Interface`. */
  type?: 'Interface' | 'Gateway'
  subnets?: SubnetHandle[]
  securityGroups?: SecurityGroupHandle[]
  /** Interface: default true. */
  privateDns?: boolean
  routeTables?: RouteTableHandle[]
}

export interface Ec2Builder {
  /** The VPC of everything that names no other. */
  readonly mainVpc: VpcHandle
  /** Makes a VPC with its main route table (only the local route), default security group and ACL. */
  vpc(options: { cidr: string; id?: string; name?: string; isDefault?: boolean }): VpcHandle
  subnet(options: {
    vpc?: VpcHandle
    cidr: string
    availabilityZone: string
    id?: string
    name?: string
    mapPublicIp?: boolean
  }): SubnetHandle
  routeTable(options: {
    vpc: VpcHandle
    id?: string
    name?: string
    routes?: { to: string; via: RouteTarget }[]
    subnets?: SubnetHandle[]
  }): RouteTableHandle
  /** The table of subnets without an explicit association. */
  mainRouteTable(vpc: VpcHandle): RouteTableHandle
  /** The table that a subnet uses. */
  routeTableOf(subnet: SubnetHandle): RouteTableHandle
  internetGateway(options: { vpc: VpcHandle; id?: string; name?: string }): InternetGatewayHandle
  natGateway(options: { subnet: SubnetHandle; id?: string; name?: string }): NatGatewayHandle
  securityGroup(options: SecurityGroupOptions): SecurityGroupHandle
  vpcEndpoint(options: VpcEndpointOptions): VpcEndpointHandle
  /** A subnet, security group or NAT gateway by id, also of the main VPC; undefined when there is none. */
  findSubnet(id: string): SubnetHandle | undefined
  findSecurityGroup(id: string): SecurityGroupHandle | undefined
  findNatGateway(id: string): NatGatewayHandle | undefined
}
