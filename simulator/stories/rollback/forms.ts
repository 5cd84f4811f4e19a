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
    return { ...scene, inputs: { ...scene.inputs, 'rollback-to': target(scene) } }
  },
  expect: { ...deployed, serves: `shop-web:${revision}` }
})

export const rollbackForms: readonly Story[] = [
  { ...form('previous', 'A manual rollback to the revision before', () => 'previous', 2), name: 'rollback' },
  form('number', 'A manual rollback to a revision number', () => '1', 1),
  form('revision', 'A manual rollback to family:revision', () => 'shop-web:1', 1),
  form('arn', 'A manual rollback to an ARN', ({ arns }) => arns[0]!, 1),
  form('digest', 'A manual rollback to an image digest', ({ digests }) => digests[0]!, 1),
  form('tag', 'A manual rollback to an image tag', () => 'release-v2', 2)
]
