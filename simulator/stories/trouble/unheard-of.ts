import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const unheardOf: Story = {
  name: 'unheard-of',
  title: 'The tasks fail to start with a sentence that nobody has heard before',
  about:
    'AWS has new words every year. The tasks die again and again, so it is a failure; why it is one is quoted, not ' +
    'guessed.',
  build(world) {
    return shop(world, {
      image: { initError: 'QuantumEntanglementError: the flux of the enclave was not aligned' }
    })
  },
  expect: rolledBack('unknown', /flux of the enclave/)
}
