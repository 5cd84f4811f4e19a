import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isForeign, readManifest } from '../../src/domain/manifest.js'
import { fitOf, platformNeeded } from '../../src/domain/platform.js'

const digest = (c: string) => `sha256:${c.repeat(64)}`
const child = (c: string, platform?: object) => ({
  mediaType: 'm',
  digest: digest(c),
  size: 1,
  ...(platform ? { platform } : {})
})
const index = (...children: object[]) =>
  readManifest(JSON.stringify({ schemaVersion: 2, manifests: children }))
const single = readManifest(JSON.stringify({ schemaVersion: 2, config: child('c'), layers: [child('1')] }))
const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64' }
const attestation = child('f', { os: 'unknown', architecture: 'unknown' })

test.each([
  [{ requiresCompatibilities: ['FARGATE'] }, false, amd64],
  [{ requiresCompatibilities: ['FARGATE'], runtimePlatform: { cpuArchitecture: 'ARM64' } }, false, arm64],
  [{ requiresCompatibilities: ['EC2'] }, false, undefined],
  [{}, true, amd64],
  [{}, false, undefined],
  [{ requiresCompatibilities: ['EC2', 'FARGATE'] }, true, amd64],
  [{ requiresCompatibilities: ['EC2', 'FARGATE'] }, false, undefined],
  [
    {
      requiresCompatibilities: ['EC2'],
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' }
    },
    false,
    arm64
  ],
  [{ requiresCompatibilities: ['EC2'], runtimePlatform: { cpuArchitecture: 'ARM64' } }, false, undefined],
  [
    {
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'X86_64' }
    },
    false,
    { os: 'windows', architecture: 'amd64' }
  ],
  [
    { requiresCompatibilities: ['FARGATE'], runtimePlatform: { cpuArchitecture: 'RISCV64' } },
    false,
    undefined
  ],
  [
    { requiresCompatibilities: ['FARGATE'], runtimePlatform: { operatingSystemFamily: 'PLAN9' } },
    false,
    undefined
  ],
  [
    { requiresCompatibilities: ['FARGATE'], runtimePlatform: { cpuArchitecture: 'constructor' } },
    false,
    undefined
  ]
])('%j, on Fargate %s, needs %j', (definition, onFargate, expected) => {
  expect(platformNeeded(definition, onFargate)).toEqual(expected)
})

test.each([
  [index(child('a', amd64), child('b', arm64), attestation), amd64, { state: 'fits' }],
  [index(child('a', { ...arm64, variant: 'v8' }), attestation), arm64, { state: 'fits' }],
  [index(child('a', { os: 'Linux', architecture: 'x86_64' })), amd64, { state: 'fits' }],
  [index(child('a', arm64), attestation), amd64, { state: 'mismatch', has: [arm64] }],
  [
    index(child('a', { os: 'linux', architecture: 'arm', variant: 'v7' })),
    arm64,
    { state: 'mismatch', has: [{ os: 'linux', architecture: 'arm', variant: 'v7' }] }
  ],
  [index(child('a', arm64), child('b')), amd64, { state: 'unknown' }],
  [index(attestation), amd64, { state: 'unknown' }],
  [index(), amd64, { state: 'unknown' }],
  [readManifest('[]'), amd64, { state: 'unknown' }]
])('%j for %j: %j', (content, needed, expected) => {
  expect(fitOf(content, needed)).toMatchObject(expected)
})

test.each([
  ['{"os":"linux","architecture":"amd64"}', { state: 'fits' }],
  ['{"os":"linux","architecture":"arm64","variant":"v8"}', { state: 'mismatch' }],
  ['{}', { state: 'unknown', why: 'its config says no platform' }],
  ['null', { state: 'unknown', why: 'its config says no platform' }],
  ['{', { state: 'unknown', why: 'its config is not JSON' }],
  [undefined, { state: 'unknown', why: 'its config could not be read' }]
])('a single image with the config %s, for linux/amd64: %j', (config, expected) => {
  expect(fitOf(single, amd64, config)).toMatchObject(expected)
})

test.each([
  ['{', 'it is not JSON'],
  ['null', 'it is not an object'],
  ['{"schemaVersion":1,"fsLayers":[]}', 'it is in the old format "schema 1"'],
  ['{"manifests":[{"digest":"sha256:12","size":1}]}', 'an entry of the index has no sha256 digest and size'],
  ['{"config":{},"layers":[]}', 'it names neither other manifests nor a config and layers']
])('%s is no manifest: %s', (bytes, why) => {
  expect(readManifest(bytes)).toEqual({ kind: 'unreadable', why })
})

test('base layers of Windows lie elsewhere', () => {
  const named = (mediaType: string) => isForeign({ digest: digest('1'), size: 1, mediaType })
  expect(named('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')).toBe(true)
  expect(named('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')).toBe(true)
  expect(named('application/vnd.oci.image.layer.v1.tar+gzip')).toBe(false)
})

test('any JSON is a manifest or none, and never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (bytes) => {
      const fit = fitOf(readManifest(bytes), amd64, bytes)
      expect(['fits', 'mismatch', 'unknown']).toContain(fit.state)
    }),
    { numRuns: 2000 }
  )
})
