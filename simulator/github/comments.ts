/** Comments under issues and pull requests. */
import { refusals } from './errors.js'
import type { Asked, Told } from './routes.js'
import { charactersIn, iso, user, type Shape } from './shapes.js'
import type { Comment } from './state.js'

/** A comment's body is at most so long; counted in characters, however many bytes each has. */
const longest = 65_536

function shape(comment: Comment, { url, login, repository }: Asked): Shape<'issue-comment'> {
  const { owner, repo } = repository
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/issues/comments/${comment.id}`,
    html_url: `https://github.com/${owner}/${repo}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${url}/issues/${comment.issue}`,
    body: comment.body,
    user: user(comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: comment.author === login ? 'NONE' : 'CONTRIBUTOR'
  }
}

export function listComments(asked: Asked): Told {
  const issue = issueOf(asked)
  const since = Date.parse(asked.query.get('since') ?? '')
  const found = asked.repository.comments.filter((one) => one.issue === issue && !(one.updatedAt < since))
  return { list: found.map((one) => shape(one, asked)) }
}

export function getComment(asked: Asked): Told {
  return { body: shape(commentOf(asked), asked) }
}

export function createComment(asked: Asked): Told {
  const issue = issueOf(asked)
  const body = bodyOf(asked)
  if (charactersIn(body) > longest) throw refusals.tooLongToCreate()
  return { status: 201, body: shape(asked.repository.comment(issue, asked.login, body), asked) }
}

export function updateComment(asked: Asked): Told {
  const comment = commentOf(asked)
  const body = bodyOf(asked)
  if (charactersIn(body) > longest) throw refusals.tooLongToEdit()
  asked.repository.edit(comment, body)
  return { body: shape(comment, asked) }
}

export function deleteComment(asked: Asked): Told {
  const { comments } = asked.repository
  comments.splice(comments.indexOf(commentOf(asked)), 1)
  return { status: 204 }
}

function bodyOf({ body: { body } }: Asked): string {
  if (body === undefined || body === null) throw refusals.notSupplied('body')
  if (typeof body !== 'string') throw refusals.notAString('body', body)
  if (body.trim() === '') throw refusals.blank()
  return body
}

function issueOf({ repository, parts: [number] }: Asked): number {
  const pull = repository.pulls.find((one) => String(one.number) === number)
  if (pull === undefined) throw refusals.notFound()
  return pull.number
}

function commentOf({ repository, parts: [id] }: Asked): Comment {
  const found = repository.comments.find((one) => String(one.id) === id)
  if (found === undefined) throw refusals.notFound()
  return found
}
