/** The words of `npm run simulate`. */
import { parseArgs } from 'node:util'

/** What was asked for. */
export interface SimulateOptions {
  story: string | undefined
  port: number
  /** Virtual seconds in a real one; 0: time moves by the control route only. */
  speed: number
  /** Virtual milliseconds to live through at once, at the start. */
  at: number
  deploy: boolean
  calls: boolean
  faults: string[]
  list: boolean
  help: boolean
}

/** Something in the command line that cannot be done; the message says what would be right. */
export class UsageError extends Error {}

export const usage = `npm run simulate -- STORY [options]    a story's AWS on loopback, for any AWS client

  --port N          where it listens on 127.0.0.1; 0: any free port (4510)
  --speed N         virtual seconds in a real one (10); 0: time stands until the control route moves it
  --manual          the same as --speed 0
  --at DURATION     live through so much at once, before anybody can ask: 90s, 12m, 1h30m
  --deploy          deploy the story's image now, as its workflow would
  --calls           show every AWS call, not only writes and refusals
  --fault NAME      order a fault by name, as often as wanted; --list shows the names
  --list            the stories and the faults there are`

/** Reads the command line. Throws UsageError. */
export function readOptions(args: string[]): SimulateOptions {
  const { values, positionals } = parsed(args)
  if (positionals.length > 1) throw new UsageError(`One story at a time, not ${positionals.join(' and ')}.`)
  return {
    story: positionals[0],
    port: number('--port', values.port ?? '4510', (n) => Number.isInteger(n) && n >= 0 && n <= 65535),
    speed: values.manual === true ? 0 : number('--speed', values.speed ?? '10', (n) => n >= 0),
    at: values.at === undefined ? 0 : duration('--at', values.at),
    deploy: values.deploy === true,
    calls: values.calls === true,
    faults: values.fault ?? [],
    list: values.list === true,
    help: values.help === true
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        speed: { type: 'string' },
        manual: { type: 'boolean' },
        at: { type: 'string' },
        deploy: { type: 'boolean' },
        calls: { type: 'boolean' },
        fault: { type: 'string', multiple: true },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    })
  } catch (error) {
    const unknown = /Unknown option '([^']+)'/.exec(String(error))?.[1]
    throw new UsageError(
      unknown === undefined
        ? `${(error as Error).message}\n\n${usage}`
        : `There is no option ${unknown}.\n\n${usage}`
    )
  }
}

function number(option: string, text: string, right: (n: number) => boolean): number {
  const n = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(n) && right(n)) return n
  throw new UsageError(
    `${option} ${text}: ${option === '--port' ? 'a port is a whole number from 0 to 65535' : 'a speed is a number of virtual seconds in a real one, 0 or more'}.`
  )
}

/** `90s`, `12m`, `1h30m` in milliseconds. Throws UsageError. */
export function duration(option: string, text: string): number {
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (text === '' || found === null)
    throw new UsageError(`${option} ${text}: a duration is written like 90s, 12m or 1h30m.`)
  const [hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? '0'))
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000
  // Every happening of the time that passes is shown: more would be hours of reading, and minutes of waiting.
  if (ms > 31 * 24 * 3_600_000) throw new UsageError(`${option} ${text}: at most 744h, which is 31 days.`)
  return ms
}
