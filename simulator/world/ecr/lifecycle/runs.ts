/** A repository's lifecycle policy in time: when it runs, what goes then, and previews (facts F3). */
import type { Cancel } from '../../../clock.js'
import { ecrTexts } from '../ecr-texts.js'
import { AwsError } from '../../errors.js'
import type { Repository } from '../repository.js'
import { evaluate, type Candidate, type Decision } from './evaluate.js'
import { readPolicy, type Rule } from './policy.js'

/** An image goes within 24 hours after a rule matches it: the policy runs twice as often. */
export const runsEvery = 12 * 3_600_000
/** How long a preview is in progress, and how long its results are kept (both the simulator's own). */
export const previewTakes = 5_000
export const previewKept = 24 * 3_600_000

/** An image that a preview says will go, with what it was at that moment. */
export interface Previewed extends Decision {
  tags: string[]
  pushedAt: number
}

export interface Preview {
  text: string
  status: 'IN_PROGRESS' | 'COMPLETE' | 'EXPIRED'
  results: Previewed[]
}

/** The policy of one repository. */
export class LifecycleRuns {
  text: string | undefined
  /** 0 when it never ran, as AWS answers. */
  lastEvaluatedAt = 0
  preview: Preview | undefined
  private rules: Rule[] = []
  private next: Cancel = () => undefined

  constructor(private readonly repository: Repository) {}

  private get clock() {
    return this.repository.home.clock
  }

  /** Puts a policy in force. Throws InvalidParameterException. */
  put(text: string): void {
    this.rules = readPolicy(text)
    this.text = text
    this.lastEvaluatedAt = 0
    this.plan()
  }

  /** Takes the policy away and gives it. Throws LifecyclePolicyNotFoundException. */
  delete(): string {
    const text = this.require()
    this.text = undefined
    this.rules = []
    this.next()
    return text
  }

  /** The policy's text. Throws LifecyclePolicyNotFoundException. */
  require(): string {
    if (this.text === undefined)
      throw new AwsError(
        'LifecyclePolicyNotFoundException',
        ecrTexts.noLifecyclePolicy.say(this.repository.place)
      )
    return this.text
  }

  private plan(): void {
    this.next()
    this.next = this.clock.after(runsEvery, () => {
      this.run()
      this.plan()
    })
  }

  /** Runs the policy now: what its rules mark is expired or archived. */
  run(): void {
    const { repository } = this
    this.lastEvaluatedAt = this.clock.now()
    for (const { digest, action, priority } of this.decide(this.rules)) {
      const tags = [...(repository.images.get(digest)?.tags ?? [])].join(' ')
      if (action === 'expire') repository.expire(digest)
      else repository.archive(digest)
      repository.home.happen(
        action === 'expire' ? 'image-expired' : 'image-archived',
        `rule ${priority} of the lifecycle policy of ${repository.name}: ${action} ${digest} ${tags}`.trim(),
        { repository: repository.name, digest }
      )
    }
  }

  /** Begins a preview of a policy, or of the one in force. */
  startPreview(given: string | undefined): Preview {
    if (this.preview?.status === 'IN_PROGRESS')
      throw new AwsError(
        'LifecyclePolicyPreviewInProgressException',
        ecrTexts.previewInProgress.say(this.repository.place)
      )
    const text = given ?? this.require()
    const rules = readPolicy(text)
    const preview: Preview = { text, status: 'IN_PROGRESS', results: [] }
    this.preview = preview
    this.clock.after(previewTakes, () => {
      preview.results = this.decide(rules).map((decision) => {
        const { tags, pushedAt } = this.repository.images.get(decision.digest)!
        return { ...decision, tags: [...tags], pushedAt }
      })
      preview.status = 'COMPLETE'
    })
    this.clock.after(previewTakes + previewKept, () => {
      preview.status = 'EXPIRED'
      preview.results = []
    })
    return preview
  }

  /** The last preview. Throws LifecyclePolicyPreviewNotFoundException. */
  requirePreview(): Preview {
    if (this.preview === undefined)
      throw new AwsError(
        'LifecyclePolicyPreviewNotFoundException',
        ecrTexts.noPreview.say(this.repository.place)
      )
    return this.preview
  }

  private decide(rules: readonly Rule[]): Decision[] {
    return evaluate(rules, this.candidates(), this.clock.now())
  }

  private candidates(): Candidate[] {
    const images = [...this.repository.images.values()]
    const children = new Set(images.flatMap((i) => i.parsed.children.map((c) => c.digest)))
    return images
      .filter((i) => i.status !== 'ACTIVATING')
      .filter((i) => i.parsed.subject === undefined || !this.repository.images.has(i.parsed.subject))
      .map((i) => ({
        digest: i.digest,
        tags: [...i.tags],
        storageClass: i.status === 'ARCHIVED' ? 'archive' : 'standard',
        pushedAt: i.pushedAt,
        pulledAt: i.pulledAt,
        archivedAt: i.archivedAt,
        activatedAt: i.activatedAt,
        referenced: children.has(i.digest)
      }))
  }
}
