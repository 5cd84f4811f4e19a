/** Which programs a container health check calls, and which kinds of images usually lack them. */

/** A kind of image, by its name: what people leave out of it. */
export interface Kind {
  kind: string
  lacks: readonly string[]
}

const kinds: readonly (Kind & { name: RegExp; not?: RegExp })[] = [
  // Their -debug and -dev variants have a shell.
  {
    kind: 'distroless',
    name: /(^|[/:_.-])(distroless|scratch)([/:_.-]|\d|$)|(^|\/)chainguard\//,
    not: /[:_.-](debug|dev)([_.-]|$)/,
    lacks: ['sh', 'bash', 'curl', 'wget', 'nc']
  },
  { kind: 'alpine', name: /(^|[/:_.-])alpine([/:_.-]|\d|$)/, lacks: ['bash', 'curl'] },
  { kind: 'busybox', name: /(^|[/:_.-])busybox([/:_.-]|\d|$)/, lacks: ['bash', 'curl'] },
  { kind: 'slim', name: /[:_.-]slim([_.-]|\d|$)/, lacks: ['curl', 'wget', 'nc'] }
]

/** What the name of an image (repository and tag) says of what is in it; undefined when it says nothing. */
export function kindOf(reference: string): Kind | undefined {
  const name = reference.replace(/@sha256:[0-9a-f]+$/, '')
  // The host of a registry says nothing of an image.
  const path = name.replace(/^[^/]*[.:][^/]*\//, '')
  const found = kinds.find((k) => k.name.test(path) && k.not?.test(path) !== true)
  return found && { kind: found.kind, lacks: found.lacks }
}

const known = new Set(kinds.flatMap((k) => k.lacks))

/**
 * The programs of those that some images lack which a health check's command calls; `sh` for CMD-SHELL itself. Nothing
 * else of the command comes out: it may hold what is not for everybody.
 */
export function programsOf(command: readonly string[]): string[] {
  const [kind = '', ...args] = command
  const called =
    kind === 'CMD-SHELL'
      ? ['sh', ...args.slice(0, 1).flatMap(commandsIn)]
      : [plain((kind === 'CMD' ? args[0] : kind) ?? '')]
  return [...new Set(called)].filter((program) => known.has(program))
}

/** The first word of each command of a line for the shell. What is quoted is an argument. */
function commandsIn(line: string): string[] {
  const bare = line.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, 'x')
  return bare.split(/\|\||&&|[|;&\n]/).flatMap((part) => {
    const words = part.trim().split(/\s+/)
    const first = words.find((w) => !/^(\w+=.*|[!({]+|if|then|else|while|exec|time|)$/.test(w))
    return first === undefined ? [] : [plain(first.replace(/^[!({]+/, ''))]
  })
}

function plain(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1)
}
