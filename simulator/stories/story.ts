/** What a story is: a world, what the action is asked to do in it, and how that must end. */
import type { FaultRule, GitHub, ServiceHandle, World, WorldOptions } from '../index.js'

/** The world as it stands when the workflow starts, and what the step is given. */
export interface Scene {
  service: ServiceHandle
  /** What stands under `with:`. */
  inputs: Record<string, string>
  /** What happened in the world before the run, for whoever watches: a line each. */
  told?: readonly string[]
  /** Files in the checked-out workspace, path to text. */
  files?: Record<string, string>
  /** What AWS and the network do to requests, from the run's start on. */
  faults?: readonly FaultRule[]
  /** The GitHub that the run can talk to; absent: nobody answers there. */
  github?: GitHub
}

/** How a run must end. */
export interface Expected {
  outcome: string
  /** Absent for the green outcomes. */
  reasonCode?: string
  exitCode: number
  /** What the `reason` must say, beyond its code. */
  says?: RegExp
  /** What the log must tell, its lines joined. */
  tells?: RegExp
  /** `family:revision` that must serve in the end, where the outputs alone do not say enough. */
  serves?: string
  /** True when the run ends while an image is copied: then the layers in its target are all that was written. */
  copiesOnly?: true
}

/** One of several runs in a world that goes on: what happens before it, and what it is asked to do. */
export interface Act {
  name: string
  title: string
  about: string
  /** Lets the world live on; gives what a person could have seen of it, a line each. */
  happens(world: World, scene: Scene): readonly string[]
  /** What stands under `with:` of its run. */
  inputs(world: World): Record<string, string>
  expect: Expected
}

/** One named case of the simulated AWS. */
export interface Story {
  name: string
  /** One line, for lists. */
  title: string
  /** What happens, in a short paragraph. */
  about: string
  /** Account, region, seed or timings when they are not the usual ones. */
  world?: WorldOptions
  /**
   * How the demo plays it: several runs in one world, one after the other, from its beginning on. `build` is then the
   * world before the last of them, as if nobody had run anything.
   */
  play?: { begin: (world: World) => Scene; acts: readonly Act[] }
  /** Builds services and images, and plans what happens later. */
  build(world: World): Scene
  /** The run is cancelled so many virtual milliseconds after its start. */
  cancelAt?: number
  /** The event that started the workflow; default: a push to main. */
  event?: { name: string; payload: unknown }
  expect: Expected
}

/** The endings stories have, so that a story says its own in a word. */
export const deployed: Expected = { outcome: 'deployed', exitCode: 0 }
export const rolledBack = (reasonCode: string, says?: RegExp): Expected => ({
  ...red('rolled-back', reasonCode),
  ...(says === undefined ? {} : { says })
})
export const red = (outcome: string, reasonCode: string, says?: RegExp): Expected => ({
  outcome,
  reasonCode,
  exitCode: 1,
  ...(says === undefined ? {} : { says })
})

/** Runs once, at the first deployment that starts after the story began: later ones are our own way back. */
export function onFirstDeployment(world: World, service: ServiceHandle, fn: () => void): void {
  const forget = world.onDeployment(service, () => {
    forget()
    fn()
  })
}
