import type * as sdk from '@aws-sdk/client-ecs'
import type { Tag } from '../domain/task-definition.js'
import type { PastRollout, Rollouts, ServiceName, ServiceRevision } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** The most that one request of DescribeServiceRevisions takes (API reference). */
const revisionsAtOnce = 20

/** Service deployments, service revisions and tags of Amazon ECS through the SDK. */
export class EcsRollouts implements Rollouts {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async successful({ cluster, service }: ServiceName, most: number): Promise<PastRollout[]> {
    const answer = await this.send(
      'ListServiceDeployments',
      async (ecs, { ListServiceDeploymentsCommand }) =>
        await ecs.send(
          new ListServiceDeploymentsCommand({
            cluster,
            service,
            status: ['SUCCESSFUL'],
            maxResults: Math.min(most, 100)
          }),
          this.abort()
        )
    )
    const ended = (answer.serviceDeployments ?? []).flatMap((d) => {
      // A world that does not know the filter answers with every rollout.
      if (d.serviceDeploymentArn === undefined || d.status !== 'SUCCESSFUL') return []
      const at = (d.finishedAt ?? d.createdAt)?.getTime()
      const revision = d.targetServiceRevisionArn ?? ''
      const began = d.startedAt ?? d.createdAt
      const took = d.finishedAt && began ? d.finishedAt.getTime() - began.getTime() : undefined
      return [
        {
          arn: d.serviceDeploymentArn,
          revision,
          ...(at === undefined ? {} : { finishedAt: at }),
          ...(took === undefined || took < 0 ? {} : { tookMs: took })
        }
      ]
    })
    return ended.sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))
  }

  async revisions(arns: string[]): Promise<ServiceRevision[]> {
    if (arns.length === 0) return []
    const answer = await this.send(
      'DescribeServiceRevisions',
      async (ecs, { DescribeServiceRevisionsCommand }) =>
        await ecs.send(
          new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns.slice(0, revisionsAtOnce) }),
          this.abort()
        )
    )
    return (answer.serviceRevisions ?? []).flatMap((r) => {
      if (r.serviceRevisionArn === undefined || r.taskDefinition === undefined) return []
      const known = (r.containerImages ?? []).flatMap((image) =>
        image.containerName === undefined || image.imageDigest === undefined
          ? []
          : [[image.containerName, image.imageDigest] as const]
      )
      return [
        { arn: r.serviceRevisionArn, taskDefinition: r.taskDefinition, digests: Object.fromEntries(known) }
      ]
    })
  }

  async family(family: string, status: 'ACTIVE' | 'INACTIVE', most: number): Promise<string[]> {
    const answer = await this.send(
      'ListTaskDefinitions',
      async (ecs, { ListTaskDefinitionsCommand }) =>
        await ecs.send(
          new ListTaskDefinitionsCommand({ familyPrefix: family, status, sort: 'DESC', maxResults: most }),
          this.abort()
        )
    )
    return answer.taskDefinitionArns ?? []
  }

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

  async tag(taskDefinition: string, tags: Tag[]): Promise<void> {
    await this.send(
      'TagResource',
      async (ecs, { TagResourceCommand }) =>
        await ecs.send(new TagResourceCommand({ resourceArn: taskDefinition, tags }), this.abort())
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
