import type { Service } from '../domain/service.js'

/** The last part of a cluster ARN. */
export function clusterName({ clusterArn }: Pick<Service, 'clusterArn'>): string {
  return clusterArn.slice(clusterArn.lastIndexOf('/') + 1)
}

/** `aws ecs update-service` for this service, with these options. */
export function serviceCommand(service: Service, options: string): string {
  return `aws ecs update-service --cluster ${clusterName(service)} --service ${service.name} ${options}`
}

/** The way to the service in the console. */
export function serviceConsole(service: Service, tab: string): string {
  return `ECS → Clusters → ${clusterName(service)} → Services → ${service.name} → ${tab}`
}
