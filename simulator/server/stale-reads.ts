/** Reads that lag behind writes: what a service looked like just before the last write. */
import type { Faults } from '../faults.js'
import { describeServices } from '../services/ecs/index.js'
import type { Answer } from '../services/operation.js'
import type { SimulatedWorld } from '../world/world.js'

/** Keeps how things looked before a write, for as long as the faults say. */
export class StaleReads {
  private held: { until: number; services: Map<string, Record<string, unknown>> } | undefined

  constructor(
    private readonly world: SimulatedWorld,
    private readonly faults: Faults
  ) {}

  /** To be called before a write does its work. */
  remember(): void {
    const now = this.world.clock.now()
    const seconds = this.faults.staleSeconds(now)
    if (seconds === 0) return
    const services = new Map<string, Record<string, unknown>>()
    for (const s of this.world.ecs.services)
      services.set(
        s.arn,
        describeServices(this.world, { cluster: s.cluster.name, services: [s.name], include: ['TAGS'] })
      )
    this.held = { until: now + seconds * 1000, services }
  }

  /** The answer of before, when this read still gets it. */
  answer(operation: string, input: unknown): Answer | undefined {
    if (operation !== 'DescribeServices' || this.held === undefined) return undefined
    if (this.world.clock.now() >= this.held.until) {
      this.held = undefined
      return undefined
    }
    const now = describeServices(this.world, input as never)
    const held = this.held.services
    const services = (now.services as { serviceArn: string }[]).map((s) => {
      const before = held.get(s.serviceArn)
      return (before?.services as unknown[] | undefined)?.[0] ?? s
    })
    return { output: { ...now, services } }
  }
}
