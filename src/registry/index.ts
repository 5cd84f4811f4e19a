import { parseImage, type Repository } from '../domain/image.js'
import type { Clock, Registries } from '../ports.js'
import type { RegistryClient } from './client.js'
import type { Credentials } from './docker-config.js'
import { Doors } from './doors.js'
import { DockerKeychain, type Keychain } from './keychain.js'
import { OciRegistry } from './oci.js'
import { AllRegistries } from './registries.js'
import { Web } from './web.js'

/** ECR by its API, which also gives a login for its `/v2/`. */
export interface EcrClient extends RegistryClient {
  login(repository: Repository): Promise<Credentials | undefined>
}

/** What the registries are made of. */
export interface Materials {
  /** Makes the client of ECR; it fetches layers over this. */
  ecr: (web: Web) => EcrClient
  env: NodeJS.ProcessEnv
  clock: Clock
  signal?: AbortSignal
  /** Hears what is wrong with the Docker config file. */
  warn: (text: string) => void
}

/** Every registry that an image may come from or go to. */
export function registriesOf({ ecr, env, clock, signal, warn }: Materials): Registries {
  const web = new Web(clock, env)
  const amazon = ecr(web)
  const docker = new DockerKeychain(env, clock, warn)
  const keychain: Keychain = {
    of: async (host) => {
      const written = await docker.of(host)
      const repository = parseImage(`${host}/any`)?.ecr
      if (written || !repository) return written
      return await amazon.login({ host, name: repository.name, ecr: repository })
    }
  }
  const oci = new OciRegistry(web, new Doors(web, keychain, clock), clock, signal)
  return new AllRegistries(amazon, oci, clock, signal)
}
