import { seedStories } from '../../../simulator/stories/seeds/index.js'
import { endAsTheySay } from './ends.js'

endAsTheySay(seedStories)
