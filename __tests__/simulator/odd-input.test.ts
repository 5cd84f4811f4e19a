/** What nobody should send: answered in AWS's shapes all the same, and nothing comes of it. */
import {
  GetLifecyclePolicyCommand,
  ListImagesCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand
} from '@aws-sdk/client-ecr'
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { NormalizedSchema } from '@smithy/core/schema'
import { describe, expect, test } from '@jest/globals'
import { operations } from '../../simulator/services/index.js'
import { membersOf, requiredOf, schemasOf, type ServiceName } from '../../simulator/wire/schemas.js'
import { speechOf } from '../../simulator/wire/services.js'
import { matchesWildcards } from '../../simulator/world/wildcards.js'
import { clients, refusal, shop } from './support.js'

type Shape = Record<string, unknown>

const odd: unknown[] = [null, -1, 1.5, 1e300, true, '', [], {}, [null], [[]], 'x'.repeat(20_000)]
const oddText = ['', '-1', '1.5', 'NaN', '99999999999999999999', 'x'.repeat(20_000)]
const hostile = [
  '\u0000\u0007\r\n<&"]]>',
  '__proto__',
  'constructor',
  '%zz',
  '💥\ud800',
  `${'*a'.repeat(40)}b`
]

/** Every member of a request, two lists or structures deep, as a path; `0` is a list's first item. */
function* placesOf(schema: NormalizedSchema, path: string[] = []): Generator<string[]> {
  if (path.length > 2) return
  if (schema.isListSchema()) {
    yield [...path, '0']
    yield* placesOf(schema.getValueSchema(), [...path, '0'])
  } else if (schema.isStructSchema())
    for (const [name, member] of membersOf(schema)) {
      yield [...path, name]
      yield* placesOf(member, [...path, name])
    }
}

/** Puts a value at its place, and lists and structures on the way there. */
function put(request: Shape, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) request[name] = value
  else {
    if (typeof request[name] !== 'object') request[name] = rest[0] === '0' ? [] : {}
    put(request[name] as Shape, rest, value)
  }
}

/** A form's name of a place: `Targets.member.1.Id`, or EC2's `Filter.1.Value.1`. */
function formName(service: ServiceName, place: string[]): string {
  const ec2 = service === 'ec2'
  const own = (name: string) => (ec2 && name !== 'Values' ? name.replace(/s$/, '') : ec2 ? 'Value' : name)
  return place.map((part) => (part === '0' ? (ec2 ? '1' : 'member.1') : own(part))).join('.')
}

describe('odd input', () => {
  const services = Object.keys(operations) as ServiceName[]
  test.each(services)(
    'odd input: %s answers whatever it is sent, in its own shape, and changes nothing',
    async (name) => {
      const { world, repository, image, targetGroup, service } = shop()
      const { server } = await clients(world, { limits: false })
      const speech = speechOf(name)
      const some: Shape = {
        repositoryName: 'shop',
        imageIds: [{ imageTag: 'v1' }],
        imageId: { imageTag: 'v1' },
        imageManifest: image.manifest,
        subjectId: { imageDigest: image.digest },
        TargetGroupArn: targetGroup?.arn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
        ServiceNamespace: 'ecs',
        cluster: 'c',
        service: 'shop',
        services: ['shop'],
        tasks: [service.tasks[0]!.arn]
      }
      const snapshot = () =>
        JSON.stringify([
          service.desiredCount,
          service.deployments.map((d) => [d.id, d.status]),
          service.tasks.map((t) => [t.status, t.desiredStatus]),
          repository.digestOf('v1'),
          targetGroup?.targetList.map((t) => [t.id, t.port, t.state])
        ])
      const ask = async (operation: string, body: string): Promise<void> => {
        const before = snapshot()
        const answer = await fetch(server.url, {
          method: 'POST',
          headers: {
            authorization: `AWS4-HMAC-SHA256 Credential=AK/20260101/us-west-2/${name}/aws4_request`,
            ...(speech.protocol === 'json' ? { 'x-amz-target': `${speech.target ?? ''}.${operation}` } : {})
          },
          body
        })
        const text = await answer.text()
        const asked = `${operation} ${body.slice(0, 300)}: ${text.slice(0, 300)}`
        if (answer.status >= 500) throw new Error(asked)
        if (answer.status === 200) return
        if (snapshot() !== before) throw new Error(`refused, and the world is another: ${asked}`)
        if (speech.protocol === 'json') {
          const said = JSON.parse(text) as Shape
          if (typeof said.__type !== 'string' || typeof said.message !== 'string') throw new Error(asked)
        } else if (
          !/<Code>[A-Za-z.]+<\/Code><Message>[^<]+<\/Message>/.test(text) ||
          /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text)
        )
          throw new Error(asked)
      }
      for (const operation of Object.keys(operations[name])) {
        const { input } = schemasOf(name, operation)!
        const base = () => {
          const wanted = [
            ...requiredOf(input),
            ...[...membersOf(input).keys()].filter((m) => m === 'cluster')
          ]
          return structuredClone(Object.fromEntries(wanted.map((m) => [m, some[m] ?? 'x'])))
        }
        if (speech.protocol === 'json') {
          for (const body of ['null', '[]', '"x"', '5', '{"a":', '{"__proto__":{"x":1}}'])
            await ask(operation, body)
          for (const place of placesOf(input))
            for (const value of [...odd, ...hostile]) {
              const request = base()
              put(request, place, value)
              await ask(operation, JSON.stringify(request))
            }
          continue
        }
        for (const place of placesOf(input)) {
          const at = formName(name, place)
          const others = Object.entries(base()).filter(([m, v]) => m !== place[0] && typeof v === 'string')
          const form = (key: string, value: string) =>
            new URLSearchParams([
              ['Action', operation],
              ...(others as [string, string][]),
              [key, value]
            ]).toString()
          for (const value of [...oddText, ...hostile]) await ask(operation, form(at, value))
          for (const key of ['.member.x', '.x', '.0', '.-1', '.999999999', '..'])
            await ask(operation, form(at + key, 'x'))
        }
      }
      // What was accepted by chance must not stop the world later either.
      world.clock.advanceBy(3_600_000)
    },
    60_000
  )

  test('odd tokens: only what an answer held leads on, in every service that turns pages', async () => {
    const { world, repository } = shop()
    for (let i = 0; i < 7; i++) repository.push({ tags: [`t${i}`] })
    const { ecr, elb, ec2 } = await clients(world)
    const first = await ecr.send(new ListImagesCommand({ repositoryName: 'shop' }))
    const second = await ecr.send(
      new ListImagesCommand({ repositoryName: 'shop', nextToken: first.nextToken })
    )
    expect(second.imageIds).toHaveLength(3)
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const odd = ['', '!!!!', 'page 5', `${first.nextToken!}x`]
    odd.push(...['page -3', 'page 1.5', 'page 1e3', 'page 0x5', 'page 0', '5', 'page '].map(base64))
    for (const token of odd) {
      const asked = { repositoryName: 'shop', nextToken: token }
      expect((await refusal(ecr.send(new ListImagesCommand(asked)))).name).toBe('InvalidParameterException')
      const groups = elb.send(new DescribeTargetGroupsCommand({ Marker: token }))
      expect((await refusal(groups)).name).toBe('ValidationError')
      const subnets = ec2.send(new DescribeSubnetsCommand({ NextToken: token }))
      expect((await refusal(subnets)).name).toBe('InvalidNextToken')
    }
  })

  test('odd forms: a list without numbers, a word for a number or a boolean is malformed, never everything', async () => {
    const { world } = shop()
    const { server } = await clients(world)
    const ask = async (operation: string, rest: string, service = 'elasticloadbalancing') => {
      const answer = await fetch(server.url, {
        method: 'POST',
        headers: { authorization: `AWS4-HMAC-SHA256 Credential=AK/20260101/r/${service}/aws4_request` },
        body: `Action=${operation}&${rest}`
      })
      return /<Code>(.*?)<\/Code>/.exec(await answer.text())?.[1]
    }
    for (const rest of [
      'PageSize=1.5',
      'Names=shop-tg',
      'Names.shop-tg=x',
      'Names.member.x=a',
      'Names.member.0=a',
      'PageSize=NaN'
    ])
      expect([rest, await ask('DescribeTargetGroups', rest)]).toEqual([rest, 'MalformedInput'])
    const modify = 'TargetGroupArn=x&HealthCheckEnabled=banana'
    expect(await ask('ModifyTargetGroup', modify)).toBe('MalformedInput')
    expect(await ask('DescribeSubnets', 'SubnetId=subnet-1', 'ec2')).toBe('MalformedInput')
    expect(await ask('DescribeSubnets', 'Filter.1.Name=constructor&Filter.1.Value.1=x', 'ec2')).toBe(
      'InvalidParameterValue'
    )
  })

  test('odd patterns: wildcards take no time, however many there are', async () => {
    expect(matchesWildcards('*a*b', 'xaxbab')).toBe(true)
    expect(matchesWildcards('a.b', 'axb')).toBe(false)
    expect(matchesWildcards('a?c*', 'abc', '?')).toBe(true)
    expect(matchesWildcards('a?c', 'abc')).toBe(false)
    expect(matchesWildcards('', '')).toBe(true)
    expect(matchesWildcards('***', '')).toBe(true)
    const { world, repository } = shop()
    const tag = 'a'.repeat(300)
    const { digest } = world.ecr
      .repository('strict', { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: [`${'*a'.repeat(60)}b`] })
      .push({ tags: [tag] })
    const other = world.ecr.repository('strict').push()
    const { ecr } = await clients(world)
    const moved = ecr.send(
      new PutImageCommand({ repositoryName: 'strict', imageManifest: other.manifest, imageTag: tag })
    )
    expect((await refusal(moved)).name).toBe('ImageTagAlreadyExistsException')
    expect(world.ecr.repository('strict').digestOf(tag)).toBe(digest)
    for (const filter of ['a b', 'v(', '', 'x'.repeat(129)]) {
      const put = new PutImageTagMutabilityCommand({
        repositoryName: 'shop',
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter }]
      })
      expect((await refusal(ecr.send(put))).name).toBe('InvalidParameterException')
    }
    expect(repository.push({ tags: ['v1'] }).digest).toBe(repository.digestOf('v1'))
  })

  test('odd manifests: members of another type are refused at both doors, nulls are not there', async () => {
    const { world, repository } = shop()
    const { server, ecr } = await clients(world, { limits: false })
    const { authorizationData } = await import('@aws-sdk/client-ecr').then(
      ({ GetAuthorizationTokenCommand }) => ecr.send(new GetAuthorizationTokenCommand({}))
    )
    const authorization = `Basic ${authorizationData![0]!.authorizationToken!}`
    const mediaType = 'application/vnd.oci.image.index.v1+json'
    const wrong = [
      { manifests: {} },
      { manifests: [null] },
      { manifests: [{ digest: 'a\nb' }] },
      { manifests: [], artifactType: 7 },
      { manifests: [], annotations: 'x' },
      { manifests: [], annotations: { a: 1 } },
      { manifests: [], subject: 'x' },
      { manifests: [], subject: { digest: 'a\nb' } },
      { mediaType: 5, manifests: [] },
      { mediaType: 'application/vnd.oci.image.manifest.v1+json', config: { digest: 'x' }, layers: {} },
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { digest: 'x', mediaType: 5 },
        layers: []
      }
    ]
    for (const members of wrong) {
      const body = JSON.stringify({ schemaVersion: 2, mediaType, ...members })
      const put = ecr.send(
        new PutImageCommand({ repositoryName: 'shop', imageManifest: body, imageTag: 'odd' })
      )
      expect([body, (await refusal(put)).name]).toEqual([body, 'InvalidParameterException'])
      const init = { method: 'PUT', headers: { authorization }, body }
      const { status } = await fetch(`${server.url}/v2/shop/manifests/odd`, init)
      expect([body, status]).toEqual([body, 400])
    }
    expect(repository.digestOf('odd')).toBeUndefined()
    const good = JSON.stringify({
      schemaVersion: 2,
      mediaType,
      manifests: [],
      annotations: null,
      subject: null
    })
    await ecr.send(new PutImageCommand({ repositoryName: 'shop', imageManifest: good, imageTag: 'even' }))
    for (const path of ['manifests/%zz', 'blobs/%e0', 'referrers/%'])
      expect(
        (await fetch(`${server.url}/v2/shop/${path}`, { headers: { authorization } })).status
      ).toBeLessThan(500)
  })

  test('odd policies: types and characters that a lifecycle policy may not have', async () => {
    const { world } = shop()
    const { ecr } = await clients(world)
    const { PutLifecyclePolicyCommand } = await import('@aws-sdk/client-ecr')
    const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 }
    const rule = { rulePriority: 1, selection, action: { type: 'expire' } }
    const tagged = (list: string) => ({
      ...rule,
      selection: { ...selection, tagStatus: 'tagged', tagPatternList: [list] }
    })
    const wrong = [
      { ...rule, selection: { ...selection, countType: ['sinceImagePushed'], countUnit: 'days' } },
      { ...rule, description: 5 },
      tagged('a b'),
      tagged('a('),
      tagged('a'.repeat(129))
    ]
    for (const one of wrong) {
      const lifecyclePolicyText = JSON.stringify({ rules: [one] })
      const put = ecr.send(new PutLifecyclePolicyCommand({ repositoryName: 'shop', lifecyclePolicyText }))
      expect([one, (await refusal(put)).name]).toEqual([one, 'InvalidParameterException'])
    }
    const none = ecr.send(new GetLifecyclePolicyCommand({ repositoryName: 'shop' }))
    expect((await refusal(none)).name).toBe('LifecyclePolicyNotFoundException')
  })
})
