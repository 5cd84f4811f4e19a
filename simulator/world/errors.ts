/** A refusal as AWS words it: the code is what travels on the wire. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members that the SDK's model of this error has. */
    readonly extra: Readonly<Record<string, string | number>> = {}
  ) {
    super(message)
    this.name = code
  }
}
