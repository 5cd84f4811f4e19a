/** Every story through the shipped bundle: it ends as the story says, and what it says of the world is so. */
import { describe, expect, test } from '@jest/globals'
import { playStory, type Played } from '../../play.js'
import { expectLog, expectPage } from '../../report/goldens.js'
import { expectForecast, expectFoundBefore } from './foretold.js'
import { expectReport } from '../../report/report-schema.js'
import type { Story } from '../../../simulator/stories/index.js'

const writes = (played: Played): string[] =>
  played.journal.filter((entry) => entry.write).map((e) => e.operation)

/** What makes a service move to another revision. */
const moves = ['UpdateService', 'StopServiceDeployment']

/** What brings layers into a repository, without a manifest that names them. */
const copies = ['StartUpload', 'InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload']

/** What the preflight checks found, as the report tells it. */
function findingsOf(report: unknown): { state: string; check: string }[] {
  const { happenings } = report as { happenings: { code: string; findings?: [] }[] }
  return happenings.flatMap((h) => (h.code === 'preflight' ? (h.findings ?? []) : []))
}

/** Plays stories through the shipped bundle and holds each to what it says. */
export function endAsTheySay(stories: readonly Story[]): void {
  describe.each(stories.map((story) => [story.name, story] as const))('%s', (_, story) => {
    test(story.title, async () => {
      const played = await playStory(story, { pace: 'lockstep' })
      const { result, scene } = played
      const { outputs } = result
      expect({
        outcome: outputs['outcome'],
        reasonCode: outputs['reason-code'] ?? '',
        exitCode: result.exitCode,
        // The runner itself has nothing to complain about, and nothing but our words is on stderr.
        errors: [...result.errors, ...result.warnings, ...(result.post?.errors ?? [])],
        stderr: result.stderr,
        post: result.post?.exitCode
      }).toEqual({
        outcome: story.expect.outcome,
        reasonCode: story.expect.reasonCode ?? '',
        exitCode: story.expect.exitCode,
        errors: [],
        stderr: '',
        post: 0
      })
      expect(outputs['reason'] ?? '').toMatch(story.expect.says ?? /^/)
      expect(result.stdout.replace(/[\s│]+/g, ' ')).toMatch(story.expect.tells ?? /^/)
      // At most one error annotation, and one exactly when the step is red.
      const errors = result.commands.filter((command) => command.name === 'error')
      expect(errors).toHaveLength(story.expect.exitCode === 0 ? 0 : 1)
      expect(result.summary).not.toBe('')
      expectLog(story.name, result.stdout)
      expectReport(played.report)
      expectPage(story.name, played.report, result.summary)

      // A deployment that goes well had nothing held against it before.
      if (story.expect.exitCode === 0) {
        const said = findingsOf(played.report).filter((f) => f.state === 'warning' || f.state === 'error')
        expect(said.filter((f) => f.state === 'error')).toEqual([])
        expect(said.length).toBeLessThanOrEqual(1)
      }

      expectFoundBefore(story.name, played)
      if (story.expect.outcome === 'deployed') expectForecast(story.name, played)

      const { service } = scene
      if (story.expect.serves !== undefined)
        expect(service.primary.taskDefinitionArn).toMatch(new RegExp(`/${story.expect.serves}$`))
      const serving = service.tasks.filter((task) => task.status === 'RUNNING' && task.healthy)
      if (story.expect.copiesOnly === true) {
        expect(writes(played)).not.toEqual([])
        expect(writes(played).filter((operation) => !copies.includes(operation))).toEqual([])
        expect(result.stdout).toContain('stays there: no tag names it')
        return
      }
      switch (story.expect.outcome) {
        case 'deployed':
        case 'rolled-back': {
          // What the outputs call serving is PRIMARY, complete, and the only thing that runs.
          expect(service.primary).toMatchObject({
            taskDefinitionArn: outputs['task-definition-arn'],
            rolloutState: 'COMPLETED'
          })
          expect(serving.length).toBe(service.desiredCount)
          expect(new Set(serving.map((task) => task.taskDefinitionArn))).toEqual(
            new Set([outputs['task-definition-arn']])
          )
          if (story.expect.serves !== undefined) break
          const other = story.expect.outcome === 'deployed' ? 'new' : 'previous'
          expect(outputs['task-definition-arn']).toBe(outputs[`${other}-task-definition-arn`])
          break
        }
        case 'refused':
        case 'unchanged':
        case 'problems':
          expect(writes(played)).toEqual([])
          break
        case 'rollback-failed':
        case 'cancelled':
          // Ours, and the way back.
          expect(writes(played).filter((operation) => moves.includes(operation))).toHaveLength(2)
          expect(service.primary.taskDefinitionArn).toBe(outputs['previous-task-definition-arn'])
          break
        default:
          // One deployment was started, and no way back was tried.
          expect(writes(played).filter((operation) => moves.includes(operation))).toHaveLength(1)
      }
    })
  })
}
