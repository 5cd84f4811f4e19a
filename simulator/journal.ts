/** What was asked of the fake AWS: every request, in order, in virtual time. */

export interface JournalEntry {
  /** Virtual time, epoch ms. */
  time: number
  /** `ecs`, `ecr`, `elasticloadbalancing`, `sts`, or whatever was asked that is not played. */
  service: string
  operation: string
  /** True for calls that change something (or would, had they not failed). */
  write: boolean
  input: unknown
  /** What was answered, or would have been: beside an `error` it says that the work was done and its answer lost. */
  output?: unknown
  /** The error code, or what became of the answer: `connection-reset`, `silence`, `caller-killed`, `truncated`, `cut`. */
  error?: string
}

/** An append-only list of requests with the two questions that tests ask most. */
export class Journal {
  readonly entries: JournalEntry[] = []

  private readonly listeners: ((entry: JournalEntry) => void)[] = []

  add(entry: JournalEntry): void {
    this.entries.push(entry)
  }

  /** Tells the listeners of a call once it is known how it ended. */
  settled(entry: JournalEntry): void {
    for (const listener of this.listeners) listener(entry)
  }

  /** Hears of every call when it has ended. */
  listen(listener: (entry: JournalEntry) => void): void {
    this.listeners.push(listener)
  }

  /** Calls of one operation. */
  of(operation: string): JournalEntry[] {
    return this.entries.filter((e) => e.operation === operation)
  }

  /** Calls that change something, as `operation` names in order. */
  writes(): JournalEntry[] {
    return this.entries.filter((e) => e.write)
  }
}
