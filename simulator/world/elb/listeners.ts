/** Listeners and their rules: what makes a target group be in use. */
import type { Forward, ListenerHandle } from '../api.js'
import type { LoadBalancer, LoadBalancing } from './load-balancers.js'
import type { TargetGroup } from './target-group.js'

export interface WeightedGroup {
  group: TargetGroup
  weight: number
}

export interface Rule {
  arn: string
  priority: number | 'default'
  paths: string[]
  hosts: string[]
  forward: WeightedGroup[]
}

/** One listener with its default rule and the others. */
export class Listener implements ListenerHandle {
  readonly arn: string
  readonly rules: Rule[] = []

  constructor(
    private readonly elb: LoadBalancing,
    readonly balancer: LoadBalancer,
    readonly port: number,
    readonly protocol: string,
    forward: Forward
  ) {
    this.arn = `${elb.prefix}:listener/${balancer.path}/${elb.ruleIds.hex(16)}`
    this.add('default', [], [], forward)
  }

  rule(options: { priority: number; paths?: string[]; hosts?: string[]; forward: Forward }): Rule {
    return this.add(options.priority, options.paths ?? [], options.hosts ?? [], options.forward)
  }

  private add(priority: Rule['priority'], paths: string[], hosts: string[], forward: Forward): Rule {
    const given = 'length' in forward ? forward : [{ targetGroup: forward, weight: 1 }]
    const groups = given.map((g) => ({ group: this.elb.held(g.targetGroup), weight: g.weight }))
    const unused = groups.filter(({ group }) => group.loadBalancer === undefined)
    const arn = `${this.arn.replace(':listener/', ':listener-rule/')}/${this.elb.ruleIds.hex(16)}`
    const made: Rule = { arn, priority, paths, hosts, forward: groups }
    this.rules.push(made)
    this.balancer.rules.push(made)
    for (const { group } of unused) group.beginAgain()
    return made
  }
}
