/** Secrets, as far as tasks care: whether they can be had. */
import type { SecretsBuilder, SecretState } from './api.js'

export class Secrets implements SecretsBuilder {
  private readonly states = new Map<string, SecretState>()

  secret(arn: string, state: SecretState): void {
    this.states.set(arn, state)
  }

  /** What a container gets for its `valueFrom`: an ARN, with `:key:stage:version` behind it or not. */
  look(valueFrom: string): SecretState {
    const parts = valueFrom.split(':')
    const arn = parts.slice(0, 7).join(':')
    const key = parts[7] ?? ''
    const state =
      this.states.get(valueFrom) ??
      this.states.get(arn) ??
      this.states.get(arn.replace(/-[A-Za-z0-9]{6}$/, ''))
    if (state === 'not-json' && key === '') return 'there'
    return state ?? 'there'
  }

  /** Whether the account has a parameter of this name, whichever way the story names it. */
  hasParameter(name: string, region: string, account: string): boolean {
    const arn = `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`
    return ![name, arn].some((one) => this.states.get(one) === 'missing')
  }

  /** Whether the policies of execution roles let them read it. */
  mayBeRead(action: string, arn: string): boolean {
    const name = /:parameter(\/.*)$/.exec(arn)?.[1] ?? ''
    const reads = /^(secretsmanager:GetSecretValue|ssm:GetParameters)$/i.test(action)
    return (
      !reads || ![this.look(arn), this.states.get(name), this.states.get(name.slice(1))].includes('denied')
    )
  }
}
