export const id = 497;
export const ids = [497];
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


/***/ })

};
