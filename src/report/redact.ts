/*
 * Values that nobody may read in a log or a comment, covered by their form. What has no form of its own (a bare
 * password in a sentence, say) cannot be told from a word: the limit of this, said in docs/threat-model.md.
 */

/** What stands in place of a covered value. */
export const hidden = '[hidden]'

/** Words of reason codes and AWS actions that look like the name of a secret and are none. */
const noName = '(?!secret-(?:missing|denied|content|network)\\b)(?!secretsmanager:)'
const secretName =
  '(?:secret|passw(?:or)?d|passphrase|pwd|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie)'
// An assignment, or a colon as YAML, JSON and headers have it. After a bare colon a plain word that goes on as a
// sentence is prose ("credentials: check that …"); errors are named before a colon too.
const named = new RegExp(
  `(?<![\\w:/.-])${noName}([\\w.-]{0,60}?${secretName}(?![\\w.-]{0,60}(?:Exception|Error|Fault)\\b)[\\w.-]{0,60}["']?` +
    `(?:\\s?(?:=>?|:=)\\s?["']?|["']\\s?:\\s?["']?|:\\s?["']|:(?=\\S)|:\\s(?![a-z]+[,;]?\\s+[a-z]+\\b)))` +
    `(?!\\[hidden)[^\\s"',;&)]{3,}`,
  'gi'
)

const forms: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*/gs, hidden],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,20}(?![A-Za-z0-9])/g, hidden],
  [/\b(?:gh[pousr]_[\w.-]{16,400}|github_pat_\w{16,255}|glpat-[\w-]{16,64})/g, hidden],
  [
    /\b(?:xox[a-z]-[\w-]{8,200}|sk_(?:live|test)_\w{8,200}|sk-[\w-]{20,200}|AIza[\w-]{30,45}|npm_\w{30,50})/g,
    hidden
  ],
  [/\beyJ[\w-]{6,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,4000})?/g, hidden],
  [
    /\b(Bearer|Basic|AWS4-HMAC-SHA256)(\s{1,3})(?!\[hidden)[\w.~+/=:-]{6,}(?:[^\n]{0,400}Signature=\w+)?/gi,
    `$1$2${hidden}`
  ],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,200}@/gi, `$1${hidden}@`],
  // A query may sign the address; the credentials of a task stand in a path.
  [/(\bhttps?:\/\/[^\s?#"'<>]{1,2000})[?#][^\s"'<>]+/gi, `$1?${hidden}`],
  [/\b(169\.254\.170\.\d{1,3})\/[^\s"'<>]+/g, `$1/${hidden}`],
  [named, `$1${hidden}`],
  // A secret access key: 40 characters of base64 in mixed case, which no digest and no commit is.
  [
    /(?<![\w/+=-])(?=[\w/+]{0,39}[A-Z])(?=[\w/+]{0,39}[a-z])(?=[\w/+]{0,39}\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/g,
    hidden
  ],
  // A line of a key or certificate.
  [/(?<!\S)(?=\S{0,75}[A-Z])(?=\S{0,75}[a-z])(?=\S{0,75}\d)[A-Za-z0-9+/]{60,76}={0,2}(?!\S)/g, hidden],
  [/(?<![\w/+=-])[A-Za-z0-9/+_=-]{120,}/g, hidden]
]

/**
 * A text without AWS keys, tokens, private keys, values that are assigned to something secret, signed addresses and
 * other values that betray themselves by their form. Gives the same for what is covered already.
 */
export function redact(text: string): string {
  return forms.reduce((t, [form, instead]) => t.replace(form, instead), text)
}

/** No face shows more of a text that has lines. */
const mostOfLines = 50_000

/** The lines of a text, covered before they are taken apart: a key that goes over several is known by its first. */
export function coveredLines(text: string): string[] {
  if (!text.includes('\n')) return [text]
  const end = text.length > mostOfLines ? text.lastIndexOf('\n', mostOfLines) : text.length
  return redact(text.slice(0, end < 0 ? mostOfLines : end))
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** A command as lines to be copied; nobody copies more of them. */
export const codeLines = (text: string): string[] => coveredLines(text).slice(0, 200)

/** A text without these very values, as far as they are long enough to be no common word. */
export function hide(text: string, values: readonly string[]): string {
  return values.filter((value) => value.length >= 12).reduce((t, value) => t.split(value).join(hidden), text)
}

const arn = /\barn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]*:\d{0,12}:([^\s"'`,;()<>]+)/g

/**
 * For pages that more people see than the log: ARNs as what they name, image registries without the account that owns
 * them.
 */
export function withoutAccounts(text: string): string {
  return text
    .replace(arn, (_, service: string, resource: string) => nameOf(service, resource))
    .replace(/\b\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9.-]+\//g, '')
    .replace(/ of account \d{12}\b/g, '')
    .replace(/\b(https:\/\/sqs\.[a-z0-9.-]+\/)\d{12}\//g, '$1')
}

function nameOf(service: string, resource: string): string {
  if (service === 'elasticloadbalancing') return /^targetgroup\/([^/]+)\//.exec(resource)?.[1] ?? resource
  if (service === 'secretsmanager' || service === 'ecs')
    return resource.replace(/^(?:secret:|task-definition\/)/, '')
  return resource
}
