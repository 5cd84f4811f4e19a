export const id = 320;
export const ids = [320];
export const modules = {

/***/ 9320:
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
// EXTERNAL MODULE: ./lib/domain/duration.js
var duration = __webpack_require__(738);
// EXTERNAL MODULE: ./lib/domain/rollout-estimate.js
var rollout_estimate = __webpack_require__(3792);
// EXTERNAL MODULE: ./lib/domain/finding.js
var finding = __webpack_require__(9813);
// EXTERNAL MODULE: ./lib/domain/plural.js
var plural = __webpack_require__(5984);
// EXTERNAL MODULE: ./lib/preflight/behind.js
var behind = __webpack_require__(8843);
// EXTERNAL MODULE: ./lib/preflight/facts.js
var preflight_facts = __webpack_require__(4428);
;// CONCATENATED MODULE: ./lib/preflight/clients.js





/**
 * Which error the load balancer answers, by its targets (Application Load Balancers user guide): 503 without a target,
 * 504 when targets do not answer in time, 502 when they refuse or break the connection. Where no target is healthy it
 * sends requests to all of them. A network load balancer has no codes: connections fail. Undefined when clients get their
 * answers, or nobody knows.
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
        const group = facts.groups.known ? facts.groups.value.find((g) => g.arn === arn) : undefined;
        const name = (0,domain_arn/* targetGroupName */.IT)(arn);
        const healthy = targets.value.some((t) => t.state === 'healthy');
        const shut = healthy ? undefined : noDoor(facts, name, group?.loadBalancers);
        const seen = shut ?? ofGroup(name, targets.value, service);
        if (!seen)
            continue;
        const network = group?.loadBalancers?.length !== 0 && group?.loadBalancers?.every(behind/* isNetwork */.t) === true;
        return network ? { why: `connections fail: ${seen.why}` } : seen;
    }
    return undefined;
}
/** No request comes as far as the targets. */
function noDoor(facts, name, balancers) {
    if (balancers?.length === 0)
        return { why: `no load balancer sends requests to ${name}` };
    const shut = balancers?.find((arn) => {
        const listeners = (0,preflight_facts.of)(facts.listeners, arn);
        return listeners.known && listeners.value.length === 0;
    });
    return shut === undefined
        ? undefined
        : { why: `load balancer ${shut.split('/').at(-2) ?? shut} has no listener, so nobody can connect` };
}
function ofGroup(name, targets, service) {
    const { desired } = service;
    const here = targets.filter((t) => !/^(draining|unused)$/.test(t.state));
    const healthy = here.filter((t) => t.state === 'healthy');
    if (here.length === 0)
        return targets.some((t) => t.state === 'unused')
            ? { code: '503', why: `every target of ${name} is unused` }
            : { code: '503', why: `no target is registered in ${name}` };
    if (healthy.length >= desired)
        return undefined;
    // A deployment may go below the count that is wanted, down to its lower bound.
    const floor = Math.ceil((desired * (service.minimumHealthyPercent ?? 100)) / 100);
    if (healthy.length > 0 && (0,domain_service/* isRolling */.m$)(service) && healthy.length >= floor)
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

// EXTERNAL MODULE: ./lib/preflight/rollout-numbers.js
var rollout_numbers = __webpack_require__(17);
// EXTERNAL MODULE: ./lib/preflight/fixes.js
var fixes = __webpack_require__(7416);
;// CONCATENATED MODULE: ./lib/preflight/diagnosis.js








/** Findings that explain why targets are missing or sick, the first of them first, with their codes. */
const explains = [
    ['registered', 'target-not-registered'],
    ['service-ready', 'preflight'],
    ['roles', 'preflight'],
    ['target-group-in-use', 'target-not-in-use'],
    ['balancer-lets-out', 'elb-health-timeout'],
    ['task-lets-in', 'elb-health-timeout'],
    ['zones', 'target-not-in-use'],
    ['way-out', 'image-pull-network'],
    ['free-addresses', 'subnet-exhausted'],
    ['room-to-roll', 'stuck']
];
/** Sooner nobody calls a deployment late, milliseconds. */
const overdueMs = 10 * 60_000;
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
    const resting = atRest(service);
    if (resting)
        return resting;
    const clients = seenByClients(facts);
    const seen = clients ? { clients } : {};
    const short = service.running < service.desired;
    const rolling = (0,domain_service/* isRolling */.m$)(service);
    const overdue = rolling && isOverdue(facts);
    const sick = clients !== undefined || why !== undefined || short || overdue;
    const found = sick ? (0,finding/* troubles */.d4)(findings) : [];
    for (const [check, code] of explains) {
        const finding = found.find((f) => f.check === check && counts(f));
        if (finding)
            return { well: false, ...seen, ...told(finding, code) };
    }
    const grace = found.find((f) => f.check === 'grace-period');
    if (why && grace && checkedTooSoon.includes(why.code)) {
        const { evidence, ...rest } = told(grace, why.code);
        return { well: false, ...seen, ...rest, evidence: [...evidence, ...why.evidence] };
    }
    const gone = found.find((f) => f.check === 'image-kept');
    if (why) {
        const show = why.code === 'image-not-found' && gone ? gone.fix : commandFor(service, why.fix);
        return {
            well: false,
            ...seen,
            says: why.sentence,
            reasonCode: why.code,
            evidence: why.evidence,
            fix: { console: (0,fixes/* serviceConsole */.$Z)(service, 'Tasks'), ...show, todo: why.fix }
        };
    }
    if (gone)
        return { well: false, ...seen, ...told(gone, 'image-not-found') };
    if (clients !== undefined || overdue || (short && !rolling))
        return { ...unexplained(facts), ...seen };
    const says = rolling
        ? `Service ${service.name} is well so far: ${inProgress(facts)}`
        : `Service ${service.name} is well: ${tasksOf(service)} run`;
    return { well: true, says, evidence: [] };
}
const tasksOf = ({ running, desired }) => `${running} of ${desired} tasks`;
function inProgress({ service, now }) {
    const primary = (0,domain_service/* primaryOf */.Os)(service);
    const what = `deployment ${primary?.id ?? ''} of ${(0,domain_arn/* revisionName */.pd)(primary?.taskDefinition ?? '')}`;
    const began = primary?.createdAt;
    const since = began === undefined ? '' : ` for ${(0,duration/* sayDuration */.kP)(Math.max(0, now - began))}`;
    return `${tasksOf(service)} run, and ${what} is in progress${since}, ${primary?.failed ?? 0} tasks failed`;
}
/** A deployment that takes twice the time that it needs at the least, and ten minutes, is held up by something. */
function isOverdue(facts) {
    const { service, running, now } = facts;
    const began = (0,domain_service/* primaryOf */.Os)(service)?.createdAt;
    if (began === undefined)
        return false;
    const time = (0,rollout_estimate/* estimateRollout */.Y)((0,rollout_numbers/* rolloutNumbers */.e)(service, running, service.desired, facts));
    return now - began > Math.max(overdueMs, time.possible ? 2 * time.leastMs : 0);
}
/** A service that nobody wants to answer: gone, or with no tasks wanted. */
function atRest(service) {
    const { name, status, desired } = service;
    if (status !== 'ACTIVE')
        return {
            well: false,
            says: status === 'DRAINING'
                ? `Service ${name} is DRAINING: it is being deleted, and its last tasks stop`
                : `Service ${name} is ${status}: it was deleted, and nothing of it runs`,
            reasonCode: 'input',
            evidence: [`status ${status}`],
            fix: {
                todo: `Create the service again, or name the one that took its place.`,
                console: `ECS → Clusters → ${(0,fixes/* clusterName */.SL)(service)} → Services → Create`,
                command: `aws ecs list-services --cluster ${(0,fixes/* clusterName */.SL)(service)}`
            }
        };
    if (desired > 0 || service.scheduling !== 'REPLICA')
        return undefined;
    return {
        well: false,
        says: `Service ${name} has 0 desired tasks: nothing runs`,
        reasonCode: 'target-not-registered',
        evidence: ['desiredCount 0'],
        fix: {
            todo: 'Set the number of tasks that shall run; application auto scaling may have set it to 0.',
            console: (0,fixes/* serviceConsole */.$Z)(service, 'Update service → Desired tasks'),
            command: (0,fixes/* serviceCommand */.xi)(service, '--desired-count 1')
        }
    };
}
function unexplained(facts) {
    const { service } = facts;
    return {
        well: false,
        says: (0,domain_service/* isRolling */.m$)(service)
            ? `${inProgress(facts)}, and nothing that was read says what holds it up`
            : `${tasksOf(service)} of ${service.name} run, and nothing that was read says why`,
        reasonCode: 'unknown',
        evidence: telling(service).map((e) => `event: ${e.message}`),
        fix: {
            todo: 'Look again in a minute, and at the events and the stopped tasks of the service.',
            console: (0,fixes/* serviceConsole */.$Z)(service, 'Events'),
            ...commandFor(service, '')
        }
    };
}
/** The newest events that speak of trouble; else the newest. */
function telling({ events }) {
    const trouble = events.filter((e) => /unable|unhealthy|fail|error|unreachable|denied/i.test(e.message));
    return (trouble.length > 0 ? trouble : events).slice(0, 3);
}
/** Where the fix has no command of its own: the one that shows what ECS says of the service. */
function commandFor(service, fix) {
    if (/\baws [a-z0-9-]+ [a-z-]+/.test(fix))
        return {};
    const { name } = service;
    return {
        command: `aws ecs describe-services --cluster ${(0,fixes/* clusterName */.SL)(service)} --services ${name} --query 'services[0].events[:10].message'`
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
    const upper = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
    if (!clients)
        return `${upper(plain)}.`;
    const front = clients.code === undefined ? upper(clients.why) : `${clients.code} because ${clients.why}`;
    const end = /^[A-Z]([a-z]| )/.test(plain) ? plain.slice(0, 1).toLowerCase() + plain.slice(1) : plain;
    return `${front}: ${end}.`;
}

// EXTERNAL MODULE: ./lib/preflight/run.js + 46 modules
var preflight_run = __webpack_require__(4364);
// EXTERNAL MODULE: ./lib/judge/stop-reason.js
var stop_reason = __webpack_require__(256);
// EXTERNAL MODULE: ./lib/report/shortly.js
var shortly = __webpack_require__(4663);
;// CONCATENATED MODULE: ./lib/preflight/state.js






const mostReasons = 3;
const mostEvents = 5;
/** How a service stands, in rows of a name and a text: what serves, its targets, its stopped tasks, its events. */
function stateRows(facts) {
    return [
        ...facts.service.deployments.map((d) => [
            d.status === 'PRIMARY' ? 'serving' : 'leaving',
            sayDeployment(d)
        ]),
        ...targetRows(facts),
        ...stoppedRows(facts),
        ...eventRows(facts)
    ];
}
function sayDeployment(d) {
    const failed = d.failed > 0 ? `, ${d.failed} failed` : '';
    return `${(0,domain_arn/* revisionName */.pd)(d.taskDefinition)}: ${d.running} of ${d.desired} tasks run${failed} (${d.id}, ${d.rolloutState ?? 'no rollout state'})`;
}
function targetRows({ service, targets }) {
    if (service.loadBalancers.length === 0)
        return [['targets', 'the service registers with no load balancer']];
    return service.loadBalancers.flatMap(({ targetGroupArn: arn, classicName }) => {
        if (arn === undefined)
            return [['targets', `classic load balancer ${classicName ?? ''}, which is not read`]];
        const found = (0,preflight_facts.of)(targets, arn);
        const says = found.known ? sayTargets(found.value) : `not known: ${found.why}`;
        return [['targets', `${(0,domain_arn/* targetGroupName */.IT)(arn)}: ${says}`]];
    });
}
/** `2 healthy, 1 unhealthy (Target.Timeout: Request timed out)` */
function sayTargets(targets) {
    if (targets.length === 0)
        return 'none is registered';
    const said = targets.map(({ state, reason, description }) => {
        const why = [reason, description].filter((t) => t !== undefined && t !== '').join(': ');
        return why === '' ? state : `${state} (${why})`;
    });
    return [...new Set(said)].map((text) => `${said.filter((t) => t === text).length} ${text}`).join(', ');
}
function stoppedRows({ stopped, now }) {
    if (!stopped.known)
        return [['stopped', `not known: ${stopped.why}`]];
    const failed = stopped.value.filter((task) => (0,stop_reason/* readStop */.P)(task).kind !== 'benign');
    if (failed.length === 0)
        return [];
    const reason = (task) => task.stoppedReason ?? task.stopCode ?? 'no reason';
    const reasons = [...new Set(failed.map(reason))];
    return reasons.slice(0, mostReasons).map((text) => {
        const those = failed.filter((task) => reason(task) === text);
        const last = Math.max(0, ...those.flatMap((t) => t.endedAt ?? t.stoppedAt ?? []));
        const when = last === 0 ? '' : `, the last ${(0,duration/* sayDuration */.kP)(Math.max(0, now - last))} ago`;
        return ['stopped', `${(0,plural/* plural */.L)(those.length, 'task')}${when}: ${text}`];
    });
}
function eventRows({ service, now }) {
    return service.events
        .slice(0, mostEvents)
        .map(({ at, message }) => ['event', `${(0,duration/* sayDuration */.kP)(Math.max(0, now - at))} ago: ${(0,shortly/* shortEvent */.p)(message)}`]);
}

// EXTERNAL MODULE: ./lib/ports.js
var lib_ports = __webpack_require__(391);
// EXTERNAL MODULE: ./lib/steps/fault-ending.js
var fault_ending = __webpack_require__(9275);
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
/** So long a deployment may be on its way before anybody asks what keeps it, milliseconds. */
const youngMs = 5 * 60_000;
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
    // A deployment that has just begun, and lost nothing, is on its way.
    if (first.state === 'waiting' && memory.failed.size === 0 && seen.at - since < youngMs)
        return undefined;
    // What is still waited for is explained as at a deadline that is over now.
    const verdict = first.state === 'waiting' ? ask(seen.at) : first;
    if (verdict.state !== 'failing')
        return undefined;
    const logs = await (0,last_lines/* lastLines */.w)(ports, { verdict, memory, seen }, definition, signal);
    const cause = (0,causes/* explain */.W)(verdict, subject, memory, seen, definition, logs);
    // There is no deadline here: that something is waited for is no cause.
    return first.state === 'waiting' && cause.code === 'stuck' ? undefined : cause;
}

;// CONCATENATED MODULE: ./lib/modes/diagnose.js








/**
 * Says why services do not answer, whoever deployed them: what clients see, the cause, the proof and the fix, then what
 * every check found. Reads only. Throws AwsFault when the one service itself cannot be read; of several, the others are told all the same.
 */
async function diagnose_diagnose(ports, inputs, run, signal) {
    const endings = [];
    const several = inputs.services.length > 1;
    for (const { cluster, service } of inputs.services)
        endings.push(await one(ports, { cluster, service }, run, signal).catch((e) => unseen(e, service, several)));
    const ill = endings.filter((e) => e.outcome !== 'ok').sort((a, b) => rank(a) - rank(b));
    const first = ill[0] ?? endings[0];
    if (!first || endings.length === 1)
        return first ?? { outcome: 'ok', reason: 'No service.', evidence: [] };
    return { ...first, reason: (ill.length > 0 ? ill : endings).map((e) => e.reason).join('\n') };
}
/** What was seen to be ill comes before what was not seen. */
const rank = ({ outcome }) => (outcome === 'problems' ? 0 : 1);
/** One of several services that cannot be read does not keep the others from being looked at. */
function unseen(error, service, several) {
    if (!several || !(error instanceof lib_ports/* AwsFault */.kU) || error.kind === 'expired')
        throw error;
    return (0,fault_ending/* faultEnding */.s)(error, `Nothing is known of service ${service}.`);
}
async function one(ports, name, run, signal) {
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
    const definition = await definitionOf(ports, primary?.taskDefinition ?? service.taskDefinition);
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
    ports.announce({ code: 'step', step: 'inspect', title: `Diagnose ${name.service}` });
    for (const [fact, value] of stateRows(facts))
        ports.announce({ code: 'fact', name: fact, value });
    ports.announce({ code: 'preflight', findings });
    return endingOf(found, primary?.taskDefinition, why?.logs);
}
/** The definition that runs; one that cannot be read is empty, and what hangs on it has no answer. */
async function definitionOf(ports, reference) {
    if (reference === '')
        return {};
    try {
        return (await ports.containers.taskDefinition(reference)).definition;
    }
    catch (error) {
        if (!(error instanceof lib_ports/* NotFound */.Mk) && !(error instanceof lib_ports/* AwsFault */.kU && error.kind !== 'expired'))
            throw error;
        const text = `The task definition cannot be read (${error.message}).`;
        ports.announce({ code: 'warning', text });
        return {};
    }
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
