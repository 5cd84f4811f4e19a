export const id = 549;
export const ids = [549];
export const modules = {

/***/ 7549:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   plan: () => (/* binding */ plan)
/* harmony export */ });
/* harmony import */ var _domain_arn_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(7591);
/* harmony import */ var _domain_deploy_plan_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4613);
/* harmony import */ var _domain_duration_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(738);
/* harmony import */ var _domain_finding_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9813);
/* harmony import */ var _domain_plural_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5984);
/* harmony import */ var _steps_check_first_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7852);
/* harmony import */ var _steps_job_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7735);
/* harmony import */ var _steps_plan_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2234);
/* harmony import */ var _steps_tell_plan_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8591);









/**
 * Says what a deploy with these inputs would do now, and writes nothing: the differences, the tags, what the checks
 * find, where it would go back to, how long it takes. Ends as `problems` when a deploy would be refused for what the
 * checks find. Throws Refusal for bad input, AwsFault when AWS fails us.
 */
async function plan(ports, inputs, run, signal) {
    const { name, policy } = (0,_steps_job_js__WEBPACK_IMPORTED_MODULE_2__/* .jobOf */ .Zw)(ports, inputs, run, signal);
    const made = await (0,_steps_plan_js__WEBPACK_IMPORTED_MODULE_3__/* .makePlan */ .C)(ports, inputs, name, run, policy.deadline, signal);
    const [found, lately] = made.changes
        ? await Promise.all([(0,_steps_check_first_js__WEBPACK_IMPORTED_MODULE_1__/* .lookFirst */ .S)(ports, name, inputs, made, signal), (0,_steps_tell_plan_js__WEBPACK_IMPORTED_MODULE_4__/* .rolloutsLately */ .Qr)(ports, name)])
        : [];
    signal?.throwIfAborted();
    const told = (0,_steps_tell_plan_js__WEBPACK_IMPORTED_MODULE_4__/* .tellPlan */ .fb)(ports, inputs, made, true, found?.facts, lately);
    const { primary, service } = made.before;
    const serving = {
        servingTaskDefinition: primary.taskDefinition,
        servingNote: `${primary.running} of ${(0,_domain_plural_js__WEBPACK_IMPORTED_MODULE_5__/* .plural */ .L)(service.desired, 'task')} running`
    };
    const refusal = found && (0,_steps_check_first_js__WEBPACK_IMPORTED_MODULE_1__/* .refusalOf */ .Of)(inputs, found.findings);
    if (refusal)
        return {
            ...serving,
            outcome: 'problems',
            reasonCode: refusal.reasonCode,
            reason: refusal.problems.join('\n'),
            evidence: refusal.evidence,
            ...(refusal.fix === undefined ? {} : { fix: refusal.fix })
        };
    const over = errorsOf(found?.findings ?? []);
    const reason = [sentence(made, told), ...goesOnOver(over)].join(' ');
    return { ...serving, outcome: 'ok', reason, evidence: over.flatMap((f) => f.evidence) };
}
const errorsOf = (findings) => (0,_domain_finding_js__WEBPACK_IMPORTED_MODULE_6__/* .troubles */ .d4)(findings).filter((f) => f.state === 'error');
/** With `preflight: warn` an error does not stop a deploy; whoever reads a green plan must not overlook it. */
function goesOnOver(errors) {
    if (errors.length === 0)
        return [];
    const what = errors.map((f) => f.says).join(' ');
    return [`It would fail, and go on all the same (preflight: warn): ${what}`];
}
function sentence({ before }, told) {
    const { name } = before.service;
    const revision = (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_7__/* .revisionName */ .pd)(told.running);
    if (before.adopted)
        return `A deploy now would go on with deployment ${before.primary.id} of ${revision}, which another run began.`;
    if ((0,_domain_deploy_plan_js__WEBPACK_IMPORTED_MODULE_8__/* .changesNothing */ .T)(told))
        return `A deploy would change nothing: ${name} runs ${revision} with these images.`;
    const { images, changes, desired, time } = told;
    const what = [
        ...(images.length > 0 ? [(0,_domain_plural_js__WEBPACK_IMPORTED_MODULE_5__/* .plural */ .L)(images.length, 'image')] : []),
        ...(changes.length > 0 ? [(0,_domain_plural_js__WEBPACK_IMPORTED_MODULE_5__/* .plural */ .L)(changes.length, 'other setting')] : []),
        ...(desired.before === desired.after ? [] : [`the count from ${desired.before} to ${desired.after}`])
    ];
    const does = what.length > 0 ? `change ${what.join(', ').replace(/, ([^,]*)$/, ' and $1')}` : 'replace the tasks';
    const takes = time?.possible === true ? `; it takes at least ${(0,_domain_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .sayDuration */ .kP)(time.leastMs)}` : '';
    return `A deploy of ${name} would ${does}${takes}.`;
}


/***/ })

};
