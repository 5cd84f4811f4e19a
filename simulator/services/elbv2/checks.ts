/** What ELBv2 refuses before it changes anything (SDK-ELB's doc comments; the words are inferred). */
import type { GroupSettings } from '../../world/elb/target-checks.js'
import { invalid, type Pages } from './find.js'

const web = ['HTTP', 'HTTPS']
const network = ['TCP', 'TLS', 'UDP', 'TCP_UDP']

/** Throws a ValidationError unless the value is one of those. */
export function checkEnum(name: string, value: string | undefined, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    throw invalid(`${name} '${value}' must be one of '${values.join(', ')}'`)
}

/** Throws a ValidationError unless it is a port, 1 to 65535. */
export function checkPort(name: string, given: number | string | undefined): void {
  const port = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
  if (port !== undefined && !(typeof port === 'number' && port >= 1 && port <= 65_535))
    throw invalid(`${name} '${port}' must be between 1 and 65535`)
}

/** Letters, digits and hyphens between them, at most 32; a load balancer's may not begin with `internal-`. */
export function checkName(what: 'Load balancer' | 'Target group', name: string): void {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name))
    throw invalid(`${what} name '${name}' cannot be longer than '32' characters and must be alphanumeric`)
  if (what === 'Load balancer' && name.startsWith('internal-'))
    throw invalid(`${what} name '${name}' cannot begin with 'internal-'`)
}

/** What a target group may speak. */
export function checkProtocol(protocol: string, version: string | undefined, port: number): void {
  checkEnum('Protocol', protocol, [...web, ...network])
  checkEnum('Protocol version', version, ['HTTP1', 'HTTP2', 'GRPC'])
  checkPort('Port', port)
}

/** What a listener of this type of load balancer may speak. */
export function checkListener(type: string, protocol: string | undefined, port: number): void {
  checkEnum('Protocol', protocol, type === 'application' ? web : network)
  checkPort('Port', port)
}

/** Health checks of a group with this protocol: the members that are given. */
export function checkHealthChecks(checks: Partial<GroupSettings>, protocol: string, grpc: boolean): void {
  const { healthCheckPort: port, healthCheckPath: path, matcher } = checks
  checkEnum(
    'Health check protocol',
    checks.healthCheckProtocol,
    web.includes(protocol) ? web : [...web, 'TCP']
  )
  if (port !== 'traffic-port') checkPort('Health check port', port)
  if (path !== undefined && !/^\/[\x21-\x7e]{0,1023}$/.test(path))
    throw invalid(`Health check path '${path}' must begin with a '/' and have at most 1024 characters`)
  if (
    matcher !== undefined &&
    !matcherFits(matcher, grpc ? [0, 99] : [200, web.includes(protocol) ? 499 : 599])
  )
    throw invalid(`Health check matcher '${matcher}' is not valid`)
}

function matcherFits(matcher: string, [low, high]: readonly [number, number]): boolean {
  return matcher.split(',').every((part) => {
    const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? []
    return from !== undefined && low <= Number(from) && Number(from) <= Number(to) && Number(to) <= high
  })
}

/** Page sizes go from 1 to 400, and only one way of naming is used at a time. */
export function checkQuestion({ PageSize: size }: Pages, ...namings: unknown[]): void {
  if (size !== undefined && (size < 1 || size > 400))
    throw invalid(`Page size '${size}' must be between 1 and 400`)
  if (namings.filter((naming) => naming !== undefined).length > 1)
    throw invalid('ARNs, names and the ARN of a load balancer cannot be specified together')
}
