/** What the answers of several services share. */

/** JSON as it came over the wire: task definitions are kept so, that no member is ever lost. */
export type Json = Record<string, unknown>

export interface Tag {
  key: string
  value: string
}
