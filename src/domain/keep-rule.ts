import type { EcrRepository } from './image.js'
import { readLifecyclePolicy } from './lifecycle-policy.js'
import { namesOf } from './tag-mutability.js'

/** More than anybody deploys: the rule is there for what it matches, never for what it takes. */
const keepCount = 9999
const mostRules = 50

/** Quoted for a shell, whatever the text holds. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * The policy with a first rule that keeps all images with a tag of this pattern: what a rule matches, no lower rule takes.
 * `text` is the policy in force, absent when there is none. Undefined when it cannot be added: the policy is not
 * understood, or has as many rules as ECR takes.
 */
export function keeping(text: string | undefined, pattern: string, environment: string): string | undefined {
  const rules: Record<string, unknown>[] = []
  if (text !== undefined) {
    if ('problem' in readLifecyclePolicy(text)) return undefined
    rules.push(...(JSON.parse(text) as { rules: Record<string, unknown>[] }).rules)
  }
  if (rules.length >= mostRules) return undefined
  rules.sort((a, b) => Number(a['rulePriority']) - Number(b['rulePriority']))
  const shift = rules.some((rule) => Number(rule['rulePriority']) <= 1)
    ? 2 - Number(rules[0]?.['rulePriority'])
    : 0
  const first = {
    rulePriority: 1,
    description: `Keep what ${environment} runs and goes back to`,
    selection: {
      tagStatus: 'tagged',
      tagPatternList: [pattern],
      countType: 'imageCountMoreThan',
      countNumber: keepCount
    },
    action: { type: 'expire' }
  }
  // ECR takes each list of tags once: an older rule for the same tags is what this one replaces.
  const others = rules.filter((rule) => !isFor(rule, pattern))
  const later = others.map((rule) => ({ ...rule, rulePriority: Number(rule['rulePriority']) + shift }))
  return JSON.stringify({ rules: [first, ...later] })
}

function isFor(rule: Record<string, unknown>, pattern: string): boolean {
  const { tagPatternList, tagPrefixList, storageClass } = rule['selection'] as Record<string, unknown>
  if (storageClass === 'archive') return false
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const all = [...list(tagPatternList), ...list(tagPrefixList).map((prefix) => `${prefix}*`)]
  return all.length === 1 && all[0] === pattern
}

/** The command that puts a lifecycle policy in force, with the policy as a block of JSON that can be read and edited. */
export function putPolicy(repository: EcrRepository, policy: string): string {
  const block = readable(policy)
  const text = block.length > mostText ? policy : block
  return `aws ecr put-lifecycle-policy ${namesOf(repository)} --lifecycle-policy-text ${quoted(text)}`
}

/** The most that ECR takes as the text of a policy (user guide); white space counts. */
const mostText = 30_720

/** A policy with a line for each thing that a rule says. */
function readable(policy: string): string {
  const { rules } = JSON.parse(policy) as { rules: Record<string, unknown>[] }
  const said = rules.map((rule) => {
    const lines = Object.entries(rule).map(
      ([name, value]) => `      ${JSON.stringify(name)}: ${inOneLine(value)}`
    )
    return `    {\n${lines.join(',\n')}\n    }`
  })
  return `{\n  "rules": [\n${said.join(',\n')}\n  ]\n}`
}

function inOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`
  const members = Object.entries(value).map(([name, of]) => `${JSON.stringify(name)}: ${inOneLine(of)}`)
  return `{ ${members.join(', ')} }`
}

/** The command that puts a tag on an image that is there. */
export function putTag(repository: EcrRepository, digest: string, tag: string): string {
  const types = [
    'oci.image.index.v1',
    'docker.distribution.manifest.list.v2',
    'oci.image.manifest.v1',
    'docker.distribution.manifest.v2'
  ]
  const accepted = types.map((type) => `application/vnd.${type}+json`).join(' ')
  const names = namesOf(repository)
  const line = ' \\\n  '
  const manifest = [
    `aws ecr batch-get-image ${names}`,
    `--image-ids imageDigest=${digest}`,
    `--query 'images[0].imageManifest' --output text`,
    `--accepted-media-types ${accepted}`
  ].join(line)
  // With the digest ECR refuses bytes that a shell has changed.
  return `aws ecr put-image ${names} --image-tag ${tag} --image-digest ${digest}${line}--image-manifest "$(${manifest})"`
}

/** The command that brings an image back from the archive; it takes up to 20 minutes. */
export function restoreImage(repository: EcrRepository, digest: string): string {
  return `aws ecr update-image-storage-class ${namesOf(repository)} --image-id imageDigest=${digest} --target-storage-class STANDARD`
}
