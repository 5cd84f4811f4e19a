export const id = 711;
export const ids = [711];
export const modules = {

/***/ 711:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  rollback: () => (/* binding */ rollback)
});

// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/domain/known-good.js
var known_good = __webpack_require__(9641);
// EXTERNAL MODULE: ./lib/domain/service.js
var domain_service = __webpack_require__(8639);
// EXTERNAL MODULE: ./lib/domain/task-definition.js
var task_definition = __webpack_require__(2573);
// EXTERNAL MODULE: ./lib/domain/image.js
var domain_image = __webpack_require__(6321);
;// CONCATENATED MODULE: ./lib/domain/rollback-target.js


/**
 * Reads `rollback-to`: `previous`, a revision number, `family:revision`, an ARN, an image digest (alone or behind its
 * repository) or an image tag. `family` is that of the revision that the service runs. Undefined: it is none of these.
 */
function parseRollbackTarget(text, family) {
    if (text === 'previous')
        return { kind: 'previous' };
    if (/^[1-9]\d{0,8}$/.test(text))
        return { kind: 'revision', reference: `${family}:${text}` };
    const arn = (0,domain_arn/* parseArn */.Lw)(text);
    if (arn)
        return arn.service === 'ecs' && /^task-definition\/[A-Za-z0-9_-]{1,255}:\d+$/.test(arn.resource)
            ? { kind: 'revision', reference: text }
            : undefined;
    if (/^[A-Za-z0-9_-]{1,255}:\d+$/.test(text))
        return { kind: 'revision', reference: text };
    if (/^sha256:[0-9a-f]{64}$/.test(text))
        return { kind: 'digest', digest: text };
    if ((0,domain_image/* isImageTag */._l)(text))
        return { kind: 'tag', tag: text };
    const image = (0,domain_image/* parseImage */.zZ)(text);
    if (image?.digest !== undefined)
        return { kind: 'digest', digest: image.digest };
    if (image?.tag !== undefined)
        return { kind: 'tag', tag: image.tag, repository: image.repository };
    return undefined;
}

// EXTERNAL MODULE: ./lib/domain/outcome.js
var outcome = __webpack_require__(5772);
// EXTERNAL MODULE: ./lib/ports.js
var lib_ports = __webpack_require__(391);
// EXTERNAL MODULE: ./lib/steps/known-good.js
var steps_known_good = __webpack_require__(2464);
// EXTERNAL MODULE: ./lib/steps/prove.js + 3 modules
var prove = __webpack_require__(8523);
;// CONCATENATED MODULE: ./lib/steps/choose.js








/** So many candidates are looked into, and listed. */
const mostListed = 8;
/** So many at a time. */
const atOnce = 4;
/**
 * Chooses the revision that `rollback-to` names, or the known-good one before the current, and proves it. Lists every
 * candidate. Reads only. Throws Refusal, with the next candidate that could be gone back to, when what is named does not
 * exist or could not start, or when nothing is known good.
 */
async function choose(ports, name, inputs, { service, leaving, running }, prover) {
    const family = (0,domain_arn/* revisionName */.pd)(leaving).replace(/:\d+$/, '');
    const target = parseRollbackTarget(inputs.rollbackTo, family);
    if (!target)
        throw notUnderstood(inputs.rollbackTo);
    ports.announce({ code: 'fact', name: 'rollback-to', value: sayTarget(target, leaving) });
    const known = await (0,steps_known_good/* knownGood */.PF)(ports, name, service, inputs.environment, true);
    const candidates = [];
    for (let i = 0; i < Math.min(known.length, mostListed); i += atOnce)
        candidates.push(...(await Promise.all(known.slice(i, i + atOnce).map((c) => prover.prove(c)))));
    const others = candidates.filter((c) => c.taskDefinition !== leaving);
    const choice = target.kind === 'previous'
        ? previous(others)
        : await ofName(ports, inputs.rollbackTo, target, { candidates, others, leaving, running, prover });
    const chosen = 'taken' in choice ? choice.taken : choice.named;
    const listed = chosen && !candidates.includes(chosen) ? [...candidates, chosen] : candidates;
    const taken = 'taken' in choice ? choice.taken : undefined;
    if (listed.length > 0)
        ports.announce({ code: 'candidates', candidates: listed.map((c) => rowOf(c, leaving, taken)) });
    if (prover.rolesUnread !== undefined) {
        const text = `Whether the roles of the candidates exist is not known: ${prover.rolesUnread}.`;
        ports.announce({ code: 'note', text });
    }
    if ('refusal' in choice)
        throw choice.refusal;
    if (choice.warning !== undefined)
        ports.announce({ code: 'warning', text: choice.warning });
    return choice.taken;
}
/** The one that was named. */
async function ofName(ports, text, target, at) {
    const next = at.others.find(prove/* isEligible */.Y);
    let found;
    try {
        found = await named(ports, target, at.candidates, at.running, at.prover);
    }
    catch (error) {
        if (!(error instanceof lib_ports/* NotFound */.Mk))
            throw error;
        return { refusal: refuse([`rollback-to: ${error.message}.`], next) };
    }
    if (!found)
        return { refusal: refuse([`rollback-to "${text}": no revision of this service has that image.`], next) };
    if (found.taskDefinition === at.leaving)
        return { taken: found };
    const revision = (0,domain_arn/* revisionName */.pd)(found.taskDefinition);
    if (found.problems.length > 0) {
        const problems = found.problems.map((p) => `${revision} cannot be gone back to: ${p}.`);
        return { refusal: refuse(problems, next, codeOf(found)), named: found };
    }
    const never = found.goodAt === undefined ? ['nothing says that it was ever good'] : [];
    const doubts = [...never, ...found.doubts, ...found.notes];
    if (doubts.length === 0)
        return { taken: found };
    return { taken: found, warning: `${revision} is taken because it was named: ${doubts.join('; ')}.` };
}
/** The newest that was good before and could start; those that were passed over are said. */
function previous(others) {
    const next = others.find(prove/* isEligible */.Y);
    const skipped = next ? others.slice(0, others.indexOf(next)) : others;
    const why = skipped.map((c) => `${(0,domain_arn/* revisionName */.pd)(c.taskDefinition)}: ${[...c.problems, ...c.doubts].join('; ')}`);
    if (next && why.length === 0)
        return { taken: next };
    if (next) {
        const warning = `Not gone back to: ${why.join('. ')}. Taking ${(0,domain_arn/* revisionName */.pd)(next.taskDefinition)}.`;
        return { taken: next, warning };
    }
    const first = others[0];
    const code = first && others.every((c) => codeOf(c) === codeOf(first)) ? codeOf(first) : 'input';
    const problems = why.length === 0
        ? ['No other revision of this service is known good.']
        : ['No other revision of this service is known good and could start.', ...why.map((w) => `${w}.`)];
    return { refusal: refuse(problems, undefined, code) };
}
/** The reason code of a revision that could not start. */
function codeOf({ imageGone, wrongPlatform }) {
    if (imageGone)
        return 'image-not-found';
    return wrongPlatform ? 'image-platform-mismatch' : 'input';
}
/** Throws NotFound for a revision that does not exist. */
async function named(ports, target, candidates, running, prover) {
    if (target.kind === 'revision')
        return await byRevision(ports, target.reference, candidates, prover);
    const digest = target.kind === 'digest' ? target.digest : await digestOfTag(ports, target, running);
    const has = (c) => c.images.some((i) => i.digest === digest || i.reference.endsWith(`@${digest}`)) ||
        Object.values(c.digests).includes(digest);
    const known = candidates.filter(has);
    const best = known.find((c) => c.problems.length === 0) ?? known[0];
    if (best)
        return best;
    // Older than ECS's history, or never good: the newest revisions of the family are looked through.
    const given = running.definition['family'];
    const family = typeof given === 'string' ? given : '';
    for (const arn of (await ports.rollouts?.family(family, 'ACTIVE', 20).catch(() => [])) ?? []) {
        if (candidates.some((c) => c.taskDefinition === arn))
            continue;
        const proven = await prover.prove(byName(arn));
        if (has(proven))
            return proven;
    }
    return undefined;
}
async function byRevision(ports, reference, candidates, prover) {
    const known = candidates.find((c) => c.taskDefinition === reference || (0,domain_arn/* revisionName */.pd)(c.taskDefinition) === reference);
    if (known)
        return known;
    const definition = await ports.containers.taskDefinition(reference);
    const arn = definition.definition['taskDefinitionArn'];
    return await prover.prove(byName(typeof arn === 'string' ? arn : reference), definition);
}
/** A revision that somebody named, and nothing speaks for. */
function byName(taskDefinition) {
    return { taskDefinition, evidence: 'it was named', digests: {}, abandoned: false };
}
/** The digest behind a tag, in the repository that was named, or in those that the service's images come from. */
async function digestOfTag(ports, { tag, repository }, { definition }) {
    const references = repository === undefined ? (0,task_definition/* containersOf */.Mz)(definition).map((c) => c.image) : [repository];
    const repositories = references.flatMap((r) => (0,domain_image/* parseImage */.zZ)(r)?.ecr ?? []);
    for (const one of new Map(repositories.map((r) => [`${r.host}/${r.name}`, r])).values())
        try {
            return (await ports.images.manifest(one, { tag })).digest;
        }
        catch (error) {
            if (!(error instanceof lib_ports/* NotFound */.Mk))
                throw error;
        }
    const where = repositories.map((r) => r.name).join(', ') || 'no ECR repository';
    throw new outcome/* Refusal */.P([`rollback-to: the tag "${tag}" does not exist in ${where}.`], 'image-not-found', 'Name a tag that is there, a revision, or previous.');
}
function sayTarget(target, leaving) {
    switch (target.kind) {
        case 'previous':
            return `previous: what was good before ${(0,domain_arn/* revisionName */.pd)(leaving)}`;
        case 'revision':
            return target.reference;
        case 'digest':
            return `the revision that ran the image ${(0,domain_image/* shortDigest */.VK)(target.digest)}`;
        case 'tag':
            return `the revision that ran the image with the tag ${target.tag}`;
    }
}
function notUnderstood(text) {
    return new outcome/* Refusal */.P([
        `rollback-to "${text.slice(0, 200)}" is not allowed: previous, a revision number, family:revision, the ARN of a task definition, an image digest (sha256:…) or an image tag.`
    ]);
}
function refuse(problems, next, code = 'input') {
    const fix = next
        ? `The next known-good revision that could start is ${(0,domain_arn/* revisionName */.pd)(next.taskDefinition)}: run again with rollback-to: ${(0,domain_arn/* revisionName */.pd)(next.taskDefinition)}`
        : 'Deploy an image that exists instead: nothing could be gone back to.';
    return new outcome/* Refusal */.P(problems, code, fix);
}
/** A candidate as every face shows it. */
function rowOf(c, leaving, taken) {
    const chosen = c === taken ? 'taken' : (0,prove/* isEligible */.Y)(c) ? 'eligible' : 'not-eligible';
    const standing = c.taskDefinition === leaving ? 'runs-now' : chosen;
    return {
        taskDefinition: c.taskDefinition,
        inactive: c.inactive,
        images: c.images.map(({ container, digest, tags }) => ({
            container,
            tags,
            ...(digest === undefined ? {} : { digest })
        })),
        ...(c.commit === undefined ? {} : { commit: c.commit }),
        ...(c.goodAt === undefined ? {} : { goodAt: c.goodAt }),
        evidence: c.evidence,
        standing,
        why: c.taskDefinition === leaving ? [] : [...c.problems, ...c.doubts],
        unknown: c.notes
    };
}

// EXTERNAL MODULE: ./lib/steps/endings.js
var endings = __webpack_require__(7411);
// EXTERNAL MODULE: ./lib/steps/inspect.js
var inspect = __webpack_require__(3159);
// EXTERNAL MODULE: ./lib/steps/job.js
var steps_job = __webpack_require__(7735);
// EXTERNAL MODULE: ./lib/steps/record.js
var record = __webpack_require__(1522);
// EXTERNAL MODULE: ./lib/steps/release.js
var release = __webpack_require__(9386);
// EXTERNAL MODULE: ./lib/steps/change.js
var change = __webpack_require__(371);
// EXTERNAL MODULE: ./lib/steps/renew.js
var renew = __webpack_require__(3618);
// EXTERNAL MODULE: ./lib/steps/stop-ours.js
var stop_ours = __webpack_require__(2223);
// EXTERNAL MODULE: ./lib/steps/verdict-mark.js
var verdict_mark = __webpack_require__(5730);
;// CONCATENATED MODULE: ./lib/steps/release-back.js








/**
 * Releases the target: by StopServiceDeployment when it ran before the deployment that is in progress, which may need no
 * new task, else by UpdateService. The revision says so first, for the next run to find should this one die. Throws as
 * `release` does, and TakenOver.
 */
async function releaseBack(job, policy, before, target, definition, log) {
    const { ports, inputs, name, run, signal } = job;
    const { id, taskDefinition, createdAt } = before.primary;
    const { deploymentId } = target;
    let marked = '';
    const mark = async (to) => {
        if (to !== marked)
            await (0,verdict_mark/* markBack */.X)(ports, run, to, inputs.environment, backMark(job, taskDefinition));
        marked = to;
    };
    if ((0,domain_service/* isRolling */.m$)(before.service) && deploymentId !== undefined && inputs.desiredCount === undefined) {
        const previous = { deploymentId, taskDefinition: target.taskDefinition };
        const theirs = { deploymentId: id, taskDefinition, since: createdAt ?? 0, previous };
        ports.announce({ code: 'step', step: 'release', title: 'Release' });
        const value = `to end ${id} and go back: what still runs of ${(0,domain_arn/* revisionName */.pd)(target.taskDefinition)} is kept`;
        ports.announce({ code: 'fact', name: 'ECS is asked', value });
        await mark(target.taskDefinition);
        log.save({ phase: 'releasing', newTaskDefinition: target.taskDefinition });
        const stopped = await (0,stop_ours/* stopOurs */.q)(ports, name, theirs, previous, before.service, signal);
        const not = stopped && 'not' in stopped ? stopped.not : 'it shows no deployment that could be stopped';
        if (!stopped || 'not' in stopped)
            ports.announce({
                code: 'note',
                text: `ECS does not go back by itself: ${not}. Going back by UpdateService instead.`
            });
        if (stopped && 'done' in stopped) {
            const { primary, service } = stopped.done;
            log.save({ phase: 'watching', deploymentId: primary.id });
            Object.assign(run, { deploymentId: primary.id, newTaskDefinition: primary.taskDefinition });
            const since = primary.createdAt ?? ports.clock.now();
            const about = {
                deploymentId: primary.id,
                taskDefinition: primary.taskDefinition,
                since,
                adoptsTasks: true
            };
            return { subject: { ...about, ...(0,steps_job/* containersToJudge */.jQ)(definition) }, from: service };
        }
    }
    run.newTaskDefinition = (0,renew/* needsCopy */.D)(target) ? await (0,renew/* renew */.q)(ports, target, inputs, run) : target.taskDefinition;
    await mark(run.newTaskDefinition);
    signal?.throwIfAborted();
    const count = inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount };
    const change = { taskDefinition: run.newTaskDefinition, ...count };
    const { subject, service } = await (0,release/* startRollout */.wz)(job, policy, before, change, definition, log);
    return { subject: { ...subject, adoptsTasks: true }, from: service };
}
/** What the revision says that is gone back to. */
function backMark({ ports, inputs: { origin }, policy }, leaving) {
    const run = origin.runId && `${origin.runId}.${origin.attempt}`;
    return { run, at: ports.clock.now(), until: policy.deadline, from: (0,domain_arn/* revisionName */.pd)(leaving) };
}
/** ECS was asked to go back, and somebody else's deployment stands there now. */
function takenOver(error) {
    if (!(error instanceof change/* TakenOver */.IE))
        throw error;
    const { id, taskDefinition } = error.by;
    return {
        outcome: 'superseded',
        reasonCode: 'superseded',
        reason: `Another deployment took over while ECS was asked to go back: ${id} of ${(0,domain_arn/* revisionName */.pd)(taskDefinition)}; it is left alone.`,
        evidence: [`PRIMARY is ${id}`],
        servingTaskDefinition: taskDefinition,
        fix: 'See who deployed it, and run this rollback again if it should win.'
    };
}

// EXTERNAL MODULE: ./lib/steps/session.js
var session = __webpack_require__(3487);
// EXTERNAL MODULE: ./lib/steps/undo.js
var undo = __webpack_require__(9685);
;// CONCATENATED MODULE: ./lib/modes/rollback.js

















/**
 * Rolls back: inspect, choose a known-good revision and prove it, release, watch. What served before is put back once
 * if the rollback fails, and never anything after that. Throws Refusal before the service was touched, AwsFault when AWS
 * fails us, and the signal's reason when the run is cancelled.
 */
async function rollback(ports, inputs, run, signal) {
    const job = (0,steps_job/* jobOf */.Zw)(ports, inputs, run, signal);
    await (0,session/* warnOfSession */.o)(ports, job.policy.deadline);
    ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' });
    const ecs = await awaitEcs(job);
    if (ecs.service && ecs.left !== undefined)
        return await ecsDidIt(job, ecs.service, ecs.left);
    const waitUntil = (ports.clock.now() + job.policy.deadline) / 2;
    const asker = {
        environment: inputs.environment,
        origin: inputs.origin,
        wants: (found) => Promise.resolve(isWanted(inputs, found))
    };
    const before = await (0,inspect/* inspect */.N)(ports, job.name, inputs.busy, inputs.pollMs, waitUntil, asker, signal);
    if (before.adopted)
        return await goOn(job, before, before.adopted);
    const leaving = before.primary.taskDefinition;
    run.previousTaskDefinition = leaving;
    const running = await ports.containers.taskDefinition(leaving);
    run.previousImages = Object.fromEntries((0,task_definition/* containersOf */.Mz)(running.definition).map((c) => [c.name, c.image]));
    ports.announce({ code: 'step', step: 'way-back', title: 'Known good' });
    const prover = new prove/* Prover */.X(ports, before.service, inputs.environment, running);
    const target = await choose(ports, job.name, inputs, { service: before.service, leaving, running }, prover);
    const definition = (0,task_definition/* withImages */.nS)(target.definition?.definition ?? {}, target.pins);
    run.images = (0,task_definition/* pinnedImages */.Dl)(definition);
    if (target.taskDefinition === leaving)
        return await alreadyThere(job, before, running.definition);
    const usable = await wayBackTo(before.service, leaving, running, prover);
    const log = new record/* OpenRunLog */.ag(ports.journal, inputs, run.startedAt, before, usable?.taskDefinition);
    const policy = (0,steps_job/* policyOf */.US)(job, usable !== undefined);
    const released = await releaseBack(job, policy, before, target, definition, log).catch(takenOver);
    if ('outcome' in released)
        return released;
    const left = { before, leaving, running: running.definition, ...(usable ? { usable } : {}) };
    return await conclude(job, policy, left, definition, released, log);
}
/** True when a rollback that was found is the one that this run would begin. */
function isWanted({ rollbackTo, desiredCount }, { what, deployment }) {
    if (what !== 'rollback')
        return false;
    if (desiredCount !== undefined && desiredCount !== deployment.desired)
        return false;
    const name = (0,domain_arn/* revisionName */.pd)(deployment.taskDefinition);
    const target = parseRollbackTarget(rollbackTo, name.replace(/:\d+$/, ''));
    // Whoever asks for the revision before means the one before what is gone back from.
    if (target?.kind === 'previous')
        return true;
    return target?.kind === 'revision' && (0,domain_arn/* revisionName */.pd)(target.reference) === name;
}
/** The revision that is left, when it was good until now and could start again. */
async function wayBackTo(service, leaving, running, prover) {
    const now = (0,known_good/* candidatesOf */.k)((0,steps_known_good/* goodNow */.Sw)(service).map(steps_known_good/* runsNow */.bn)).find((c) => c.taskDefinition === leaving);
    const back = now && (await prover.prove(now, running));
    return back && back.problems.length === 0 ? back : undefined;
}
/** Watches what was released, and acts on the verdict. */
async function conclude(job, policy, { before, leaving, running, usable }, definition, { subject, from }, log) {
    const { ports, inputs, run } = job;
    const watched = await (0,steps_job/* watchRun */.vt)(job, subject, policy, from);
    if (watched.verdict.state === 'healthy') {
        await (0,verdict_mark/* markVerdict */.d)(ports, run, subject.taskDefinition, inputs.environment, 'deployed');
        if (leaving !== '')
            await (0,verdict_mark/* markVerdict */.d)(ports, run, leaving, inputs.environment, 'left');
        return (0,endings/* deployedEnding */.OI)(watched, subject, before.service.name, inputs.bakeMs, leaving || undefined);
    }
    const way = usable
        ? { target: usable }
        : { none: `${(0,domain_arn/* revisionName */.pd)(leaving) || 'what ran before'} was not good either` };
    return notRolledBack(await (0,undo/* undo */.t)(job, { subject, definition, before, running, ...way }, watched, log));
}
/** A run that is over began this very rollback, and did not finish it: it is watched as our own. */
async function goOn(job, before, found) {
    const { ports, inputs, run } = job;
    ports.announce({ code: 'note', text: 'It is the rollback that this run would begin: going on with it.' });
    const { service, primary } = before;
    const leaving = service.deployments.find((d) => (0,domain_arn/* revisionName */.pd)(d.taskDefinition) === found.revision)?.taskDefinition;
    const running = leaving === undefined ? undefined : await ports.containers.taskDefinition(leaving);
    const prover = new prove/* Prover */.X(ports, service, inputs.environment, running);
    const usable = leaving === undefined || !running ? undefined : await wayBackTo(service, leaving, running, prover);
    if (leaving !== undefined)
        run.previousTaskDefinition = leaving;
    const { id: deploymentId, taskDefinition, createdAt } = primary;
    Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId });
    const { definition } = found.definition;
    run.images = (0,task_definition/* pinnedImages */.Dl)(definition);
    if (running)
        run.previousImages = Object.fromEntries((0,task_definition/* containersOf */.Mz)(running.definition).map((c) => [c.name, c.image]));
    const previous = service.deployments.find((d) => d.taskDefinition === leaving);
    const subject = {
        deploymentId,
        taskDefinition,
        since: createdAt ?? ports.clock.now(),
        adoptsTasks: true,
        ...(previous ? { previous: { deploymentId: previous.id, taskDefinition: previous.taskDefinition } } : {}),
        ...(0,steps_job/* containersToJudge */.jQ)(definition)
    };
    const log = new record/* OpenRunLog */.ag(ports.journal, inputs, run.startedAt, before, usable?.taskDefinition);
    log.save({ phase: 'watching', newTaskDefinition: taskDefinition, deploymentId });
    const policy = (0,steps_job/* policyOf */.US)(job, usable !== undefined);
    (0,release/* tellRelease */.LM)(job, policy, before, subject);
    const left = {
        before,
        leaving: leaving ?? '',
        running: running?.definition ?? definition,
        ...(usable ? { usable } : {})
    };
    return await conclude(job, policy, left, definition, { subject, from: service }, log);
}
/** An undone rollback is a rollback that failed; the revision that was to be left serves again. */
function notRolledBack(ending) {
    const failed = ending.outcome === 'rolled-back' || ending.outcome === 'failed';
    return failed ? { ...ending, outcome: 'rollback-failed' } : ending;
}
/** Nothing to do when the target runs: green when it is healthy, red with the cause when it is not. */
async function alreadyThere(job, { primary, service }, definition) {
    const { ports, run, policy } = job;
    const { id: deploymentId, taskDefinition } = primary;
    Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId });
    const since = ports.clock.now();
    const subject = { deploymentId, taskDefinition, since, adoptsTasks: true, ...(0,steps_job/* containersToJudge */.jQ)(definition) };
    const watched = await (0,steps_job/* watchRun */.vt)(job, subject, { ...policy, bakeMs: 0 }, service);
    const about = `${service.name} already runs ${(0,domain_arn/* revisionName */.pd)(taskDefinition)}`;
    if (watched.verdict.state !== 'healthy') {
        const cause = await (0,steps_job/* tellCause */.DP)(job, definition, subject, watched);
        return (0,endings/* failedEnding */.BV)(watched, subject, definition, `${about}, but it is not healthy`, cause);
    }
    return {
        outcome: 'unchanged',
        reason: `${about}, and it is healthy.`,
        evidence: [],
        servingTaskDefinition: taskDefinition
    };
}
/** A rollback that ECS itself has begun is watched, never raced. Gives the revision that ECS leaves, when it is so. */
async function awaitEcs({ ports, name, inputs }) {
    const service = await (0,inspect/* readService */.u)(ports, name);
    const primary = (0,domain_service/* primaryOf */.Os)(service);
    const bad = service.deployments.find((d) => d !== primary && d.rolloutState === 'FAILED');
    if (!(0,domain_service/* goesBackItself */.R1)(service) || !bad || inputs.busy === 'refuse' || inputs.rollbackTo !== 'previous')
        return {};
    return { left: bad.taskDefinition, service };
}
/** ECS leaves the bad revision by itself: that is the rollback, and it is watched to its end. */
async function ecsDidIt(job, service, left) {
    const { ports, run } = job;
    const primary = (0,domain_service/* primaryOf */.Os)(service);
    const before = { service, ...(primary ? { primary } : {}) };
    run.previousTaskDefinition = left;
    if (!before.primary)
        throw new Error('a service that goes back shows a PRIMARY deployment');
    const to = (0,domain_arn/* revisionName */.pd)(before.primary.taskDefinition);
    ports.announce({
        code: 'note',
        text: `ECS itself goes back from ${(0,domain_arn/* revisionName */.pd)(left)} to ${to} already; that is watched, and not raced.`
    });
    const { definition } = await ports.containers.taskDefinition(before.primary.taskDefinition);
    return await alreadyThere(job, { service, primary: before.primary }, definition);
}


/***/ })

};
