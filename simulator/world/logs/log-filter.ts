/** Filter patterns of CloudWatch Logs, as far as they are of terms: `a b`, `"a phrase"`, `-not`, `?either ?or`. */
import { AwsError } from '../errors.js'

/** Whether a message fits; terms are case-sensitive. JSON (`{…}`), space-delimited (`[…]`) and `%regex%` are refused. */
export function filterOf(pattern: string | undefined): (message: string) => boolean {
  const text = (pattern ?? '').trim()
  if (/^[[{%]/.test(text))
    throw new AwsError(
      'InvalidParameterException',
      `The simulator plays filter patterns of terms only: ${text}`
    )
  const found = [...text.matchAll(/([-?]?)(?:"((?:\\.|[^"\\])*)"|([^\s"]+))/g)]
  const terms = found.map(([, sign = '', quoted, plain]) => ({
    sign,
    word: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? ''
  }))
  const by = (sign: string): string[] => terms.filter((t) => t.sign === sign).map((t) => t.word)
  const [all, none, some] = [by(''), by('-'), by('?')]
  return (message) =>
    all.every((w) => message.includes(w)) &&
    !none.some((w) => message.includes(w)) &&
    // Optional terms beside others are ignored (documented).
    (some.length === 0 || all.length > 0 || some.some((w) => message.includes(w)))
}
