// moto's server, where the machine has it, beside the simulator: the same calls of ECR, Logs, ELBv2 and EC2 to both.
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import { playEcr, playLogs } from './moto-images.mjs'
import { motoKnown } from './moto-known.mjs'
import { playNetwork } from './moto-network.mjs'
import { startMoto } from './peers.mjs'
import { ready } from './ready.mjs'

ready()
// On an older Node than production's the SDK would have its say about that between the lines.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
const { register } = await import('tsx/esm/api')
register()
const { createWorld, startServer } = await import('../simulator/index.ts')

const moto = await startMoto()
if (moto === undefined) {
  console.log('moto check: skipped, no moto_server here')
  process.exit(0)
}
const account = '123456789012'
const world = createWorld({ account, region: 'us-west-2' })
const server = await startServer(world, { limits: false })
const clientsOf = (endpoint) => {
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' }
  const config = { endpoint, region: world.region, credentials, maxAttempts: 1 }
  return {
    ecr: new ecr.ECRClient(config),
    logs: new logs.CloudWatchLogsClient(config),
    elb: new elb.ElasticLoadBalancingV2Client(config),
    ec2: new ec2.EC2Client(config)
  }
}
const ours = clientsOf(server.url)
const theirs = clientsOf(moto.url)

let failures = 0
let agreed = 0
const met = new Set()

/** Leaves by path; what no two clouds have in common (ids, times, tokens) is only told to be there. */
function leaves(value, path = '', out = {}) {
  if (value instanceof Date) out[path] = 'a time'
  else if (Array.isArray(value)) {
    if (value.length === 0) out[path] = '[]'
    value.forEach((item, i) => leaves(item, `${path}[${i}]`, out))
  } else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      leaves(member, path === '' ? name : `${path}.${name}`, out)
  else if (value !== undefined) out[path] = mask(path, value)
  return out
}

function mask(path, value) {
  if (/[tT]oken$|Time$|timestamp$|eventId$|reatedAt$|expiresAt$/.test(path)) return 'some'
  return typeof value === 'string'
    ? value
        .replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')
        .replace(/\b(vpc|subnet|sg|igw|rtb|rtbassoc|dopt|sgr)-[0-9a-f]+/g, '$1-id')
    : value
}

async function outcome(call) {
  try {
    const { $metadata, ...answer } = await call
    return leaves(answer)
  } catch (error) {
    return { error: error.name, message: mask('message', error.message) }
  }
}

/** Asks both; every leaf that differs must be a known difference. `show` keeps what is compared. */
async function same(service, command, input = {}, { name = '', show = (x) => x } = {}) {
  const modules = { ecr, logs, elb, ec2 }
  const ask = async (clients, given) =>
    await outcome(clients[service].send(new modules[service][`${command}Command`](given)).then(show))
  const [a, b] = [await ask(ours, input.ours ?? input), await ask(theirs, input.theirs ?? input)]
  const title = `${service} ${command}${name === '' ? '' : ` (${name})`}`
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((p) => a[p] !== b[p])
  if (paths.length === 0) {
    agreed++
    console.log(`ok    ${title}`)
  }
  for (const path of paths) {
    const line = `${title}: ${path}`
    const why = motoKnown.find(([pattern]) => pattern.test(line))
    if (why !== undefined) met.add(why)
    else failures++
    const text = `${JSON.stringify(a[path])}, moto ${JSON.stringify(b[path])}`
    console.log(why === undefined ? `FAIL  ${line}: ${text}` : `known ${line}: ${text}: ${why[1]}`)
  }
}

const both = { world, theirs, same }
await playEcr(both)
await playLogs(both)
await playNetwork(both)

for (const one of motoKnown.filter((k) => !met.has(k))) {
  failures++
  console.log(`FAIL  ${String(one[0])}: no difference any more`)
}
if (server.violations.length > 0) {
  failures++
  console.log(`FAIL  answers that broke the schemas: ${server.violations.join('; ')}`)
}
for (const clients of [ours, theirs]) for (const client of Object.values(clients)) client.destroy()
await server.close()
await moto.stop()
console.log(
  `moto check: ${agreed} calls agree, ${met.size} kinds of known differences, ${failures} unexpected`
)
process.exit(failures === 0 ? 0 : 1)
