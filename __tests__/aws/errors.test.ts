import { expect, test } from '@jest/globals'
import { toFault } from '../../src/aws/errors.js'

const sdk = (name: string, httpStatusCode: number, message = 'text') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } })

test.each([
  [sdk('AccessDeniedException', 400), 'denied'],
  [sdk('AccessDenied', 403), 'denied'],
  [sdk('UnrecognizedClientException', 400), 'denied'],
  [sdk('SomethingNew', 403), 'denied'],
  [sdk('ExpiredTokenException', 400), 'expired'],
  [sdk('ExpiredToken', 403), 'expired'],
  [
    sdk('UnrecognizedClientException', 400, 'The security token included in the request is expired'),
    'expired'
  ],
  [sdk('ThrottlingException', 400, 'Rate exceeded'), 'throttled'],
  [sdk('Throttling', 400), 'throttled'],
  [sdk('RequestLimitExceeded', 503), 'throttled'],
  [sdk('ServerException', 500), 'unreachable'],
  [sdk('SyntaxError', 200), 'unreachable'],
  [Object.assign(new Error('connect ECONNREFUSED'), { name: 'Error', code: 'ECONNREFUSED' }), 'unreachable'],
  [Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'unreachable'],
  [Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'denied'],
  [sdk('ClusterNotFoundException', 400), 'missing'],
  [sdk('ClientException', 400, 'TaskDefinition is inactive'), 'rejected'],
  ['not an error at all', 'unreachable']
])('%s is %s', (error, kind) => {
  const fault = toFault('ecs:DescribeServices', error)
  expect(fault.kind).toBe(kind)
  expect(fault.operation).toBe('ecs:DescribeServices')
  expect(fault.message).not.toBe('')
})
