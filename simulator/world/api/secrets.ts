/** What stories and tests say about secrets. */

/**
 * `not-json`: its value is no JSON, so that a key of it cannot be had. `empty`: it was never given a value. `deleted`: it
 * waits for the end of its recovery window.
 */
export type SecretState = 'there' | 'missing' | 'denied' | 'not-json' | 'unreachable' | 'empty' | 'deleted'

export interface SecretsBuilder {
  /** How a secret (by ARN, with or without its random suffix) is from now on; each is `there` until told otherwise. */
  secret(arn: string, state: SecretState): void
}
