import type * as sdk from '@aws-sdk/client-ecs'
import { AwsFault, NotFound, type Containers, type ServiceName, type Update } from '../ports.js'
import type { Rollout, Service, Task } from '../domain/service.js'
import { isObject, type JsonObject, type Tag, type TaskDefinition } from '../domain/task-definition.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'
import { toRollout, toService, toTask } from './ecs-shapes.js'
import { captureAnswer, sendBody } from './raw-json.js'

/** Amazon ECS through the SDK. */
export class Ecs implements Containers {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async service(name: ServiceName): Promise<Service> {
    const answer = await this.send('DescribeServices', async (ecs, { DescribeServicesCommand }) => {
      const input = { cluster: name.cluster, services: [name.service] }
      const said = await ecs.send(new DescribeServicesCommand(input), this.abort())
      // An answer that says neither "here it is" nor "there is none" is no answer; it is asked again.
      if (!said.services?.length && !said.failures?.length) throw new Error('the answer is empty')
      return said
    }).catch((error: unknown) => {
      throw isMissing(error) ? noCluster(name.cluster) : error
    })
    const found = answer.services?.[0]
    if (found) return toService(found)
    const reason = answer.failures?.[0]?.reason ?? 'MISSING'
    if (reason === 'MISSING') throw noService(name)
    throw new AwsFault(
      'rejected',
      'ecs:DescribeServices',
      reason,
      `${reason}: ${answer.failures?.[0]?.detail ?? name.service}`
    )
  }

  async update(name: ServiceName, change: Update): Promise<Service> {
    const answer = await this.send(
      'UpdateService',
      async (ecs, { UpdateServiceCommand }) =>
        await ecs.send(
          new UpdateServiceCommand({ cluster: name.cluster, service: name.service, ...change }),
          this.abort()
        ),
      'never'
    )
    if (!answer.service)
      throw new AwsFault('unreachable', 'ecs:UpdateService', 'NoAnswer', 'the answer names no service')
    return toService(answer.service)
  }

  async taskArns(name: ServiceName, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
    const arns: string[] = []
    let nextToken: string | undefined
    do {
      const page = await this.send(
        'ListTasks',
        async (ecs, { ListTasksCommand }) =>
          await ecs.send(
            new ListTasksCommand({
              cluster: name.cluster,
              serviceName: name.service,
              desiredStatus,
              maxResults: 100,
              ...(nextToken === undefined ? {} : { nextToken })
            }),
            this.abort()
          )
      )
      arns.push(...(page.taskArns ?? []))
      nextToken = page.nextToken
    } while (nextToken !== undefined && nextToken !== '')
    return [...new Set(arns)]
  }

  async tasks(cluster: string, arns: string[]): Promise<Task[]> {
    const found: Task[] = []
    for (const tasks of chunks(arns, 100)) {
      const answer = await this.send(
        'DescribeTasks',
        async (ecs, { DescribeTasksCommand }) =>
          await ecs.send(new DescribeTasksCommand({ cluster, tasks }), this.abort())
      )
      found.push(...(answer.tasks ?? []).map(toTask))
    }
    return found
  }

  async instances(cluster: string, arns: string[]): Promise<Map<string, string>> {
    const ids = new Map<string, string>()
    for (const containerInstances of chunks(arns, 100)) {
      const answer = await this.send(
        'DescribeContainerInstances',
        async (ecs, { DescribeContainerInstancesCommand }) =>
          await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }), this.abort())
      )
      for (const i of answer.containerInstances ?? [])
        if (i.containerInstanceArn !== undefined && i.ec2InstanceId !== undefined)
          ids.set(i.containerInstanceArn, i.ec2InstanceId)
    }
    return ids
  }

  async rollout(name: ServiceName, since: number, arn?: string): Promise<Rollout | undefined> {
    const known = arn ?? (await this.newestRollout(name, since))
    if (known === undefined) return undefined
    const answer = await this.send(
      'DescribeServiceDeployments',
      async (ecs, { DescribeServiceDeploymentsCommand }) =>
        await ecs.send(
          new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [known] }),
          this.abort()
        )
    )
    const found = answer.serviceDeployments?.[0]
    return found && toRollout(found)
  }

  private async newestRollout(name: ServiceName, since: number): Promise<string | undefined> {
    const answer = await this.send(
      'ListServiceDeployments',
      async (ecs, { ListServiceDeploymentsCommand }) =>
        await ecs.send(
          new ListServiceDeploymentsCommand({
            cluster: name.cluster,
            service: name.service,
            createdAt: { after: new Date(since) },
            maxResults: 20
          }),
          this.abort()
        )
    )
    const briefs = [...(answer.serviceDeployments ?? [])]
    const newest = briefs.sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0]
    return newest?.serviceDeploymentArn
  }

  async taskDefinition(reference: string): Promise<TaskDefinition> {
    const raw = await this.send('DescribeTaskDefinition', async (ecs, { DescribeTaskDefinitionCommand }) => {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] })
      const answer = captureAnswer(command.middlewareStack)
      await ecs.send(command, this.abort())
      return answer()
    }).catch((error: unknown) => {
      if (
        error instanceof AwsFault &&
        error.kind === 'rejected' &&
        /unable to describe|not found/i.test(error.message)
      )
        throw new NotFound(`task definition ${reference} does not exist`)
      throw error
    })
    const definition = raw['taskDefinition']
    if (!isObject(definition))
      throw new AwsFault(
        'unreachable',
        'ecs:DescribeTaskDefinition',
        'NoAnswer',
        `no task definition ${reference} in the answer`
      )
    return { definition, tags: toTags(raw['tags']) }
  }

  async register(definition: JsonObject, tags: Tag[]): Promise<string> {
    const body: JsonObject = {
      ...definition,
      ...(tags.length > 0 ? { tags: tags.map((t) => ({ ...t })) } : {})
    }
    const answer = await this.send(
      'RegisterTaskDefinition',
      async (ecs, { RegisterTaskDefinitionCommand }) => {
        const command = new RegisterTaskDefinitionCommand({
          family: '',
          containerDefinitions: []
        })
        sendBody(command.middlewareStack, body)
        return await ecs.send(command, this.abort())
      },
      'not-sent'
    )
    const arn = answer.taskDefinition?.taskDefinitionArn
    if (arn === undefined)
      throw new AwsFault(
        'unreachable',
        'ecs:RegisterTaskDefinition',
        'NoAnswer',
        'the answer names no task definition'
      )
    return arn
  }

  private async send<T>(
    operation: string,
    use: (ecs: sdk.ECSClient, commands: typeof sdk) => Promise<T>,
    again: 'any' | 'not-sent' | 'never' = 'any'
  ): Promise<T> {
    const client = await this.clients.ecs()
    const commands = await import('@aws-sdk/client-ecs')
    return await call(`ecs:${operation}`, this.patience, () => use(client, commands), again)
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof AwsFault && error.kind === 'missing'
}

function noCluster(cluster: string): NotFound {
  return new NotFound(`cluster "${cluster}" does not exist in this account and region`)
}

function noService({ cluster, service }: ServiceName): NotFound {
  return new NotFound(`service "${service}" does not exist in cluster "${cluster}"`)
}

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

function toTags(tags: unknown): Tag[] {
  if (!Array.isArray(tags)) return []
  return tags.filter(isObject).map((t) => ({
    key: typeof t['key'] === 'string' ? t['key'] : '',
    value: typeof t['value'] === 'string' ? t['value'] : ''
  }))
}
