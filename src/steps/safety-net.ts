import type { Service } from '../domain/service.js'
import type { Ports, ServiceName } from '../ports.js'

/**
 * Warns when nothing in AWS would undo a bad deployment were this runner to die, and shows what turns that on. The
 * percentages are named as they are: `deploymentConfiguration` is given as a whole.
 */
export function warnWithoutBreaker(ports: Ports, { cluster, service }: ServiceName, now: Service): void {
  if (now.breaker.enable && now.breaker.rollback) return
  const percent = (name: string, value: number | undefined) =>
    value === undefined ? '' : `,${name}=${value}`
  const configuration = [
    'deploymentCircuitBreaker={enable=true,rollback=true}',
    percent('minimumHealthyPercent', now.minimumHealthyPercent),
    percent('maximumPercent', now.maximumPercent)
  ].join('')
  const command = `aws ecs update-service --cluster ${cluster} --service ${service} --deployment-configuration '${configuration}'`
  ports.announce({
    code: 'warning',
    text: 'The service has no circuit breaker with rollback: if this runner dies, a bad deployment rolls on, and nothing in AWS undoes it. Two lines under deploymentCircuitBreaker in the template of the service turn it on, "enable: true" and "rollback: true".',
    fix: command
  })
}
