/** Looks at the world beside the action, and says where the two disagree or something is lost. */
import type { DeploymentView, JournalEntry, ServiceHandle } from '../../simulator/index.js'
import type { Played, Stage } from '../../simulator/play.js'
import type { CrashScene } from './cases.js'

const destroys = /^(Deregister(?!Targets)|Delete|BatchDelete|StopTask|PutLifecycle)/
const settleMs = 10 * 60_000

interface Image {
  containerDefinitions: { name: string; image: string }[]
}

/** Follows one world through its runs. */
export class Witness {
  private readonly order: DeploymentView[] = []
  private readonly ours = new Set<string>()
  private readonly tags = new Map<string, { of: () => string | undefined; digest: string }>()

  constructor(
    private readonly stage: Stage,
    private readonly scene: CrashScene,
    private readonly losesImages: boolean
  ) {
    this.order.push(scene.service.primary)
    stage.world.onDeployment(scene.service, (deployment) => this.order.push(deployment))
    for (const tag of ['v1', 'v2', 'v3', 'release-v2', 'release-v3', 'staging-1']) this.keep(tag)
  }

  get service(): ServiceHandle {
    return this.scene.service
  }

  /** True for a deployment that a run of ours began. */
  isOurs(deployment: DeploymentView): boolean {
    return this.ours.has(deployment.id)
  }

  /** What a run did that no run may ever do, wherever it was killed. */
  after(played: Played): string[] {
    const wrong: string[] = []
    for (const entry of played.journal) {
      if (destroys.test(entry.operation)) wrong.push(`called ${entry.operation}`)
      if (entry.operation === 'UpdateService') {
        const over = this.updated(entry, played)
        // A run deploys over what it saw when it began; what it undoes is its own alone.
        const first = played.journal.find(
          (one) => one.operation === 'UpdateService' && one.output !== undefined
        )
        if (first !== entry) wrong.push(...over)
      }
      if (entry.operation === 'StopServiceDeployment' && entry.output !== undefined) this.stopped(entry)
      if (entry.operation === 'PutImage' && entry.output !== undefined)
        this.keep((entry.input as { imageTag: string }).imageTag)
    }
    if (!this.losesImages)
      for (const [tag, { of, digest }] of this.tags)
        if (of() !== digest) wrong.push(`the tag ${tag} is no longer on ${digest}`)
    for (const task of this.service.tasks.filter((t) => t.status === 'RUNNING' && t.healthy)) {
      const definition = this.stage.world.ecs.findTaskDefinition(task.taskDefinitionArn)
      if (definition?.status !== 'ACTIVE') wrong.push(`${task.taskDefinitionArn} serves and is not ACTIVE`)
    }
    const { result } = played
    for (const part of [result, ...(result.post ? [result.post] : [])]) {
      wrong.push(...part.errors.map((text) => `the runner complains: ${text}`))
      if (part.stderr !== '') wrong.push(`on stderr: ${part.stderr.slice(0, 300)}`)
    }
    wrong.push(...this.stage.server.violations)
    return wrong
  }

  /** Whether the outcome of a run that came to its end is the truth. Lives ten minutes on to see whether it stays so. */
  truth(played: Played, wanted: string): string[] {
    const { outputs, exitCode } = played.result
    const outcome = outputs['outcome'] ?? ''
    const serving = outputs['task-definition-arn'] ?? ''
    const wrong: string[] = []
    const isGreen = outcome === 'deployed' || outcome === 'unchanged'
    if (isGreen !== (exitCode === 0)) wrong.push(`outcome ${outcome} with exit code ${exitCode}`)
    const { primary } = this.service
    if (serving !== '' && primary.taskDefinitionArn !== serving)
      wrong.push(`it says that ${serving} serves, and PRIMARY is ${primary.taskDefinitionArn}`)
    if (isGreen && this.digest(primary) !== wanted)
      wrong.push(`${outcome}, and the image is not the one asked for`)
    if (isGreen || outcome === 'rolled-back') {
      if (!this.isWhole()) wrong.push(`${outcome}, and the service is not whole: ${this.say()}`)
      this.stage.world.clock.advanceBy(settleMs)
      if (this.service.primary.id !== primary.id || !this.isWhole())
        wrong.push(`${outcome}, and ten minutes later: ${this.say()}`)
    }
    return isGreen ? wrong : [...wrong, ...this.exactly(played)]
  }

  /** A red outcome has a reason, and where the service is not whole the reason names what stands there. */
  private exactly({ result }: Played): string[] {
    const { outcome = '', reason = '' } = result.outputs
    if (reason.length < 20) return [`${outcome} without a reason`]
    const { primary } = this.service
    const revision = primary.taskDefinitionArn.split('/').at(-1)!
    const names = reason.includes(primary.id) || reason.includes(revision)
    return this.isWhole() || names
      ? []
      : [`${outcome}, and the reason does not name what stands there: ${this.say()}: ${reason}`]
  }

  /** True when PRIMARY is COMPLETED, with as many healthy tasks as are desired and no others. */
  isWhole(): boolean {
    const { primary, tasks, desiredCount } = this.service
    const running = tasks.filter((task) => task.status === 'RUNNING' && task.desiredStatus === 'RUNNING')
    return (
      primary.rolloutState === 'COMPLETED' &&
      running.length === desiredCount &&
      running.every((task) => task.healthy && task.taskDefinitionArn === primary.taskDefinitionArn)
    )
  }

  /** The service in a line. */
  say(): string {
    const { primary, tasks, desiredCount } = this.service
    const healthy = tasks.filter((task) => task.status === 'RUNNING' && task.healthy).length
    return `${primary.id} of ${primary.taskDefinitionArn.split('/').at(-1) ?? ''} ${primary.rolloutState}, ${healthy} of ${desiredCount} healthy`
  }

  /** The digest that a deployment's first container runs. */
  digest(deployment: DeploymentView): string | undefined {
    const { raw } = this.stage.world.ecs.findTaskDefinition(deployment.taskDefinitionArn)!
    const image = (raw as unknown as Image).containerDefinitions[0]!.image
    return image.split('@')[1] ?? this.scene.repositories[0]!.digestOf(image.split(':').at(-1)!)
  }

  private keep(tag: string): void {
    for (const repository of this.scene.repositories) {
      const digest = repository.digestOf(tag)
      // A tag that was kept once stays where it was: who moves it must not be believed.
      if (digest !== undefined && !this.tags.has(`${repository.name}:${tag}`))
        this.tags.set(`${repository.name}:${tag}`, { of: () => repository.digestOf(tag), digest })
    }
  }

  /** ECS goes back because it was asked to: the deployment that follows is a run's own too. */
  private stopped({ time }: JournalEntry): void {
    const next = this.order.find((one) => one.createdAt >= time)
    if (next) this.ours.add(next.id)
  }

  /** Notes whose deployment an UpdateService made; wrong when it replaced a newer one of somebody else. */
  private updated({ output }: JournalEntry, played: Played): string[] {
    const shown = (output as { service?: { deployments?: { id: string; status: string }[] } } | undefined)
      ?.service?.deployments
    const id = shown?.find((one) => one.status === 'PRIMARY')?.id
    if (id === undefined || this.ours.has(id)) return []
    const at = this.order.findIndex((one) => one.id === id)
    const replaced = this.order[at - 1]
    this.ours.add(id)
    if (!replaced || this.ours.has(replaced.id) || replaced.createdAt < played.from) return []
    return [`${id} was put over ${replaced.id}, which somebody else began meanwhile`]
  }
}
