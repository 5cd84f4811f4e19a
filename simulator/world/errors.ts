/** A refusal as AWS words it: the code is what travels on the wire. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly extra: Readonly<Record<string, string>> = {}
  ) {
    super(message)
    this.name = code
  }
}
