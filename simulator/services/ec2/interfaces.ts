/** Network interfaces and instances, as EC2 describes those of tasks, load balancers, gateways and endpoints. */
import type { ContainerInstance } from '../../world/ecs/clusters.js'
import type { Place } from '../../world/network/parts.js'
import type { SimulatedWorld } from '../../world/world.js'
import { derived, type Shape } from './shapes.js'

/** A network interface and whose it is. */
export interface NetworkInterface {
  place: Place
  description: string
  type: string
  mac: string
  instance: ContainerInstance | undefined
  requesterId: string | undefined
  attachedAt: number
}

const macOf = (place: Place): string => `0a:${derived('mac', place.eni).slice(5, 15).match(/../g)!.join(':')}`

/** Every network interface of the world. */
export function interfacesOf(world: SimulatedWorld): NetworkInterface[] {
  const made = (
    place: Place,
    type: string,
    description: string,
    attachedAt: number,
    more: Partial<NetworkInterface> = {}
  ): NetworkInterface => ({
    place,
    type,
    description,
    attachedAt,
    mac: macOf(place),
    instance: undefined,
    requesterId: 'amazon-aws',
    ...more
  })
  const tasks = world.ecs.services.flatMap((s) => s.tasks)
  const attached = tasks.filter(
    (t) => t.hasEni && t.network.place.ip !== '' && t.status !== 'PROVISIONING' && t.status !== 'STOPPED'
  )
  return [
    ...attached.map((t) =>
      made(
        t.network.place,
        'interface',
        `arn:aws:ecs:${world.region}:${world.account}:attachment/${t.network.attachment}`,
        t.createdAt,
        { mac: t.network.mac, requesterId: '578734482556' }
      )
    ),
    ...[...world.elb.balancers.values()].flatMap((b) =>
      b.nodes.map((node) =>
        made(
          node,
          b.type === 'network' ? 'network_load_balancer' : 'interface',
          `ELB ${b.path}`,
          b.createdAt,
          {
            requesterId: 'amazon-elb'
          }
        )
      )
    ),
    ...[...world.ec2.natGateways.values()]
      .filter((n) => n.state !== 'deleted')
      .map((n) => made(n.place, 'nat_gateway', `Interface for NAT Gateway ${n.id}`, n.createdAt)),
    ...[...world.ec2.vpcEndpoints.values()].flatMap((e) =>
      e.places.map((p) => made(p, 'vpc_endpoint', `VPC Endpoint Interface ${e.id}`, e.createdAt))
    ),
    ...instancesOf(world)
      .filter((i) => i.status !== 'GONE')
      .map((i) => made(i.place, 'interface', '', i.registeredAt, { instance: i, requesterId: undefined }))
  ]
}

/** The EC2 instances of every cluster. */
export function instancesOf(world: SimulatedWorld): ContainerInstance[] {
  return [...world.ecs.clusters.values()].flatMap((c) => c.instances)
}

const dnsName = (world: SimulatedWorld, ip: string): string =>
  `ip-${ip.replaceAll('.', '-')}.${world.region}.compute.internal`

const publicDnsName = (world: SimulatedWorld, ip: string): string =>
  `ec2-${ip.replaceAll('.', '-')}.${world.region}.compute.amazonaws.com`

/** A network interface as DescribeNetworkInterfaces answers it. */
export function interfaceShape(world: SimulatedWorld, eni: NetworkInterface): Shape {
  const { place } = eni
  const association =
    place.publicIp === undefined
      ? {}
      : {
          Association: {
            IpOwnerId: eni.requesterId ?? 'amazon',
            PublicDnsName: publicDnsName(world, place.publicIp),
            PublicIp: place.publicIp
          }
        }
  return {
    NetworkInterfaceId: place.eni,
    Description: eni.description,
    InterfaceType: eni.type,
    Status: 'in-use',
    ...association,
    Attachment: {
      AttachmentId: derived('eni-attach', place.eni),
      AttachTime: new Date(eni.attachedAt),
      DeleteOnTermination: eni.instance !== undefined,
      DeviceIndex: eni.instance === undefined ? 1 : 0,
      InstanceOwnerId: eni.requesterId ?? world.account,
      ...(eni.instance === undefined ? {} : { InstanceId: eni.instance.instanceId }),
      Status: 'attached'
    },
    AvailabilityZone: place.subnet.availabilityZone,
    Groups: place.groups.map((g) => ({ GroupId: g.id, GroupName: g.name })),
    Ipv6Addresses: [],
    MacAddress: eni.mac,
    OwnerId: world.account,
    PrivateDnsName: dnsName(world, place.ip),
    PrivateIpAddress: place.ip,
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: place.ip, PrivateDnsName: dnsName(world, place.ip), ...association }
    ],
    ...(eni.requesterId === undefined ? {} : { RequesterId: eni.requesterId }),
    RequesterManaged: eni.requesterId !== undefined,
    SourceDestCheck: eni.type === 'interface',
    SubnetId: place.subnet.id,
    VpcId: place.subnet.vpc.id,
    TagSet: []
  }
}

/** An instance as DescribeInstances answers it. */
export function instanceShape(world: SimulatedWorld, instance: ContainerInstance): Shape {
  const { place } = instance
  const gone = instance.status === 'GONE'
  const network = {
    PrivateDnsName: dnsName(world, place.ip),
    PrivateIpAddress: place.ip,
    SubnetId: place.subnet.id,
    VpcId: place.subnet.vpc.id,
    SecurityGroups: place.groups.map((g) => ({ GroupId: g.id, GroupName: g.name })),
    ...(place.publicIp === undefined
      ? {}
      : { PublicIpAddress: place.publicIp, PublicDnsName: publicDnsName(world, place.publicIp) })
  }
  return {
    InstanceId: instance.instanceId,
    InstanceType: 't3.medium',
    ImageId: derived('ami', world.region),
    State: gone ? { Code: 48, Name: 'terminated' } : { Code: 16, Name: 'running' },
    LaunchTime: new Date(instance.registeredAt),
    Placement: { AvailabilityZone: instance.availabilityZone, GroupName: '', Tenancy: 'default' },
    ...(gone ? {} : network),
    Tags: []
  }
}
