/** The process of a stage, and how the runner ends it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { constants } from 'node:os'
import { LineSplitter } from './lines.js'

/** Why the runner sends a signal. */
export type Reason = 'cancel' | 'shutdown' | 'timeout' | 'end-of-job'

/** How a process is started and who hears it. */
export interface Start {
  node: string
  args: string[]
  cwd: string
  env: Record<string, string>
  /** The file in which signals are noted. */
  signals: string
  wait: (ms: number) => Promise<unknown>
  onChunk: (chunk: string, source: 'stdout' | 'stderr') => void
  onLine: (line: string, source: 'stdout' | 'stderr') => void
}

/** A stage's process while it runs. */
export class StepProcess {
  /** As a shell counts it, and the signal that ended it; rejects when it could not be started. */
  readonly ended: Promise<{ exitCode: number; signal: NodeJS.Signals | null }>
  private readonly child: ChildProcess
  private over = false
  private laddered = false

  constructor(private readonly start: Start) {
    const child = spawn(start.node, start.args, {
      cwd: start.cwd,
      env: start.env,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.child = child
    for (const source of ['stdout', 'stderr'] as const) {
      const lines = new LineSplitter((line) => start.onLine(line, source))
      child[source].setEncoding('utf8')
      child[source].on('data', (chunk: string) => {
        start.onChunk(chunk, source)
        lines.push(chunk)
      })
      child[source].on('end', () => lines.end())
    }
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        this.over = true
        resolve({ exitCode: code ?? 128 + constants.signals[signal!], signal })
      })
    })
  }

  /** SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL, to this process only; the first to ask decides. */
  ladder(reason: Reason): void {
    if (this.laddered) return
    this.laddered = true
    this.send('SIGINT', reason)
    void this.start
      .wait(7500)
      .then(() => this.send('SIGTERM', reason))
      .then(() => this.start.wait(2500))
      .then(() => this.send('SIGKILL', reason))
  }

  /** Something else on the machine ends it, such as want of memory: the runner sends nothing. */
  crash(): void {
    if (!this.over) this.child.kill('SIGKILL')
  }

  /** Ends it at once. */
  kill(reason: Reason): void {
    this.send('SIGKILL', reason)
  }

  private send(signal: NodeJS.Signals, reason: Reason): void {
    if (this.over) return
    appendFileSync(this.start.signals, `${signal} ${reason}\n`)
    this.child.kill(signal)
  }
}
