export const id = 894;
export const ids = [894];
export const modules = {

/***/ 4503:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Rs: () => (/* binding */ serviceUrl),
/* harmony export */   sV: () => (/* binding */ linksLine)
/* harmony export */ });
/* unused harmony export consoleOf */
/* harmony import */ var _domain_arn_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7591);
/* harmony import */ var _redact_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6749);
/* harmony import */ var _untrusted_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5536);



const consoles = {
    aws: 'console.aws.amazon.com',
    'aws-cn': 'console.amazonaws.cn',
    'aws-us-gov': 'console.amazonaws-us-gov.com'
};
const regionForm = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/;
/** Where AWS's console has what these names say; undefined in a partition whose console we do not know. */
function consoleOf(taskDefinition) {
    const { partition = '', region = '' } = (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_2__/* .parseArn */ .Lw)(taskDefinition ?? '') ?? {};
    const host = consoles[partition];
    return host === undefined || !regionForm.test(region) ? undefined : { host: `${region}.${host}`, region };
}
/** The service in the ECS console. */
function serviceUrl(view) {
    const console = consoleOf(view.previousTaskDefinition ?? view.newTaskDefinition);
    if (!console || view.cluster === '' || view.service === '')
        return undefined;
    const path = `clusters/${encodeURIComponent(view.cluster)}/services/${encodeURIComponent(view.service)}`;
    return `https://${console.host}/ecs/v2/${path}/deployments?region=${console.region}`;
}
/** Links for a page: the run, the service, the logs. Built from checked names; nobody's text becomes an address. */
function linksLine(view) {
    const { links = {}, logGroups = [] } = view;
    const console = consoleOf(view.previousTaskDefinition ?? view.newTaskDefinition);
    const service = serviceUrl(view);
    const logs = logGroups
        .filter(({ group }) => /^[\w./#-]{1,512}$/.test(group) && (0,_redact_js__WEBPACK_IMPORTED_MODULE_0__/* .redact */ .E$)(group) === group)
        .filter(({ group }, i, all) => all.findIndex((other) => other.group === group) === i)
        .slice(0, 3)
        .flatMap(({ container, group, region }) => {
        const url = console && logUrl(console, group, region);
        return url === undefined ? [] : [`[Logs of ${(0,_untrusted_js__WEBPACK_IMPORTED_MODULE_1__/* .codeSpan */ .SS)(container, 60)}](${url})`];
    });
    const all = [
        ...(links.run === undefined ? [] : [`[Workflow run](${links.run})`]),
        ...(service === undefined ? [] : [`[Service in the ECS console](${service})`]),
        ...logs
    ];
    return all.join(' · ');
}
/** The console wants names encoded twice, with a dollar sign for the second percent sign. */
function logUrl(console, group, region) {
    const own = region === undefined || !regionForm.test(region) ? console.region : region;
    const host = console.host.replace(console.region, own);
    const name = encodeURIComponent(encodeURIComponent(group)).replaceAll('%', '$');
    return `https://${host}/cloudwatch/home?region=${own}#logsV2:log-groups/log-group/${name}`;
}


/***/ }),

/***/ 1894:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  T: () => (/* binding */ ladder),
  Z: () => (/* binding */ pageOf)
});

// EXTERNAL MODULE: ./lib/domain/duration.js
var duration = __webpack_require__(738);
// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/domain/finding.js
var finding = __webpack_require__(9813);
// EXTERNAL MODULE: ./lib/report/audit-table.js
var audit_table = __webpack_require__(4912);
// EXTERNAL MODULE: ./lib/report/candidates-table.js
var candidates_table = __webpack_require__(5575);
// EXTERNAL MODULE: ./lib/domain/image.js
var domain_image = __webpack_require__(6321);
// EXTERNAL MODULE: ./lib/report/redact.js
var redact = __webpack_require__(6749);
// EXTERNAL MODULE: ./lib/report/untrusted.js
var untrusted = __webpack_require__(5536);
;// CONCATENATED MODULE: ./lib/report/view.js
/** Reads the progress out of what happened. `of`: only numbers of that revision, when there are any. */
function progressOf(happenings, of) {
    const progress = {};
    let own;
    for (const h of happenings)
        if (h.code === 'step')
            progress.step = h.step;
        else if (h.code === 'cause')
            progress.cause = h;
        else if (h.code === 'plan')
            progress.plan = h;
        else if (h.code === 'rollout')
            progress.what = h.what;
        else if (h.code === 'checks') {
            progress.checks = h;
            if (h.taskDefinition === of)
                own = h;
        }
    const checks = own ?? progress.checks;
    return { ...progress, ...(checks === undefined ? {} : { checks }) };
}

;// CONCATENATED MODULE: ./lib/report/change-table.js





const mostImages = 10;
/** Old to new as a table: revision, each image that differs by tag and short digest, commit. */
function changeTable(view) {
    const { previousTaskDefinition: old } = view;
    const { plan } = progressOf(view.happenings);
    // A plan that registers nothing stays with the revision that runs.
    const next = view.newTaskDefinition ?? (plan && plan.plan.registers === undefined ? old : undefined);
    // Modes that only look have no before and after.
    if (old === undefined && next === undefined)
        return '';
    const rows = [
        ['Revision', revision(old), newRevision(old, next, plan !== undefined)],
        ...imageRows(view, plan),
        ...commitRow(view)
    ];
    return ['| | Before | New |', '|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}
const revision = (arn) => (arn === undefined ? '' : (0,untrusted/* codeSpan */.SS)((0,domain_arn/* revisionName */.pd)(arn)));
function newRevision(old, next, planned) {
    if (old === next)
        return 'the same';
    return next === undefined && planned ? 'a new one' : revision(next);
}
function imageRows({ images, imageTags, previousImages = {} }, plan) {
    // With the tag that was given, as long as ours is not put.
    const given = new Map(plan?.plan.images.map((image) => [image.container, image.after]));
    const all = Object.keys(images).map((name) => {
        const before = previousImages[name];
        const after = images[name] ?? '';
        const same = before !== undefined && digestOf(before) !== undefined && digestOf(before) === digestOf(after);
        return [
            `Image of ${(0,untrusted/* codeSpan */.SS)(name, 60)}`,
            before === undefined ? '' : imageCell(before),
            same ? 'the same' : imageCell(given.get(name) ?? after, imageTags[name])
        ];
    });
    const left = all.length - mostImages;
    return left > 0 ? [...all.slice(0, mostImages), [`and ${left} more`, '', '']] : all;
}
const digestOf = (image) => (0,domain_image/* parseImage */.zZ)(image)?.digest;
/** `name:tag` and the short digest; the registry's host says nothing that a reader needs. */
function imageCell(text, tagged) {
    const image = (0,redact/* redact */.E$)(text);
    const at = image.indexOf('@');
    const shown = tagged ?? (at < 0 ? image : image.slice(0, at));
    const digest = at < 0 ? '' : (0,domain_image/* shortDigest */.VK)(image.slice(at + 1));
    return [(0,untrusted/* codeSpan */.SS)(shown, 200), (0,untrusted/* codeSpan */.SS)(digest)].filter((t) => t !== '').join(' ');
}
function commitRow({ mode, happenings, commit, links = {} }) {
    if (mode === 'rollback')
        return commitsOf(happenings);
    // Nothing of the commit is deployed by looking.
    if (mode === 'diagnose' || mode === 'audit')
        return [];
    if (commit === undefined || !/^[0-9a-f]{7,64}$/.test(commit.sha))
        return [];
    const short = `\`${commit.sha.slice(0, 7)}\``;
    const sha = links.commit === undefined ? short : `[${short}](${links.commit})`;
    const subject = commit.subject === undefined ? '' : (0,untrusted/* codeSpan */.SS)(commit.subject, 100);
    return [['Commit', '', [sha, subject].filter((t) => t !== '').join(' ')]];
}
/** A rollback is started from any commit: those of its images are what our marks name. */
function commitsOf(happenings) {
    const candidates = happenings.flatMap((h) => (h.code === 'candidates' ? h.candidates : []));
    const of = (standing) => (0,untrusted/* codeSpan */.SS)(candidates.find((c) => c.standing === standing)?.commit?.slice(0, 7) ?? '');
    const [before, after] = [of('runs-now'), of('taken')];
    return before === '' && after === '' ? [] : [['Commit', before, after]];
}

// EXTERNAL MODULE: ./lib/domain/outcome.js
var domain_outcome = __webpack_require__(5772);
;// CONCATENATED MODULE: ./lib/report/checks-table.js





const marks = {
    good: '✅ good',
    bad: '❌ bad',
    wait: '⏳ not yet',
    unread: '❔ not seen'
};
const names = {
    'tasks-healthy': 'New tasks healthy',
    'failed-tasks': 'Failed tasks',
    targets: 'Targets in',
    container: 'Health check of container',
    'old-tasks': 'Old tasks running',
    alarm: 'Alarm',
    'circuit-breaker': 'Circuit breaker of ECS',
    bake: 'Stays healthy',
    'rollout-state': 'ECS calls it'
};
/** Of many target groups and alarms those that are not well come first, and so many are shown. */
const mostRows = 16;
/** The checks of the new revision as a table, value against limit; an empty text when there are none yet. */
function checksTable(view) {
    const { checks } = progressOf(view.happenings, view.ending ? view.newTaskDefinition : undefined);
    if (!checks)
        return '';
    const rows = [...checks.checks.checks, bakeOf(checks.checks, view)];
    const worst = [...rows].sort((a, b) => rank(a) - rank(b)).slice(0, mostRows);
    const shown = rows.length <= mostRows ? rows : rows.filter((row) => worst.includes(row));
    const left = rows.length - shown.length;
    // Of what was given up, the numbers are those that decided.
    const when = view.ending && !(0,domain_outcome/* isGreen */.g)(view.ending.outcome) ? 'Last seen' : 'Now';
    return [
        `| Checks of ${(0,untrusted/* codeSpan */.SS)((0,domain_arn/* revisionName */.pd)(checks.taskDefinition))} | ${when} | Limit | |`,
        '|---|---|---|---|',
        ...shown.map((check) => row(check, view.ending !== undefined)),
        ...(left > 0 ? [`| and ${left} more, all well | | | |`] : [])
    ].join('\n');
}
const rank = ({ state }) => ['bad', 'unread', 'wait', 'good'].indexOf(state);
function row({ kind, name, value, limit, state }, ended) {
    const title = name === undefined ? names[kind] : `${names[kind]} ${(0,untrusted/* codeSpan */.SS)(name, 100)}`;
    return `| ${title} | ${cell(value)} | ${cell(limit)} | ${ended && state === 'wait' ? '➖ not reached' : marks[state]} |`;
}
/** Numbers, and states as ECS spells them. */
const cell = (value) => (/^[A-Z_]{4,40}$/.test(value) ? (0,untrusted/* codeSpan */.SS)(value) : (0,untrusted/* cellProse */.iI)(value, 60));
function bakeOf({ healthySince, bakeMs }, { now }) {
    const limit = bakeMs === 0 ? 'once' : (0,duration/* sayDuration */.kP)(bakeMs);
    if (healthySince === undefined)
        return { kind: 'bake', value: 'not yet', limit, state: 'wait' };
    const been = Math.min(Math.max(0, now - healthySince), Math.max(bakeMs, 0));
    return { kind: 'bake', value: (0,duration/* sayDuration */.kP)(been), limit, state: been >= bakeMs ? 'good' : 'wait' };
}

// EXTERNAL MODULE: ./lib/report/findings.js
var report_findings = __webpack_require__(7470);
;// CONCATENATED MODULE: ./lib/report/task-groups.js
/** How far apart alike tasks may start and still share a row, milliseconds: the first that makes few enough rows. */
const spreads = [5000, 15_000, 30_000, 60_000, 120_000, 300_000, 900_000];
/**
 * Tasks as at most `most` rows, in the order in which they began. Alike tasks share one: first those that went
 * through the same states at about the same time, then at any time, then those that ended the same way; what is
 * still too many becomes one row by its last state.
 */
function groupTasks(rows, most) {
    const ways = [
        (_, i) => String(i),
        ...spreads.map((spread) => (row) => `${path(row)} ${Math.floor(began(row) / spread)}`),
        path,
        (row) => `${row.states.at(-1)?.state ?? ''} ${row.reasonCode ?? ''}`,
        (row) => row.states.at(-1)?.state ?? ''
    ];
    let groups = [];
    for (const way of ways) {
        groups = [...grouped(rows, way).values()];
        if (groups.length <= most)
            break;
    }
    return groups.map(merge);
}
function grouped(rows, way) {
    const groups = new Map();
    rows.forEach((row, i) => {
        const key = way(row, i);
        groups.set(key, [...(groups.get(key) ?? []), row]);
    });
    return groups;
}
const path = (row) => `${row.states.map((s) => s.state).join(' ')} ${row.reasonCode ?? ''}`;
const began = (row) => row.states[0]?.from ?? 0;
/** The way of the first of them, with the middle of the times of those that went the same. */
function merge(rows) {
    const [first] = rows;
    const alike = rows.filter((row) => first && path(row) === path(first));
    const states = (first?.states ?? []).map(({ state }, i) => ({
        state,
        from: middle(alike.map((row) => row.states[i]?.from ?? 0)),
        to: middle(alike.map((row) => row.states[i]?.to ?? 0))
    }));
    const reasonCode = first?.reasonCode;
    const shared = reasonCode !== undefined && rows.every((row) => row.reasonCode === reasonCode);
    return { tasks: rows.map((r) => r.task), states, ...(shared ? { reasonCode } : {}) };
}
function middle(values) {
    return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

;// CONCATENATED MODULE: ./lib/report/timeline.js

/** A look around that took no time is not worth a row. */
const looks = ['inspect', 'way-back', 'preflight'];
/** What is written before the service is touched; of those that took no time, several share a row. */
const writes = ['pin', 'promote', 'tag', 'register'];
const worthARowMs = 2000;
/** Of a service that flaps for long, the last bakes say it. */
const mostBakes = 6;
/**
 * Reads a run's happenings as phases and tasks. `startedAt` and `now` are epoch milliseconds; `now` is the end of the
 * run, or this moment while it goes on. Times of ECS that lie outside of their phase are taken into it. Pure.
 */
function timelineOf(happenings, startedAt, now) {
    const totalMs = Math.max(0, now - startedAt);
    const phases = phasesOf(happenings, startedAt, now).flatMap((part) => phaseRows(part, startedAt, totalMs));
    return { totalMs, phases: joined(phases) };
}
/** Short phases before the rollout that follow each other as one: `pin/tag/register`. */
function joined(phases) {
    const isShort = ({ name, spans: [span], tasks }) => name.split('/').every((n) => writes.includes(n)) &&
        tasks.length === 0 &&
        (span?.to ?? 0) - (span?.from ?? 0) < worthARowMs;
    const rows = [];
    for (const phase of phases) {
        const before = rows.at(-1);
        const [from, to] = [before?.spans[0]?.from ?? 0, phase.spans[0]?.to ?? 0];
        if (before && isShort(before) && isShort(phase))
            rows[rows.length - 1] = {
                ...before,
                name: `${before.name}/${phase.name}`,
                spans: [{ from, to, mood: 'plain' }]
            };
        else
            rows.push(phase);
    }
    return rows;
}
const timeline_names = { release: 'rollout', watch: 'rollout', restore: 'rollback' };
function phasesOf(happenings, startedAt, now) {
    const parts = [];
    let open;
    for (const h of happenings) {
        if (h.code === 'step') {
            const name = timeline_names[h.step] ?? h.step;
            if (open && open.name !== name)
                open.to = h.at;
            if (open?.name !== name)
                parts.push((open = { name, from: h.at, to: now, happenings: [] }));
        }
        else if (h.code === 'task-seen' && !open) {
            // The post step watches without a step of its own.
            parts.push((open = { name: 'watch', from: startedAt, to: now, happenings: [] }));
        }
        open?.happenings.push(h);
    }
    return parts.filter((p) => !looks.includes(p.name) || p.to - p.from >= worthARowMs);
}
function phaseRows(part, startedAt, totalMs) {
    const within = (at) => Math.min(Math.max(at - startedAt, 0), totalMs);
    const whole = { from: within(part.from), to: within(Math.max(part.from, part.to)) };
    const bakes = bakesOf(part, whole, within);
    const mood = moodOf(part, bakes);
    const tasks = taskRows(part, whole, within);
    const taskDefinition = part.happenings.find((h) => h.code === 'task-seen')?.taskDefinition;
    const last = bakes.at(-1);
    // What failed in the bake had come through the rollout.
    const baked = last !== undefined && last.to === whole.to;
    const until = baked ? last.from : whole.to;
    return [
        {
            name: part.name,
            ...(taskDefinition === undefined ? {} : { revision: (0,domain_arn/* revisionName */.pd)(taskDefinition) }),
            spans: [{ from: whole.from, to: until, mood: baked ? 'good' : mood }],
            tasks
        },
        ...(bakes.length === 0 ? [] : [{ name: 'bake', spans: bakes, tasks: [] }])
    ];
}
/** Good or bad by the verdict; a run that goes on, or was superseded or cut off, is neither. */
function moodOf({ happenings }, bakes) {
    const verdict = happenings.findLast((h) => h.code === 'verdict')?.state;
    if (verdict === 'failing' || happenings.some((h) => h.code === 'cause'))
        return 'bad';
    if (verdict === 'healthy' || bakes.length > 0)
        return 'good';
    const last = happenings.findLast((h) => h.code === 'rollout')?.state;
    return last === 'healthy' ? 'good' : last === 'failing' ? 'bad' : 'plain';
}
/** The times in which all was healthy and had to stay so. */
function bakesOf(part, whole, within) {
    const bakes = [];
    let since;
    for (const h of part.happenings) {
        if (h.code !== 'rollout')
            continue;
        if (h.state === 'healthy')
            since ??= within(h.at);
        else if (since !== undefined) {
            bakes.push({ from: since, to: within(h.at), mood: 'bad' });
            since = undefined;
        }
    }
    if (since !== undefined)
        bakes.push({ from: since, to: whole.to, mood: 'good' });
    return bakes.filter((b) => b.to > b.from).slice(-mostBakes);
}
function taskRows(part, whole, within) {
    const rows = new Map();
    for (const h of part.happenings) {
        if (h.code !== 'task-seen')
            continue;
        const row = rows.get(h.task) ?? { task: h.task, states: [] };
        const before = row.states.at(-1);
        const from = Math.min(Math.max(within(h.since), before?.from ?? whole.from), whole.to);
        if (before)
            before.to = from;
        const ends = h.state === 'failed' || h.state === 'stopped';
        row.states.push({ state: h.state, from, to: ends ? from : whole.to });
        if (h.reasonCode !== undefined)
            row.reasonCode = h.reasonCode;
        rows.set(h.task, row);
    }
    for (const row of rows.values())
        row.states = row.states.filter(isSeen);
    return [...rows.values()].sort((a, b) => (a.states[0]?.from ?? 0) - (b.states[0]?.from ?? 0));
}
/** States that passed within a second are not drawn; the last one is, and each end. */
function isSeen({ from, to }, i, all) {
    return to - from >= 1000 || i === all.length - 1;
}

;// CONCATENATED MODULE: ./lib/report/gantt.js




/** Rows of tasks that still read well on one screen; fewer, and at last none, when the text gets too long. */
const rowsThatRead = [10, 6, 3, 0];
/** Longer ones would crowd a comment; GitHub itself draws up to 50,000 characters. */
const mostCharacters = 9000;
const mostPhases = 24;
/**
 * Draws a run. `startedAt` and `now` are epoch milliseconds; `now` is the end of the run, or this moment while it
 * goes on. Undefined when nothing was begun yet. Every name in it is harmless for Mermaid and for Markdown. Pure.
 */
function pictureOf(happenings, startedAt, now) {
    const timeline = timelineOf(happenings, startedAt, now);
    if (timeline.phases.length === 0 || timeline.totalMs === 0)
        return undefined;
    const drawn = rowsThatRead.map((most) => drawWith(timeline, most));
    return drawn.find((picture) => picture.mermaid.length <= mostCharacters) ?? drawn.at(-1);
}
function drawWith(timeline, most) {
    const phases = timeline.phases.slice(0, mostPhases);
    const withTasks = phases.filter((p) => p.tasks.length > 0).length;
    const each = Math.min(most, Math.max(1, Math.floor(most / Math.max(1, withTasks))));
    const rows = phases.flatMap((phase) => [
        phaseRow(phase),
        ...(each === 0 ? [] : groupTasks(phase.tasks, each).map((group) => taskRow(group)))
    ]);
    return { mermaid: mermaidOf(rows, timeline.totalMs), words: rows.map((row) => row.words) };
}
const looksOfStates = {
    starting: 'done',
    running: '',
    healthy: 'active',
    unhealthy: 'crit',
    failed: 'crit',
    stopped: 'done'
};
const looksOfMoods = { good: 'active', bad: 'crit', plain: '' };
function phaseRow({ name, revision, spans }) {
    const about = revision === undefined ? '' : ` ${name === 'rollback' ? 'to' : 'of'} ${plain(revision, 40)}`;
    const prepares = name !== 'rollout' && name !== 'rollback' && name !== 'bake';
    const times = spans.map((s) => {
        const bad = s.mood !== 'bad' ? '' : name === 'bake' ? ', broken off' : ', failing';
        return `${(0,duration/* clockFace */.WA)(s.from)} for ${(0,duration/* sayDuration */.kP)(s.to - s.from)}${bad}`;
    });
    return {
        title: `${plain(name, 30)}${about}`,
        bars: spans.map((s) => ({
            ...s,
            look: prepares ? 'done' : looksOfMoods[s.mood],
            label: `${(0,duration/* sayDuration */.kP)(s.to - s.from)}${s.mood === 'bad' && name !== 'bake' ? ', failing' : ''}`
        })),
        words: `${plain(name, 30)}${about.replace(plain(revision ?? '', 40), (0,untrusted/* oneLine */.TN)(revision ?? '', 60))}: ${times.join('; ')}`
    };
}
function taskRow({ tasks, states, reasonCode }) {
    const last = states.at(-1)?.state ?? 'starting';
    const end = reasonCode === undefined ? last : plain(reasonCode, 40);
    const ids = tasks.map((task) => plain(task, 8));
    const few = ids.slice(0, 3).join(', ');
    const who = ids.length === 1
        ? `task ${few}`
        : `${ids.length} tasks (${few}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''})`;
    const way = states.map((s, i) => {
        const why = i === states.length - 1 && reasonCode !== undefined ? ` (${end})` : '';
        return `${s.state} ${(0,duration/* clockFace */.WA)(s.from)}${why}`;
    });
    return {
        title: ids.length === 1 ? `${plain(tasks[0] ?? '', 6)} ${end}` : `${ids.length} tasks ${end}`,
        bars: states.map((s) => ({ ...s, look: looksOfStates[s.state], label: labelOf(s.state) })),
        words: `  ${who}: ${way.join(', ')}`
    };
}
function labelOf(state) {
    return state === 'failed' ? '✖' : state === 'stopped' ? '■' : state;
}
/** Pixels of the drawing as GitHub shows it, about: only for which label fits into its bar. */
const widthOfDrawing = 800;
const widthOfLetter = 6.5;
/** Mermaid wants some name for every bar. */
const noLabel = '·';
function mermaidOf(rows, totalMs) {
    const titles = unlike(rows.map((row) => row.title));
    const left = Math.round(Math.max(60, ...titles.map((t) => t.length * widthOfLetter + 24)));
    const perMs = (widthOfDrawing - left) / Math.max(totalMs, 1000);
    const settings = {
        displayMode: 'compact',
        leftPadding: left,
        rightPadding: 30,
        topPadding: 50,
        barHeight: 18,
        barGap: 4,
        fontSize: 11,
        sectionFontSize: 12,
        numberSectionStyles: 2
    };
    return [
        `%%{init: ${JSON.stringify({ gantt: settings })}}%%`,
        'gantt',
        '  dateFormat YYYY-MM-DD HH:mm:ss',
        `  axisFormat ${totalMs >= 3_600_000 ? '%H:%M' : '%M:%S'}`,
        '  todayMarker off',
        ...rows.flatMap((row, i) => [
            `  section ${titles[i] ?? ''}`,
            ...row.bars.map((bar) => {
                const isMoment = bar.label === '✖' || bar.label === '■';
                const fits = bar.label.length * widthOfLetter < (bar.to - bar.from) * perMs;
                const label = isMoment || fits || row.bars.length === 1 ? bar.label : noLabel;
                const tags = [...(bar.look === '' ? [] : [bar.look]), ...(isMoment ? ['milestone'] : [])];
                const to = isMoment ? bar.from : Math.max(bar.to, bar.from + 1000);
                return `    ${label} :${[...tags, moment(bar.from), moment(to)].join(', ')}`;
            })
        ])
    ].join('\n');
}
/** Mermaid takes two sections of the same name for one. */
function unlike(titles) {
    const seen = new Map();
    return titles.map((title) => {
        const times = (seen.get(title) ?? 0) + 1;
        seen.set(title, times);
        return times === 1 ? title : `${title} (${times})`;
    });
}
/** Elapsed time as a date that no time zone moves: drawn and read in the same local time, on a day without a jump. */
function moment(ms) {
    return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1000) * 1000)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ');
}
/**
 * A name without anything that means something to Mermaid or to Markdown: letters, digits, spaces and `.`, `-`, `_`,
 * `/` only. A colon of a revision becomes a space.
 */
function plain(text, most) {
    const harmless = (0,untrusted/* oneLine */.TN)(text, most * 4)
        .replace(/[^\p{L}\p{N}._/-]+/gu, ' ')
        .replace(/_{2,}/g, '_')
        .trim();
    const cut = Array.from(harmless).slice(0, most).join('');
    return cut === '' ? 'unnamed' : cut;
}

;// CONCATENATED MODULE: ./lib/report/headline.js





const icons = {
    deployed: '✅',
    unchanged: '✅',
    'rolled-back': '↩️',
    'rollback-failed': '🛑',
    failed: '❌',
    superseded: '⏭️',
    refused: '⛔',
    inconclusive: '❔',
    cancelled: '⏹️',
    ok: '✅',
    problems: '⚠️'
};
const words = {
    deployed: 'deployed',
    unchanged: 'nothing to change',
    'rolled-back': 'failed and rolled back',
    'rollback-failed': 'failed, and the rollback failed too',
    failed: 'failed and left as it is',
    superseded: 'superseded by another deployment',
    refused: 'refused, nothing was touched',
    inconclusive: 'no verdict',
    cancelled: 'cancelled',
    ok: 'looks good',
    problems: 'has problems'
};
/** The icon of an outcome; none of them is said without its word. */
const iconOf = (outcome) => icons[outcome];
/** The verdict line: environment, service, the state in a word and an icon, and what serves now. */
function headline(view) {
    const { icon, words: said } = stateOf(view);
    const serving = view.ending ? afterwards(view, view.ending) : meanwhile(view);
    const mode = titles[view.mode ?? ''] ?? '';
    const where = [(0,untrusted/* codeSpan */.SS)(view.service, 100), (0,untrusted/* prose */.CS)(view.environment, 40)]
        .filter((t) => t !== '')
        .join(' in ');
    const now = serving === '' ? '' : ` · now serving ${serving}`;
    return `### ${icon} ${where === '' ? '' : `${mode}${where}: `}${said}${now}`;
}
/** What stands before the service where it is no deploy. */
const titles = {
    rollback: 'Rollback of ',
    plan: 'Plan for ',
    diagnose: 'Diagnosis of ',
    audit: 'Audit of '
};
/** In mode rollback the same outcomes have other words. */
const rollbackWords = {
    deployed: 'done',
    'rollback-failed': 'failed'
};
function stateOf(view) {
    if (view.ending) {
        const { outcome } = view.ending;
        const own = view.mode === 'rollback' ? rollbackWords[outcome] : undefined;
        return { icon: icons[outcome], words: own ?? words[outcome] };
    }
    const { step, checks, cause } = progressOf(view.happenings);
    if (step === 'restore')
        return { icon: '↩️', words: 'failing, going back' };
    if (cause !== undefined)
        return { icon: '❌', words: 'failing' };
    if (step !== 'release' && step !== 'watch')
        return { icon: '⏳', words: 'preparing, nothing is touched yet' };
    if (checks?.checks.healthySince !== undefined)
        return { icon: '🔄', words: `healthy, must stay so for ${(0,duration/* sayDuration */.kP)(checks.checks.bakeMs)}` };
    const tasks = checks && healthyOf(checks.checks);
    return { icon: '🔄', words: tasks === undefined ? 'deploying' : `deploying, ${tasks} new tasks healthy` };
}
/** The revision that serves at the end, and how well; what cannot be known is not said. */
function afterwards(view, ending) {
    const { servingTaskDefinition: now, servingNote: note, outcome } = ending;
    if (now === undefined)
        return '';
    const stays = now === view.previousTaskDefinition && now !== view.newTaskDefinition;
    // Where nothing was to be written there is no before.
    const before = stays && view.mode !== 'plan' ? ' as before' : '';
    const revision = `${(0,untrusted/* codeSpan */.SS)((0,domain_arn/* revisionName */.pd)(now))}${before}`;
    if (note !== undefined)
        return `${revision} (${(0,untrusted/* prose */.CS)(note, 200)})`;
    if ((0,domain_outcome/* isGreen */.g)(outcome) || outcome === 'rolled-back')
        return `${revision}, healthy`;
    const { checks } = progressOf(view.happenings);
    const seen = checks?.taskDefinition === now ? healthyOf(checks.checks) : undefined;
    return seen === undefined ? revision : `${revision} (${seen} tasks healthy when last seen)`;
}
const healthyOf = ({ checks }) => checks.find((c) => c.kind === 'tasks-healthy')?.value;
function meanwhile(view) {
    const { previousTaskDefinition: old, newTaskDefinition: next } = view;
    if (old === undefined)
        return '';
    const before = (0,untrusted/* codeSpan */.SS)((0,domain_arn/* revisionName */.pd)(old));
    const { step, checks } = progressOf(view.happenings);
    if (next === undefined || old === next || (step !== 'watch' && step !== 'restore'))
        return before;
    const after = (0,untrusted/* codeSpan */.SS)((0,domain_arn/* revisionName */.pd)(next));
    if (step === 'restore')
        return `${before} is put back; ${after} is taken away`;
    const left = checks?.checks.checks.find((c) => c.kind === 'old-tasks')?.value;
    const healthy = (checks && healthyOf(checks.checks)) ?? '';
    if (left === '0')
        return after;
    return /^[1-9]/.test(healthy) ? `${before} and ${after}, task by task` : before;
}

// EXTERNAL MODULE: ./lib/report/links.js
var links = __webpack_require__(4503);
// EXTERNAL MODULE: ./lib/report/plan-rows.js
var plan_rows = __webpack_require__(8237);
// EXTERNAL MODULE: ./lib/report/shortly.js
var shortly = __webpack_require__(4663);
// EXTERNAL MODULE: ./lib/report/wrap.js
var wrap = __webpack_require__(5820);
;// CONCATENATED MODULE: ./lib/report/saying.js





/** Columns behind the time that a fence shows without scrolling. */
const width = 84;
/** What happened, a line each with its time since the start; `most` lines, of which the ends of a long story say most. */
function storyLines(happenings, startedAt, most = 350) {
    const lines = happenings.flatMap((h) => {
        const text = sayHappening(h);
        const time = (0,duration/* clockFace */.WA)(h.at - startedAt).padStart(6);
        const said = text === undefined ? [] : (0,wrap/* wrap */.L)((0,untrusted/* pageLine */.wv)((0,shortly/* shortly */.s)(text), 600), width);
        return said.map((line, i) => `${i === 0 ? time : ' '.repeat(time.length)}  ${line}`);
    });
    if (lines.length <= most)
        return lines;
    const first = Math.floor(most * 0.4);
    const last = most - first;
    return [...lines.slice(0, first), `… ${lines.length - most} lines left out …`, ...lines.slice(-last)];
}
/** One happening as plain text; undefined for those that other parts of a page show. */
function sayHappening(h) {
    switch (h.code) {
        case 'step':
            return h.title;
        case 'fact':
            return `${h.name}: ${h.value}`;
        case 'note':
        case 'warning':
        case 'image-at-risk':
            return h.text;
        case 'copying':
            // Where it stood while it went on is for who watches the log.
            return undefined;
        case 'preflight':
            return `preflight: ${(0,finding/* tally */.N4)(h.findings)}`;
        case 'rollout':
            return `${h.counts.healthy} of ${h.counts.desired} healthy, ${h.counts.running} running, ${h.counts.failed} failed; ${h.what}`;
        case 'task-failed':
        case 'task-stopped':
            return h.text;
        case 'service-event':
            return h.text;
        case 'cause':
            return `failing: ${h.sentence}`;
        case 'plan':
        case 'audit':
        case 'candidates':
        case 'task-seen':
        case 'checks':
        case 'verdict':
        case 'ended':
            return undefined;
    }
}

// EXTERNAL MODULE: ./lib/report/time-left.js
var time_left = __webpack_require__(9299);
;// CONCATENATED MODULE: ./lib/report/why.js






/**
 * Cause with proof, and what to do, as Markdown; while the run goes on as soon as the cause is known, and until then
 * what is waited for. `withLogs`: with what the containers said last.
 */
function whyPart(view, withLogs) {
    const { ending } = view;
    const { cause, what } = progressOf(view.happenings);
    // The problems that an audit found stand below, each with what to do.
    if (ending?.outcome === 'problems' && view.happenings.some((h) => h.code === 'audit'))
        return [];
    if (!ending) {
        if (cause === undefined)
            return what === undefined ? [] : [`**Now:** ${(0,untrusted/* prose */.CS)(what, 400)}`];
        return [
            sentence(cause.sentence, cause.reasonCode),
            proof(cause.evidence, withLogs ? cause.logs : []),
            ...next(cause.fix)
        ];
    }
    // That it was put back, and what serves, says the line above.
    const told = ending.outcome === 'rolled-back' && cause?.reasonCode === ending.reasonCode ? cause : undefined;
    return [
        told === undefined ? reason(ending) : sentence(told.sentence, told.reasonCode),
        (0,domain_outcome/* isGreen */.g)(ending.outcome) ? '' : proof(ending.evidence, withLogs ? (ending.logs ?? []) : []),
        ...(ending.fix === undefined ? [] : next(ending.fix))
    ];
}
function reason({ reason: text, reasonCode, outcome }) {
    const lines = (0,redact/* coveredLines */.eE)(text);
    const title = (0,domain_outcome/* isGreen */.g)(outcome) ? '**What:**' : '**Why:**';
    const [only = ''] = lines;
    return lines.length <= 1
        ? coded(`${title} ${(0,untrusted/* prose */.CS)(reasonCode === undefined ? only : only.replace(/\.$/, ''))}`, reasonCode)
        : [coded(title, reasonCode), '', ...lines.slice(0, 20).map((line) => `- ${(0,untrusted/* prose */.CS)(line, 600)}`)].join('\n');
}
const coded = (text, code) => code === undefined ? text : `${text} · ${(0,untrusted/* codeSpan */.SS)(code)}`;
/** A cause as a sentence of its own. */
function sentence(cause, code) {
    const first = /^[a-z]+(?= )/.exec(cause)?.[0] ?? '';
    const said = `${first.slice(0, 1).toUpperCase()}${cause.slice(Math.min(1, first.length))}`;
    return coded(`**Why:** ${(0,untrusted/* prose */.CS)(said, 1000)}`, code);
}
const shownLines = 3;
/** A few lines: what proves it, and what the container said last. */
function proof(evidence, logs) {
    const log = logs[0];
    const said = log === undefined
        ? []
        : [`container ${log.container} said last:`, ...log.lines.slice(-shownLines).map((line) => `  ${line}`)];
    const lines = [...evidence.slice(0, shownLines).flatMap(folds), ...said];
    return lines.length === 0 ? '' : (0,untrusted/* fenced */.OF)(lines);
}
/** Columns of a fence that a comment shows without scrolling. */
const why_width = 92;
/** A sentence in a fence, short, its further lines behind an indent. */
function folds(text) {
    return (0,wrap/* wrap */.L)((0,untrusted/* pageLine */.wv)((0,shortly/* shortly */.s)(text), 600), why_width).map((line, i) => (i === 0 ? line : `  ${line}`));
}
/** The next action; a command stands in a block of its own, to be copied. */
function next(fix) {
    const [, said = fix, command] = /^(.*?[:,.]) (aws [a-z][a-z0-9-]+ [a-z][a-z0-9-]+ .*)$/s.exec(fix) ?? [];
    const words = said.replace(/,$/, ':');
    return [`**Next:** ${(0,untrusted/* prose */.CS)(words, 800)}`, ...(command === undefined ? [] : [(0,untrusted/* fenced */.OF)([command], 'sh')])];
}

;// CONCATENATED MODULE: ./lib/report/page.js




















/** From the whole page down to what must be said. */
const ladder = ['whole', 'without-logs', 'without-timeline', 'header'];
/** The page of a run in GitHub's Markdown: verdict, cause and next action, old to new, checks, links, the folded rest. */
function pageOf(view, level) {
    const header = level === 'header';
    const parts = [
        headline(view),
        ...whyPart(view, level === 'whole'),
        timeLeft(view),
        ...(view.afterwards ?? []).slice(0, 5).map((line) => `**Afterwards:** ${(0,untrusted/* prose */.CS)(line, 600)}`),
        ...(header
            ? []
            : [
                changeTable(view),
                planned(view),
                checksTable(view),
                (0,audit_table/* auditPart */.B)(view.happenings),
                (0,candidates_table/* candidatesPart */.O)(view.happenings)
            ]),
        (0,links/* linksLine */.sV)(view),
        ...(header || level === 'without-timeline' ? [] : folded(view, level)),
        ...(header ? [] : [attemptsTable(view)]),
        footer(view, level)
    ];
    return `${parts.filter((p) => p !== '').join('\n\n')}\n`;
}
function timeLeft({ ending, happenings, now }) {
    const left = ending ? undefined : (0,time_left/* timeLeftOf */.m)(happenings, now);
    return left === undefined ? '' : `**Time left:** ${(0,time_left/* sayTimeLeft */.I)(left)}`;
}
function folded(view, level) {
    const { happenings, startedAt, ending } = view;
    const logs = level === 'whole' ? (ending?.logs ?? progressOf(happenings).cause?.logs ?? []) : [];
    const findings = happenings.flatMap((h) => (h.code === 'preflight' ? h.findings : []));
    const risks = happenings.filter((h) => h.code === 'image-at-risk');
    const warnings = [...risks, ...happenings.filter((h) => h.code === 'warning')].map((h) => h.text);
    const fixes = level === 'whole' ? [...new Set(risks.map((h) => h.fix))].slice(0, 2) : [];
    const events = happenings.filter((h) => h.code === 'service-event');
    const { plan } = progressOf(happenings);
    const story = storyLines(happenings.filter((h) => h.code !== 'service-event'), startedAt, level === 'whole' ? 200 : 120);
    return [
        ...(plan === undefined || plan.only ? [] : [details((0,plan_rows/* planTitle */.K)(false), [planBlock(plan)])]),
        details('Timeline', [...picture(view), ...fence(story)]),
        details(`Events of the service (${events.length})`, fence(eventLines(events, startedAt))),
        details('Last lines of the containers', logs.flatMap(logBlock)),
        preflightPart(findings),
        details(`Warnings (${warnings.length})`, [
            ...fence(warnings.slice(0, 30).flatMap(folds)),
            ...fixes.map((fix) => (0,untrusted/* fenced */.OF)((0,redact/* codeLines */.zo)(fix), 'sh'))
        ])
    ];
}
/** What a deploy would change, where that is what was asked for; what one is about to change stands folded. */
function planned({ happenings }) {
    const { plan } = progressOf(happenings);
    return plan?.only === true ? `**${(0,plan_rows/* planTitle */.K)(true)}:**\n\n${planBlock(plan)}` : '';
}
function planBlock({ plan }) {
    const front = 13;
    return (0,untrusted/* fenced */.OF)((0,plan_rows/* planRows */.L)(plan).flatMap(([name, text]) => (0,wrap/* wrap */.L)((0,untrusted/* pageLine */.wv)(text), 92 - front).map((line, i) => `${(i > 0 ? '' : name).padEnd(front)}${line}`)));
}
/** The rollout drawn, and the same in words below; names in a drawing are made harmless where it is made. */
function picture({ happenings, startedAt, now }) {
    const drawn = pictureOf(happenings, startedAt, now);
    if (drawn === undefined || /`{3}/.test(drawn.mermaid))
        return [];
    return ['```mermaid\n' + drawn.mermaid.trimEnd() + '\n```', (0,untrusted/* fenced */.OF)(drawn.words)];
}
const fence = (lines) => (lines.length === 0 ? [] : [(0,untrusted/* fenced */.OF)(lines)]);
/** A line where all is well, else a part to unfold. */
function preflightPart(findings) {
    if (findings.length === 0)
        return '';
    const title = `Preflight: ${(0,finding/* tally */.N4)(findings)}`;
    return findings.every((f) => f.state === 'ok') ? title : details(title, fence(findingLines(findings)));
}
/** What a person should read of the checks before the deployment, then how many were well. */
function findingLines(findings) {
    return [...(0,report_findings/* troubleLines */.l)(findings).slice(0, 80), ...(0,report_findings/* foldedLines */.E)(findings)].map(([front, text]) => `${front}${text}`.replace(/^ {2}/, ''));
}
const mostEvents = 60;
function eventLines(events, startedAt) {
    const lines = events.map((h) => `${(0,duration/* clockFace */.WA)(Math.max(0, h.eventAt - startedAt)).padStart(6)}  ${(0,shortly/* shortEvent */.p)(h.text).slice(0, 500)}`);
    const left = lines.length - mostEvents;
    return left > 0 ? [`… ${left} older events left out …`, ...lines.slice(-mostEvents)] : lines;
}
function logBlock({ task, container, lines }) {
    return [`Container ${(0,untrusted/* codeSpan */.SS)(container, 100)} of task ${(0,untrusted/* codeSpan */.SS)((0,domain_arn/* taskId */.BS)(task), 40)}:`, (0,untrusted/* fenced */.OF)(lines)];
}
function details(title, blocks) {
    if (blocks.length === 0)
        return '';
    return `<details><summary>${title}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}
/** The last attempts of this pull request, newest first; an empty text when there was none before. */
function attemptsTable({ past = [] }) {
    if (past.length === 0)
        return '';
    const rows = past.map((a) => `| ${utc(a.at * 1000)} | ${outcomeCell(a)} | ${revisionCell(a)} | ${tookCell(a)} |`);
    const table = ['| Began | Ended | Revision | Took |', '|---|---|---|---|', ...rows].join('\n');
    return details(`Earlier attempts (${past.length})`, [table]);
}
function outcomeCell({ outcome, reasonCode }) {
    if (outcome === undefined)
        return '❔ cut off';
    const code = reasonCode === undefined ? '' : ` (${(0,untrusted/* codeSpan */.SS)(reasonCode)})`;
    return `${iconOf(outcome)} ${outcome}${code}`;
}
function revisionCell({ revision, commit }) {
    return [revision, commit].flatMap((t) => (t === undefined ? [] : (0,untrusted/* codeSpan */.SS)(t, 300))).join(' ');
}
const tookCell = ({ took }) => (took === undefined ? '' : (0,duration/* sayDuration */.kP)(took * 1000));
const utc = (ms) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const left = {
    whole: '',
    'without-logs': ' · The last lines of the containers did not fit here; the log of the run has them.',
    'without-timeline': ' · Timeline and last lines did not fit here; the log of the run has them.',
    header: ' · The rest did not fit here; the log of the run has it.'
};
function footer({ ending, startedAt, now }, level) {
    const took = (0,duration/* sayDuration */.kP)(now - startedAt);
    const when = utc(now).slice(11);
    const said = ending ? `Took ${took}, ended ${when}` : `As of ${when}, ${took} after the start`;
    return `<sub>${said}${left[level]}</sub>`;
}


/***/ })

};
