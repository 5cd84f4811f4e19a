/** `12.3 MB`: bytes for people, in the decimal units that registries show. */
export function sayBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB']
  if (bytes < 1000) return `${bytes} bytes`
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power - 1] ?? ''}`
}
