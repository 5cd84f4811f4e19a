import { expect, test } from '@jest/globals'
import { parseImage } from '../../src/domain/image.js'
import { Refusal } from '../../src/domain/outcome.js'
import { AwsFault, NotFound, type Images, type Manifest, type Ports } from '../../src/ports.js'
import { planTags, putTags } from '../../src/steps/tag.js'
import type { Pinned } from '../../src/steps/pin.js'

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com'
const digest = (c: string) => `sha256:${c.repeat(64)}`

function pin(container: string, repository: string, c: string): Pinned {
  const { ecr } = parseImage(`${host}/${repository}:1`) ?? {}
  if (!ecr) throw new Error('not ECR')
  const manifest: Manifest = { digest: digest(c), bytes: '{}', mediaType: 'm' }
  return {
    container,
    given: true,
    repository: `${host}/${repository}`,
    digest: digest(c),
    ecr: { repository: ecr, manifest }
  }
}

/** A repository whose tag another run may put between our look and our write. */
function ports(tags: Record<string, string>, race?: string): Pick<Ports, 'images' | 'announce'> {
  const images: Images = {
    manifest: (repository, image) => {
      const found = 'tag' in image ? tags[`${repository.name}:${image.tag}`] : undefined
      return found === undefined
        ? Promise.reject(new NotFound('none'))
        : Promise.resolve({ digest: found, bytes: '{}' })
    },
    tag: (repository, manifest, tag) => {
      const key = `${repository.name}:${tag}`
      if (race !== undefined) tags[key] = race
      if (tags[key] !== undefined)
        return Promise.reject(
          new AwsFault('rejected', 'ecr:PutImage', 'ImageTagAlreadyExistsException', 'immutable')
        )
      tags[key] = manifest.digest
      return Promise.resolve('tagged')
    }
  }
  return { images, announce: () => undefined }
}

test('one image in two containers is tagged once, for both', async () => {
  const world = ports({}) as Ports
  const plans = await planTags(world, [pin('a', 'app', '1'), pin('b', 'app', '1')], 't')
  expect(await putTags(world, plans)).toEqual({ a: `${host}/app:t`, b: `${host}/app:t` })
})

test('two images of one repository cannot share a tag', async () => {
  await expect(
    planTags(ports({}) as Ports, [pin('a', 'app', '1'), pin('b', 'app', '2')], 't')
  ).rejects.toThrow('cannot both get the tag')
})

test('images that were not given, or live elsewhere, get no tag', async () => {
  const { ecr: _ecr, ...elsewhere } = pin('b', 'app', '1')
  expect(_ecr).toBeDefined()
  expect(
    await planTags(ports({}) as Ports, [{ ...pin('a', 'app', '1'), given: false }, elsewhere], 't')
  ).toEqual([])
})

test('another run was faster: the same digest is success, another one a refusal', async () => {
  const same = ports({}, digest('1')) as Ports
  const plans = await planTags(same, [pin('a', 'app', '1')], 't')
  expect(await putTags(same, plans)).toEqual({ a: `${host}/app:t` })
  const other = ports({}, digest('2')) as Ports
  await expect(planTags(other, [pin('a', 'app', '1')], 't').then((p) => putTags(other, p))).rejects.toThrow(
    Refusal
  )
})
