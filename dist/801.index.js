export const id = 801;
export const ids = [801];
export const modules = {

/***/ 7801:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  diagnose: () => (/* binding */ diagnose_diagnose)
});

// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/domain/service.js
var domain_service = __webpack_require__(8639);
// EXTERNAL MODULE: ./lib/domain/finding.js
var finding = __webpack_require__(9813);
// EXTERNAL MODULE: ./lib/domain/plural.js
var plural = __webpack_require__(5984);
// EXTERNAL MODULE: ./lib/preflight/facts.js
var preflight_facts = __webpack_require__(4428);
;// CONCATENATED MODULE: ./lib/preflight/clients.js



/**
 * Which error the load balancer answers, by its targets (Application Load Balancers user guide): 503 without a target,
 * 504 when targets do not answer in time, 502 when they refuse or break the connection. Where no target is healthy it
 * sends requests to all of them. Undefined when clients get their answers, or nobody knows.
 */
function seenByClients(facts) {
    const { service, strays } = facts;
    const stray = strays.known ? strays.value[0] : undefined;
    if (service.loadBalancers.length === 0)
        return stray && { code: '503', why: `no target is registered in ${(0,domain_arn/* targetGroupName */.IT)(stray.arn)}` };
    for (const { targetGroupArn: arn } of service.loadBalancers) {
        if (arn === undefined)
            continue;
        const targets = (0,preflight_facts.of)(facts.targets, arn);
        if (!targets.known)
            continue;
        const seen = ofGroup((0,domain_arn/* targetGroupName */.IT)(arn), targets.value, service.desired);
        if (seen)
            return seen;
    }
    return undefined;
}
function ofGroup(name, targets, desired) {
    const here = targets.filter((t) => !/^(draining|unused)$/.test(t.state));
    const healthy = here.filter((t) => t.state === 'healthy');
    if (here.length === 0)
        return targets.some((t) => t.state === 'unused')
            ? { code: '503', why: `every target of ${name} is unused` }
            : { code: '503', why: `no target is registered in ${name}` };
    if (healthy.length >= desired)
        return undefined;
    if (healthy.length > 0)
        return {
            code: '504',
            why: `only ${healthy.length} of ${(0,plural/* plural */.L)(desired, 'target')} of ${name} are healthy, and what they cannot bear times out`
        };
    const sick = here.filter((t) => t.state.startsWith('unhealthy'));
    if (sick.length === 0)
        return { code: '503', why: `no target of ${name} is healthy yet` };
    const reason = (text) => sick.some((t) => t.reason === text);
    if (reason('Target.Timeout'))
        return { code: '504', why: `the targets of ${name} do not answer in time` };
    if (reason('Target.FailedHealthChecks'))
        return { code: '502', why: `the targets of ${name} refuse the connection` };
    return {
        why: `the targets of ${name} answer ${sick[0]?.description ?? 'with another code'}, and clients get what they answer`
    };
}

// EXTERNAL MODULE: ./lib/preflight/fixes.js
var fixes = __webpack_require__(7416);
;// CONCATENATED MODULE: ./lib/preflight/diagnosis.js



/** Findings that explain why targets are missing or sick, the first of them first, with their codes. */
const explains = [
    ['registered', 'target-not-registered'],
    ['service-ready', 'preflight'],
    ['target-group-in-use', 'target-not-in-use'],
    ['balancer-lets-out', 'elb-health-timeout'],
    ['task-lets-in', 'elb-health-timeout'],
    ['zones', 'target-not-in-use'],
    ['way-out', 'image-pull-network'],
    ['free-addresses', 'subnet-exhausted']
];
/** Codes of tasks that were replaced for checks of the load balancer which nothing else explains. */
const checkedTooSoon = [
    'elb-health-unreachable',
    'elb-health-timeout',
    'elb-health-code'
];
/**
 * Names the cause first. What stands in the way of every task comes before what a single task died of; a grace period
 * that is too short comes before the failed checks that it lets through.
 */
function diagnose(facts, findings, why) {
    const { service } = facts;
    const clients = seenByClients(facts);
    const seen = clients ? { clients } : {};
    if (service.desired === 0)
        return {
            well: false,
            ...seen,
            says: `Service ${service.name} has 0 desired tasks: nothing runs`,
            reasonCode: 'target-not-registered',
            evidence: ['desiredCount 0'],
            fix: {
                todo: 'Set the number of tasks that shall run.',
                console: (0,fixes/* serviceConsole */.$Z)(service, 'Update service → Desired tasks'),
                command: (0,fixes/* serviceCommand */.xi)(service, '--desired-count 1')
            }
        };
    const sick = clients !== undefined || why !== undefined || service.running < service.desired;
    const found = (0,finding/* troubles */.d4)(findings);
    for (const [check, code] of explains) {
        const finding = sick ? found.find((f) => f.check === check && counts(f)) : undefined;
        if (finding)
            return { well: false, ...seen, ...told(finding, code) };
    }
    const grace = found.find((f) => f.check === 'grace-period');
    if (why && grace && checkedTooSoon.includes(why.code)) {
        const { evidence, ...rest } = told(grace, why.code);
        return { well: false, ...seen, ...rest, evidence: [...evidence, ...why.evidence] };
    }
    if (why)
        return {
            well: false,
            ...seen,
            says: why.sentence,
            reasonCode: why.code,
            evidence: why.evidence,
            fix: { todo: why.fix, console: (0,fixes/* serviceConsole */.$Z)(service, 'Tasks') }
        };
    if (clients?.code !== undefined || service.running < service.desired)
        return {
            well: false,
            ...seen,
            says: `${service.running} of ${service.desired} tasks of ${service.name} run, and nothing that was read says why`,
            reasonCode: 'unknown',
            evidence: service.events.slice(0, 3).map((e) => `event: ${e.message}`),
            fix: {
                todo: 'Look again in a minute, and at the events and the stopped tasks of the service.',
                console: (0,fixes/* serviceConsole */.$Z)(service, 'Events')
            }
        };
    return {
        well: true,
        says: `Service ${service.name} is well: ${service.running} of ${service.desired} tasks run`,
        evidence: []
    };
}
/** A service without its target group is the one warning that explains an outage. */
function counts({ state, check }) {
    return state === 'error' || check === 'registered' || check === 'way-out';
}
function told(finding, code) {
    const { says, evidence, fix, reasonCode } = finding;
    return { says, reasonCode: reasonCode ?? code, evidence, fix };
}
/** The answer in one sentence: `503 because no target is registered in tg: service x has no load balancer attached.` */
function answerOf({ clients, says }) {
    const plain = says.replace(/\.$/, '');
    if (!clients)
        return `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}.`;
    const front = clients.code === undefined ? `Because ${clients.why}` : `${clients.code} because ${clients.why}`;
    const end = /^[A-Z]([a-z]| )/.test(plain) ? plain.slice(0, 1).toLowerCase() + plain.slice(1) : plain;
    return `${front}: ${end}.`;
}

// EXTERNAL MODULE: ./lib/preflight/run.js + 30 modules
var preflight_run = __webpack_require__(2650);
// EXTERNAL MODULE: ./lib/ports.js
var lib_ports = __webpack_require__(391);
// EXTERNAL MODULE: ./lib/domain/task-definition.js
var task_definition = __webpack_require__(2573);
// EXTERNAL MODULE: ./lib/judge/causes.js + 3 modules
var causes = __webpack_require__(46);
// EXTERNAL MODULE: ./lib/judge/memory.js + 1 modules
var judge_memory = __webpack_require__(7199);
// EXTERNAL MODULE: ./lib/judge/verdict.js
var judge_verdict = __webpack_require__(7522);
// EXTERNAL MODULE: ./lib/steps/last-lines.js
var last_lines = __webpack_require__(4065);
// EXTERNAL MODULE: ./lib/steps/observe.js
var observe = __webpack_require__(975);
;// CONCATENATED MODULE: ./lib/steps/look-once.js






/** So long after the last failed task a service with all its tasks healthy is well, milliseconds. */
const overAfterMs = 5 * 60_000;
/**
 * Why the tasks of a deployment are not well, by one look at it and at the tasks that stopped within the last hour;
 * undefined when they are well, or nobody can tell. Reads only. Throws AwsFault.
 */
async function causeNow(ports, name, primary, definition, signal) {
    const since = primary.createdAt ?? 0;
    const subject = {
        deploymentId: primary.id,
        taskDefinition: primary.taskDefinition,
        since,
        adoptsTasks: true,
        healthChecked: (0,task_definition/* healthCheckedContainers */.UD)(definition),
        essential: (0,task_definition/* containersOf */.Mz)(definition).flatMap((c) => (c.essential ? [c.name] : []))
    };
    const lookout = new observe/* Lookout */.K(ports, name, { since, alarms: [] });
    const seen = await lookout.details(await lookout.look());
    const memory = (0,judge_memory/* remember */.kY)(subject, (0,judge_memory/* freshMemory */.CY)(), seen);
    const { healthy, desired } = memory.counts;
    const lastFailed = Math.max(0, ...[...memory.failed.values()].map(({ task }) => task.stoppedAt ?? seen.at));
    // Failures that are over, with every task healthy since, are history.
    if (desired > 0 && healthy >= desired && seen.at - lastFailed > overAfterMs)
        return undefined;
    const ask = (deadline) => (0,judge_verdict/* judge */.S)({ maxFailedTasks: 'auto', bakeMs: 0, deadline }, subject, memory, seen);
    const first = ask(Infinity);
    // What is still waited for is explained as at a deadline that is over now.
    const verdict = first.state === 'waiting' ? ask(seen.at) : first;
    if (verdict.state !== 'failing')
        return undefined;
    const logs = await (0,last_lines/* lastLines */.w)(ports, { verdict, memory, seen }, definition, signal);
    return (0,causes/* explain */.W)(verdict, subject, memory, seen, definition, logs);
}

;// CONCATENATED MODULE: ./lib/modes/diagnose.js






/**
 * Says why services do not answer, whoever deployed them: what clients see, the cause, the proof and the fix, then what
 * every check found. Reads only. Throws AwsFault when a service itself cannot be read.
 */
async function diagnose_diagnose(ports, inputs, run, signal) {
    const endings = [];
    for (const { cluster, service } of inputs.services)
        endings.push(await one(ports, { cluster, service }, run, signal));
    const ill = endings.filter((e) => e.outcome === 'problems');
    const first = ill[0] ?? endings[0];
    if (!first || endings.length === 1)
        return first ?? { outcome: 'ok', reason: 'No service.', evidence: [] };
    return { ...first, reason: (ill.length > 0 ? ill : endings).map((e) => e.reason).join('\n') };
}
async function one(ports, name, run, signal) {
    ports.announce({ code: 'step', step: 'inspect', title: `Diagnose ${name.service}` });
    const service = await ports.containers.service(name).catch(missing);
    if (service instanceof lib_ports/* NotFound */.Mk)
        return {
            outcome: 'problems',
            reasonCode: 'input',
            reason: `${service.message}.`,
            evidence: [],
            fix: 'Check the names, and the account and region of the credentials.'
        };
    const primary = (0,domain_service/* primaryOf */.Os)(service);
    const definition = (await ports.containers.taskDefinition(primary?.taskDefinition ?? service.taskDefinition)).definition;
    const about = {
        purpose: 'diagnose',
        service,
        definition,
        running: definition,
        desired: service.desired,
        undoes: false,
        region: (0,domain_arn/* parseArn */.Lw)(service.arn)?.region ?? ''
    };
    const { facts, findings } = await (0,preflight_run.preflight)(ports, name, about, signal);
    const why = primary &&
        (await causeNow(ports, name, primary, definition, signal).catch((e) => unread(ports, e)));
    const found = diagnose(facts, findings, why);
    tell(ports, found);
    ports.announce({ code: 'fact', name: 'serving', value: (0,domain_arn/* revisionName */.pd)(primary?.taskDefinition ?? 'nothing') });
    ports.announce({ code: 'preflight', findings });
    return endingOf(found, primary?.taskDefinition, why?.logs);
}
function missing(error) {
    if (error instanceof lib_ports/* NotFound */.Mk)
        return error;
    throw error;
}
function unread(ports, error) {
    if (!(error instanceof lib_ports/* AwsFault */.kU))
        throw error;
    ports.announce({
        code: 'warning',
        text: `The tasks cannot be read (${error.operation}: ${error.message}).`
    });
    return undefined;
}
/** The answer first, then the proof, then the way out. */
function tell(ports, found) {
    if (found.well)
        return;
    ports.announce({
        code: 'cause',
        reasonCode: found.reasonCode ?? 'unknown',
        sentence: answerOf(found),
        evidence: found.evidence,
        logs: [],
        fix: fixText(found)
    });
}
function fixText({ fix }) {
    const { todo = '', console, command } = fix ?? {};
    return [
        todo,
        ...(console === undefined ? [] : [`In the console: ${console}.`]),
        ...(command === undefined ? [] : [`Command: ${command}`])
    ].join(' ');
}
function endingOf(found, serving, logs) {
    const base = serving === undefined ? {} : { servingTaskDefinition: serving };
    if (found.well)
        return { ...base, outcome: 'ok', reason: `${found.says}.`, evidence: [] };
    return {
        ...base,
        outcome: 'problems',
        reasonCode: found.reasonCode ?? 'unknown',
        reason: answerOf(found),
        evidence: found.evidence,
        ...(logs === undefined ? {} : { logs }),
        fix: fixText(found)
    };
}


/***/ })

};
