/** ELBv2: the region's load balancers, listeners and target groups. */
import type { Clock } from '../../clock.js'
import type {
  ElbBuilder,
  Forward,
  LoadBalancerHandle,
  LoadBalancerOptions,
  Tag,
  TargetGroupHandle,
  TargetGroupOptions
} from '../api.js'
import type { Happen } from '../happenings.js'
import { Ids } from '../ids.js'
import { Listener, type Rule } from './listeners.js'
import { mainIds, type Network } from '../network/network.js'
import type { Place, SecurityGroup, Subnet } from '../network/parts.js'
import { TargetGroup, type Endpoint } from './target-group.js'

export { Target, TargetGroup, type Endpoint, type TargetState } from './target-group.js'

/** A load balancer: its nodes in the network, and what its listeners forward to. */
export class LoadBalancer implements LoadBalancerHandle {
  readonly arn: string
  readonly createdAt: number
  readonly id: string
  readonly type: 'application' | 'network'
  readonly scheme: 'internet-facing' | 'internal'
  readonly availabilityZones: string[]
  readonly tags: Tag[]
  readonly nodes: readonly Place[]
  readonly rules: Rule[] = []
  state: LoadBalancerHandle['state'] = 'active'

  constructor(
    elb: LoadBalancing,
    readonly name: string,
    options: LoadBalancerOptions,
    readonly subnets: readonly Subnet[],
    readonly groups: readonly SecurityGroup[]
  ) {
    this.id = elb.ids.hex(16)
    this.type = options.type ?? 'application'
    this.scheme = options.scheme ?? 'internet-facing'
    this.tags = options.tags ?? []
    this.availabilityZones = subnets.map((s) => s.availabilityZone)
    this.arn = `${elb.prefix}:loadbalancer/${this.path}`
    this.createdAt = elb.clock.now()
    const isPublic = this.scheme === 'internet-facing'
    this.nodes = subnets.map((s) => elb.network.enter(s, groups, isPublic, () => true))
  }

  /** `app/NAME/ID`, the part of the ARN that listeners share. */
  get path(): string {
    return `${this.type === 'application' ? 'app' : 'net'}/${this.name}/${this.id}`
  }

  get vpcId(): string {
    return this.subnets[0]?.vpc.id ?? mainIds.vpc
  }

  forwardsTo(group: TargetGroup): boolean {
    return this.rules.some((rule) => rule.forward.some((f) => f.group === group))
  }
}

/** The region's load balancers and target groups. */
export class LoadBalancing implements ElbBuilder {
  readonly groups = new Map<string, TargetGroup>()
  readonly balancers = new Map<string, LoadBalancer>()
  readonly listeners: Listener[] = []
  readonly prefix: string
  /** Ids of listeners and rules: not of the world's row, which they would move. */
  readonly ruleIds: Ids
  /** Who has an address or an instance id, for targets that are registered by hand. */
  whoIs: (id: string) => Endpoint | undefined = () => undefined

  constructor(
    readonly clock: Clock,
    readonly ids: Ids,
    readonly region: string,
    account: string,
    readonly firstCheck: number,
    readonly happen: Happen,
    readonly network: Network
  ) {
    this.prefix = `arn:aws:elasticloadbalancing:${region}:${account}`
    this.ruleIds = new Ids(0x656c6276)
    network.onChange(() => this.lookAgain())
  }

  /** The target group behind a handle. */
  held(handle: TargetGroupHandle): TargetGroup {
    const found = this.groups.get(handle.arn)
    if (found === undefined) throw new Error(`${handle.name} is not a target group of this world`)
    return found
  }

  /** Something outside changed that checks may see: a path, an instance. */
  lookAgain(): void {
    for (const group of this.groups.values()) group.pokeAll()
  }

  /** Whether an address belongs to a load balancer. */
  isNode(ip: string): boolean {
    return [...this.balancers.values()].some((b) => b.nodes.some((node) => node.ip === ip))
  }

  loadBalancer(name: string, options: LoadBalancerOptions = {}): LoadBalancer {
    const known = this.balancers.get(name)
    if (known !== undefined) return known
    const { network } = this
    const zones = options.availabilityZones ?? ['a', 'b', 'c'].map((z) => `${this.region}${z}`)
    const subnets =
      options.subnets === undefined
        ? zones.map((zone) => network.publicSubnet(zone))
        : network.adoptSubnets(options.subnets.map((s) => s.id))
    const open = options.type === 'network' ? [] : [mainIds.loadBalancerGroup]
    const groups = network.adoptGroups(options.securityGroups?.map((g) => g.id) ?? open)
    const made = new LoadBalancer(this, name, options, subnets, groups)
    this.balancers.set(name, made)
    return made
  }

  /** A target group; with a load balancer it is the default of the first listener, or has a path of its own. */
  targetGroup(name: string, options: TargetGroupOptions = {}): TargetGroup {
    const web = (options.protocol ?? 'HTTP').startsWith('HTTP')
    const type = web ? 'application' : 'network'
    const balancer =
      options.loadBalancer === null
        ? undefined
        : this.loadBalancer(options.loadBalancer ?? `${name}-${web ? 'alb' : 'nlb'}`, { type })
    const made = new TargetGroup(this, name, options, balancer?.vpcId ?? mainIds.vpc)
    this.groups.set(made.arn, made)
    if (balancer === undefined) return made
    const listener = this.listeners.find((l) => l.balancer === balancer)
    if (listener === undefined)
      this.listener(balancer, { port: web ? 80 : made.settings.port, forward: made })
    else if (web) listener.rule({ priority: listener.rules.length, paths: [`/${name}/*`], forward: made })
    else this.listener(balancer, { port: made.settings.port, forward: made })
    return made
  }

  listener(
    handle: LoadBalancerHandle,
    options: { port: number; protocol?: string; forward: Forward }
  ): Listener {
    const balancer = this.balancers.get(handle.name)
    if (balancer === undefined) throw new Error(`${handle.name} is not a load balancer of this world`)
    const usual = balancer.type === 'network' ? 'TCP' : options.port === 443 ? 'HTTPS' : 'HTTP'
    const made = new Listener(this, balancer, options.port, options.protocol ?? usual, options.forward)
    this.listeners.push(made)
    return made
  }

  internalError(handle: TargetGroupHandle, seconds: number): void {
    const group = this.held(handle)
    group.troubleUntil = this.clock.now() + seconds * 1000
    group.pokeAll()
  }
}
