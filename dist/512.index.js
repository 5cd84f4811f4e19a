export const id = 512;
export const ids = [512];
export const modules = {

/***/ 7512:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  post: () => (/* binding */ post)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 20 modules
var core = __webpack_require__(3218);
// EXTERNAL MODULE: ./lib/clock.js
var clock = __webpack_require__(5233);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./lib/github/context.js
var context = __webpack_require__(8120);
// EXTERNAL MODULE: ./lib/github/deployments.js + 1 modules
var deployments = __webpack_require__(8552);
// EXTERNAL MODULE: ./lib/github/comment-face.js + 4 modules
var comment_face = __webpack_require__(4410);
// EXTERNAL MODULE: ./lib/github/api.js
var github_api = __webpack_require__(7671);
// EXTERNAL MODULE: ./lib/github/faces.js
var github_faces = __webpack_require__(9481);
// EXTERNAL MODULE: ./lib/github/finish.js + 4 modules
var finish = __webpack_require__(497);
// EXTERNAL MODULE: ./lib/github/runner.js + 4 modules
var runner = __webpack_require__(5324);
;// CONCATENATED MODULE: ./lib/github/afterwards.js








/** Long enough for a slow answer or two; the other post steps of the job wait meanwhile. */
const finishMs = 15_000;
/**
 * Shows on GitHub how a run ended after it was cut off: in the comment and the deployment that it had begun, or in a
 * comment of its own. Gives one sentence for each that could not be told. Never throws.
 */
async function tellAfterwards(open, ending, env, clock) {
    const workflow = (0,context/* workflowRun */.t)(env);
    const access = (0,context/* accessOf */.Y)(env, (0,runner/* getInput */.V4)('github-token'));
    if (!access)
        return [];
    const api = new github_api/* GitHubApi */.yN(access, clock, env);
    const made = readMade((0,runner/* getState */.Gu)(github_faces/* madeKey */.fi));
    const view = await viewAfterwards(open, ending, workflow, clock.now());
    const common = { api, clock, workflow, view: () => view, finishMs: () => finishMs };
    const prNumber = made.pull ?? (Number((0,runner/* getInput */.V4)('pr-number')) || undefined);
    const faces = [
        ...((0,runner/* getInput */.V4)('comment') === 'off'
            ? []
            : [
                new comment_face/* CommentFace */.B({
                    ...common,
                    say: runner/* say */.cv,
                    remember: (what) => runner/* stateJournal */.P3.save(github_faces/* madeKey */.fi, JSON.stringify({ ...made, ...what })),
                    ...(prNumber === undefined ? {} : { prNumber })
                })
            ]),
        ...(made.deployment === undefined
            ? []
            : [new deployments/* DeploymentFace */.v({ ...common, deployment: made.deployment, remember: () => undefined })])
    ];
    const troubles = await Promise.all(faces.map(async (face) => await face.finish(view)));
    return troubles.filter((t) => t !== undefined);
}
/** What main has left of the run, with the end that it came to; what is in the record when main left nothing. */
async function viewAfterwards(open, ending, workflow, now) {
    const { environment, cluster, service, startedAt, newTaskDefinition, knownGood } = open;
    const record = {
        environment,
        cluster,
        service,
        startedAt,
        ...(newTaskDefinition === undefined ? {} : { newTaskDefinition }),
        ...(knownGood === undefined ? {} : { previousTaskDefinition: knownGood }),
        images: {},
        imageTags: {},
        failedTasks: 0
    };
    const left = await readReport((0,runner/* getState */.Gu)(finish/* reportKey */.y));
    return (0,github_faces/* viewOf */.du)({ ...record, ...left?.run, ending }, left?.happenings ?? [], workflow, now);
}
/** The report that main wrote; undefined when there is none, as after a kill. */
async function readReport(path) {
    try {
        const { happenings, ...run } = JSON.parse(await (0,promises_.readFile)(path, 'utf8'));
        return Array.isArray(happenings) ? { run, happenings } : undefined;
    }
    catch {
        return undefined;
    }
}
function readMade(text) {
    try {
        const { pull, comment, deployment } = JSON.parse(text);
        return {
            ...(typeof pull === 'number' ? { pull } : {}),
            ...(typeof comment === 'number' ? { comment } : {}),
            ...(typeof deployment === 'number' ? { deployment } : {})
        };
    }
    catch {
        return {};
    }
}

// EXTERNAL MODULE: ./lib/report/untrusted.js
var untrusted = __webpack_require__(5536);
// EXTERNAL MODULE: ./lib/domain/arn.js
var arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/ports.js
var lib_ports = __webpack_require__(391);
// EXTERNAL MODULE: ./lib/steps/close.js
var steps_close = __webpack_require__(7927);
// EXTERNAL MODULE: ./lib/steps/record.js
var record = __webpack_require__(1522);
// EXTERNAL MODULE: ./lib/steps/restore.js
var restore = __webpack_require__(2417);
// EXTERNAL MODULE: ./lib/steps/watch.js + 5 modules
var watch = __webpack_require__(8893);
;// CONCATENATED MODULE: ./lib/steps/close-run.js






const lookAgainMs = 5000;
/**
 * Closes a run that was cut off, patiently: puts back what it left half done, or watches what already goes back, until
 * `deadline` (epoch milliseconds). Throttling and a failing network pass until then. Gives how it ended. Throws AwsFault
 * and NotFound.
 */
async function closeRun(ports, open, deadline) {
    for (;;) {
        try {
            return await closeOnce(ports, open, deadline);
        }
        catch (error) {
            const passing = error instanceof lib_ports/* AwsFault */.kU && (error.kind === 'throttled' || error.kind === 'unreachable');
            if (!passing || ports.clock.now() + lookAgainMs >= deadline)
                throw error;
            await ports.clock.sleep(lookAgainMs);
        }
    }
}
async function closeOnce(ports, open, deadline) {
    const name = { cluster: open.cluster, service: open.service };
    const service = await ports.containers.service(name);
    const left = (0,steps_close/* whatIsLeft */.W)(open, service);
    if (left.todo === 'nothing')
        return said(left.reason, left.serving);
    const subject = { ...subjectOf(left.deployment, ports), adoptsTasks: true };
    const policy = { maxFailedTasks: 'auto', bakeMs: 0, deadline };
    if (left.todo !== 'watch')
        return await goBack(ports, name, open, left, subject, deadline);
    const { verdict, seen } = await (0,watch/* watch */.w)(ports, name, subject, policy, lookAgainMs, service);
    const revision = (0,arn/* revisionName */.pd)(subject.taskDefinition);
    const serving = seen.service.taskDefinition;
    switch (verdict.state) {
        case 'healthy':
            return said(`${revision} was put back and is healthy.`, subject.taskDefinition);
        case 'superseded':
            return takenOver(verdict.by.id, verdict.by.taskDefinition);
        case 'failing':
            return unhealthy(`${revision} was put back`, verdict.detail, name, subject.taskDefinition, serving);
        case 'inconclusive':
            return unseen(`${revision} was put back`, verdict.what, verdict.code, serving);
    }
}
async function goBack(ports, name, open, left, subject, deadline) {
    const { previousTaskDefinition: before, previousDeploymentId: deploymentId } = open;
    const previous = deploymentId === undefined || before === undefined
        ? {}
        : { previous: { deploymentId, taskDefinition: before } };
    const way = {
        policy: { maxFailedTasks: 'auto', bakeMs: 0, deadline },
        pollMs: lookAgainMs,
        ...(left.todo === 'go-back'
            ? {
                knownGood: { deploymentId: deploymentId ?? '', taskDefinition: left.knownGood },
                ...(left.desiredCount === undefined ? {} : { desiredCount: left.desiredCount })
            }
            : {})
    };
    const save = (change) => ports.journal.save(record/* openRunKey */.jD, JSON.stringify({ ...open, phase: 'restoring', ...change }));
    const because = left.todo === 'await-ecs' ? 'ecs-failed' : 'loop';
    const onStart = (restoreDeploymentId) => save({ restoreDeploymentId });
    return endingOf(await (0,restore/* restore */.P)(ports, name, { ...subject, ...previous }, because, way, onStart), name);
}
function subjectOf({ id: deploymentId, taskDefinition, createdAt }, ports) {
    return { deploymentId, taskDefinition, since: createdAt ?? ports.clock.now() };
}
function endingOf(restored, name) {
    switch (restored.state) {
        case 'restored': {
            const revision = (0,arn/* revisionName */.pd)(restored.taskDefinition);
            const how = restored.by === 'ecs' ? `ECS put ${revision} back, and it` : `${revision} was put back and`;
            return said(`${how} is healthy.`, restored.taskDefinition);
        }
        case 'superseded':
            return takenOver(restored.by, restored.serving);
        case 'nothing-known-good':
            return said('There is nothing known good to go back to; the deployment is left as it is.', restored.serving);
        case 'lost-sight':
            return unseen('Going back was started', restored.what, restored.code, restored.serving);
        case 'failed':
            return unhealthy(`Going back was tried (${restored.tried.join(', then ')})`, restored.what, name, restored.target, restored.serving);
    }
}
const serves = (serving) => serving === undefined ? {} : { servingTaskDefinition: serving };
function said(reason, serving) {
    return { outcome: 'cancelled', reasonCode: 'cancelled', reason, evidence: [], ...serves(serving) };
}
function takenOver(by, serving) {
    const reason = `Another deployment, ${by}, took over; it is left alone.`;
    return { outcome: 'superseded', reasonCode: 'superseded', reason, evidence: [], ...serves(serving) };
}
function unseen(what, why, reasonCode, serving) {
    const reason = `${what}; its end could not be seen: ${why}.`;
    return { outcome: 'inconclusive', reasonCode, reason, evidence: [], ...serves(serving) };
}
function unhealthy(what, why, { cluster, service }, target, serving) {
    return {
        outcome: 'rollback-failed',
        reasonCode: 'cancelled',
        reason: `${what}; it was not healthy by the end of the post step: ${why}.`,
        evidence: [],
        fix: `Look at the service; to begin the way back again: aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${(0,arn/* revisionName */.pd)(target)} --force-new-deployment`,
        ...serves(serving)
    };
}

// EXTERNAL MODULE: ./lib/steps/fault-ending.js
var fault_ending = __webpack_require__(9275);
// EXTERNAL MODULE: ./lib/wiring.js + 33 modules
var wiring = __webpack_require__(6858);
;// CONCATENATED MODULE: ./lib/post.js









/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000;
/** The post step: closes what a cancelled or killed run left open, and says so; nothing to do after a run that ended. */
async function post() {
    const open = (0,record/* readOpenRun */.G7)((0,runner/* getState */.Gu)(record/* openRunKey */.jD));
    if (!open || open.phase === 'ended')
        return;
    const deadline = clock/* systemClock */.m.now() + budgetMs;
    const host = new runner/* LogHost */.Xi(clock/* systemClock */.m);
    (0,runner/* say */.cv)(`The run on ${open.service} of cluster ${open.cluster} was cut off; looking at what it left.`);
    const ending = await post_close(open, host, deadline);
    runner/* stateJournal */.P3.save(record/* openRunKey */.jD, JSON.stringify({ ...open, phase: 'ended', outcome: ending.outcome }));
    await closeFaces(open, ending);
}
async function post_close(open, host, deadline) {
    try {
        const region = open.region === undefined ? {} : { region: open.region };
        const ports = (0,wiring/* wire */.O)({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 });
        return await closeRun(ports, open, deadline);
    }
    catch (error) {
        return (0,fault_ending/* faultEnding */.s)(error, 'What the run left could not be closed; the next run of this environment finds it.');
    }
}
/**
 * Tells how the run ended after it was cut off: log, job summary, exit code. A cancelled job stays cancelled whatever
 * post says; one that fails for want of a healthy service says so by an error and exit code 1.
 */
async function closeFaces(open, ending) {
    (0,runner/* say */.cv)(ending.reason);
    if (ending.fix !== undefined)
        (0,runner/* say */.cv)(ending.fix);
    const lines = [ending.reason, ...(ending.fix === undefined ? [] : [ending.fix])];
    await (0,runner/* addSummary */.S0)(`### After the run was cut off: ${(0,untrusted/* codeSpan */.SS)(open.service)}\n\n${(0,untrusted/* fenced */.OF)(lines)}\n`);
    for (const trouble of await tellAfterwards(open, ending, process.env, clock/* systemClock */.m))
        (0,runner/* say */.cv)(trouble);
    if (ending.outcome === 'cancelled' || ending.outcome === 'superseded')
        return;
    (0,core/* error */.z3)((0,untrusted/* forLog */.Ig)(lines.join(' '), 3000), { title: `${ending.outcome} after the run was cut off` });
    process.exitCode = 1;
}


/***/ })

};
