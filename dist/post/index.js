// The post step: the same bundle as dist/index.js, told which step it is (src/entry.ts).
globalThis[Symbol.for('safe-ecs-deploy.step')] = 'post'
await import('../index.js')
