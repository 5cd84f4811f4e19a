/** What stands around a service: load balancers, networks, roles. In AWS's words; what AWS does not say is absent. */

export interface Balancer {
  arn: string
  name: string
  /** `application`, `network`, `gateway`. */
  type?: string
  vpc?: string
  dnsName?: string
  securityGroups: string[]
  zones: { zone: string; subnet?: string }[]
}

/** A listener and the target groups that its default action forwards to; its rules may name others. */
export interface Listener {
  arn: string
  port?: number
  protocol?: string
  targetGroups: string[]
  /** What its default action does when it forwards nowhere, such as `fixed-response 404`. */
  otherwise?: string
}

/** A rule of a listener, beside its default action: the first that takes a request answers it. */
export interface ListenerRule {
  arn: string
  /** Lower ones are asked first. */
  priority: number
  /** All must be met; each is met by any of its values. None: it takes every request. */
  conditions: { field: string; values: string[] }[]
  /** Those that get requests: a group of weight 0 gets none. */
  targetGroups: string[]
}

export interface Subnet {
  id: string
  vpc?: string
  zone?: string
  cidr?: string
  freeAddresses?: number
}

/** One permission of a security group. `protocol` -1 is everything. */
export interface Permission {
  protocol: string
  from?: number
  to?: number
  cidrs: string[]
  groups: string[]
  prefixLists: string[]
}

export interface SecurityGroup {
  id: string
  name: string
  vpc?: string
  ingress: Permission[]
  egress: Permission[]
}

export interface Route {
  /** A CIDR or a prefix list. */
  to: string
  /** Any gateway's id; `local` within the VPC; empty when AWS names a kind that we do not know. */
  via: string
  state?: string
}

export interface RouteTable {
  id: string
  vpc?: string
  /** The table of subnets without one of their own. */
  main: boolean
  subnets: string[]
  routes: Route[]
}

export interface NatGateway {
  id: string
  state?: string
  subnet?: string
}

export interface Endpoint {
  id: string
  /** Such as `com.amazonaws.eu-west-1.ecr.api`. */
  service: string
  type: string
  state?: string
  privateDns: boolean
  subnets: string[]
  groups: string[]
  routeTables: string[]
}

export interface Role {
  arn: string
  /** Who may take the role: the policy document, parsed; absent when it cannot be read. */
  trust?: unknown
}

/** What IAM's simulator says of one action on one resource. */
export interface Simulated {
  action: string
  resource: string
  /** `allowed`, `implicitDeny`, `explicitDeny`. */
  decision: string
  /** A policy has conditions of which the simulator was told nothing: the decision may be another one. */
  unsure?: boolean
}

/** What Secrets Manager says of a secret without its value. */
export interface StoredSecret {
  /** It is going to be deleted, and its value cannot be had any more. */
  deleted: boolean
  /** The staging labels that its versions have; absent when the answer does not say. */
  stages?: string[]
}
