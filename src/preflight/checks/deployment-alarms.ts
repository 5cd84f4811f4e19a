import { ok, unknowable, warning, type Check } from '../check.js'

/** Alarms that rang before: ECS ignores them for the whole deployment. */
export const deploymentAlarms: Check = {
  name: 'deployment-alarms',
  area: 'service',
  question: "Are the service's deployment alarms quiet before the deployment?",
  reads: ['cloudwatch:DescribeAlarms'],
  worst: 'warning',
  source:
    'ECS developer guide, deployment alarms: one that is in ALARM at the start is ignored for the whole deployment',
  look({ service, alarms }) {
    if (service.alarms?.enable !== true || service.alarms.names.length === 0)
      return ok('The service has no deployment alarms.')
    if (!alarms.known) return unknowable(alarms.why)
    const raised = alarms.value.filter((a) => a.state === 'ALARM')
    if (raised.length === 0) return ok(`Quiet: ${service.alarms.names.join(', ')}.`)
    const names = raised.map((a) => a.name)
    return warning(
      `In ALARM already: ${names.join(', ')}. ECS ignores the alarms of the service for this deployment.`,
      raised.map((a) => `${a.name} is ALARM${a.reason === undefined ? '' : `: ${a.reason}`}`),
      {
        todo: 'Find out why it rings before deploying over it.',
        command: `aws cloudwatch describe-alarms --alarm-names ${names.map((n) => `'${n}'`).join(' ')}`
      }
    )
  }
}
