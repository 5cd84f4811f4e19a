export const id = 68;
export const ids = [68];
export const modules = {

/***/ 5068:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  audit: () => (/* binding */ audit)
});

// EXTERNAL MODULE: ./lib/domain/image-risk.js
var image_risk = __webpack_require__(2705);
// EXTERNAL MODULE: ./lib/domain/image.js
var domain_image = __webpack_require__(6321);
// EXTERNAL MODULE: ./lib/domain/lifecycle-policy.js
var lifecycle_policy = __webpack_require__(2587);
// EXTERNAL MODULE: ./lib/domain/repository-view.js
var repository_view = __webpack_require__(6742);
// EXTERNAL MODULE: ./lib/domain/tag-mutability.js
var tag_mutability = __webpack_require__(1745);
;// CONCATENATED MODULE: ./lib/domain/audit.js





/** Judges every image that is needed, each once a service and container. Pure; `now` in epoch milliseconds. */
function auditOf(needs, views, now) {
    const judged = grouped(needs, views).map((group) => judge(group, views, now));
    const findings = [
        ...judged.flatMap((one) => findingOf(one, judged)),
        ...judged.flatMap((one) => [...movable(one), ...namedByTag(one)]),
        ...starved(judged)
    ];
    return { rows: judged.map(({ row }) => row), findings: inOrder(findings) };
}
/** Problems first. */
function inOrder(findings) {
    const of = (level) => findings.filter((f) => f.level === level);
    return [...of('problem'), ...of('warning')];
}
/** What a tag points at now, and all that need one image of one container together. */
function grouped(needs, views) {
    const groups = new Map();
    for (const need of needs) {
        const { repository, tag } = need;
        const images = repository && views.get((0,repository_view/* keyOf */.TN)(repository))?.images;
        const digest = need.digest ?? images?.find((image) => tag !== undefined && image.tags.includes(tag))?.digest;
        const found = digest === undefined ? need : { ...need, digest };
        const key = [
            need.service,
            need.container,
            repository ? (0,repository_view/* keyOf */.TN)(repository) : '',
            digest ?? need.reference
        ].join(' ');
        groups.set(key, [...(groups.get(key) ?? []), found]);
    }
    return [...groups.values()];
}
function judge(needs, views, now) {
    const [first] = needs;
    if (!first)
        throw new Error('an image that nobody needs');
    const { service, container, reference, repository, digest, keep } = first;
    const image = repository ? `${repository.name}@${(0,domain_image/* shortDigest */.VK)(digest ?? '')}` : reference;
    const neededBy = [...new Set(needs.map(({ by, role }) => (role === 'rollback' ? `${by} (rollback)` : by)))];
    const base = { service, container, image, neededBy, ...(digest === undefined ? {} : { digest }) };
    if (!repository)
        return {
            needs,
            row: { ...base, standing: 'elsewhere', stays: 'is not in a private ECR repository', tags: [] }
        };
    const view = views.get((0,repository_view/* keyOf */.TN)(repository));
    if (!view)
        return { needs, row: { ...base, standing: 'unknown', stays: 'could not be looked at', tags: [] } };
    const risk = digest === undefined ? lostTag(first, view) : (0,image_risk/* imageRisk */.xI)(view, digest, keep, now);
    const tags = view.images?.find((other) => other.digest === digest)?.tags ?? [];
    const rule = risk.rule ? { rule: (0,lifecycle_policy/* sayRule */.k)(risk.rule) } : {};
    const row = {
        ...base,
        image: digest === undefined ? reference : image,
        standing: risk.standing,
        stays: risk.how,
        tags,
        ...rule
    };
    return { needs, row, view, risk };
}
/** Named by a tag that the repository has not, or that could not be looked up. */
function lostTag({ tag = '', keep }, view) {
    return view.images
        ? (0,image_risk/* gone */.qp)(view, keep, `is not in ${view.repository.name} any more (no tag ${tag})`)
        : { standing: 'unknown', how: `cannot be foretold: ${view.unread.join('; ')}` };
}
const atRisk = ['gone', 'archived', 'expiring', 'soon', 'unknown'];
function findingOf({ needs, row, risk }, all) {
    if (!atRisk.includes(row.standing))
        return [];
    const { service, container, standing, stays } = row;
    const serves = needs.some(({ role }) => role !== 'rollback');
    // Of the revisions that could be gone back to, one that can start is enough.
    const others = all.filter((o) => o.row.service === service);
    const way = others.some((o) => isWayBack(o) && !atRisk.includes(o.row.standing));
    const level = serves || (!way && standing !== 'unknown') ? 'problem' : 'warning';
    const text = `the image of ${container} (${row.image}), needed by ${row.neededBy.join(', ')}, ${stays}${after(standing, serves)}`;
    const todo = standing === 'unknown' ? 'Let the role of this job read what is named (docs/iam.md).' : risk?.todo;
    return [
        {
            level,
            kind: standing,
            service,
            text,
            ...(todo === undefined ? {} : { todo }),
            ...(risk?.fix === undefined ? {} : { fix: risk.fix })
        }
    ];
}
function isWayBack({ needs }) {
    return needs.some(({ role }) => role === 'rollback');
}
function after(standing, serves) {
    const start = serves ? 'no task can be replaced, and none added' : 'a rollback to it cannot start';
    return standing === 'gone' || standing === 'archived' ? `: ${start}` : '';
}
/** Only tags that anybody may move to another image: then nothing but the digest holds it. */
function movable({ needs, row, view }) {
    const { tags, service, container } = row;
    const settings = view?.settings;
    const keep = needs[0]?.keep;
    // Where it goes anyway, that is what has to be mended.
    if (!view || !settings || !keep || atRisk.includes(row.standing))
        return [];
    if (tags.length === 0)
        return [
            {
                level: 'warning',
                kind: 'movable-tag',
                service,
                text: `the image of ${container} (${row.image}) has no tag at all: every rule for untagged images is about it`
            }
        ];
    if (tags.some((tag) => !(0,tag_mutability/* tagMayMove */.rL)(settings, tag)))
        return [];
    const text = `the image of ${container} (${row.image}) is held only by ${tags.slice(0, 3).join(', ')}, which a push can take away (${view.repository.name} is ${settings.mutability})`;
    return [
        {
            level: 'warning',
            kind: 'movable-tag',
            service,
            text,
            todo: `Make the tags ${keep.pattern} immutable, and give the image one.`,
            fix: (0,tag_mutability/* fixOfMutability */.fP)(view.repository, settings, keep.pattern)
        }
    ];
}
function namedByTag({ needs, row }) {
    const named = needs.filter(({ tag, role }) => tag !== undefined && role !== 'running');
    if (named.length === 0)
        return [];
    const text = `${named.map(({ by }) => by).join(', ')} names the image of ${row.container} by the tag ${named[0]?.tag ?? ''}: what it means can change, and a deployment or rollback then runs another image`;
    return [
        {
            level: 'warning',
            kind: 'named-by-tag',
            service: row.service,
            text,
            todo: 'Deploy it pinned by digest (pin: all).'
        }
    ];
}
/** Services whose images one rule counts together: what is pushed for one pushes out what the other runs. */
function starved(judged) {
    const groups = new Map();
    for (const one of judged) {
        const rule = one.risk?.rule;
        if (rule?.limit.type !== 'imageCountMoreThan' || !one.view)
            continue;
        if (!one.needs.some(({ role }) => role !== 'rollback'))
            continue;
        const key = `${(0,repository_view/* keyOf */.TN)(one.view.repository)} ${rule.priority}`;
        groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...groups.values()].flatMap((group) => {
        const services = [...new Set(group.map(({ row }) => row.service))];
        const [first] = group;
        const rule = first?.risk?.rule;
        if (services.length < 2 || !first?.view || !rule)
            return [];
        const soon = group.some(({ row }) => atRisk.includes(row.standing));
        const keeps = group.flatMap(({ needs }) => needs.map(({ keep }) => keep.pattern));
        const patterns = [...new Set(keeps)].join(', ');
        return [
            {
                level: soon ? 'problem' : 'warning',
                kind: 'starved',
                service: services.join(' and '),
                text: `${services.join(' and ')} share ${first.view.repository.name} and its ${(0,lifecycle_policy/* sayRule */.k)(rule)}: what is pushed for one pushes out what the other runs`,
                todo: `Give each environment a rule of its own, before that one, for its own tags (${patterns}).`
            }
        ];
    });
}

// EXTERNAL MODULE: ./lib/domain/outcome.js
var outcome = __webpack_require__(5772);
// EXTERNAL MODULE: ./lib/domain/plural.js
var plural = __webpack_require__(5984);
// EXTERNAL MODULE: ./lib/ports.js
var lib_ports = __webpack_require__(391);
// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/domain/marks.js
var marks = __webpack_require__(6070);
// EXTERNAL MODULE: ./lib/domain/service.js
var domain_service = __webpack_require__(8639);
// EXTERNAL MODULE: ./lib/domain/task-definition.js
var task_definition = __webpack_require__(2573);
// EXTERNAL MODULE: ./lib/steps/known-good.js
var known_good = __webpack_require__(2464);
// EXTERNAL MODULE: ./lib/steps/shelves.js
var shelves = __webpack_require__(8267);
;// CONCATENATED MODULE: ./lib/steps/audit-needs.js









/** How many revisions to go back to are looked at. */
const mostWays = 2;
/**
 * Every image that a service needs: what its running tasks pulled, what its revisions name, and what the revisions name
 * that could be gone back to. Reads only. Throws only for credentials that expired: what else cannot be read is said.
 */
async function needsOf(ports, name, environment) {
    const service = `${name.service} of ${name.cluster}`;
    const unseen = [];
    const tried = async (what, read) => {
        try {
            return await read();
        }
        catch (error) {
            unseen.push(`${what}: ${(0,shelves/* whyUnread */.Ms)(error)}`);
            return undefined;
        }
    };
    let found;
    try {
        found = await ports.containers.service(name);
    }
    catch (error) {
        if (error instanceof lib_ports/* NotFound */.Mk || (error instanceof lib_ports/* AwsFault */.kU && error.kind !== 'expired'))
            return { service, needs: [], unseen: [], missing: error };
        throw error;
    }
    const current = (0,domain_service/* primaryOf */.Os)(found)?.taskDefinition ?? found.taskDefinition;
    const running = [...new Set([current, ...found.deployments.map((d) => d.taskDefinition)])].filter((arn) => arn !== '');
    const definitions = new Map();
    const readAll = async (arns) => {
        for (const arn of arns) {
            const definition = await tried((0,domain_arn/* revisionName */.pd)(arn), async () => await ports.containers.taskDefinition(arn));
            if (definition)
                definitions.set(arn, definition);
        }
    };
    const [tasks = []] = await Promise.all([
        tried('the running tasks', async () => await runningTasks(ports, name)),
        readAll(running)
    ]);
    const { of: asked, keep } = environmentOf(environment, definitions.get(current));
    const good = await tried('the revisions to go back to', async () => await (0,known_good/* knownGood */.PF)(ports, name, found, asked, true));
    const back = (good ?? []).filter((c) => !running.includes(c.taskDefinition) && !c.abandoned);
    const ways = back.slice(0, mostWays);
    await readAll(ways.map((c) => c.taskDefinition));
    const of = (arn, role, digests = {}) => {
        const definition = definitions.get(arn);
        return definition ? needsOfRevision(service, arn, role, definition, digests, keep) : [];
    };
    const pulled = digestsOf(tasks);
    const needs = [
        ...needsOfTasks(service, tasks, keep),
        ...running.flatMap((arn) => of(arn, 'current', pulled.get(arn))),
        ...ways.flatMap((c) => of(c.taskDefinition, 'rollback', c.digests))
    ];
    return { service, needs, unseen };
}
async function runningTasks(ports, name) {
    const arns = await ports.containers.taskArns(name, 'RUNNING');
    return arns.length === 0 ? [] : await ports.containers.tasks(name.cluster, arns);
}
/** Revision -> container -> digest that its tasks pulled: what ECS starts more of, whatever the tag says now. */
function digestsOf(tasks) {
    const byRevision = new Map();
    for (const { taskDefinition, containers } of tasks)
        for (const { name, imageDigest } of containers)
            if (imageDigest !== undefined)
                byRevision.set(taskDefinition, { ...byRevision.get(taskDefinition), [name]: imageDigest });
    return byRevision;
}
function needsOfTasks(service, tasks, keep) {
    const byImage = new Map();
    for (const task of tasks)
        for (const { name, image, imageDigest } of task.containers) {
            if (image === undefined || imageDigest === undefined)
                continue;
            const key = `${name} ${image} ${imageDigest}`;
            const known = byImage.get(key) ?? { container: name, image, digest: imageDigest, tasks: 0 };
            known.tasks += 1;
            byImage.set(key, known);
        }
    return [...byImage.values()].map(({ container, image, digest, tasks: count }) => ({
        ...placed(image),
        service,
        container,
        role: 'running',
        by: (0,plural/* plural */.L)(count, 'running task'),
        reference: image,
        digest,
        keep
    }));
}
function needsOfRevision(service, arn, role, { definition }, digests, keep) {
    return (0,task_definition/* containersOf */.Mz)(definition).map(({ name, image }) => {
        const parsed = (0,domain_image/* parseImage */.zZ)(image);
        const digest = parsed?.digest ?? digests[name];
        return {
            ...placed(image),
            service,
            container: name,
            role,
            by: (0,domain_arn/* revisionName */.pd)(arn),
            reference: image,
            ...(digest === undefined ? {} : { digest }),
            ...(parsed?.digest === undefined ? { tag: parsed?.tag ?? 'latest' } : {}),
            keep
        };
    });
}
function placed(image) {
    const repository = (0,domain_image/* parseImage */.zZ)(image)?.ecr;
    return repository ? { repository } : {};
}
/** Whose the service is, as asked for or by the run that registered the revision; and by which tags its images are kept. */
function environmentOf(asked, definition) {
    const marked = definition ? (0,marks/* markOf */.Fg)(definition.tags)?.environment : undefined;
    const of = asked === '' ? (marked ?? '') : asked;
    return of === ''
        ? { of, keep: { environment: 'this service', pattern: 'in-use-*' } }
        : { of, keep: { environment: of, pattern: `${of}-*` } };
}

;// CONCATENATED MODULE: ./lib/modes/audit.js







/** How many services are asked about at once. */
const atOnce = 4;
/**
 * Audits: will what the services need still be pullable tomorrow? Every image that tasks run, that the revisions name and
 * that a rollback would need is held against its repository and the lifecycle policy there. Writes nothing. Throws Refusal
 * when none of the services exists, AwsFault when none can be read.
 */
const audit = async (ports, inputs, run, signal) => {
    ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' });
    const services = [];
    for (let i = 0; i < inputs.services.length; i += atOnce) {
        signal?.throwIfAborted();
        const some = inputs.services.slice(i, i + atOnce);
        services.push(...(await Promise.all(some.map((name) => needsOf(ports, name, inputs.environment)))));
    }
    refuseNone(services);
    for (const { service, needs, missing } of services)
        ports.announce({
            code: 'fact',
            name: 'service',
            value: missing ? missing.message : `${service} needs ${(0,plural/* plural */.L)(imagesOf(needs), 'image')}`
        });
    const needs = services.flatMap((s) => s.needs);
    const views = await (0,shelves/* viewRepositories */.UF)(ports, needs.flatMap(({ repository, digest }) => (repository ? [{ repository, digest: digest ?? '' }] : [])));
    const judged = auditOf(needs, views, ports.clock.now());
    const found = {
        rows: judged.rows,
        findings: inOrder([...services.flatMap(unseen), ...settingsUnseen(views), ...judged.findings])
    };
    run.audit = found;
    ports.announce({ code: 'audit', ...found });
    return endingOf(found, services);
};
/** None of them exists: a wrong input. None of them can be read: AWS's fault. */
function refuseNone(services) {
    const missing = services.flatMap((s) => s.missing ?? []);
    if (missing.length < services.length)
        return;
    const fault = missing.find((error) => !(error instanceof lib_ports/* NotFound */.Mk));
    if (fault)
        throw fault;
    throw new outcome/* Refusal */.P(missing.map((error) => `${error.message}.`), 'input', 'Check the names, and the account and region of the credentials.');
}
function unseen({ service, missing, unseen: texts }) {
    if (missing)
        return [{ level: 'problem', kind: 'unseen', service, text: missing.message }];
    return texts.map((text) => ({ level: 'warning', kind: 'unseen', service, text }));
}
/** Without its settings nobody knows whether tags can be moved; what is unread beside that stands at its images. */
function settingsUnseen(views) {
    return [...views.values()].flatMap(({ settings, repository, unread }) => settings || unread.length === 0
        ? []
        : [
            {
                level: 'warning',
                kind: 'unseen',
                service: `repository ${repository.name}`,
                text: unread.join('; ')
            }
        ]);
}
function imagesOf(needs) {
    return new Set(needs.map(({ digest, reference }) => digest ?? reference)).size;
}
function endingOf({ rows, findings }, services) {
    const problems = findings.filter(({ level }) => level === 'problem');
    const warnings = findings.length - problems.length;
    const [first] = problems;
    if (!first) {
        const also = warnings === 0 ? '' : ` ${(0,plural/* plural */.L)(warnings, 'warning')} beside that.`;
        const reason = `${(0,plural/* plural */.L)(rows.length, 'image')} of ${(0,plural/* plural */.L)(services.length, 'service')} checked: all are there, and no lifecycle policy takes one within ${image_risk/* soonPushes */.MW} pushes or 7 days.${also}`;
        return { outcome: 'ok', reason, evidence: [] };
    }
    const more = problems.length === 1 ? '' : ` (and ${(0,plural/* plural */.L)(problems.length - 1, 'more problem')})`;
    const seeCommand = ({ fix }) => fix === undefined ? '' : ' The command stands in the log and in the job summary.';
    const gone = problems.some(({ kind }) => kind === 'gone' || kind === 'archived');
    const blind = problems.every(({ kind }) => kind === 'unseen' || kind === 'unknown');
    return {
        outcome: 'problems',
        reasonCode: gone ? 'image-not-found' : blind ? 'unknown' : 'preflight',
        reason: `${first.service}: ${first.text}${more}.`,
        evidence: problems.slice(1).map(({ service, text }) => `${service}: ${text}`),
        ...(first.todo === undefined ? {} : { fix: `${first.todo}${seeCommand(first)}` })
    };
}


/***/ })

};
