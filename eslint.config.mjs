import tseslint from 'typescript-eslint'

/** Which room may import what: the arrows of docs/architecture.md, held by the linter. */
const only = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: forbidden.map(([group, message]) => ({ group, message })) }
    ]
  }
})
const sdk = [['@aws-sdk/*', '@smithy/*'], 'Only src/aws speaks to the AWS SDK.']
const actions = [['@actions/*'], 'Only main, post and src/github speak to the Actions toolkit.']
const world = [['**/simulator/**'], 'The action never knows that a simulator exists.']
const io = [['node:*'], 'This ring is pure: no file, no clock, no process.']
const outer = [
  ['**/aws/*', '**/github/*', '**/modes/*', '**/steps/*', '**/main.js', '**/post.js'],
  'Arrows point inwards.'
]

export default tseslint.config(
  { ignores: ['dist/', 'lib/', '.build-check/', 'node_modules/', 'coverage/', '.demo/'] },
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'no-console': 'error'
    }
  },
  only(['src/judge/**', 'src/domain/**', 'src/report/**'], [sdk, actions, world, io, outer]),
  only(
    ['src/judge/**', 'src/domain/**'],
    [sdk, actions, world, io, outer, [['**/report/*'], 'Arrows point inwards.']]
  ),
  {
    files: ['src/judge/**'],
    rules: {
      // All that it may know: itself, and the words of the domain. No clock, no chance, no process.
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\./[\\w-]+\\.js$|\\.\\./domain/[\\w-]+\\.js$)',
              message: 'src/judge imports nothing but itself and src/domain.'
            }
          ]
        }
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression', message: 'src/judge imports nothing while it runs.' },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Now is what the observation says.'
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Now is what the observation says.'
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'The same evidence gives the same verdict.'
        }
      ],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch', 'performance']
    }
  },
  only(['src/modes/**', 'src/steps/**', 'src/inputs/**', 'src/preflight/*.ts'], [sdk, actions, world, io]),
  only(['src/preflight/checks/**'], [sdk, actions, world, io, outer]),
  only(['src/aws/**'], [actions, world]),
  only(['src/registry/**'], [sdk, actions, world]),
  only(['src/*.ts'], [sdk, world]),
  only(
    ['simulator/**'],
    [[['**/src/**'], 'The simulator is written from the facts, never from the action.']]
  ),
  {
    // Tests drive the pipeline through its public functions and read loose JSON a lot.
    files: ['__tests__/**', 'bench/**', 'simulator/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' }
  }
)
