import { main } from './main.js'

/*
 * Both steps of the action are one bundle: a second one would double the size for the same code.
 * dist/post/index.js sets this mark and loads dist/index.js.
 */
const mark = Symbol.for('safe-ecs-deploy.step')

if ((globalThis as Record<symbol, unknown>)[mark] === 'post') await (await import('./post.js')).post()
else await main()
