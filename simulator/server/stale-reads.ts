/** Reads that lag behind writes: what a service, its tasks and its deployments looked like before the last write. */
import type { Faults } from '../faults.js'
import { operations } from '../services/index.js'
import type { Answer } from '../services/operation.js'
import { page } from '../services/paging.js'
import { lastOf } from '../world/ids.js'
import type { SimulatedWorld } from '../world/world.js'

type Input = Record<string, unknown>

/** How a read is held: things by name (a description), or lists by what was asked (a listing). */
interface Past {
  until: number
  things: Map<string, unknown>
  lists: Map<string, readonly unknown[]>
}

/** The reads that can be stale: how things are asked for, and what they are called in the answer. */
const descriptions = {
  DescribeServices: { asks: 'services', answers: 'services', arn: 'serviceArn' },
  DescribeTasks: { asks: 'tasks', answers: 'tasks', arn: 'taskArn' }
} as const
const listings = { ListTasks: 'taskArns', ListServiceDeployments: 'serviceDeployments' } as const
type Description = keyof typeof descriptions
type Listing = keyof typeof listings

/**
 * Keeps how things looked before a write, for as long as the faults say. Listings are held as they are asked for by
 * service, by startedBy, or by cluster alone, and by desired status; one asked otherwise is fresh.
 */
export class StaleReads {
  private readonly past = new Map<string, Past>()

  constructor(
    private readonly world: SimulatedWorld,
    private readonly faults: Faults
  ) {}

  /** To be called before a write does its work. */
  remember(): void {
    const now = this.world.clock.now()
    for (const operation of [...Object.keys(descriptions), ...Object.keys(listings)]) {
      const seconds = this.faults.staleSeconds(operation, now)
      if (seconds === 0) continue
      const past: Past = { until: now + seconds * 1000, things: new Map(), lists: new Map() }
      if (operation in descriptions) this.holdThings(operation as Description, past)
      else this.holdLists(operation as Listing, past)
      this.past.set(operation, past)
    }
  }

  /** The answer of before, when this read still gets it. */
  answer(operation: string, input: unknown): Answer | undefined {
    const past = this.past.get(operation)
    if (past === undefined || this.world.clock.now() >= past.until) return undefined
    if (operation in descriptions) return this.describe(operation as Description, input as Input, past)
    const held = past.lists.get(questionOf(input as Input))
    if (held === undefined) return undefined
    const { nextToken, maxResults } = input as { nextToken?: string; maxResults?: number }
    const { items, next } = page(held, nextToken, maxResults)
    return { output: { [listings[operation as Listing]]: items, nextToken: next } }
  }

  private describe(operation: Description, input: Input, past: Past): Answer {
    const { asks, answers, arn } = descriptions[operation]
    const { output, extras } = this.run(operation, input)
    const described = output[answers] as Input[]
    const old = described.filter((one) => past.things.has(String(one[arn])))
    const young = described.filter((one) => !past.things.has(String(one[arn])))
    const tagged = (input['include'] as string[] | undefined)?.includes('TAGS') === true
    const before = old.map((one) => {
      const { tags, ...rest } = past.things.get(String(one[arn])) as Input
      return tagged ? { tags, ...rest } : rest
    })
    // What was not there yet is as absent as a name that never was.
    const failures = [
      ...((output['failures'] ?? []) as Input[]),
      ...young.map((one) => ({ arn: one[arn], reason: 'MISSING' }))
    ]
    const asked = (input[asks] as string[]).map(lastOf)
    const order = (one: Input): number => asked.indexOf(lastOf(String(one[arn])))
    return {
      output: { ...output, [answers]: before.sort((a, b) => order(a) - order(b)), failures },
      ...(extras === undefined ? {} : { extras })
    }
  }

  private holdThings(operation: Description, past: Past): void {
    const { asks, answers, arn } = descriptions[operation]
    for (const service of this.world.ecs.services) {
      const names = operation === 'DescribeServices' ? [service.name] : service.tasks.map((task) => task.arn)
      for (const name of names) {
        const { output } = this.run(operation, {
          cluster: service.cluster.name,
          [asks]: [name],
          include: ['TAGS']
        })
        for (const one of output[answers] as Input[]) past.things.set(String(one[arn]), one)
      }
    }
  }

  private holdLists(operation: Listing, past: Past): void {
    for (const input of this.questions(operation)) {
      const all: unknown[] = []
      let nextToken: string | undefined
      do {
        const { output } = this.run(operation, { ...input, nextToken })
        all.push(...(output[listings[operation]] as unknown[]))
        nextToken = output['nextToken'] as string | undefined
      } while (nextToken !== undefined)
      past.lists.set(questionOf(input), all)
    }
  }

  private questions(operation: Listing): Input[] {
    const { services } = this.world.ecs
    if (operation === 'ListServiceDeployments')
      return services.map((s) => ({ cluster: s.cluster.name, service: s.name }))
    const both = (input: Input): Input[] =>
      ['RUNNING', 'STOPPED'].map((desiredStatus) => ({ ...input, desiredStatus }))
    return services.flatMap((s) => {
      const cluster = s.cluster.name
      return [
        ...both({ cluster }),
        ...both({ cluster, serviceName: s.name }),
        ...s.deployments.map((d) => ({ cluster, startedBy: d.id }))
      ]
    })
  }

  private run(operation: string, input: Input): Answer {
    const played = operations.ecs[operation]
    if (played === undefined) throw new Error(`${operation} is not played`)
    return played.run(this.world, input as never, { unknown: [] })
  }
}

/** What is asked, however it is written: names for ARNs, the default status, no page. */
function questionOf(input: Input): string {
  const asked: Input = { cluster: 'default', desiredStatus: 'RUNNING', ...input }
  const named = Object.entries(asked)
    .filter(([key, value]) => value !== undefined && key !== 'nextToken' && key !== 'maxResults')
    .map(([key, value]) => [key, typeof value === 'string' ? lastOf(value) : JSON.stringify(value)])
  return JSON.stringify(named.sort())
}
