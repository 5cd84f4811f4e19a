// Prints where Debian's docker-registry is: installed, or unpacked into the folder that is given. Nothing where it cannot be had.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { findDockerRegistry } from './peers.mjs'

const folder = resolve(process.argv[2] ?? '.docker-registry')
mkdirSync(folder, { recursive: true })
process.stdout.write(findDockerRegistry(folder) ?? '')
