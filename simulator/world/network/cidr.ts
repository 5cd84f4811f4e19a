/** IPv4 addresses and blocks. */

/** An address as a number. */
export function numberOf(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** A number as an address. */
export function addressOf(n: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.')
}

/** First address and number of addresses of a block such as `10.0.11.0/24`. */
export function block(cidr: string): { first: number; size: number; prefix: number } {
  const [ip = '', length = '32'] = cidr.split('/')
  const prefix = Number(length)
  const size = 2 ** (32 - prefix)
  return { first: Math.floor(numberOf(ip) / size) * size, size, prefix }
}

/** Whether an address is in a block. */
export function contains(cidr: string, ip: string): boolean {
  const { first, size } = block(cidr)
  const n = numberOf(ip)
  return n >= first && n < first + size
}
