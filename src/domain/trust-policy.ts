import { isObject, type Json, type JsonObject } from './task-definition.js'

/** What a role's trust policy says to a service that wants to take the role. */
export type Trust = { trusts: 'yes' } | { trusts: 'no' | 'unknown'; why: string }

/** Where the service acts from: what `aws:SourceAccount` and `aws:SourceArn` are held against. */
export interface Caller {
  /** Such as `ecs-tasks.amazonaws.com`. */
  service: string
  account: string
  /** The beginning of the ARNs that it names as source: `arn:aws:ecs:eu-west-1:123456789012:`. */
  arnPrefix: string
}

/**
 * Reads a trust policy (IAM JSON policy reference). `no` only where every statement can be read and none lets the
 * service in; a deny, a NotPrincipal or a condition that is not known here makes it `unknown`.
 */
export function trustOf(document: unknown, caller: Caller): Trust {
  if (!isObject(document)) return { trusts: 'unknown', why: 'its trust policy cannot be read' }
  const statements = many(document['Statement']).filter(isObject)
  if (statements.some((s) => s['Effect'] === 'Deny'))
    return { trusts: 'unknown', why: 'its trust policy denies something' }
  const answers = statements.filter((s) => s['Effect'] === 'Allow').map((s) => admits(s, caller))
  const found = (trusts: Trust['trusts']) => answers.find((a) => a.trusts === trusts)
  return (
    found('yes') ??
    found('unknown') ??
    // The one that would, but for its condition, says most.
    answers.find((a) => a.trusts === 'no' && a.why.includes('only')) ?? {
      trusts: 'no',
      why: `its trust policy lets in ${principals(statements).join(', ') || 'nobody'}`
    }
  )
}

function admits(statement: JsonObject, caller: Caller): Trust {
  if (statement['NotPrincipal'] !== undefined || statement['NotAction'] !== undefined)
    return { trusts: 'unknown', why: 'its trust policy names whom it does not mean' }
  const actions = texts(statement['Action']).map((a) => a.toLowerCase())
  const takes = actions.some((a) => pattern(a).test('sts:AssumeRole'))
  const names = principals([statement])
  if (!takes || !names.some((n) => n === '*' || sameService(n, caller.service)))
    return { trusts: 'no', why: 'another principal' }
  if (!names.some((n) => sameService(n, caller.service)))
    return { trusts: 'unknown', why: 'its trust policy lets in everybody' }
  return conditions(statement['Condition'], caller)
}

/** In China a service may have the ending of its partition. */
function sameService(name: string, service: string): boolean {
  return name === service || name === `${service}.cn`
}

function principals(statements: JsonObject[]): string[] {
  const all = statements.flatMap((s) => {
    const principal = s['Principal']
    return isObject(principal) ? Object.values(principal).flatMap(many) : many(principal)
  })
  return [...new Set(all.filter((p) => typeof p === 'string'))]
}

function conditions(condition: Json | undefined, caller: Caller): Trust {
  if (!isObject(condition)) return { trusts: 'yes' }
  for (const [operator, keys] of Object.entries(condition))
    for (const [key, values] of Object.entries(isObject(keys) ? keys : {})) {
      const wanted = texts(values)
      const holds = fulfilled(operator, key.toLowerCase(), wanted, caller)
      if (holds === undefined) return { trusts: 'unknown', why: `its trust policy has the condition ${key}` }
      if (!holds)
        return { trusts: 'no', why: `its trust policy lets ECS in only for ${key} ${wanted.join(', ')}` }
    }
  return { trusts: 'yes' }
}

function fulfilled(operator: string, key: string, wanted: string[], caller: Caller): boolean | undefined {
  if (!/^(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator)) return undefined
  // Policy variables stand for what is not known here.
  if (wanted.some((w) => w.includes('${'))) return undefined
  if (key === 'aws:sourceaccount') return wanted.some((w) => pattern(w).test(caller.account))
  // Which ARN of the account ECS names is its own matter: only what can begin none of them is no.
  if (key === 'aws:sourcearn') return wanted.some((w) => couldBegin(w, caller.arnPrefix))
  return undefined
}

/** True when a text that begins so may match. */
function couldBegin(wanted: string, prefix: string): boolean {
  const parts = wanted.split(':')
  const own = prefix.split(':')
  if (parts.length < 6) return wanted.includes('*')
  return own.slice(0, 5).every((part, i) => pattern(parts[i] ?? '').test(part))
}

function pattern(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i')
}

function texts(value: Json | undefined): string[] {
  return many(value).flatMap((v) => (typeof v === 'string' || typeof v === 'number' ? [String(v)] : []))
}

function many(value: Json | undefined): Json[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}
