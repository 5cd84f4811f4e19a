import { isImageTag } from '../domain/image.js'
import { shown, type Reader } from './reader.js'

/** What of the workflow run the inputs may mention. */
export interface RunContext {
  sha: string
  runId: string
  attempt: string
}

const placeholders = ['{environment}', '{sha}', '{run}', '{attempt}']

/** The tag of this run, and the wildcard that the tags of all runs of this environment match. */
export interface EnvironmentTag {
  imageTag: string
  imageTagPattern: string
}

/** Expands image-tag-template; `{run}` is the run id, which no other run of the repository shares. */
export function readTag(
  read: Reader,
  environment: string,
  run: RunContext,
  problems: string[]
): EnvironmentTag {
  const template = read.text('image-tag-template') || '{environment}-{sha}-{run}.{attempt}'
  const values: Record<string, string> = {
    '{environment}': environment || 'environment',
    '{sha}': run.sha.slice(0, 7) || 'nosha',
    '{run}': run.runId || '0',
    '{attempt}': run.attempt || '1'
  }
  const unknown = (template.match(/\{[^{}]*\}?/g) ?? []).filter((p) => !placeholders.includes(p))
  if (unknown.length > 0) {
    problems.push(
      `image-tag-template: ${shown(unknown.join(', '))} is unknown; allowed are ${placeholders.join(', ')}.`
    )
    return { imageTag: '', imageTagPattern: '*' }
  }
  const tag = template.replace(/\{[a-z]+\}/g, (p) => values[p] ?? p)
  if (!isImageTag(tag))
    problems.push(
      `image-tag-template "${shown(template)}" expands to "${shown(tag)}", which ECR does not take as a tag: letters, digits, dots, dashes and underscores, at most 128, not starting with a dot or dash.`
    )
  return { imageTag: tag, imageTagPattern: patternOf(template, values['{environment}'] ?? '') }
}

/** One `*` for all that may differ: ECR takes two in a filter and four in a rule. */
function patternOf(template: string, environment: string): string {
  return template.replaceAll('{environment}', environment).replace(/\{.*\}/, '*')
}
