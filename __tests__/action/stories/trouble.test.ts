import { troubleStories } from '../../../simulator/stories/trouble/index.js'
import { endAsTheySay } from './ends.js'

endAsTheySay(troubleStories)
