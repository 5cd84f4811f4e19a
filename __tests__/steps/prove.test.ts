/** What a candidate must withstand before it may be gone back to, and what is only not known. */
import { expect, test } from '@jest/globals'
import type { Candidate } from '../../src/domain/known-good.js'
import type { Service } from '../../src/domain/service.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import { AwsFault, NotFound, RegistryFault, type Manifest, type Ports } from '../../src/ports.js'
import { isEligible, Prover, type Proven } from '../../src/steps/prove.js'

const digest = `sha256:${'a'.repeat(64)}`
const web = `043309339649.dkr.ecr.us-west-2.amazonaws.com/web@${digest}`
const agent = `ghcr.io/acme/agent@${digest}`
const execution = 'arn:aws:iam::043309339649:role/path/execution'

const index = (...architectures: string[]): Manifest => ({
  digest,
  bytes: JSON.stringify({
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: architectures.map((architecture) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: 1,
      platform: { os: 'linux', architecture }
    }))
  })
})

/** A world that answers so; what is not given is as it should be. */
interface Answers {
  manifest?: (name: string) => Manifest | Error
  role?: (arn: string) => object | undefined | Error
  roles?: false
  /** The definition whose tasks run. */
  running?: JsonObject
}

function world({ manifest, role, roles, running }: Answers) {
  const asked: string[] = []
  const or = <T>(value: T | Error): T => {
    if (value instanceof Error) throw value
    return value
  }
  const ports = {
    containers: {},
    repositories: { image: () => Promise.resolve({ digest, tags: ['v1'], status: 'ACTIVE' }) },
    registries: {
      manifest: (repository: { name: string }) => {
        asked.push(`manifest ${repository.name}`)
        return Promise.resolve().then(() => or(manifest?.(repository.name) ?? index('amd64', 'arm64')))
      }
    },
    surroundings:
      roles === false
        ? {}
        : {
            role: (arn: string) => {
              asked.push(`role ${arn.replace(/^.*\//, '')}`)
              return Promise.resolve().then(() => or(role ? role(arn) : { arn }))
            }
          },
    clock: { now: () => 0, sleep: () => new Promise(() => undefined), random: () => 0 },
    announce: () => {
      throw new Error('nothing is said by the way')
    }
  } as unknown as Ports
  const arn = 'arn:aws:ecs:eu-west-1:043309339649:service/main/web'
  const service = { arn, launchType: 'FARGATE', loadBalancers: [] as unknown } as Service
  const prover = new Prover(ports, service, 'production', running && { definition: running, tags: [] })
  const prove = async (definition: JsonObject, more: Partial<Candidate> = {}): Promise<Proven> => {
    const candidate = { taskDefinition: 'web:1', evidence: 'it was named', digests: {}, abandoned: false }
    return await prover.prove({ ...candidate, ...more }, { definition, tags: [] })
  }
  return { asked, prove, prover }
}

const definition = (more: object = {}, container: object = {}): JsonObject => ({
  status: 'ACTIVE',
  executionRoleArn: execution,
  containerDefinitions: [{ name: 'web', image: web, essential: true, ...container }],
  ...more
})

const denied = (operation: string) => new AwsFault('denied', operation, 'AccessDenied', 'not allowed')

test('all is as it should be', async () => {
  const { asked, prove } = world({})
  const proven = await prove(definition())
  expect([isEligible(proven), proven.problems, proven.notes]).toEqual([true, [], []])
  expect(asked).toEqual(['role execution', 'manifest web'])
})

test('an image for another platform than the tasks run on', async () => {
  const { prove } = world({ manifest: () => index('arm64') })
  const proven = await prove(definition())
  expect(proven.problems).toEqual([
    `container web: ${web} is built for linux/arm64, but the tasks run on linux/amd64`
  ])
  expect(proven).toMatchObject({ wrongPlatform: true })
  expect((await prove(definition({ runtimePlatform: { cpuArchitecture: 'ARM64' } }))).problems).toEqual([])
})

test('what its tasks run at this moment is not doubted, and not asked for', async () => {
  const { asked, prove } = world({ manifest: () => index('arm64') })
  expect((await prove(definition(), { deploymentId: 'ecs-svc/1' })).problems).toEqual([])
  expect(asked).toEqual(['role execution'])
})

test('a role that is gone, either of the two; each is asked for once', async () => {
  const { asked, prove } = world({ role: (arn) => (arn.endsWith('/task') ? undefined : { arn }) })
  const taskRoleArn = 'arn:aws:iam::043309339649:role/task'
  for (let i = 0; i < 2; i++)
    expect((await prove(definition({ taskRoleArn }))).problems).toEqual(['its task role task does not exist'])
  expect(asked.filter((a) => a.startsWith('role'))).toEqual(['role execution', 'role task'])
})

test('a role that tasks run with is there, whatever IAM says; one of another account is not asked for', async () => {
  const { asked, prove } = world({ role: () => undefined, running: definition() })
  const proven = await prove(definition({ taskRoleArn: 'arn:aws:iam::111122223333:role/theirs' }))
  expect(isEligible(proven)).toBe(true)
  expect(proven.notes).toEqual(['IAM does not know its execution role execution, though tasks run with it'])
  expect(asked.filter((a) => a.startsWith('role'))).toEqual(['role execution'])
})

test('roles that may not be read are not known, are asked for once, and held against nobody', async () => {
  const { asked, prove, prover } = world({ role: () => denied('iam:GetRole') })
  expect(prover.rolesUnread).toBeUndefined()
  for (const name of ['one', 'two']) {
    const proven = await prove(definition({ executionRoleArn: `arn:aws:iam::043309339649:role/${name}` }))
    expect([isEligible(proven), proven.notes]).toEqual([true, []])
  }
  expect(prover.rolesUnread).toBe('the role may not call iam:GetRole')
  expect(asked.filter((a) => a.startsWith('role'))).toEqual(['role one'])
})

test('a world without IAM says nothing of roles', async () => {
  const proven = await world({ roles: false }).prove(definition())
  expect([proven.problems, proven.notes]).toEqual([[], []])
})

test.each<[string, Error, object, { problems: string[]; notes: string[] }]>([
  ['gone', new NotFound('no such image'), {}, { problems: ['container web: no such image'], notes: [] }],
  [
    'gone for us, but ECS has credentials of its own',
    new NotFound('no such image'),
    { repositoryCredentials: { credentialsParameter: 'arn' } },
    { problems: [], notes: ['no such image'] }
  ],
  [
    'where we may not look',
    new RegistryFault('denied', 'ghcr.io', 'ghcr.io does not let us in'),
    {},
    { problems: [], notes: [`${agent} could not be looked at (ghcr.io does not let us in)`] }
  ]
])('an image of another registry that is %s', async (_, error, more, { problems, notes }) => {
  const proven = await world({ manifest: () => error }).prove(definition({}, { image: agent, ...more }))
  expect([proven.problems, proven.notes]).toEqual([problems, notes])
})

test('a manifest that ECR does not give is no more than not known', async () => {
  const proven = await world({ manifest: () => denied('ecr:BatchGetImage') }).prove(definition())
  expect(isEligible(proven)).toBe(true)
  expect(proven.notes).toEqual([`${web} could not be looked at (not allowed)`])
})
