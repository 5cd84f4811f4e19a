import { parseArn } from '../domain/arn.js'
import { redact } from './redact.js'
import { codeSpan } from './untrusted.js'
import type { RunView } from './view.js'

const consoles: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com'
}
const regionForm = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/

/** Where AWS's console has what these names say; undefined in a partition whose console we do not know. */
export function consoleOf(taskDefinition: string | undefined): { host: string; region: string } | undefined {
  const { partition = '', region = '' } = parseArn(taskDefinition ?? '') ?? {}
  const host = consoles[partition]
  return host === undefined || !regionForm.test(region) ? undefined : { host: `${region}.${host}`, region }
}

/** The service in the ECS console. */
export function serviceUrl(
  view: Pick<RunView, 'cluster' | 'service' | 'previousTaskDefinition' | 'newTaskDefinition'>
): string | undefined {
  const console = consoleOf(view.previousTaskDefinition ?? view.newTaskDefinition)
  if (!console || view.cluster === '' || view.service === '') return undefined
  const path = `clusters/${encodeURIComponent(view.cluster)}/services/${encodeURIComponent(view.service)}`
  return `https://${console.host}/ecs/v2/${path}/deployments?region=${console.region}`
}

/** Links for a page: the run, the service, the logs. Built from checked names; nobody's text becomes an address. */
export function linksLine(view: RunView): string {
  const { links = {}, logGroups = [] } = view
  const console = consoleOf(view.previousTaskDefinition ?? view.newTaskDefinition)
  const service = serviceUrl(view)
  const logs = logGroups
    .filter(({ group }) => /^[\w./#-]{1,512}$/.test(group) && redact(group) === group)
    .filter(({ group }, i, all) => all.findIndex((other) => other.group === group) === i)
    .slice(0, 3)
    .flatMap(({ container, group, region }) => {
      const url = console && logUrl(console, group, region)
      return url === undefined ? [] : [`[Logs of ${codeSpan(container, 60)}](${url})`]
    })
  const all = [
    ...(links.run === undefined ? [] : [`[Workflow run](${links.run})`]),
    ...(service === undefined ? [] : [`[Service in the ECS console](${service})`]),
    ...logs
  ]
  return all.join(' · ')
}

/** The console wants names encoded twice, with a dollar sign for the second percent sign. */
function logUrl(
  console: { host: string; region: string },
  group: string,
  region?: string
): string | undefined {
  const own = region === undefined || !regionForm.test(region) ? console.region : region
  const host = console.host.replace(console.region, own)
  const name = encodeURIComponent(encodeURIComponent(group)).replaceAll('%', '$')
  return `https://${host}/cloudwatch/home?region=${own}#logsV2:log-groups/log-group/${name}`
}
