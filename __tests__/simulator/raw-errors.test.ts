/** Refusals byte by byte, as no SDK shows them. */
import { expect, test } from '@jest/globals'
import type { ServiceName } from '../../simulator/wire/schemas.js'
import { speechOf } from '../../simulator/wire/services.js'
import { clients, shop } from './support.js'

test('raw errors: body, content type and request id of every protocol, as they go over the wire', async () => {
  const { world } = shop()
  const { server } = await clients(world)
  const ask = async (service: ServiceName, operation: string, input: Record<string, string>, json = true) => {
    const { target = '' } = speechOf(service)
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=AK/20260101/us-west-2/${service}/aws4_request`,
        ...(json ? { 'x-amz-target': `${target}.${operation}` } : {})
      },
      body: json ? JSON.stringify(input) : new URLSearchParams({ Action: operation, ...input }).toString()
    })
    const id = answer.headers.get('x-amzn-requestid') ?? ''
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const body = (await answer.text()).replaceAll(id, 'ID')
    return [answer.status, answer.headers.get('content-type'), body, answer.headers.get('x-amzn-query-error')]
  }
  const no = { repositoryName: 'no' }
  const noText = `The repository with name 'no' does not exist in the registry with id '${world.account}'`
  expect(await ask('ecr', 'DescribeImages', no)).toEqual([
    400,
    'application/x-amz-json-1.1',
    JSON.stringify({ __type: 'RepositoryNotFoundException', message: noText }),
    null
  ])
  expect((await ask('monitoring', 'DescribeAlarms', { NextToken: 'x' })).slice(1)).toEqual([
    'application/x-amz-json-1.0',
    '{"__type":"InvalidNextToken","message":"Invalid token."}',
    'InvalidNextToken;Sender'
  ])
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
  expect(await ask('elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn: 'no' }, false)).toEqual([
    400,
    'text/xml',
    `${prolog}<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type>` +
      '<Code>TargetGroupNotFound</Code><Message>One or more target groups not found</Message></Error>' +
      '<RequestId>ID</RequestId></ErrorResponse>',
    null
  ])
  expect(await ask('ec2', 'DescribeVpcs', { 'VpcId.1': 'vpc-00000000' }, false)).toEqual([
    400,
    'text/xml',
    `${prolog}<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>The vpc ID 'vpc-00000000' does not exist` +
      '</Message></Error></Errors><RequestID>ID</RequestID></Response>',
    null
  ])
})

test('target groups: what CreateTargetGroup fills in for each protocol', async () => {
  const { world } = shop()
  const { elb } = await clients(world)
  const { CreateTargetGroupCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
  const VpcId = world.ec2.vpc({ cidr: '172.21.0.0/16' }).id
  const made = async (Protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS') => {
    const asked = new CreateTargetGroupCommand({ Name: `t-${Protocol}`, Protocol, Port: 80, VpcId })
    const group = (await elb.send(asked)).TargetGroups![0]!
    const { HealthCheckTimeoutSeconds, HealthCheckIntervalSeconds, HealthyThresholdCount } = group
    const { UnhealthyThresholdCount, HealthCheckPort, TargetType } = group
    expect([HealthCheckIntervalSeconds, HealthyThresholdCount, UnhealthyThresholdCount]).toEqual([30, 5, 2])
    expect([HealthCheckPort, TargetType]).toEqual(['traffic-port', 'instance'])
    return HealthCheckTimeoutSeconds
  }
  expect([await made('HTTP'), await made('HTTPS'), await made('TCP'), await made('TLS')]).toEqual([
    6, 10, 10, 10
  ])
})
