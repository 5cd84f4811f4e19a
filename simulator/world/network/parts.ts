/** The parts of a network, as data with the questions that reachability and the EC2 answers ask. */
import type {
  GroupRule,
  InternetGatewayHandle,
  NatGatewayHandle,
  RouteTableHandle,
  RouteTarget,
  SecurityGroupHandle,
  SubnetHandle,
  VpcEndpointHandle,
  VpcHandle
} from '../api/ec2.js'
import type { Tag } from '../api/common.js'
import { addressOf, block } from './cidr.js'

/** Called when something about the network changed that may open or close a path. */
export type Changed = () => void

/** Where a packet comes from or goes to: a network interface. */
export interface Place {
  readonly eni: string
  readonly ip: string
  readonly subnet: Subnet
  readonly groups: readonly SecurityGroup[]
  readonly publicIp: string | undefined
}

export class Vpc implements VpcHandle {
  readonly cidrs: string[]

  constructor(
    readonly id: string,
    cidr: string,
    readonly aclId: string,
    readonly isDefault: boolean,
    readonly tags: Tag[]
  ) {
    this.cidrs = [cidr]
  }

  get cidr(): string {
    return this.cidrs[0] ?? ''
  }
}

export class Subnet implements SubnetHandle {
  private readonly taken = new Map<string, () => boolean>()
  private next = 4

  constructor(
    readonly id: string,
    readonly vpc: Vpc,
    readonly cidr: string,
    readonly availabilityZone: string,
    public mapPublicIp: boolean,
    readonly tags: Tag[]
  ) {}

  /** AWS keeps the first four addresses and the last. */
  get capacity(): number {
    return block(this.cidr).size - 5
  }

  get availableIps(): number {
    return this.capacity - [...this.taken.values()].filter((inUse) => inUse()).length
  }

  /** The next free address, for as long as `inUse` says so; undefined when none is left. */
  take(inUse: () => boolean): string | undefined {
    const { first } = block(this.cidr)
    for (let tries = 0; tries < this.capacity; tries++) {
      const ip = addressOf(first + this.next)
      this.next = this.next >= this.capacity + 3 ? 4 : this.next + 1
      if (this.taken.get(ip)?.() === true) continue
      this.taken.set(ip, inUse)
      return ip
    }
    return undefined
  }
}

export interface Route {
  destination: string
  target: string
}

export class RouteTable implements RouteTableHandle {
  readonly routes = new Map<string, Route>()
  readonly subnets = new Set<Subnet>()

  constructor(
    readonly id: string,
    readonly vpc: Vpc,
    readonly main: boolean,
    readonly tags: Tag[],
    private readonly changed: Changed,
    private readonly held: (subnet: SubnetHandle) => { subnet: Subnet; leave: () => void }
  ) {}

  route(destination: string, via: RouteTarget): void {
    this.routes.set(destination, { destination, target: via === 'blackhole' ? 'blackhole' : via.id })
    this.changed()
  }

  unroute(destination: string): void {
    this.routes.delete(destination)
    this.changed()
  }

  associate(handle: SubnetHandle): void {
    const { subnet, leave } = this.held(handle)
    leave()
    this.subnets.add(subnet)
    this.changed()
  }
}

/** A part whose state a story may turn; turning it is told. */
class Turning<S extends string> {
  constructor(
    private current: S,
    private readonly changed: Changed
  ) {}

  get state(): S {
    return this.current
  }

  set state(state: S) {
    this.current = state
    this.changed()
  }
}

export class InternetGateway implements InternetGatewayHandle {
  private on = true

  constructor(
    readonly id: string,
    readonly vpc: Vpc,
    readonly tags: Tag[],
    private readonly changed: Changed
  ) {}

  get attached(): boolean {
    return this.on
  }

  set attached(attached: boolean) {
    this.on = attached
    this.changed()
  }
}

export class NatGateway extends Turning<NatGatewayHandle['state']> implements NatGatewayHandle {
  constructor(
    readonly id: string,
    readonly place: Place,
    readonly createdAt: number,
    readonly tags: Tag[],
    changed: Changed
  ) {
    super('available', changed)
  }
}

export class SecurityGroup implements SecurityGroupHandle {
  readonly ingress: GroupRule[]
  readonly egress: GroupRule[]

  constructor(
    readonly id: string,
    readonly name: string,
    readonly description: string,
    readonly vpc: Vpc,
    ingress: readonly GroupRule[],
    egress: readonly GroupRule[],
    readonly tags: Tag[],
    private readonly changed: Changed
  ) {
    this.ingress = [...ingress]
    this.egress = [...egress]
  }

  allow(direction: 'ingress' | 'egress', rule: GroupRule): void {
    this[direction].push(rule)
    this.changed()
  }

  revoke(direction: 'ingress' | 'egress', matching: (rule: GroupRule) => boolean = () => true): void {
    const kept = this[direction].filter((rule) => !matching(rule))
    this[direction].splice(0, Infinity, ...kept)
    this.changed()
  }
}

export class VpcEndpoint extends Turning<VpcEndpointHandle['state']> implements VpcEndpointHandle {
  constructor(
    readonly id: string,
    readonly vpc: Vpc,
    /** `ecr.api` */
    readonly service: string,
    readonly serviceName: string,
    readonly type: 'Interface' | 'Gateway',
    readonly places: readonly Place[],
    readonly groups: readonly SecurityGroup[],
    readonly routeTables: readonly RouteTable[],
    public privateDns: boolean,
    readonly createdAt: number,
    changed: Changed
  ) {
    super('available', changed)
  }
}
