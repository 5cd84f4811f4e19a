import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import { definition, facts, service, serving } from './shop.js'

const good: JsonObject = {
  command: ['CMD-SHELL', 'curl -f http://localhost:8080/ || exit 1'],
  startPeriod: 30
}
const asked = (healthCheck: JsonObject, change: Partial<Facts> = {}) =>
  facts({ definition: definition({ healthCheck }), ...change })
const command = (...parts: string[]) => asked({ ...good, command: parts })
const noGrace = { service: service({ loadBalancers: [], gracePeriodMs: 0 }) }
const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

/** The same check before and after; the image of `web` was named so. */
const called = (reference: string, parts: string[], change: Partial<Facts> = {}) => {
  const checked = definition({ healthCheck: { ...good, command: parts } })
  return facts({ definition: checked, running: checked, named: new Map([['web', reference]]), ...change })
}
const curl = ['CMD-SHELL', 'curl -f http://localhost:8080/ || exit 1']

export const healthCases: Case[] = [
  {
    check: 'container-check',
    when: 'a text for the shell, with time to start',
    state: 'ok',
    says: /asked in a form that ECS runs/,
    world: () => asked(good)
  },
  {
    check: 'container-check',
    when: 'no container has one',
    state: 'ok',
    says: /No essential container/,
    world: () => facts()
  },
  {
    check: 'container-check',
    when: 'the command is no list',
    state: 'error',
    says: /command of web is no list/,
    world: () => asked({ ...good, command: 'curl -f http://localhost:8080/' })
  },
  {
    check: 'container-check',
    when: 'shell signs without a shell',
    state: 'warning',
    says: /shell signs among the arguments of CMD/,
    world: () => command('CMD', 'curl', '-f', 'http://localhost', '||', 'exit', '1')
  },
  {
    check: 'container-check',
    when: 'a command line as the name of a program',
    state: 'warning',
    says: /whole command line in one text/,
    world: () => command('CMD', 'curl -f http://localhost')
  },
  {
    check: 'container-check',
    when: 'words apart for the shell, which runs the first',
    state: 'warning',
    says: /only the first of them/,
    world: () => command('CMD-SHELL', 'curl', '-f', 'http://localhost')
  },
  {
    check: 'container-check',
    when: 'neither CMD nor CMD-SHELL before a command line',
    state: 'warning',
    says: /neither CMD nor CMD-SHELL/,
    world: () => command('curl -f http://localhost || exit 1')
  },
  {
    check: 'container-check',
    when: 'a program alone, which ECS runs as it stands',
    state: 'ok',
    says: /asked in a form that ECS runs/,
    world: () => command('/healthcheck')
  },
  {
    check: 'container-check',
    when: 'a number out of its range',
    state: 'error',
    says: /retries of the health check of web is 15, and ECS takes 1 to 10/,
    world: () => asked({ ...good, retries: 15 })
  },
  {
    check: 'container-check',
    when: 'what runs has that number: ECS has taken it',
    state: 'ok',
    says: /asked in a form that ECS runs/,
    world: () =>
      asked({ ...good, retries: 15 }, { running: definition({ healthCheck: { ...good, retries: 15 } }) })
  },
  {
    check: 'container-check',
    when: 'three checks in 30 s, no startPeriod and no grace period',
    state: 'warning',
    says: /does not answer 30s after its start: there is no startPeriod.*3 checks of web every 10s/,
    world: () => asked({ command: curl, interval: 10 }, noGrace)
  },
  {
    check: 'container-check',
    when: 'the same within the grace period of the service',
    state: 'ok',
    says: /asked in a form that ECS runs/,
    world: () => asked({ command: curl, interval: 10 })
  },
  {
    check: 'container-check',
    when: 'tasks pass it now, short as it is; the tasks may be read',
    state: 'ok',
    says: /passes this check now/,
    world: () => {
      const healthCheck = { command: curl, interval: 10 }
      return asked(healthCheck, {
        ...noGrace,
        running: definition({ healthCheck }),
        tasks: known([serving({ healthStatus: 'HEALTHY' })])
      })
    }
  },
  {
    check: 'container-check',
    when: 'nobody can say whether tasks pass it',
    state: 'warning',
    says: /no startPeriod/,
    world: () => {
      const healthCheck = { command: curl, interval: 10 }
      return asked(healthCheck, {
        ...noGrace,
        running: definition({ healthCheck }),
        tasks: unknown('the role may not call ecs:DescribeTasks')
      })
    }
  },
  {
    check: 'container-check',
    when: 'a sidecar on which nothing hangs',
    state: 'ok',
    says: /No essential container/,
    world: () =>
      facts({ definition: definition({ essential: false, healthCheck: { command: 'curl' } as JsonObject }) })
  },
  {
    check: 'container-check-program',
    when: 'curl in a slim image, where the one before said nothing',
    state: 'warning',
    says: /calls curl, which slim images come without.*docker run --rm --entrypoint curl \S+:2.5.0-slim/,
    world: () =>
      called(`${host}/backend:2.5.0-slim`, curl, {
        tasks: known([serving({ healthStatus: 'HEALTHY', image: `${host}/backend:2.4.0` })])
      })
  },
  {
    check: 'container-check-program',
    when: 'the slim image before passes it',
    state: 'ok',
    says: /passes this check now/,
    world: () =>
      called(`${host}/backend:2.5.0-slim`, curl, {
        tasks: known([serving({ healthStatus: 'HEALTHY', image: `${host}/backend:2.4.0-slim` })])
      })
  },
  {
    check: 'container-check-program',
    when: 'a slim image, and the tasks may not be read',
    state: 'warning',
    says: /slim images come without/,
    world: () => called('node:22-slim', curl, { tasks: unknown('the role may not call ecs:DescribeTasks') })
  },
  {
    check: 'container-check-program',
    when: 'a name that says nothing',
    state: 'ok',
    says: /lacks sh, curl/,
    world: () => called(`${host}/backend:2.5.0`, curl)
  },
  {
    check: 'container-check-program',
    when: 'wget in an alpine image, which has it',
    state: 'ok',
    says: /Nothing in the name/,
    world: () => called('node:22-alpine3.20', ['CMD-SHELL', 'wget -qO- http://localhost:8080/ || exit 1'])
  },
  {
    check: 'container-check-program',
    when: 'a shell in a distroless image',
    state: 'warning',
    says: /calls sh and curl, which distroless images/,
    world: () => called('gcr.io/distroless/nodejs22', curl)
  },
  {
    check: 'container-check-program',
    when: 'the debug variant has a shell',
    state: 'ok',
    says: /Nothing in the name/,
    world: () => called('gcr.io/distroless/nodejs22:debug', ['CMD-SHELL', '/check'])
  },
  {
    check: 'container-check-program',
    when: 'the application checks itself, whatever the image',
    state: 'ok',
    says: /Nothing in the name/,
    world: () => called('gcr.io/distroless/static', ['CMD', '/app/server', 'health'])
  },
  {
    check: 'container-check-program',
    when: 'quoted text is no program',
    state: 'ok',
    says: /Nothing in the name/,
    world: () => called('node:22-slim', ['CMD-SHELL', `node -e "exec('x || curl y')" || exit 1`])
  }
]
