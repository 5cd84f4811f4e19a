import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { jobEndsAfterCancel, runAction, startAction, type RunOptions } from '../../simulator/runner.js'

const made: string[] = []
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** A throw-away action: main, perhaps post, and what action.yml says beside them. */
function action(main: string, extra: { post?: string; postIf?: string; inputs?: string } = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'action-'))
  made.push(dir)
  const file = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  file('dist/index.js', main)
  if (extra.post !== undefined) file('dist/post/index.js', extra.post)
  file(
    'action.yml',
    [
      'name: throw-away',
      ...(extra.inputs === undefined ? [] : ['inputs:', extra.inputs]),
      'runs:',
      '  using: node24',
      '  main: dist/index.js',
      ...(extra.post === undefined ? [] : ['  post: dist/post/index.js']),
      ...(extra.postIf === undefined ? [] : [`  post-if: ${extra.postIf}`])
    ].join('\n')
  )
  return dir
}

const tell = 'console.log(JSON.stringify(process.env))'
async function environmentOf(
  options: Omit<RunOptions, 'action'>,
  inputs?: string
): Promise<Record<string, string>> {
  const result = await runAction({
    action: action(tell, inputs === undefined ? {} : { inputs }),
    ...options
  })
  return JSON.parse(result.stdout) as Record<string, string>
}

describe('what the action is given', () => {
  test('inputs become INPUT_*: upper-cased, spaces to underscores, dashes kept, values untouched', async () => {
    const env = await environmentOf(
      { inputs: { 'task-definition': ' app.json \n', Mode: 'plan' } },
      [
        '  task-definition: { description: x }',
        '  two words: { default: 7 }',
        '  mode: { default: deploy }',
        '  promote: { default: false }',
        '  github-token: { default: "${{ github.token }}" }',
        '  cluster: { required: true }'
      ].join('\n')
    )
    expect(env).toMatchObject({
      'INPUT_TASK-DEFINITION': ' app.json \n',
      INPUT_TWO_WORDS: '7',
      INPUT_MODE: 'plan',
      INPUT_PROMOTE: 'false',
      'INPUT_GITHUB-TOKEN': '',
      INPUT_CLUSTER: ''
    })
  })

  test('the token comes from the run, and no other expression is guessed', async () => {
    const token = '  github-token: { default: "${{ github.token }}" }'
    const env = await environmentOf({ github: { token: 'ghs_1' } }, token)
    expect(env['INPUT_GITHUB-TOKEN']).toBe('ghs_1')
    await expect(environmentOf({}, '  x: { default: "${{ github.actor }}" }')).rejects.toThrow(
      'cannot evaluate the default ${{ github.actor }}'
    )
  })

  test('an input that action.yml does not know warns, and is handed over', async () => {
    const result = await runAction({
      action: action(tell, {
        inputs: '  mode: { default: deploy }\n  old: { deprecationMessage: use mode }'
      }),
      inputs: { moode: 'plan', old: '1' }
    })
    expect(result.warnings).toEqual([
      "Input 'old' has been deprecated with message: use mode",
      "Unexpected input(s) 'moode', valid inputs are ['mode', 'old']"
    ])
    expect(result.conclusion).toBe('success')
  })

  test('the environment is made from nothing', async () => {
    process.env['LEAKED'] = 'yes'
    const env = await environmentOf({
      env: { AWS_REGION: 'us-west-2' },
      github: { sha: 'abc', runId: '5', runNumber: '6', runAttempt: '2' },
      event: { name: 'pull_request', payload: { number: 7 } }
    })
    delete process.env['LEAKED']
    expect(env).not.toHaveProperty('LEAKED')
    expect(env).toMatchObject({
      AWS_REGION: 'us-west-2',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '5',
      GITHUB_RUN_NUMBER: '6',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: 'octo-org/shop',
      GITHUB_REF_NAME: 'main'
    })
    expect(existsSync(env['RUNNER_TEMP']!)).toBe(false)
  })

  test('it starts in the workspace, with the files and the event payload there', async () => {
    const result = await runAction({
      action: action(`
        const fs = require('node:fs')
        console.log(process.cwd() === process.env.GITHUB_WORKSPACE)
        console.log(fs.readFileSync('deploy/task.json', 'utf8'))
        console.log(JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8')).number)`),
      files: { 'deploy/task.json': '{}' },
      event: { name: 'pull_request', payload: { number: 7 } }
    })
    expect(result.stdout).toBe('true\n{}\n7\n')
  })
})

describe('what the action leaves in files', () => {
  const append = (name: string, text: string): string =>
    `require('node:fs').appendFileSync(process.env.GITHUB_${name}, ${JSON.stringify(text)})\n`

  test('pairs and heredocs, later ones winning', async () => {
    const result = await runAction({
      action: action(
        append(
          'OUTPUT',
          'outcome=deployed\nimages<<END\n{\n  "a": 1\n}\nEND\noutcome=a=b<<c\nempty<<X\nX\n'
        ) +
          append('STATE', 'deployment=ecs-svc/1\n') +
          append('ENV', 'COLOUR=blue\n') +
          append('PATH', '/opt/tool\n') +
          append('STEP_SUMMARY', '# Done\n')
      )
    })
    expect(result.outputs).toEqual({ outcome: 'a=b<<c', images: '{\n  "a": 1\n}', empty: '' })
    expect(result.state).toEqual({ deployment: 'ecs-svc/1' })
    expect(result.env).toEqual({ COLOUR: 'blue' })
    expect(result.path).toEqual(['/opt/tool'])
    expect(result.summary).toBe('# Done\n')
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'success', errors: [] })
  })

  test.each([
    [
      'a heredoc without its end',
      'a=1\nb<<END\nvalue\n',
      "Invalid value. Matching delimiter not found 'END'"
    ],
    ['a heredoc cut off in a line', 'a=1\nb<<END\nval', 'Invalid value. EOF marker missing new line.'],
    ['a line of neither form', 'a=1\nb\n', "Invalid format 'b'"]
  ])('%s fails the step, and what came before it counts', async (_, text, error) => {
    const result = await runAction({ action: action(append('OUTPUT', text)) })
    expect(result.errors).toEqual(["Unable to process file command 'output' successfully.", error])
    expect(result.outputs).toEqual({ a: '1' })
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'failure' })
  })

  test('a summary over one MiB is not shown, and the step stays as it is', async () => {
    const script = `require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'x'.repeat(1024 * 1024 + 1))`
    const result = await runAction({ action: action(script) })
    expect(result).toMatchObject({ summary: '', conclusion: 'success' })
    expect(result.warnings[0]).toContain('up to a size of 1024k')
  })
})

describe('commands in the output', () => {
  const print = (...lines: string[]): string =>
    lines.map((line) => `process.stdout.write(${JSON.stringify(`${line}\n`)})`).join('\n')

  test('the modern form at the start of a line, with escapes', async () => {
    const result = await runAction({
      action: action(
        print(
          '  ::error title=Not deployed%3A a%2Cb,file=x::one%0Atwo %2525',
          'see ::error::no',
          '::nonsense::no'
        )
      )
    })
    expect(result.commands).toEqual([
      {
        name: 'error',
        properties: { title: 'Not deployed: a,b', file: 'x' },
        data: 'one\ntwo %25',
        line: '  ::error title=Not deployed%3A a%2Cb,file=x::one%0Atwo %2525',
        source: 'stdout'
      }
    ])
  })

  test('a forged command acts: legacy form anywhere in a line, on stderr too, after a bare CR too', async () => {
    const result = await runAction({
      action: action(
        `process.stderr.write('app log ##[set-output name=outcome]deployed\\n')
         process.stdout.write('progress\\r::save-state name=deployment::theirs\\n')`
      )
    })
    expect(result.outputs).toEqual({ outcome: 'deployed' })
    expect(result.state).toEqual({ deployment: 'theirs' })
    expect(result.commands.map((c) => `${c.source} ${c.name}`).toSorted()).toEqual([
      'stderr set-output',
      'stdout save-state'
    ])
  })

  test('set-env and add-path are disabled and fail the step', async () => {
    const result = await runAction({ action: action(print('::set-env name=A::b')) })
    expect(result).toMatchObject({ exitCode: 0, conclusion: 'failure', env: {} })
    expect(result.errors[0]).toBe("Unable to process command '::set-env name=A::b' successfully.")
  })

  test('between stop-commands and its token everything is text', async () => {
    const result = await runAction({
      action: action(
        print('::stop-commands::t0ken', '::error::no', '##[group]no', '::t0ken::', '::error::yes')
      )
    })
    expect(result.commands.map((c) => `${c.name} ${c.data}`)).toEqual([
      'stop-commands t0ken',
      't0ken ',
      'error yes'
    ])
  })

  test('stop-commands takes no empty token, no command and not pause-logging: the step fails, and commands go on', async () => {
    for (const token of ['', 'Error', 'pause-logging']) {
      const result = await runAction({
        action: action(print(`::stop-commands::${token}`, '::set-output name=a::b'))
      })
      expect(result).toMatchObject({ conclusion: 'failure', outputs: { a: 'b' } })
      expect(result.errors[0]).toContain(
        "You cannot use a endToken that is an empty string, the string 'pause-logging'"
      )
    }
  })

  test('a token that is never given back ends with the step: post is read anew', async () => {
    const result = await runAction({
      action: action(print('::stop-commands::t0ken', '::error::no'), { post: print('::error::yes') })
    })
    expect(result.annotations).toEqual([])
    expect(result.post?.annotations.map((one) => one.message)).toEqual(['yes'])
  })

  test('ten annotations of a kind and 4096 characters each are all that GitHub keeps, masked', async () => {
    const errors = Array.from({ length: 12 }, (_, i) => `::error title=T${i}::${'e'.repeat(5000)}`)
    const result = await runAction({
      action: action(print('::add-mask::s3cret', '::notice::s3cret', ...errors, '::warning file=a.ts::w'))
    })
    const of = (kind: string) => result.annotations.filter((one) => one.kind === kind)
    expect(of('error').map((one) => one.properties['title'])).toEqual(
      Array.from({ length: 10 }, (_, i) => `T${i}`)
    )
    expect(new Set(of('error').map((one) => one.message.length))).toEqual(new Set([4096]))
    expect(of('notice')).toEqual([{ kind: 'notice', message: '***', properties: {} }])
    expect(of('warning')).toEqual([{ kind: 'warning', message: 'w', properties: { file: 'a.ts' } }])
    expect(result.conclusion).toBe('success')
  })

  test('what the runner itself finds wrong is an annotation too: echo, an empty mask, a summary too long', async () => {
    const long = `require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'x'.repeat(1024 * 1024 + 1))`
    const result = await runAction({ action: action(`${print('::echo::maybe', '::add-mask::')}\n${long}`) })
    expect(result.annotations.map((one) => [one.kind, one.message.slice(0, 40)])).toEqual([
      ['error', "Unable to process command '::echo::maybe"],
      ['error', 'Invalid echo command value. Possible val'],
      ['warning', "Can't add secret mask for empty string i"],
      ['error', '$GITHUB_STEP_SUMMARY upload aborted, sup']
    ])
  })

  test('a file value wins over the same name on stdout', async () => {
    const script = `console.log('::set-output name=a::stdout')
      require('node:fs').appendFileSync(process.env.GITHUB_OUTPUT, 'a=file\\n')`
    expect((await runAction({ action: action(script) })).outputs).toEqual({ a: 'file' })
  })

  test('lines come as they are written, with the command in them', async () => {
    const seen: string[] = []
    await runAction({
      action: action(print('::group::Plan', 'text') + '\nprocess.stdout.write("no newline")'),
      onLine: (line, source, command, stage) =>
        seen.push(`${stage} ${source} ${command?.name ?? '-'} ${line}`)
    })
    expect(seen).toEqual([
      'main stdout group ::group::Plan',
      'main stdout - text',
      'main stdout - no newline'
    ])
  })
})

test('what was masked is hidden in the log and in the summary from then on, in post too', async () => {
  const lines: string[] = []
  const write = `require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'token s3cret\\n')
    console.log('the s3cret of secrets')`
  const result = await runAction({
    action: action(`console.log('::add-mask::s3cret')\n${write}`, { post: write }),
    onLine: (line) => lines.push(line)
  })
  expect(lines.filter((line) => !line.startsWith('::'))).toEqual(['the *** of secrets', 'the *** of secrets'])
  expect([result.summary, result.post?.summary, result.masks]).toEqual([
    'token ***\n',
    'token ***\n',
    ['s3cret']
  ])
})

describe('post', () => {
  const save = `require('node:fs').appendFileSync(process.env.GITHUB_STATE, 'id=1\\n')
    require('node:fs').appendFileSync(process.env.GITHUB_ENV, 'ADDED=by main\\n');`

  test('gets the state, the inputs and files of its own, also after a failure', async () => {
    const result = await runAction({
      action: action(`${save} console.log('main'); process.exitCode = 1`, {
        post: `console.log(process.env.STATE_id, process.env.INPUT_MODE, process.env.ADDED)
          require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'from post')`,
        inputs: '  mode: { default: deploy }'
      })
    })
    expect(result).toMatchObject({ exitCode: 1, conclusion: 'failure', stdout: 'main\n', summary: '' })
    expect(result.post).toMatchObject({
      exitCode: 0,
      stdout: '1 deploy by main\n',
      summary: 'from post',
      state: { id: '1' }
    })
  })

  test.each([
    ['always()', 'process.exitCode = 1', true],
    ['success()', 'process.exitCode = 1', false],
    ['failure() || cancelled()', 'process.exitCode = 1', true],
    ['failure() || cancelled()', '', false],
    ['!(failure() || cancelled()) && success()', '', true]
  ])('post-if %s after "%s"', async (postIf, main, runs) => {
    const result = await runAction({ action: action(main, { post: '', postIf: `'${postIf}'` }) })
    expect(result.post !== undefined).toBe(runs)
  })
})

describe('the end of a step', () => {
  test('an exit code that is not 0 is a failure; a signal counts as a shell counts it', async () => {
    expect(await runAction({ action: action('process.exit(3)') })).toMatchObject({
      exitCode: 3,
      signal: null,
      conclusion: 'failure'
    })
    expect(await runAction({ action: action(`process.kill(process.pid, 'SIGKILL')`) })).toMatchObject({
      exitCode: 137,
      signal: 'SIGKILL',
      conclusion: 'failure'
    })
  })

  const stubborn = `
    process.on('SIGINT', () => console.log('got SIGINT'))
    process.on('SIGTERM', () => console.log('got SIGTERM'))
    require('node:fs').appendFileSync(process.env.GITHUB_STATE, 'kept=yes\\n')
    setInterval(() => {}, 1000)
    console.log('ready')`

  /**
   * Starts, does something when it says ready, and lets each wait of the ladder pass when the last signal was heard.
   * The end of the job and the time-out come when they are called for.
   */
  async function ended(options: RunOptions, onReady: 'cancel' | 'shutdown' | 'timeout' | 'end') {
    let heard: (() => void) | undefined
    const later = new Map<number, () => void>()
    const waits: number[] = []
    const run = startAction({
      ...options,
      onLine: (line) => {
        if (line.startsWith('got')) heard?.()
        if (line !== 'ready') return
        if (onReady === 'timeout') later.get(7 * 60_000)?.()
        else run[onReady === 'end' ? 'cancel' : onReady]()
        if (onReady === 'end') later.get(jobEndsAfterCancel)?.()
      },
      wait: async (ms) => {
        waits.push(ms)
        await new Promise<void>((resolve) => {
          if (ms > 10_000) later.set(ms, resolve)
          else heard = resolve
        })
      }
    })
    return { result: await run.result, waits }
  }
  const cancelled = (dir: string, how: 'cancel' | 'shutdown' = 'cancel') => ended({ action: dir }, how)

  test('cancel: SIGINT, SIGTERM, SIGKILL; then post runs with what was saved', async () => {
    const main = stubborn
    const { result, waits } = await cancelled(action(main, { post: 'console.log(process.env.STATE_kept)' }))
    expect(waits).toEqual([7500, jobEndsAfterCancel, 2500])
    expect(result.signals).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    expect(result).toMatchObject({ exitCode: 137, signal: 'SIGKILL', conclusion: 'cancelled' })
    expect(result.post).toMatchObject({ stdout: 'yes\n', conclusion: 'success', signals: [] })
  })

  test('cancel: a process that goes at SIGINT with 0 is still cancelled, and gets no more signals', async () => {
    const main = stubborn.replace(`console.log('got SIGINT')`, 'process.exit(0)')
    const { result } = await cancelled(action(main, { post: '', postIf: 'cancelled()' }))
    expect(result).toMatchObject({ exitCode: 0, signals: ['SIGINT'], conclusion: 'cancelled' })
    expect(result.post).toBeDefined()
  })

  test('shutdown: the runner goes away, and post never runs', async () => {
    const { result } = await cancelled(action(stubborn, { post: '' }), 'shutdown')
    expect(result.signals).toHaveLength(3)
    expect(result.post).toBeUndefined()
    expect(result.job).toBe('failure')
  })

  test('a step that may run when the job is cancelled gets no signal, and is killed with everything at the end', async () => {
    const dir = action(stubborn, { post: '' })
    const { result, waits } = await ended({ action: dir, if: 'always()' }, 'end')
    expect(waits).toEqual([jobEndsAfterCancel])
    expect(result).toMatchObject({ signals: ['SIGKILL'], conclusion: 'cancelled', job: 'cancelled' })
    expect(result.stdout).toBe('ready\n')
    expect(result.state).toEqual({})
    expect(result.post).toBeUndefined()
  })

  test('a step that may run when the job is cancelled can end well, and post knows of the cancel', async () => {
    const main = `setTimeout(() => process.exit(0), 50); console.log('ready')`
    const dir = action(main, { post: '', postIf: 'cancelled()' })
    const { result } = await ended({ action: dir, if: 'always()' }, 'cancel')
    expect(result).toMatchObject({ conclusion: 'success', signals: [], job: 'cancelled' })
    expect(result.post).toMatchObject({ conclusion: 'success' })
  })

  test('post has what is left of 4 min 45 s after a cancel, then it is killed and its files are lost', async () => {
    const post = `require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'lost')
      setInterval(() => {}, 1000); console.log('ready post')`
    let end: (() => void) | undefined
    const run = startAction({
      action: action(`setInterval(() => {}, 1000); console.log('ready')`, { post }),
      onLine: (line) => (line === 'ready' ? run.cancel() : line === 'ready post' ? end?.() : undefined),
      wait: (ms) => new Promise<void>((resolve) => (ms === 285_000 ? (end = resolve) : undefined))
    })
    const result = await run.result
    expect(result).toMatchObject({ signals: ['SIGINT'], signal: 'SIGINT', conclusion: 'cancelled' })
    expect(result.post).toMatchObject({ signals: ['SIGKILL'], conclusion: 'cancelled', summary: '' })
  })

  test('timeout-minutes: the same ladder, the step has failed, and post has as long again', async () => {
    const dir = action(stubborn, { post: stubborn, postIf: 'failure()' })
    const { result, waits } = await ended({ action: dir, timeoutMinutes: 7, name: 'Deploy' }, 'timeout')
    expect(waits).toEqual([420_000, 7500, 2500, 420_000, 7500, 2500])
    expect(result).toMatchObject({ conclusion: 'failure', job: 'failure', state: { kept: 'yes' } })
    expect(result.signals).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    expect(result.errors).toEqual(["The action 'Deploy' has timed out after 7 minutes."])
    expect(result.post).toMatchObject({
      conclusion: 'failure',
      errors: ["The action 'Post Deploy' has timed out after 7 minutes."]
    })
  })
})
