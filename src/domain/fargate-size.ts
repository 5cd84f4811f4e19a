/** Which CPU and memory a Fargate task may have: the table of the ECS developer guide, task size. */

/** Units of CPU, then memory in MiB: the least, the most, and the step between. */
const sizes: readonly (readonly [cpu: number, least: number, most: number, step: number])[] = [
  [512, 1024, 4096, 1024],
  [1024, 2048, 8192, 1024],
  [2048, 4096, 16_384, 1024],
  [4096, 8192, 30_720, 1024],
  [8192, 16_384, 61_440, 4096],
  [16_384, 32_768, 122_880, 8192]
]

/** The memory that goes with this CPU, MiB, ascending; empty when Fargate has no such CPU. */
export function memoryFor(cpu: number): number[] {
  // The only row that doubles.
  if (cpu === 256) return [512, 1024, 2048]
  const row = sizes.find(([units]) => units === cpu)
  if (!row) return []
  const [, least, most, step] = row
  return Array.from({ length: (most - least) / step + 1 }, (_, i) => least + i * step)
}

/** The CPU values that Fargate has, units. */
export const fargateCpus: readonly number[] = [256, ...sizes.map(([cpu]) => cpu)]

/** `512, 1024 or 2048`; `4096 to 16384 in steps of 1024`. */
export function sayMemoryFor(cpu: number): string {
  const all = memoryFor(cpu)
  const [least = 0, second = 0] = all
  if (all.length <= 4) return `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`
  return `${least} to ${all.at(-1) ?? 0} in steps of ${second - least}`
}
