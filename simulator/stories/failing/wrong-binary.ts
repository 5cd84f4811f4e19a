import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const wrongBinary: Story = {
  name: 'wrong-binary',
  title: 'The entry point is not a program of this processor',
  about:
    'The image says linux/amd64, the binary in it is of another kind. The task only says that its container exited ' +
    'with 1; the reason stands in the last line of the log: exec format error.',
  build(world) {
    return shop(world, { image: { fails: 'exec-format' } })
  },
  expect: rolledBack('container-exec-format')
}
