import type { Role } from '../domain/surroundings.js'
import { AwsFault, type Surroundings } from '../ports.js'
import type { Patience } from './call.js'
import type { Clients } from './clients.js'
import { CloudWatch } from './cloudwatch.js'
import { Ec2 } from './ec2.js'
import { Ecs } from './ecs.js'
import { Elb } from './elbv2.js'
import { ElbAround } from './elbv2-around.js'
import { LogsAround } from './logs-around.js'
import { SmallClient } from './small-client.js'

/** Longer than this no detail is waited for, milliseconds: throttling or a failing network leave it unknown. */
const patienceMs = 1500

/** Roles and secrets get so long, milliseconds, and no second try: many a network has no way to them. */
const briefMs = 2000

/** What stands around a service, asked of AWS. */
export function surroundingsOf(clients: Clients, patience: Patience): Surroundings {
  const hurried = { ...patience, patienceMs: Math.min(patience.patienceMs, patienceMs) }
  const elb = new ElbAround(clients, hurried)
  const ec2 = new Ec2(new SmallClient(clients, hurried))
  const logs = new LogsAround(clients, hurried)
  return {
    prepare: () => Promise.all([clients.elb(), clients.logs()]),
    quick: {
      containers: new Ecs(clients, hurried),
      targets: new Elb(clients, hurried),
      alarms: new CloudWatch(clients, hurried)
    },
    targetGroups: () => elb.targetGroups(),
    attributes: (arn) => elb.attributes(arn),
    balancers: (arns) => elb.balancers(arns),
    listeners: (arn) => elb.listeners(arn),
    rules: (arn) => elb.rules(arn),
    subnets: (ids) => ec2.subnets(ids),
    securityGroups: (ids) => ec2.securityGroups(ids),
    routeTables: (vpc) => ec2.routeTables(vpc),
    natGateways: (ids) => ec2.natGateways(ids),
    endpoints: (vpc) => ec2.endpoints(vpc),
    logGroup: (name, region) => logs.logGroup(name, region),
    ...identityOf(clients, patience)
  }
}

/** Roles and secrets: each service is loaded when it is first asked, and each role is asked for once in a run. */
function identityOf(
  clients: Clients,
  patience: Patience
): Required<Pick<Surroundings, 'secret' | 'parameters' | 'role' | 'simulate'>> {
  const requestHandler = { connectionTimeout: briefMs, requestTimeout: briefMs, throwOnRequestTimeout: true }
  const settings = { ...clients.settings, requestHandler }
  const client = new SmallClient({ settings }, { ...patience, patienceMs: 0 })
  const identity = door(async () => new (await import('./identity.js')).Identity(client))
  const secrets = door(async () => new (await import('./secrets.js')).Secrets(client))
  const parameters = door(async () => new (await import('./secrets.js')).Secrets(client))
  const roles = new Map<string, Promise<Role | undefined>>()
  return {
    secret: (arn) => secrets((manager) => manager.secret(arn)),
    parameters: (names, region) => parameters((store) => store.parameters(names, region)),
    role: async (arn) => {
      const asked = roles.get(arn) ?? identity((iam) => iam.role(arn))
      roles.set(arn, asked)
      return await asked
    },
    simulate: (arn, actions, resources) => identity((iam) => iam.simulate(arn, actions, resources))
  }
}

/** A way to a service that is loaded when it is first asked, and not asked again once it did not answer. */
function door<S>(open: () => Promise<S>): <T>(ask: (service: S) => Promise<T>) => Promise<T> {
  let silent: AwsFault | undefined
  return async (ask) => {
    if (silent) throw silent
    try {
      return await ask(await open())
    } catch (error) {
      if (error instanceof AwsFault && error.kind === 'unreachable') silent = error
      throw error
    }
  }
}
