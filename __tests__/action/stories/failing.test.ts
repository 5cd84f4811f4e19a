import { failingStories } from '../../../simulator/stories/failing/index.js'
import { endAsTheySay } from './ends.js'

endAsTheySay(failingStories)
