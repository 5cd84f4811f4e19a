import { Clients } from './aws/clients.js'
import { CloudWatch } from './aws/cloudwatch.js'
import { Ecr } from './aws/ecr.js'
import { EcrLayers } from './aws/ecr-layers.js'
import { Ecs } from './aws/ecs.js'
import { EcsRollouts } from './aws/ecs-rollouts.js'
import { Elb } from './aws/elbv2.js'
import { CloudWatchLogs } from './aws/logs.js'
import { EcrRepositories } from './aws/repositories.js'
import { sessionOf } from './aws/session.js'
import { surroundingsOf } from './aws/surroundings.js'
import { systemClock } from './clock.js'
import { Refusal } from './domain/outcome.js'
import { stateJournal, workspaceOf, type LogHost } from './github/runner.js'
import type { Ports } from './ports.js'
import { registriesOf } from './registry/index.js'

/** How patient the calls of these ports are, and what ends them early. */
export interface Wiring {
  host: LogHost
  env: NodeJS.ProcessEnv
  region?: string
  patienceMs: number
  requestTimeoutMs: number
  signal?: AbortSignal
}

/** Binds the ports to AWS, to the runner and to this machine's clock. Throws Refusal when no region is known. */
export function wire({ host, env, region, patienceMs, requestTimeoutMs, signal }: Wiring): Ports {
  const known = region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  if ((known === undefined || known === '') && !env['AWS_PROFILE'] && !env['AWS_CONFIG_FILE'])
    throw new Refusal(
      ['No AWS region is known: AWS_REGION is not set.'],
      'input',
      'Run aws-actions/configure-aws-credentials before this step, or set AWS_REGION.'
    )
  const place = known === undefined || known === '' ? {} : { region: known }
  const clients = new Clients({ requestTimeoutMs, ...place })
  // What can be done without is asked for a moment only: a world may lack it, and leave the question open.
  const hurried = new Clients({ requestTimeoutMs: Math.min(requestTimeoutMs, 4000), ...place })
  const sent: number[] = []
  const throttles: number[] = []
  const patience = {
    clock: systemClock,
    patienceMs,
    count: () => sent.push(systemClock.now()),
    throttled: () => throttles.push(systemClock.now()),
    ...(signal ? { signal } : {})
  }
  const brief = { ...patience, patienceMs: Math.min(patienceMs, 3000) }
  // A part of a layer takes its time on a slow line.
  const roomy = new Clients({ requestTimeoutMs: 4 * requestTimeoutMs, ...place })
  // One answer that never comes must not use up all of the patience.
  const lasting = { ...patience, patienceMs: 4 * patienceMs }
  return {
    containers: new Ecs(clients, patience),
    rollouts: new EcsRollouts(hurried, { ...patience, patienceMs: Math.min(patienceMs, 3000) }),
    images: new Ecr(clients, patience),
    // How long images will stay is worth a moment, and no more.
    repositories: new EcrRepositories(hurried, brief),
    registries: registriesOf({
      ecr: (web) =>
        new EcrLayers(
          { needed: { clients: roomy, patience: lasting }, detail: { clients: hurried, patience: brief } },
          web
        ),
      env,
      clock: systemClock,
      warn: (text) => host.announce({ code: 'warning', text }),
      ...(signal ? { signal } : {})
    }),
    targets: new Elb(clients, patience),
    alarms: new CloudWatch(clients, patience),
    // A line of log is worth a moment, and nobody waits for it.
    logs: new CloudWatchLogs(clients, { ...patience, patienceMs: Math.min(patienceMs, 2000) }),
    surroundings: surroundingsOf(hurried, patience),
    session: () => sessionOf(clients, env),
    clock: systemClock,
    journal: stateJournal,
    announce: host.announce,
    requestsSince: (time) => sent.filter((at) => at > time).length,
    throttlesSince: (time) => throttles.filter((at) => at > time).length,
    workspace: workspaceOf(env)
  }
}
