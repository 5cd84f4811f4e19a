import { revisionName } from '../domain/arn.js'
import type { CandidateRow } from '../domain/candidate-row.js'
import { parseImage, shortDigest } from '../domain/image.js'
import { redact } from './redact.js'
import { codeSpan } from './untrusted.js'
import { progressOf, type Planned, type RunView } from './view.js'

const mostImages = 10

/** Old to new as a table: revision, each image that differs by tag and short digest, commit. */
export function changeTable(view: RunView): string {
  const { previousTaskDefinition: old } = view
  const { plan } = progressOf(view.happenings)
  // A plan that registers nothing stays with the revision that runs.
  const next = view.newTaskDefinition ?? (plan && plan.plan.registers === undefined ? old : undefined)
  // Modes that only look have no before and after.
  if (old === undefined && next === undefined) return ''
  const rows: [string, string, string][] = [
    ['Revision', revision(old), newRevision(old, next, plan !== undefined)],
    ...imageRows(view, plan),
    ...commitRow(view)
  ]
  return ['| | Before | New |', '|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join(
    '\n'
  )
}

const revision = (arn: string | undefined) => (arn === undefined ? '' : codeSpan(revisionName(arn)))

function newRevision(old: string | undefined, next: string | undefined, planned: boolean): string {
  if (old === next) return 'the same'
  return next === undefined && planned ? 'a new one' : revision(next)
}

function imageRows(
  { images, imageTags, previousImages = {} }: RunView,
  plan?: Planned
): [string, string, string][] {
  // With the tag that was given, as long as ours is not put.
  const given = new Map(plan?.plan.images.map((image) => [image.container, image.after]))
  const all = Object.keys(images).map((name): [string, string, string] => {
    const before = previousImages[name]
    const after = images[name] ?? ''
    const same =
      before !== undefined && digestOf(before) !== undefined && digestOf(before) === digestOf(after)
    return [
      `Image of ${codeSpan(name, 60)}`,
      before === undefined ? '' : imageCell(before),
      same ? 'the same' : imageCell(given.get(name) ?? after, imageTags[name])
    ]
  })
  const left = all.length - mostImages
  return left > 0 ? [...all.slice(0, mostImages), [`and ${left} more`, '', '']] : all
}

const digestOf = (image: string) => parseImage(image)?.digest

/** `name:tag` and the short digest; the registry's host says nothing that a reader needs. */
function imageCell(text: string, tagged?: string): string {
  const image = redact(text)
  const at = image.indexOf('@')
  const shown = tagged ?? (at < 0 ? image : image.slice(0, at))
  const digest = at < 0 ? '' : shortDigest(image.slice(at + 1))
  return [codeSpan(shown, 200), codeSpan(digest)].filter((t) => t !== '').join(' ')
}

function commitRow({ mode, happenings, commit, links = {} }: RunView): [string, string, string][] {
  if (mode === 'rollback') return commitsOf(happenings)
  // Nothing of the commit is deployed by looking.
  if (mode === 'diagnose' || mode === 'audit') return []
  if (commit === undefined || !/^[0-9a-f]{7,64}$/.test(commit.sha)) return []
  const short = `\`${commit.sha.slice(0, 7)}\``
  const sha = links.commit === undefined ? short : `[${short}](${links.commit})`
  const subject = commit.subject === undefined ? '' : codeSpan(commit.subject, 100)
  return [['Commit', '', [sha, subject].filter((t) => t !== '').join(' ')]]
}

/** A rollback is started from any commit: those of its images are what our marks name. */
function commitsOf(happenings: RunView['happenings']): [string, string, string][] {
  const candidates = happenings.flatMap((h) => (h.code === 'candidates' ? h.candidates : []))
  const of = (standing: CandidateRow['standing']) =>
    codeSpan(candidates.find((c) => c.standing === standing)?.commit?.slice(0, 7) ?? '')
  const [before, after] = [of('runs-now'), of('taken')]
  return before === '' && after === '' ? [] : [['Commit', before, after]]
}
