export interface Promised {
  part: string
  promise: string
  source: string
  test: string
}
export function promises(): Promised[]
export function simulatorTests(): { title: string; file: string }[]
export function mismatches(): string[]
