import { healthyStories } from '../../../simulator/stories/healthy/index.js'
import { endAsTheySay } from './ends.js'

endAsTheySay(healthyStories)
