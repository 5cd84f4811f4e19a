/** GitHub on loopback: pull requests, comments and deployments of one repository, for Octokit and anything else. */
import type { World } from '../world/api.js'
import type { GitHub, GitHubOptions } from './api.js'
import { Repository } from './state.js'

export type * from './api.js'
export { githubPath } from './serve.js'

/** A repository on GitHub that lives in the world's time; hand it to `startServer` or to a play. */
export function createGitHub(world: World, options: GitHubOptions = {}): GitHub {
  return new Repository(world.clock, options)
}
