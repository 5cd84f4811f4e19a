export const id = 512;
export const ids = [512,497];
export const modules = {

/***/ 497:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  finish: () => (/* binding */ finish),
  zp: () => (/* binding */ owedKey),
  Te: () => (/* binding */ postMs),
  y1: () => (/* binding */ reportKey)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 20 modules
var core = __webpack_require__(3218);
// EXTERNAL MODULE: ./lib/domain/outcome.js
var outcome = __webpack_require__(5772);
// EXTERNAL MODULE: ./lib/report/untrusted.js
var untrusted = __webpack_require__(5536);
;// CONCATENATED MODULE: ./lib/report/annotations.js


/** The annotations of an ending. `troubles` are sentences of faces that could not do their part. Pure. */
function annotationsOf(ending, happenings, troubles = []) {
    const warnings = happenings.filter((h) => h.code === 'warning').map((h) => h.text);
    const known = troubles.filter((t) => t !== undefined);
    return {
        ...((0,outcome/* isGreen */.g)(ending.outcome) ? {} : { error: errorOf(ending) }),
        ...(warnings.length === 0 ? {} : { warning: { title: 'Safe ECS Deploy', message: warningOf(warnings) } }),
        ...(known.length === 0
            ? {}
            : { notice: { title: 'Safe ECS Deploy', message: known.map((t) => (0,untrusted/* forLog */.Ig)(t, 1500)).join(' ') } })
    };
}
function errorOf({ outcome, reasonCode, reason, fix }) {
    return {
        title: `${outcome}${reasonCode === undefined ? '' : ` (${reasonCode})`}`,
        message: [reason, fix ?? '']
            .filter((t) => t !== '')
            .map((t) => (0,untrusted/* forLog */.Ig)(t, 3000))
            .join(' ')
    };
}
function warningOf(warnings) {
    const [first = ''] = warnings;
    const more = warnings.length - 1;
    const rest = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'warning' : 'warnings'} in the job summary)`;
    return `${(0,untrusted/* forLog */.Ig)(first, 1500)}${rest}`;
}

;// CONCATENATED MODULE: ./lib/report/outputs.js

/** Every output of action.yml by name; one that has no value is an empty text, so that all are set. */
function outputsOf(run) {
    const { ending } = run;
    return {
        outcome: ending.outcome,
        // One harmless line: workflows echo it.
        reason: (0,untrusted/* forLog */.Ig)(ending.reason, 2000),
        'reason-code': ending.reasonCode ?? '',
        'task-definition-arn': ending.servingTaskDefinition ?? '',
        'new-task-definition-arn': run.newTaskDefinition ?? '',
        'previous-task-definition-arn': run.previousTaskDefinition ?? '',
        'deployment-id': run.deploymentId ?? '',
        'service-deployment-arn': run.serviceDeploymentArn ?? '',
        images: JSON.stringify(run.images),
        'image-tags': JSON.stringify(run.imageTags),
        'failed-tasks': String(run.failedTasks),
        'duration-seconds': String(Math.round((run.endedAt - run.startedAt) / 1000)),
        report: run.report
    };
}

;// CONCATENATED MODULE: ./lib/report/report.js
/** Goes up when a field of the report changes its meaning or goes away; docs/report.schema.json describes it. */
const schemaVersion = 1;
/** The report as the file of the output `report` holds it: the run as it ended, and everything that happened. */
function reportOf(run, ending, happenings, endedAt, mode) {
    return { schemaVersion, ...(mode === undefined ? {} : { mode }), ...run, ending, endedAt, happenings };
}

// EXTERNAL MODULE: ./lib/report/page.js + 9 modules
var page = __webpack_require__(1894);
;// CONCATENATED MODULE: ./lib/report/summary.js

/** GitHub takes 1 MiB of a step; other parts of the step may have written before. */
const mostBytes = 900_000;
/** The job summary in GitHub's Markdown: the page of the run, whole where it fits. Pure. */
function summaryOf(view) {
    const pages = page/* ladder */.T.map((level) => (0,page/* pageOf */.Z)(view, level));
    return pages.find((page) => bytesIn(page) <= mostBytes) ?? pages.at(-1) ?? '';
}
/** The length as UTF-8. */
function bytesIn(text) {
    let bytes = 0;
    for (const c of text) {
        const code = c.codePointAt(0) ?? 0;
        bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }
    return bytes;
}

// EXTERNAL MODULE: ./lib/github/runner.js + 4 modules
var runner = __webpack_require__(5324);
// EXTERNAL MODULE: ./lib/github/view.js
var github_view = __webpack_require__(8914);
;// CONCATENATED MODULE: ./lib/github/finish.js











/** The name under which the post step finds the report of main. */
const reportKey = 'report';
/** The name under which the post step finds what GitHub did not take at the end. */
const owedKey = 'owed';
/** How long the post step of a run that ended waits for that; a limit of GitHub mostly lasts a minute. */
const postMs = 90_000;
/**
 * Ends a run towards GitHub: report file, outputs, summary, error annotation, then the faces, which have a few seconds,
 * and last the exit code. A face that fails costs a line or a notice, never the outputs.
 */
async function finish(run, host, clock, env, workflow, mode) {
    const ending = run.ending ?? {
        outcome: 'inconclusive',
        reason: 'The run ended without a verdict.',
        evidence: []
    };
    const endedAt = clock.now();
    host.announce({ code: 'ended', ending });
    const report = await (0,runner/* tryTo */.dX)('write the report', () => writeReport(run, reportOf(run, ending, host.happenings, endedAt, mode), env));
    const facts = { ...run, ending, endedAt, report: report ?? '' };
    for (const [name, value] of Object.entries(outputsOf(facts)))
        core/* setOutput */.uH(name, value);
    if (report !== undefined)
        core/* saveState */.LZ(reportKey, report);
    const view = (0,github_view/* viewOf */.d)({ ...run, ending }, host.happenings, workflow, endedAt, mode);
    await (0,runner/* tryTo */.dX)('write the job summary', async () => {
        if (env['GITHUB_STEP_SUMMARY'] === undefined)
            return;
        await core/* summary */.z.addRaw(summaryOf(view)).write();
    });
    const { error, warning } = annotationsOf(ending, host.happenings);
    if (error)
        core/* error */.z3(error.message, { title: error.title });
    if (warning)
        core/* warning */.$e(warning.message, { title: warning.title });
    const troubles = await Promise.all(host.faces.map(async (face) => await (0,runner/* tryTo */.dX)('tell GitHub', () => face.finish(view))));
    const { notice } = annotationsOf(ending, [], owe(troubles, clock));
    if (notice)
        core/* notice */.lm(notice.message, { title: notice.title });
    if (!(0,outcome/* isGreen */.g)(ending.outcome))
        process.exitCode = 1;
}
/** Leaves to the post step what GitHub may take soon; gives the sentences of what is not going to be shown. */
function owe(troubles, clock) {
    const known = troubles.filter((t) => t !== undefined);
    const latest = clock.now() + postMs;
    const later = known.filter(({ again }) => again !== undefined && again < latest);
    if (later.length > 0) {
        const owed = { faces: later.map((t) => t.face), at: Math.max(...later.map((t) => t.again ?? 0)) };
        core/* saveState */.LZ(owedKey, JSON.stringify(owed));
    }
    for (const { text } of later)
        core/* info */.pq((0,untrusted/* forLog */.Ig)(`${text} The post step tries again.`));
    return known.filter((t) => !later.includes(t)).map((t) => t.text);
}
async function writeReport(run, report, env) {
    const safe = (text) => text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
    const name = [run.environment, run.service, run.startedAt]
        .map((part) => safe(String(part)))
        .filter((part) => part !== '');
    const directory = `${env['RUNNER_TEMP'] ?? (0,external_node_os_.tmpdir)()}/safe-ecs-deploy`;
    await (0,promises_.mkdir)(directory, { recursive: true });
    const file = `${directory}/${name.join('-')}.json`;
    await (0,promises_.writeFile)(file, `${JSON.stringify(report, null, 2)}\n`, 'utf8');
    return file;
}


/***/ }),

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
// EXTERNAL MODULE: ./lib/github/view.js
var github_view = __webpack_require__(8914);
;// CONCATENATED MODULE: ./lib/github/afterwards.js









/**
 * Shows on GitHub how a run ended after it was cut off: in the comment and the deployment that it had begun, or in a
 * comment of its own. Gives one sentence for each that could not be told. Never throws.
 */
async function tellAfterwards(open, ending, env, clock, finishMs) {
    const workflow = (0,context/* workflowRun */.t)(env);
    return await finishFaces(await viewAfterwards(open, ending, workflow, clock.now()), workflow, env, clock, finishMs);
}
/** Long enough for a slow answer or two. */
const owedMs = 20_000;
/**
 * Shows the end of a run that ended where GitHub did not take it in time. Gives what could not be told; undefined when
 * nothing is owed. Never throws.
 */
async function tellOwed(env, clock) {
    const owed = readOwed((0,runner/* getState */.Gu)(finish/* owedKey */.zp));
    const left = owed && (await readReport((0,runner/* getState */.Gu)(finish/* reportKey */.y1)));
    if (!owed || !left?.run.ending)
        return undefined;
    await clock.sleep(Math.min(finish/* postMs */.Te, Math.max(0, owed.at - clock.now())));
    const workflow = (0,context/* workflowRun */.t)(env);
    const { run, happenings, endedAt, mode } = left;
    const view = (0,github_view/* viewOf */.d)(run, happenings, workflow, endedAt ?? clock.now(), mode);
    return await finishFaces(view, workflow, env, clock, owedMs, owed.faces);
}
/** The faces that main began, or a comment of its own, with this end. */
async function finishFaces(view, workflow, env, clock, finishMs, which = ['comment', 'deployment']) {
    const access = (0,context/* accessOf */.Y)(env, (0,runner/* getInput */.V4)('github-token'));
    if (!access)
        return [];
    const api = new github_api/* GitHubApi */.yN(access, clock, env);
    const made = readMade((0,runner/* getState */.Gu)(github_faces/* madeKey */.fi));
    const common = { api, clock, workflow, view: () => view, finishMs: () => finishMs };
    const prNumber = made.pull ?? (Number((0,runner/* getInput */.V4)('pr-number')) || undefined);
    const wantsComment = (0,runner/* getInput */.V4)('comment') !== 'off' && github_faces/* commented */.ni.includes(view.mode ?? 'deploy');
    const { deployment } = made;
    const faces = [
        ...(wantsComment && which.includes('comment')
            ? [
                new comment_face/* CommentFace */.B({
                    ...common,
                    say: runner/* say */.cv,
                    begun: made.comment !== undefined,
                    remember: (what) => runner/* stateJournal */.P3.save(github_faces/* madeKey */.fi, JSON.stringify({ ...made, ...what })),
                    ...(prNumber === undefined ? {} : { prNumber })
                })
            ]
            : []),
        ...(deployment !== undefined && which.includes('deployment')
            ? [new deployments/* DeploymentFace */.v({ ...common, deployment, remember: () => undefined })]
            : [])
    ];
    const troubles = await Promise.all(faces.map(async (face) => await face.finish(view)));
    return troubles.flatMap((trouble) => (trouble === undefined ? [] : [trouble.text]));
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
    const left = await readReport((0,runner/* getState */.Gu)(finish/* reportKey */.y1));
    return (0,github_view/* viewOf */.d)({ ...record, ...left?.run, ending }, left?.happenings ?? [], workflow, now, left?.mode);
}
/** What main wrote of the run; undefined when there is nothing, as after a kill. */
async function readReport(path) {
    try {
        const report = JSON.parse(await (0,promises_.readFile)(path, 'utf8'));
        const { happenings, endedAt, mode, ...run } = report;
        if (!Array.isArray(happenings))
            return undefined;
        return {
            run,
            happenings,
            ...(typeof endedAt === 'number' ? { endedAt } : {}),
            ...(typeof mode === 'string' ? { mode } : {})
        };
    }
    catch {
        return undefined;
    }
}
function readOwed(text) {
    try {
        const { faces, at } = JSON.parse(text);
        return Array.isArray(faces) && typeof at === 'number' ? { faces, at } : undefined;
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
// EXTERNAL MODULE: ./lib/steps/restore.js + 1 modules
var restore = __webpack_require__(5122);
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
// EXTERNAL MODULE: ./lib/wiring.js + 31 modules
var wiring = __webpack_require__(3208);
;// CONCATENATED MODULE: ./lib/post.js









/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000;
/** The post step: closes what a cancelled or killed run left open; of one that ended, shows what GitHub did not take. */
async function post() {
    const open = (0,record/* readOpenRun */.G7)((0,runner/* getState */.Gu)(record/* openRunKey */.jD));
    if (!open || open.phase === 'ended') {
        await payOwed();
        return;
    }
    const deadline = clock/* systemClock */.m.now() + budgetMs;
    const host = new runner/* LogHost */.Xi(clock/* systemClock */.m);
    (0,runner/* say */.cv)(`The run on ${open.service} of cluster ${open.cluster} was cut off; looking at what it left.`);
    const ending = await post_close(open, host, deadline);
    runner/* stateJournal */.P3.save(record/* openRunKey */.jD, JSON.stringify({ ...open, phase: 'ended', outcome: ending.outcome }));
    await closeFaces(open, ending, deadline);
}
async function payOwed() {
    const troubles = await tellOwed(process.env, clock/* systemClock */.m);
    if (troubles?.length === 0)
        (0,runner/* say */.cv)('GitHub has taken the end of the run now.');
    tellTroubles(troubles ?? []);
}
function tellTroubles(troubles) {
    if (troubles.length > 0)
        (0,core/* notice */.lm)(troubles.map((t) => (0,untrusted/* forLog */.Ig)(t, 1500)).join(' '), { title: 'Safe ECS Deploy' });
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
async function closeFaces(open, ending, deadline) {
    (0,runner/* say */.cv)(ending.reason);
    if (ending.fix !== undefined)
        (0,runner/* say */.cv)(ending.fix);
    const lines = [ending.reason, ...(ending.fix === undefined ? [] : [ending.fix])];
    await (0,runner/* addSummary */.S0)(`### After the run was cut off: ${(0,untrusted/* codeSpan */.SS)(open.service)}\n\n${(0,untrusted/* fenced */.OF)(lines)}\n`);
    // A rate limit mostly lasts a minute; the other post steps of the job need some time too.
    const left = Math.min(65_000, deadline + 20_000 - clock/* systemClock */.m.now());
    tellTroubles(await tellAfterwards(open, ending, process.env, clock/* systemClock */.m, Math.max(15_000, left)));
    if (ending.outcome === 'cancelled' || ending.outcome === 'superseded')
        return;
    (0,core/* error */.z3)((0,untrusted/* forLog */.Ig)(lines.join(' '), 3000), { title: `${ending.outcome} after the run was cut off` });
    process.exitCode = 1;
}


/***/ })

};
