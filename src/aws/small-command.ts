import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { awsEndpointFunctions } from '@aws-sdk/core/client'
import { AwsEc2QueryProtocol, AwsJson1_1Protocol, AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { makeBuilder, type Client } from '@smithy/core/client'
import { getEndpointPlugin } from '@smithy/core/endpoints'
import type { Operation, SmallService } from './small-client.js'

const protocols = { ec2: AwsEc2QueryProtocol, query: AwsQueryProtocol, json: AwsJson1_1Protocol }

interface EndpointParams {
  Endpoint?: string
  Region?: string
  UseFIPS?: boolean
  UseDualStack?: boolean
}

/** Where the SDK finds what an endpoint depends on. */
const endpointParams = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' }
}

const partitionOf = awsEndpointFunctions['partition'] as unknown as (region: string) => {
  name: string
  dnsSuffix: string
}

/**
 * A client of the SDK that speaks for another service: the one for load balancers is loaded anyway, and all that makes
 * it one for load balancers is configuration.
 */
export function smallClient(
  service: SmallService,
  settings: { region?: string },
  globalHosts: Record<string, [host: string, region: string]>
): Client<never, never, never, never> {
  const { id, host, version, target, namespace, protocol } = service
  const place = (region: string): [host: string, region: string] => {
    const { name, dnsSuffix } = partitionOf(region)
    const own = service.global === true ? globalHosts[name] : undefined
    return own ?? [`${host}.${region}.${dnsSuffix}`, region]
  }
  const configuration = {
    ...settings,
    ...(settings.region === undefined ? {} : { region: place(settings.region)[1] }),
    serviceId: id,
    signingName: host,
    protocol: protocols[protocol],
    protocolSettings: {
      defaultNamespace: 'safe-ecs-deploy',
      xmlNamespace: namespace,
      version,
      serviceTarget: target
    },
    endpointProvider: ({ Endpoint, Region = '' }: EndpointParams) => ({
      url: new URL(Endpoint ?? `https://${place(Region)[0]}`)
    })
  }
  return new ElasticLoadBalancingV2Client(configuration as never) as never
}

/** The command of one operation. */
export function command(service: SmallService, operation: Operation): new (input: object) => object {
  const build = makeBuilder(
    endpointParams as never,
    service.target,
    `${service.id}Client`,
    getEndpointPlugin as never
  )
  return build({}, () => [], String(operation[2]), operation as never)
}
