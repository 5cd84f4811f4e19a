// The order of test files: the long ones first, so that no core waits at the end for one that began late.
const Sequencer = require('@jest/test-sequencer').default

const heavy = [
  'action/stories/',
  'bench/stories',
  'action/trouble',
  'simulator/walk',
  'action/github',
  'action/',
  'crash/'
]
const rank = ({ path }) => {
  const place = heavy.findIndex((part) => path.includes(part))
  return place < 0 ? heavy.length : place
}

module.exports = class HeavyFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b))
  }
}
