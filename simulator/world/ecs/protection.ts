/** Tasks that scale-in and deployments must not stop (facts A3.10, the SDK's UpdateTaskProtection). */
import type { Service } from './service.js'
import type { Task } from './task.js'
import { eventTexts } from '../texts.js'

/** Minutes of a protection that names none, and the longest. Documented in the SDK's UpdateTaskProtectionRequest. */
export const protectionMinutes = { usual: 120, longest: 2880 }

/** Says once a deployment which of its tasks stand in the way, when more are to go than may. */
export function sayProtected(
  service: Service,
  old: readonly Task[],
  surplusOld: number,
  mine: readonly Task[],
  surplusNew: number
): void {
  for (const [candidates, surplus] of [
    [old, surplusOld],
    [mine, surplusNew]
  ] as const) {
    const guarded = candidates.filter((t) => t.protected)
    if (surplus <= 0 || candidates.length - guarded.length >= surplus) continue
    for (const deployment of new Set(guarded.map((t) => t.deployment))) {
      const n = guarded.filter((t) => t.deployment === deployment).length
      service.sayOnce(`protected ${deployment.id}`, eventTexts.guarded.say(service.name, deployment.id, n))
    }
  }
}
