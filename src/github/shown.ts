/* The faces on GitHub's pages and their API, in one place so that they are loaded together and only when asked for. */
export { GitHubApi } from './api.js'
export { CommentFace } from './comment-face.js'
export { DeploymentFace } from './deployments.js'
