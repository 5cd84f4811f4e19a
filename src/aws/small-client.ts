import type { Client } from '@smithy/core/client'
import { AwsFault } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/**
 * Services of which we read a few answers. Their own SDK clients describe hundreds of operations (EC2's alone is half as
 * large as all of this action), so they are asked through the SDK's protocols, signing, credentials and endpoints, with
 * only the shapes that are read here.
 */
export interface SmallService {
  /** As the SDK names it: endpoints of the environment are found by it. */
  id: string
  /** What requests are signed for, and where AWS's own hosts are. */
  host: string
  version: string
  target: string
  namespace: string
  protocol: 'ec2' | 'query' | 'json'
  /** One host for all regions of a partition (IAM). */
  global?: true
}

export const ec2Service: SmallService = {
  id: 'EC2',
  host: 'ec2',
  version: '2016-11-15',
  target: 'AmazonEC2',
  namespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
  protocol: 'ec2'
}

export const iamService: SmallService = {
  id: 'IAM',
  host: 'iam',
  version: '2010-05-08',
  target: 'AWSIdentityManagementV20100508',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  protocol: 'query',
  global: true
}

export const secretsService: SmallService = {
  id: 'Secrets Manager',
  host: 'secretsmanager',
  version: '2017-10-17',
  target: 'secretsmanager',
  namespace: '',
  protocol: 'json'
}

export const ssmService: SmallService = {
  id: 'SSM',
  host: 'ssm',
  version: '2014-11-06',
  target: 'AmazonSSM',
  namespace: '',
  protocol: 'json'
}

/** Hosts and regions of IAM, by partition. */
const iamHosts: Record<string, [host: string, region: string]> = {
  aws: ['iam.amazonaws.com', 'us-east-1'],
  'aws-cn': ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  'aws-us-gov': ['iam.us-gov.amazonaws.com', 'us-gov-west-1']
}

/** An operation, as `shapes.ts` writes it. */
export type Operation = unknown[]

/** Sends operations of small services. */
export class SmallClient {
  private readonly clients = new Map<string, Promise<Client<never, never, never, never>>>()

  constructor(
    private readonly shared: Pick<Clients, 'settings'>,
    private readonly patience: Patience
  ) {}

  /** One request; throws AwsFault. `name` is the action that IAM knows, such as `ec2:DescribeSubnets`. */
  async send<Answer>(
    service: SmallService,
    name: string,
    operation: Operation,
    input: object,
    region?: string
  ): Promise<Answer> {
    const { command } = await import('./small-command.js')
    const client = await this.client(service, region)
    const Command = command(service, operation)
    const options = this.patience.signal ? { abortSignal: this.patience.signal } : {}
    const answer: unknown = await call(
      name,
      this.patience,
      async () => (await client.send(new Command(input) as never, options as never)) as unknown
    )
    if (typeof answer === 'object' && answer !== null) return answer as Answer
    throw new AwsFault('unreachable', name, 'NoAnswer', 'the answer is empty')
  }

  private client(service: SmallService, region = ''): Promise<Client<never, never, never, never>> {
    const key = `${service.id} ${region}`
    const known = this.clients.get(key)
    if (known) return known
    const made = import('./small-command.js').then(({ smallClient }) =>
      smallClient(service, { ...this.shared.settings, ...(region === '' ? {} : { region }) }, iamHosts)
    )
    this.clients.set(key, made)
    return made
  }
}
