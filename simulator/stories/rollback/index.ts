import type { Story } from '../story.js'
import { rollbackForms } from './forms.js'
import { rollbackTroubles } from './troubles.js'

/** Mode rollback, and what a deploy does without a way back. */
export const rollbackStories: readonly Story[] = [...rollbackForms, ...rollbackTroubles]
