/** The services that are played, by the name that requests are signed for: how each is spoken. */
import * as scaling from '@aws-sdk/client-application-auto-scaling'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as sts from '@aws-sdk/client-sts'
import { createRequire } from 'node:module'

/** How a service is spoken (facts J). */
export interface Speech {
  /** The SDK's module: its schemas are the shapes of questions and answers. */
  sdk: Record<string, unknown>
  protocol: 'json' | 'query'
  /** What stands before the operation in X-Amz-Target (JSON). */
  target?: string
  /** The JSON protocol's version. Default 1.1. */
  json?: '1.0' | '1.1'
  /** What IAM calls the service, when that is another name than the one requests are signed for. */
  iam?: string
  /** JSON and the query protocol both; errors say their query code in a header (AWS query compatible). */
  alsoQuery?: boolean
  /** The namespace of the answers (XML). */
  namespace?: string
  /** EC2's own way with the query protocol. */
  dialect?: 'ec2'
}

const require = createRequire(import.meta.url)

/** A module that few worlds are asked for: its schemas take longer to load than a whole world. */
function lazily(name: string): Record<string, unknown> {
  return require(name) as Record<string, unknown>
}

/** To play one more service: a row here, and its operations in `services/index.ts`. */
export const services = {
  ecs: { sdk: ecs, protocol: 'json', target: 'AmazonEC2ContainerServiceV20141113' },
  ecr: { sdk: ecr, protocol: 'json', target: 'AmazonEC2ContainerRegistry_V20150921' },
  monitoring: {
    sdk: cloudwatch,
    protocol: 'json',
    json: '1.0',
    target: 'GraniteServiceVersion20100801',
    alsoQuery: true,
    iam: 'cloudwatch',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/'
  },
  logs: { sdk: logs, protocol: 'json', target: 'Logs_20140328' },
  elasticloadbalancing: {
    sdk: elb,
    protocol: 'query',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'
  },
  ec2: {
    sdk: ec2,
    protocol: 'query',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    dialect: 'ec2'
  },
  'application-autoscaling': { sdk: scaling, protocol: 'json', target: 'AnyScaleFrontendService' },
  sts: { sdk: sts, protocol: 'query', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  iam: {
    get sdk() {
      return lazily('@aws-sdk/client-iam')
    },
    protocol: 'query',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/'
  },
  secretsmanager: {
    get sdk() {
      return lazily('@aws-sdk/client-secrets-manager')
    },
    protocol: 'json',
    target: 'secretsmanager'
  },
  ssm: {
    get sdk() {
      return lazily('@aws-sdk/client-ssm')
    },
    protocol: 'json',
    target: 'AmazonSSM'
  }
} satisfies Record<string, Speech>

export type ServiceName = keyof typeof services

/** How a service is spoken. */
export function speechOf(service: ServiceName): Speech {
  return services[service]
}

/** The service of an X-Amz-Target prefix. */
export function serviceOfTarget(prefix: string): ServiceName | undefined {
  return names().find((name) => speechOf(name).target === prefix)
}

/** The service that a request of the query protocol was signed for. */
export function serviceOfScope(scope: string | undefined): ServiceName | undefined {
  return names().find((name) => {
    const { protocol, alsoQuery } = speechOf(name)
    return name === scope && (protocol === 'query' || alsoQuery === true)
  })
}

function names(): ServiceName[] {
  return Object.keys(services) as ServiceName[]
}
