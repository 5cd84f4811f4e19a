import type * as sdk from '@aws-sdk/client-ecs'
import type { Rollouts } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** What can be done to service deployments of Amazon ECS through the SDK. */
export class EcsRollouts implements Rollouts {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async stop(serviceDeployment: string): Promise<void> {
    await this.send(
      'StopServiceDeployment',
      async (ecs, { StopServiceDeploymentCommand }) =>
        await ecs.send(
          new StopServiceDeploymentCommand({ serviceDeploymentArn: serviceDeployment, stopType: 'ROLLBACK' }),
          this.abort()
        )
    )
  }

  private async send<T>(
    operation: string,
    use: (ecs: sdk.ECSClient, commands: typeof sdk) => Promise<T>
  ): Promise<T> {
    const client = await this.clients.ecs()
    const commands = await import('@aws-sdk/client-ecs')
    return await call(`ecs:${operation}`, this.patience, () => use(client, commands))
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}
