export const id = 317;
export const ids = [317];
export const modules = {

/***/ 5317:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   post: () => (/* binding */ post)
/* harmony export */ });
/* harmony import */ var _domain_arn_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(7591);
/* harmony import */ var _github_runner_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8698);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5233);
/* harmony import */ var _report_untrusted_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(5536);
/* harmony import */ var _steps_close_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7927);
/* harmony import */ var _steps_record_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1522);
/* harmony import */ var _steps_watch_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(401);
/* harmony import */ var _wiring_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6830);








/** The runner gives all post steps together less than five minutes after a cancel. */
const budgetMs = 225_000;
/** The post step: closes what a cancelled or killed run left open, and says so; nothing to do after a run that ended. */
async function post() {
    const open = (0,_steps_record_js__WEBPACK_IMPORTED_MODULE_4__/* .readOpenRun */ .G7)((0,_github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu)(_steps_record_js__WEBPACK_IMPORTED_MODULE_4__/* .openRunKey */ .jD));
    if (!open || open.phase === 'ended')
        return;
    const deadline = _clock_js__WEBPACK_IMPORTED_MODULE_1__/* .systemClock */ .m.now() + budgetMs;
    const host = new _github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .LogHost */ .Xi(_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .systemClock */ .m);
    (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .say */ .cv)(`The run on ${open.service} of cluster ${open.cluster} did not end by itself; looking at what it left.`);
    try {
        const region = open.region === undefined ? {} : { region: open.region };
        const ports = (0,_wiring_js__WEBPACK_IMPORTED_MODULE_3__/* .wire */ .O)({ host, env: process.env, ...region, patienceMs: 30_000, requestTimeoutMs: 15_000 });
        const closed = await (0,_steps_close_js__WEBPACK_IMPORTED_MODULE_5__/* .close */ .V)(ports, open);
        const end = closed.restoring
            ? await watchRestore(ports, open, closed.restoring, deadline)
            : closed.ending.reason;
        _github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .stateJournal */ .P3.save(_steps_record_js__WEBPACK_IMPORTED_MODULE_4__/* .openRunKey */ .jD, JSON.stringify({ ...open, phase: 'ended', outcome: 'cancelled' }));
        (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .say */ .cv)(end);
        await (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .addSummary */ .S0)(`### After the cancel: ${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_6__/* .codeSpan */ .SS)(open.service)}\n\n${(0,_report_untrusted_js__WEBPACK_IMPORTED_MODULE_6__/* .fenced */ .OF)([end])}\n`);
    }
    catch (error) {
        (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_0__/* .say */ .cv)(`Could not close the run: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}
async function watchRestore(ports, open, restoring, deadline) {
    const name = { cluster: open.cluster, service: open.service };
    const service = await ports.containers.service(name);
    const primary = service.deployments.find((d) => d.id === restoring.deploymentId);
    const subject = { ...restoring, since: primary?.createdAt ?? _clock_js__WEBPACK_IMPORTED_MODULE_1__/* .systemClock */ .m.now(), adoptsTasks: true };
    const policy = { maxFailedTasks: 'auto', bakeMs: 0, deadline };
    const { verdict } = await (0,_steps_watch_js__WEBPACK_IMPORTED_MODULE_2__/* .watch */ .w)(ports, name, subject, policy, 5000, service);
    const revision = (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_7__/* .revisionName */ .pd)(restoring.taskDefinition);
    switch (verdict.state) {
        case 'healthy':
            return `${revision} was put back and is healthy.`;
        case 'superseded':
            return `Another deployment, ${verdict.by.id}, took over; it is left alone.`;
        case 'failing':
            return `${revision} was put back, but is not healthy: ${verdict.detail}.`;
        case 'inconclusive':
            return `${revision} was put back; its health could not be seen to the end: ${verdict.what}.`;
    }
}


/***/ })

};
