/** The region's networks: what stories say of them, and the main VPC of those that say nothing. */
import type { Clock } from '../../clock.js'
import type {
  Ec2Builder,
  SecurityGroupOptions,
  SubnetHandle,
  VpcEndpointOptions,
  VpcHandle
} from '../api/ec2.js'
import type { Tag } from '../api/common.js'
import { Ids } from '../ids.js'
import {
  InternetGateway,
  NatGateway,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint,
  type Place
} from './parts.js'

/** Ids that services and load balancers of a story without networks have. */
export const mainIds = {
  vpc: 'vpc-0a1b2c3d4e5f60718',
  loadBalancerGroup: 'sg-0fedcba9876543210',
  taskGroup: 'sg-0123456789abcdef0',
  subnets: ['subnet-0aaa1111bbb2222cc', 'subnet-0ddd3333eee4444ff']
} as const

const named = (name: string | undefined): Tag[] => (name === undefined ? [] : [{ key: 'Name', value: name }])

/** All networks of one region of one account. */
export class Network implements Ec2Builder {
  readonly vpcs = new Map<string, Vpc>()
  readonly subnets = new Map<string, Subnet>()
  readonly routeTables = new Map<string, RouteTable>()
  readonly internetGateways = new Map<string, InternetGateway>()
  readonly natGateways = new Map<string, NatGateway>()
  readonly securityGroups = new Map<string, SecurityGroup>()
  readonly vpcEndpoints = new Map<string, VpcEndpoint>()
  readonly mainVpc: Vpc
  private readonly ids: Ids
  private readonly listeners: (() => void)[] = []
  private readonly publicTable: RouteTable
  private readonly publicSubnets = new Map<string, Subnet>()
  private adopted = 0

  constructor(
    readonly clock: Clock,
    seed: number,
    readonly region: string
  ) {
    // Ids of their own, so that networks do not move the ids of everything else.
    this.ids = new Ids((seed ^ 0x6e657477) >>> 0)
    this.mainVpc = this.vpc({ id: mainIds.vpc, cidr: '10.0.0.0/16', name: 'main' })
    const gateway = this.internetGateway({ vpc: this.mainVpc, name: 'main' })
    this.publicTable = this.routeTable({
      vpc: this.mainVpc,
      name: 'main-public',
      routes: [{ to: '0.0.0.0/0', via: gateway }]
    })
    for (const zone of ['a', 'b', 'c']) this.publicSubnet(`${region}${zone}`)
    const nat = this.natGateway({ subnet: this.publicSubnet(`${region}a`), name: 'main' })
    this.mainRouteTable(this.mainVpc).route('0.0.0.0/0', nat)
    const web = (port: number) => ({ protocol: 'tcp' as const, port, cidr: '0.0.0.0/0' })
    this.securityGroup({
      id: mainIds.loadBalancerGroup,
      name: 'load-balancers',
      ingress: [web(80), web(443)]
    })
    this.adoptGroup(mainIds.taskGroup, 'tasks')
    this.adoptSubnets(mainIds.subnets)
  }

  /** Calls back whenever a path may have opened or closed. */
  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  private readonly changed = (): void => {
    for (const listener of this.listeners) listener()
  }

  private id(prefix: string): string {
    return `${prefix}-0${this.ids.hex(16)}`
  }

  private held<T>(map: Map<string, T>, handle: { id: string }): T {
    const found = map.get(handle.id)
    if (found === undefined) throw new Error(`${handle.id} is not of this world`)
    return found
  }

  vpc(options: { cidr: string; id?: string; name?: string; isDefault?: boolean }): Vpc {
    const made = new Vpc(
      options.id ?? this.id('vpc'),
      options.cidr,
      this.id('acl'),
      options.isDefault ?? false,
      named(options.name)
    )
    this.vpcs.set(made.id, made)
    this.addTable(made, true, undefined, undefined)
    const group = this.securityGroup({
      vpc: made,
      name: 'default',
      description: 'default VPC security group'
    })
    group.allow('ingress', { group })
    return made
  }

  subnet(options: Parameters<Ec2Builder['subnet']>[0]): Subnet {
    const made = new Subnet(
      options.id ?? this.id('subnet'),
      this.held(this.vpcs, options.vpc ?? this.mainVpc),
      options.cidr,
      options.availabilityZone,
      options.mapPublicIp ?? false,
      named(options.name)
    )
    this.subnets.set(made.id, made)
    return made
  }

  private addTable(vpc: Vpc, main: boolean, id: string | undefined, name: string | undefined): RouteTable {
    const made = new RouteTable(id ?? this.id('rtb'), vpc, main, named(name), this.changed, (handle) => {
      const subnet = this.held(this.subnets, handle)
      return { subnet, leave: () => this.explicitTable(subnet)?.subnets.delete(subnet) }
    })
    this.routeTables.set(made.id, made)
    return made
  }

  routeTable(options: Parameters<Ec2Builder['routeTable']>[0]): RouteTable {
    const made = this.addTable(this.held(this.vpcs, options.vpc), false, options.id, options.name)
    for (const { to, via } of options.routes ?? []) made.route(to, via)
    for (const subnet of options.subnets ?? []) made.associate(subnet)
    return made
  }

  mainRouteTable(vpc: VpcHandle): RouteTable {
    return [...this.routeTables.values()].find((t) => t.main && t.vpc.id === vpc.id)!
  }

  private explicitTable(subnet: Subnet): RouteTable | undefined {
    return [...this.routeTables.values()].find((t) => t.subnets.has(subnet))
  }

  routeTableOf(handle: SubnetHandle): RouteTable {
    const subnet = this.held(this.subnets, handle)
    return this.explicitTable(subnet) ?? this.mainRouteTable(subnet.vpc)
  }

  internetGateway(options: { vpc: VpcHandle; id?: string; name?: string }): InternetGateway {
    const vpc = this.held(this.vpcs, options.vpc)
    const made = new InternetGateway(options.id ?? this.id('igw'), vpc, named(options.name), this.changed)
    this.internetGateways.set(made.id, made)
    return made
  }

  natGateway(options: { subnet: SubnetHandle; id?: string; name?: string }): NatGateway {
    const id = options.id ?? this.id('nat')
    const made: NatGateway = new NatGateway(
      id,
      this.enter(this.held(this.subnets, options.subnet), [], true, () => made.state !== 'deleted'),
      this.clock.now(),
      named(options.name),
      this.changed
    )
    this.natGateways.set(id, made)
    return made
  }

  securityGroup(options: SecurityGroupOptions): SecurityGroup {
    const made = new SecurityGroup(
      options.id ?? this.id('sg'),
      options.name,
      options.description ?? options.name,
      this.held(this.vpcs, options.vpc ?? this.mainVpc),
      options.ingress ?? [],
      options.egress ?? [{ cidr: '0.0.0.0/0' }],
      options.tags ?? [],
      this.changed
    )
    this.securityGroups.set(made.id, made)
    return made
  }

  vpcEndpoint(options: VpcEndpointOptions): VpcEndpoint {
    const vpc = this.held(this.vpcs, options.vpc)
    const gateways = ['s3', 'dynamodb']
    const type = options.type ?? (gateways.includes(options.service) ? 'Gateway' : 'Interface')
    const groups = (options.securityGroups ?? []).map((g) => this.held(this.securityGroups, g))
    const made = new VpcEndpoint(
      this.id('vpce'),
      vpc,
      options.service,
      `com.amazonaws.${this.region}.${options.service}`,
      type,
      (options.subnets ?? []).map((s) => this.enter(this.held(this.subnets, s), groups, false, () => true)),
      groups,
      (options.routeTables ?? []).map((t) => this.held(this.routeTables, t)),
      options.privateDns ?? type === 'Interface',
      this.clock.now(),
      this.changed
    )
    this.vpcEndpoints.set(made.id, made)
    return made
  }

  findSubnet(id: string): Subnet | undefined {
    return this.subnets.get(id)
  }

  findSecurityGroup(id: string): SecurityGroup | undefined {
    return this.securityGroups.get(id)
  }

  findNatGateway(id: string): NatGateway | undefined {
    return this.natGateways.get(id)
  }

  /** A network interface in a subnet; its address is empty when the subnet has none left. */
  enter(
    subnet: Subnet,
    groups: readonly SecurityGroup[],
    isPublic: boolean,
    inUse: () => boolean,
    eni = this.id('eni')
  ): Place {
    const ip = subnet.take(inUse) ?? ''
    return { eni, ip, subnet, groups, publicIp: isPublic ? this.publicIp() : undefined }
  }

  private publicIp(): string {
    return `54.${200 + this.ids.below(50)}.${this.ids.below(250)}.${1 + this.ids.below(250)}`
  }

  /** The public subnet of the main VPC in a zone: there load balancers stand that name no subnets. */
  publicSubnet(zone: string): Subnet {
    const known = this.publicSubnets.get(zone)
    if (known !== undefined) return known
    const made = this.subnet({
      cidr: `10.0.${this.publicSubnets.size % 16}.0/24`,
      availabilityZone: zone,
      name: `main-public-${zone}`,
      mapPublicIp: true
    })
    this.publicTable.associate(made)
    this.publicSubnets.set(zone, made)
    return made
  }

  /** Subnets by id; those that nobody described are private ones of the main VPC, in zones a, b, c by turns. */
  adoptSubnets(ids: readonly string[]): Subnet[] {
    return ids.map(
      (id, at) => this.subnets.get(id) ?? this.adoptSubnet(id, `${this.region}${'abc'[at % 3]!}`)
    )
  }

  /** The private subnet of the main VPC in a zone: there instances stand that name none. */
  privateSubnet(zone: string): Subnet {
    const found = [...this.subnets.values()].find(
      (s) => s.vpc === this.mainVpc && s.availabilityZone === zone && !s.mapPublicIp
    )
    return found ?? this.adoptSubnet(this.id('subnet'), zone)
  }

  private adoptSubnet(id: string, zone: string): Subnet {
    const n = ++this.adopted
    const second = Math.floor(n / 16)
    const cidr = `10.${second}.0.0/16`
    if (!this.mainVpc.cidrs.includes(cidr)) this.mainVpc.cidrs.push(cidr)
    return this.subnet({
      id,
      cidr: `10.${second}.${(n % 16) * 16}.0/20`,
      availabilityZone: zone,
      name: `main-private-${zone}`
    })
  }

  /** Security groups by id; those that nobody described let everything in from private networks, and out. */
  adoptGroups(ids: readonly string[]): SecurityGroup[] {
    return ids.map((id) => this.securityGroups.get(id) ?? this.adoptGroup(id, id))
  }

  private adoptGroup(id: string, name: string): SecurityGroup {
    return this.securityGroup({
      id,
      name,
      ingress: [{ protocol: 'tcp', port: 0, toPort: 65535, cidr: '10.0.0.0/8' }]
    })
  }
}
