import { rollbackStories } from '../../../simulator/stories/rollback/index.js'
import { endAsTheySay } from './ends.js'

endAsTheySay(rollbackStories)
