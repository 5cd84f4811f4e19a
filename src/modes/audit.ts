import { auditOf, inOrder, type Audit, type AuditFinding } from '../domain/audit.js'
import { soonPushes } from '../domain/image-risk.js'
import { Refusal, type Ending } from '../domain/outcome.js'
import { plural } from '../domain/plural.js'
import type { RepositoryView } from '../domain/repository-view.js'
import { NotFound } from '../ports.js'
import { needsOf, type ServiceNeeds } from '../steps/audit-needs.js'
import { viewRepositories } from '../steps/shelves.js'
import type { RunMode } from './index.js'

/** How many services are asked about at once. */
const atOnce = 4

/**
 * Audits: will what the services need still be pullable tomorrow? Every image that tasks run, that the revisions name and
 * that a rollback would need is held against its repository and the lifecycle policy there. Writes nothing. Throws Refusal
 * when none of the services exists, AwsFault when none can be read.
 */
export const audit: RunMode = async (ports, inputs, run, signal) => {
  ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' })
  const services: ServiceNeeds[] = []
  for (let i = 0; i < inputs.services.length; i += atOnce) {
    signal?.throwIfAborted()
    const some = inputs.services.slice(i, i + atOnce)
    services.push(...(await Promise.all(some.map((name) => needsOf(ports, name, inputs.environment)))))
  }
  refuseNone(services)
  for (const { service, needs, missing } of services)
    ports.announce({
      code: 'fact',
      name: 'service',
      value: missing ? missing.message : `${service} needs ${plural(imagesOf(needs), 'image')}`
    })
  const needs = services.flatMap((s) => s.needs)
  const views = await viewRepositories(
    ports,
    needs.flatMap(({ repository, digest }) => (repository ? [{ repository, digest: digest ?? '' }] : []))
  )
  const judged = auditOf(needs, views, ports.clock.now())
  const found: Audit = {
    rows: judged.rows,
    findings: inOrder([...services.flatMap(unseen), ...settingsUnseen(views), ...judged.findings])
  }
  run.audit = found
  ports.announce({ code: 'audit', ...found })
  return endingOf(found, services)
}

/** None of them exists: a wrong input. None of them can be read: AWS's fault. */
function refuseNone(services: readonly ServiceNeeds[]): void {
  const missing = services.flatMap((s) => s.missing ?? [])
  if (missing.length < services.length) return
  const fault = missing.find((error) => !(error instanceof NotFound))
  if (fault) throw fault
  throw new Refusal(
    missing.map((error) => `${error.message}.`),
    'input',
    'Check the names, and the account and region of the credentials.'
  )
}

function unseen({ service, missing, unseen: texts }: ServiceNeeds): AuditFinding[] {
  if (missing) return [{ level: 'problem', kind: 'unseen', service, text: missing.message }]
  return texts.map((text) => ({ level: 'warning', kind: 'unseen', service, text }))
}

/** Without its settings nobody knows whether tags can be moved; what is unread beside that stands at its images. */
function settingsUnseen(views: ReadonlyMap<string, RepositoryView>): AuditFinding[] {
  return [...views.values()].flatMap(({ settings, repository, unread }) =>
    settings || unread.length === 0
      ? []
      : [
          {
            level: 'warning' as const,
            kind: 'unseen',
            service: `repository ${repository.name}`,
            text: unread.join('; ')
          }
        ]
  )
}

function imagesOf(needs: ServiceNeeds['needs']): number {
  return new Set(needs.map(({ digest, reference }) => digest ?? reference)).size
}

function endingOf({ rows, findings }: Audit, services: readonly ServiceNeeds[]): Ending {
  const problems = findings.filter(({ level }) => level === 'problem')
  const warnings = findings.length - problems.length
  const [first] = problems
  if (!first) {
    const also = warnings === 0 ? '' : ` ${plural(warnings, 'warning')} beside that.`
    const reason = `${plural(rows.length, 'image')} of ${plural(services.length, 'service')} checked: all are there, and no lifecycle policy takes one within ${soonPushes} pushes or 7 days.${also}`
    return { outcome: 'ok', reason, evidence: [] }
  }
  const more = problems.length === 1 ? '' : ` (and ${plural(problems.length - 1, 'more problem')})`
  const seeCommand = ({ fix }: AuditFinding) =>
    fix === undefined ? '' : ' The command stands in the log and in the job summary.'
  const gone = problems.some(({ kind }) => kind === 'gone' || kind === 'archived')
  const blind = problems.every(({ kind }) => kind === 'unseen' || kind === 'unknown')
  return {
    outcome: 'problems',
    reasonCode: gone ? 'image-not-found' : blind ? 'unknown' : 'preflight',
    reason: `${first.service}: ${first.text}${more}.`,
    evidence: problems.slice(1).map(({ service, text }) => `${service}: ${text}`),
    ...(first.todo === undefined ? {} : { fix: `${first.todo}${seeCommand(first)}` })
  }
}
