/*
 * The same in fewer letters: whoever wants all of them finds them in the log and the report.
 */

/**
 * An event of the service in fewer words: the service is the one that is watched, target groups by name, tasks by the
 * first letters of their ids, and not more than three of them.
 */
export function shortEvent(message: string): string {
  return message
    .replace(/^\(service [^)]*\)\s*/, '')
    .replace(/arn:[^\s)]*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g, '$1')
    .replace(/(?:\(task [0-9a-f]{32}\)[\s,]*){1,500}/g, (tasks, at: number, whole: string) => {
      const ids = [...tasks.matchAll(/[0-9a-f]{32}/g)].map(([id]) => id.slice(0, 8))
      const more = ids.length > 3 ? ` and ${ids.length - 3} more` : ''
      const what = whole.slice(0, at).endsWith('tasks: ') ? '' : 'task '
      return `${what}${ids.slice(0, 3).join(', ')}${more}${/\s$/.test(tasks) ? ' ' : ''}`
    })
}

/** A sentence for a page: tasks by the first letters of their ids, digests as people name them, events in few words. */
export function shortly(text: string): string {
  // No page shows more of it.
  return shortEvent(text.slice(0, 20_000))
    .replace(/\b(task )([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1$2')
    .replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')
}
