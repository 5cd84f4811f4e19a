import type { Story } from '../story.js'
import { deployed } from '../story.js'
import { releases, type Releases } from './releases.js'

/** A rollback from `shop-web:3` whose form names the target in this way. */
const form = (name: string, title: string, target: (shop: Releases) => string, revision: number): Story => ({
  name: `rollback-${name}`,
  title,
  about: `Three releases, the last one serves. The form says \`rollback-to\` in one of its ways; shop-web:${revision} is released.`,
  build(world) {
    const scene = releases(world, 2)
    const wanted = target(scene)
    const told = [
      'shop-web:1, shop-web:2 and shop-web:3 were released one after the other, and each was healthy.',
      'shop-web:3 serves. It passes every check, and sells nothing.',
      'The person on call opens Actions, "Roll back", Run workflow (examples/rollback.yml), and fills in the form:',
      `  environment production   service shop-web   target ${wanted}`
    ]
    return { ...scene, told, inputs: { ...scene.inputs, 'rollback-to': wanted } }
  },
  expect: { ...deployed, serves: `shop-web:${revision}` }
})

export const rollbackForms: readonly Story[] = [
  {
    ...form('previous', 'A manual rollback to the revision before', () => 'previous', 2),
    name: 'rollback',
    about:
      'The last release is healthy and wrong: nobody but a person can tell. The form asks for environment, service and target; ' +
      'what was good before is found, proven and released, and watched until it is healthy.'
  },
  form('number', 'A manual rollback to a revision number', () => '1', 1),
  form('revision', 'A manual rollback to family:revision', () => 'shop-web:1', 1),
  form('arn', 'A manual rollback to an ARN', ({ arns }) => arns[0]!, 1),
  form('digest', 'A manual rollback to an image digest', ({ digests }) => digests[0]!, 1),
  form('tag', 'A manual rollback to an image tag', () => 'release-v2', 2)
]
