const units = { h: 3_600_000, m: 60_000, s: 1000 }

/**
 * Parses a duration such as `90s`, `30m`, `1h` or `1h30m`.
 * Gives milliseconds, or undefined when the text is anything else.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text.trim())
  if (!match || text.trim() === '') return undefined
  const [, h = '0', m = '0', s = '0'] = match
  return Number(h) * units.h + Number(m) * units.m + Number(s) * units.s
}

/** Milliseconds as people say them: `45s`, `2m 05s`, `1h 02m`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds}s`
  const pad = (n: number) => String(n).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h ${pad(Math.floor((seconds % 3600) / 60))}m`
}

/** Elapsed milliseconds as a clock: `0:05`, `12:40`, `1:02:03`. */
export function clockFace(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const head =
    seconds >= 3600
      ? `${Math.floor(seconds / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}`
      : `${Math.floor(seconds / 60)}`
  return `${head}:${pad(seconds % 60)}`
}
