import type { Surroundings } from '../ports.js'
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
    logGroup: (name, region) => logs.logGroup(name, region)
  }
}
