export const id = 317;
export const ids = [317];
export const modules = {

/***/ 5317:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   post: () => (/* binding */ post)
/* harmony export */ });
/* harmony import */ var _domain_arn_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(7591);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5233);
/* harmony import */ var _github_runner_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5324);
/* harmony import */ var _ports_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(391);
/* harmony import */ var _report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5536);
/* harmony import */ var _steps_close_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7927);
/* harmony import */ var _steps_record_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(1522);
/* harmony import */ var _steps_restore_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(9266);
/* harmony import */ var _steps_watch_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(8893);
/* harmony import */ var _wiring_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(9121);










/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000;
const lookAgainMs = 5000;
/** The post step: closes what a cancelled or killed run left open, and says so; nothing to do after a run that ended. */
async function post() {
    const open = (0,_steps_record_js__WEBPACK_IMPORTED_MODULE_8__/* .readOpenRun */ .G7)((0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .getState */ .Gu)(_steps_record_js__WEBPACK_IMPORTED_MODULE_8__/* .openRunKey */ .jD));
    if (!open || open.phase === 'ended')
        return;
    const deadline = _clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m.now() + budgetMs;
    const host = new _github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .LogHost */ .Xi(_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m);
    (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .say */ .cv)(`The run on ${open.service} of cluster ${open.cluster} was cut off; looking at what it left.`);
    try {
        const region = open.region === undefined ? {} : { region: open.region };
        const ports = (0,_wiring_js__WEBPACK_IMPORTED_MODULE_7__/* .wire */ .O)({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 });
        const end = await closePatiently(ports, open, deadline);
        _github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .stateJournal */ .P3.save(_steps_record_js__WEBPACK_IMPORTED_MODULE_8__/* .openRunKey */ .jD, JSON.stringify({ ...open, phase: 'ended', outcome: 'cancelled' }));
        (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .say */ .cv)(end);
        await (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .addSummary */ .S0)(`### After the run was cut off: ${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__/* .codeSpan */ .SS)(open.service)}\n\n${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__/* .fenced */ .OF)([end])}\n`);
    }
    catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .say */ .cv)(`Could not close the run: ${what}`);
        await (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .addSummary */ .S0)(`### The run on ${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__/* .codeSpan */ .SS)(open.service)} could not be closed\n\n${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_3__/* .fenced */ .OF)([what])}\n`);
        process.exitCode = 1;
    }
}
/** Tries until the budget ends: throttling and a failing network pass. */
async function closePatiently(ports, open, deadline) {
    for (;;) {
        try {
            return await closeRun(ports, open, deadline);
        }
        catch (error) {
            const passing = error instanceof _ports_js__WEBPACK_IMPORTED_MODULE_2__/* .AwsFault */ .kU && (error.kind === 'throttled' || error.kind === 'unreachable');
            if (!passing || _clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m.now() + lookAgainMs >= deadline)
                throw error;
            await _clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m.sleep(lookAgainMs);
        }
    }
}
async function closeRun(ports, open, deadline) {
    const name = { cluster: open.cluster, service: open.service };
    const service = await ports.containers.service(name);
    const left = (0,_steps_close_js__WEBPACK_IMPORTED_MODULE_4__/* .whatIsLeft */ .W)(open, service);
    if (left.todo === 'nothing')
        return left.reason;
    const { id: deploymentId, taskDefinition, createdAt } = left.deployment;
    const subject = {
        deploymentId,
        taskDefinition,
        since: createdAt ?? _clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m.now(),
        adoptsTasks: true
    };
    const policy = { maxFailedTasks: 'auto', bakeMs: 0, deadline };
    if (left.todo === 'watch') {
        const { verdict } = await (0,_steps_watch_js__WEBPACK_IMPORTED_MODULE_6__/* .watch */ .w)(ports, name, subject, policy, lookAgainMs, service);
        const revision = (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_9__/* .revisionName */ .pd)(taskDefinition);
        if (verdict.state === 'healthy')
            return `${revision} was put back and is healthy.`;
        if (verdict.state === 'superseded')
            return `Another deployment, ${verdict.by.id}, took over; it is left alone.`;
        const what = verdict.state === 'failing' ? verdict.detail : verdict.what;
        return `${revision} was put back; it was not healthy by the end of the post step: ${what}.`;
    }
    const knownGood = left.todo === 'go-back'
        ? { knownGood: { deploymentId: open.previousDeploymentId ?? '', taskDefinition: left.knownGood } }
        : {};
    const count = left.todo === 'go-back' && left.desiredCount !== undefined ? { desiredCount: left.desiredCount } : {};
    const previous = open.previousDeploymentId === undefined || open.knownGood === undefined
        ? {}
        : { previous: { deploymentId: open.previousDeploymentId, taskDefinition: open.knownGood } };
    const onStart = (id) => _github_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .stateJournal */ .P3.save(_steps_record_js__WEBPACK_IMPORTED_MODULE_8__/* .openRunKey */ .jD, JSON.stringify({ ...open, phase: 'restoring', restoreDeploymentId: id }));
    const because = left.todo === 'await-ecs' ? 'ecs-failed' : 'loop';
    const way = { ...knownGood, ...count, policy, pollMs: lookAgainMs };
    return sayRestored(await (0,_steps_restore_js__WEBPACK_IMPORTED_MODULE_5__/* .restore */ .P)(ports, name, { ...subject, ...previous }, because, way, onStart));
}
function sayRestored(restored) {
    switch (restored.state) {
        case 'restored': {
            const revision = (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_9__/* .revisionName */ .pd)(restored.taskDefinition);
            return restored.by === 'ecs'
                ? `ECS put ${revision} back, and it is healthy.`
                : `${revision} was put back and is healthy.`;
        }
        case 'superseded':
            return `Another deployment, ${restored.by}, took over; it is left alone.`;
        case 'nothing-known-good':
            return 'There is nothing known good to go back to; the deployment is left as it is.';
        case 'lost-sight':
            return `Going back was started; its end could not be seen: ${restored.what}.`;
        case 'failed':
            return `Going back was tried (${restored.tried.join(', then ')}); it was not healthy by the end of the post step: ${restored.what}.`;
    }
}


/***/ })

};
