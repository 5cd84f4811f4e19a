/** What GitHub refuses with; every text is here, with its source. */

/** A refusal: status, body and headers. */
export class GitHubError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: { errors?: unknown[]; headers?: Record<string, string>; docs?: string } = {}
  ) {
    super(message)
  }
}

const docs = 'https://docs.github.com/rest'

/** 422 for one field, in the two forms there are (observed: peter-evans/create-or-update-comment#181 and others). */
function invalid(resource: string, code: string, field: string, message: string): GitHubError {
  return new GitHubError(422, 'Validation Failed', { errors: [{ resource, code, field, message }] })
}

/** The words of GitHub. The facts' section is in brackets; "observed" are issues that quote the answer. */
export const refusals = {
  /** [documented] A token that is none. */
  badCredentials: () => new GitHubError(401, 'Bad credentials'),
  /** [documented] No token at all. */
  noCredentials: () => new GitHubError(401, 'Requires authentication'),
  notFound: () => new GitHubError(404, 'Not Found'),
  /** [2 documented, observed: hasura/comment-progress#9] */
  notAccessible: (accepted: string) =>
    new GitHubError(403, 'Resource not accessible by integration', {
      headers: { 'x-accepted-github-permissions': accepted }
    }),
  notJson: () => new GitHubError(400, 'Problems parsing JSON'),
  /** [observed] A required member that is missing. */
  notSupplied: (name: string) => new GitHubError(422, `Invalid request.\n\n"${name}" wasn't supplied.`),
  notAString: (name: string, value: unknown) =>
    new GitHubError(
      422,
      `Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not a string.`
    ),
  /** [own wording] A blank body. */
  blank: () => invalid('IssueComment', 'missing_field', 'body', "body can't be blank"),
  /** [2 observed: easybuild-easyconfigs#24647] Creating. */
  tooLongToCreate: () =>
    invalid('IssueComment', 'unprocessable', 'data', 'Body is too long (maximum is 65536 characters)'),
  /** [2 observed: robotframework-reporter-action#30] Editing. */
  tooLongToEdit: () =>
    invalid('IssueComment', 'custom', 'body', 'body is too long (maximum is 65536 characters)'),
  /** [2 documented] */
  noCommit: (sha: string) => new GitHubError(422, `No commit found for SHA: ${sha}`),
  /** [3 documented] */
  noRef: (ref: string) => new GitHubError(422, `No ref found for: ${ref}`),
  /** [3 documented] The default branch cannot be merged into the ref. */
  mergeConflict: (from: string, into: string) =>
    new GitHubError(409, `Conflict merging ${from} into ${into}`),
  /** [3 documented, observed: drevops/vortex#1903] */
  checksFailed: (ref: string, contexts: { context: string; state: string }[]) =>
    new GitHubError(409, `Conflict: Commit status checks failed for ${ref}.`, {
      errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }]
    }),
  /** [3 documented, observed: Shopify/shipit-engine#1004] */
  descriptionTooLong: () =>
    invalid(
      'DeploymentStatus',
      'custom',
      'description',
      'description is too long (maximum is 140 characters)'
    ),
  badState: (state: unknown) =>
    new GitHubError(
      422,
      `Invalid request.\n\n${JSON.stringify(state)} is not a member of ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"].`
    ),
  /** [2 documented] */
  primaryLimit: (headers: Record<string, string>) =>
    new GitHubError(403, 'API rate limit exceeded for installation.', {
      headers,
      docs: `${docs}/overview/rate-limits-for-the-rest-api`
    }),
  /** [2 documented] */
  secondaryLimit: (seconds: number) =>
    new GitHubError(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      {
        headers: { 'retry-after': String(seconds) },
        docs: `${docs}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`
      }
    ),
  serverError: () => new GitHubError(502, 'Server Error')
} as const

/** The body of a refusal. */
export function bodyOf({ status, message, more }: GitHubError): Record<string, unknown> {
  return {
    message,
    ...(more.errors === undefined ? {} : { errors: more.errors }),
    documentation_url: more.docs ?? docs,
    status: String(status)
  }
}
