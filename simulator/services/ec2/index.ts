/** EC2's reads over the world's networks (facts G, J). */
import type { SimulatedWorld } from '../../world/world.js'
import type { ContainerInstance } from '../../world/ecs/clusters.js'
import { AwsError } from '../../world/errors.js'
import type { Vpc } from '../../world/network/parts.js'
import { read, type Operation } from '../operation.js'
import {
  instanceShape,
  instancesOf,
  interfaceShape,
  interfacesOf,
  type NetworkInterface
} from './interfaces.js'
import * as kinds from './kinds.js'
import { select, type Filter, type Kind, type Question } from './select.js'
import {
  aclShape,
  derived,
  endpointShape,
  groupShape,
  internetGatewayShape,
  natShape,
  subnetShape,
  tableShape,
  vpcShape,
  zoneId,
  type Shape
} from './shapes.js'

/** An operation that describes one kind: where its items are, how they look, under which names in and out. */
function describe<T>(
  kind: Kind<T>,
  output: string,
  all: (world: SimulatedWorld) => readonly T[],
  shape: (world: SimulatedWorld, item: T) => Shape
): Operation {
  return read((world, input: Question & { Filter?: Filter[] } & Record<string, unknown>) => {
    const ids = input[kind.parameter] as string[] | undefined
    const question = { ...input, Filters: input.Filters ?? input.Filter ?? [] }
    const { items, next } = select(kind, all(world), ids, question)
    return { [output]: items.map((item) => shape(world, item)), NextToken: next }
  })
}

/** Security groups by id, and by name within those that are asked for. */
const securityGroups = read((world, input: Question & { GroupIds?: string[]; GroupNames?: string[] }) => {
  const all = [...world.ec2.securityGroups.values()]
  const { GroupNames: names } = input
  for (const name of names ?? [])
    if (!all.some((g) => g.name === name))
      throw new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist`)
  const named = names === undefined ? all : all.filter((g) => names.includes(g.name))
  const { items, next } = select(kinds.securityGroups, named, input.GroupIds, input)
  return { SecurityGroups: items.map((g) => groupShape(world, g)), NextToken: next }
})

const instances = read((world, input: Question & { InstanceIds?: string[] }) => {
  const { items, next } = select<ContainerInstance>(
    kinds.instances,
    instancesOf(world),
    input.InstanceIds,
    input
  )
  return {
    Reservations: items.map((i) => ({
      ReservationId: derived('r', i.instanceId),
      OwnerId: world.account,
      Instances: [instanceShape(world, i)]
    })),
    NextToken: next
  }
})

const zones = read((world, input: { ZoneNames?: string[] }) => {
  const known = ['a', 'b', 'c'].map((z) => `${world.region}${z}`)
  for (const name of input.ZoneNames ?? [])
    if (!known.includes(name))
      throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`)
  return {
    AvailabilityZones: (input.ZoneNames ?? known).map((ZoneName) => ({
      ZoneName,
      ZoneId: zoneId(ZoneName),
      ZoneType: 'availability-zone',
      RegionName: world.region,
      GroupName: world.region,
      NetworkBorderGroup: world.region,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      Messages: []
    }))
  }
})

export const ec2Operations: Record<string, Operation> = {
  DescribeVpcs: describe(kinds.vpcs, 'Vpcs', (w) => [...w.ec2.vpcs.values()], vpcShape),
  DescribeSubnets: describe(kinds.subnets, 'Subnets', (w) => [...w.ec2.subnets.values()], subnetShape),
  DescribeRouteTables: describe(
    kinds.routeTables,
    'RouteTables',
    (w) => [...w.ec2.routeTables.values()],
    tableShape
  ),
  DescribeInternetGateways: describe(
    kinds.internetGateways,
    'InternetGateways',
    (w) => [...w.ec2.internetGateways.values()],
    internetGatewayShape
  ),
  DescribeNatGateways: describe(
    kinds.natGateways,
    'NatGateways',
    (w) => [...w.ec2.natGateways.values()],
    (_, nat) => natShape(nat)
  ),
  DescribeSecurityGroups: securityGroups,
  DescribeVpcEndpoints: describe(
    kinds.vpcEndpoints,
    'VpcEndpoints',
    (w) => [...w.ec2.vpcEndpoints.values()],
    endpointShape
  ),
  DescribeNetworkInterfaces: describe<NetworkInterface>(
    kinds.networkInterfaces,
    'NetworkInterfaces',
    interfacesOf,
    interfaceShape
  ),
  DescribeNetworkAcls: describe<Vpc>(
    kinds.networkAcls,
    'NetworkAcls',
    (w) => [...w.ec2.vpcs.values()],
    aclShape
  ),
  DescribeInstances: instances,
  DescribeAvailabilityZones: zones
}
