export const id = 193;
export const ids = [193];
export const modules = {

/***/ 4410:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  B: () => (/* binding */ CommentFace)
});

// EXTERNAL MODULE: ./lib/domain/arn.js
var arn = __webpack_require__(7591);
;// CONCATENATED MODULE: ./lib/report/attempts.js
/** So many older runs are kept. */
const mostPast = 5;
const longestState = 6000;
/** The first line of a comment, by which it is found again. */
function markerOf({ environment, cluster, service }) {
    const part = (text) => text.replace(/[^\w-]/g, '_').slice(0, 255);
    return `<!-- safe-ecs-deploy ${part(environment)} ${part(cluster)} ${part(service)} -->`;
}
/** The second line: base64 has no character that could end it. */
function stateLine(state) {
    const short = { c: pack(state.current), p: state.past.slice(0, mostPast).map(pack) };
    return `<!-- safe-ecs-deploy-state ${toBase64(JSON.stringify(short))} -->`;
}
/**
 * Reads a comment's hidden part; undefined when the comment is not ours by its first line, or holds nothing that can
 * be used. Whoever may edit comments may have written it: every value is checked by its form, and nothing but the
 * comment itself depends on it.
 */
function readState(body, key) {
    if (!isOurs(body, key))
        return undefined;
    const coded = /^[^\n]*\r?\n<!-- safe-ecs-deploy-state ([A-Za-z0-9+/=]{1,6000}) -->/.exec(body)?.[1];
    if (coded === undefined || coded.length > longestState)
        return undefined;
    try {
        const value = JSON.parse(fromBase64(coded));
        const current = unpack(value.c);
        if (!current)
            return undefined;
        const past = Array.isArray(value.p) ? value.p.slice(0, mostPast).flatMap((p) => unpack(p) ?? []) : [];
        return { current, past };
    }
    catch {
        return undefined;
    }
}
/** True when a comment begins with our marker. */
function isOurs(body, key) {
    const marker = markerOf(key);
    return body.startsWith(marker) && /^(?:\r?\n|$)/.test(body.slice(marker.length));
}
/** The state that a run leaves: what was there before goes into the past, itself once. */
function stateAfter(before, current) {
    const all = before === undefined ? [] : [before.current, ...before.past];
    const past = all.filter((a) => a.run !== current.run || a.attempt !== current.attempt).slice(0, mostPast);
    return { current, past };
}
/**
 * True when what stands in the comment is of a newer run than ours: then ours writes nothing. One that says to be from
 * the future (`now` in seconds, clocks of runners differ a little) is not believed.
 */
function isNewer(there, ours, now) {
    if (there.at > now + 300)
        return false;
    if (there.run === ours.run)
        return there.attempt > ours.attempt;
    if (there.at !== ours.at)
        return there.at > ours.at;
    return BigInt(there.run) > BigInt(ours.run);
}
const outcomes = [
    'deployed',
    'unchanged',
    'rolled-back',
    'rollback-failed',
    'failed',
    'superseded',
    'refused',
    'inconclusive',
    'cancelled',
    'ok',
    'problems'
];
function pack(a) {
    return [
        a.run,
        a.attempt,
        a.at,
        a.outcome ?? '',
        a.reasonCode ?? '',
        a.revision ?? '',
        a.commit ?? '',
        a.took ?? -1
    ];
}
function unpack(value) {
    if (!Array.isArray(value))
        return undefined;
    const [run, attempt, at, outcome, reasonCode, revision, commit, took] = value;
    const matches = (v, form) => typeof v === 'string' && form.test(v);
    const whole = (v, most) => typeof v === 'number' && Number.isInteger(v) && v >= 0 && v <= most;
    if (!matches(run, /^\d{1,20}$/) || !whole(attempt, 10_000) || !whole(at, 9_999_999_999))
        return undefined;
    const known = outcomes.find((o) => o === outcome);
    return {
        run,
        attempt,
        at,
        ...(known === undefined ? {} : { outcome: known }),
        ...(matches(reasonCode, /^[a-z]{2,20}(?:-[a-z]{2,20}){0,4}$/) ? { reasonCode } : {}),
        ...(matches(revision, /^[\w-]{1,255}:\d{1,9}$/) ? { revision } : {}),
        ...(matches(commit, /^[0-9a-f]{7,12}$/) ? { commit } : {}),
        ...(whole(took, 999_999) ? { took } : {})
    };
}
const toBase64 = (text) => btoa(text.replace(/[^\x20-\x7e]/g, '_'));
const fromBase64 = (text) => atob(text);

// EXTERNAL MODULE: ./lib/report/page.js + 9 modules
var page = __webpack_require__(1894);
;// CONCATENATED MODULE: ./lib/report/comment.js



/** GitHub takes 65,536 characters; what it counts as one is not said for every character. */
const mostCharacters = 64_000;
/** What a comment remembers of this run. `run` is the id of the workflow run. */
function attemptOf(view, run, attempt) {
    const { ending, newTaskDefinition, commit, startedAt, now } = view;
    const seconds = (ms) => Math.max(0, Math.round(ms / 1000));
    return {
        run: /^\d{1,20}$/.test(run) ? run : '0',
        attempt,
        at: seconds(startedAt),
        ...(ending ? { outcome: ending.outcome, took: seconds(now - startedAt) } : {}),
        ...(ending?.reasonCode === undefined ? {} : { reasonCode: ending.reasonCode }),
        ...(newTaskDefinition === undefined ? {} : { revision: (0,arn/* revisionName */.pd)(newTaskDefinition) }),
        ...(commit === undefined ? {} : { commit: commit.sha.slice(0, 7) })
    };
}
/**
 * The comment of a run: marker, hidden state, page. `before` is what the comment held until now. From the level `from`
 * on, the first that fits is taken. Pure.
 */
function commentOf(view, current, before, from = 'whole') {
    const state = stateAfter(before, current);
    const head = `${markerOf(view)}\n${stateLine(state)}\n\n`;
    const shown = { ...view, past: state.past };
    const levels = page/* ladder */.T.slice(page/* ladder */.T.indexOf(from));
    const bodies = levels.map((level) => ({ level, body: head + (0,page/* pageOf */.Z)(shown, level) }));
    // The header never comes near the limit: each of its parts is bounded.
    return (bodies.find(({ body }) => body.length <= mostCharacters) ?? {
        level: 'header',
        body: head + (0,page/* pageOf */.Z)(shown, 'header')
    });
}

// EXTERNAL MODULE: ./lib/github/api.js
var github_api = __webpack_require__(7671);
// EXTERNAL MODULE: ./lib/github/last-words.js
var last_words = __webpack_require__(5175);
;// CONCATENATED MODULE: ./lib/github/pull-request.js

/**
 * What the event says of its pull request. Pure. `given` is the input `pr-number`, which wins. Undefined: nothing
 * leads to one.
 */
function leadOf(run, given) {
    if (given !== undefined)
        return { number: given };
    const { event, payload } = run;
    const own = number((0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(payload, 'pull_request'), 'number'));
    if (own !== undefined)
        return { number: own };
    const issue = (0,github_api/* field */.ZZ)(payload, 'issue');
    const commented = (0,github_api/* field */.ZZ)(issue, 'pull_request') === undefined ? undefined : number((0,github_api/* field */.ZZ)(issue, 'number'));
    if (commented !== undefined)
        return { number: commented };
    if (event === 'merge_group') {
        // gh-readonly-queue/main/pr-123-<sha of the base>
        const head = (0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(payload, 'merge_group'), 'head_ref');
        const queued = /\/pr-(\d{1,9})-[0-9a-f]{7,64}$/.exec(typeof head === 'string' ? head : run.ref)?.[1];
        if (queued !== undefined)
            return { number: Number(queued) };
    }
    if (event === 'workflow_run')
        return leadOfRun((0,github_api/* field */.ZZ)(payload, 'workflow_run'));
    const branch = /^refs\/heads\/(.+)$/.exec(run.ref)?.[1];
    return run.sha === '' ? undefined : { sha: run.sha, ...(branch === undefined ? {} : { branch }) };
}
function leadOfRun(workflow) {
    const sha = pull_request_text((0,github_api/* field */.ZZ)(workflow, 'head_sha'));
    const pulls = (0,github_api/* field */.ZZ)(workflow, 'pull_requests');
    // Empty for a fork's; several when several branches have the commit.
    const numbers = (Array.isArray(pulls) ? pulls : [])
        .filter((p) => sha === undefined || [sha, undefined].includes(pull_request_text((0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(p, 'head'), 'sha'))))
        .flatMap((p) => number((0,github_api/* field */.ZZ)(p, 'number')) ?? []);
    if (numbers.length === 1 && numbers[0] !== undefined)
        return { number: numbers[0] };
    if (sha === undefined)
        return undefined;
    const branch = pull_request_text((0,github_api/* field */.ZZ)(workflow, 'head_branch'));
    const owner = pull_request_text((0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(workflow, 'head_repository'), 'owner'), 'login'));
    return {
        sha,
        ...(branch === undefined ? {} : { branch }),
        ...(owner === undefined ? {} : { owner })
    };
}
/** Follows a lead; undefined when no pull request belongs to it (yet). Throws GitHubFault. */
async function pullRequest(api, lead, signal) {
    if (lead === undefined)
        return undefined;
    if ('number' in lead)
        return lead.number;
    const found = await ofCommit(api, lead.sha, signal);
    const chosen = choose(found, lead.sha, lead.branch);
    if (chosen !== undefined || lead.owner === undefined || lead.branch === undefined)
        return chosen;
    // A fork's commit is known to none; its branch is.
    const head = encodeURIComponent(`${lead.owner}:${lead.branch}`);
    const list = await api.ask('GET', `/pulls?state=open&head=${head}&per_page=100`, undefined, signal);
    const same = (Array.isArray(list) ? list : []).filter((p) => pull_request_text((0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(p, 'head'), 'sha')) === lead.sha);
    return number((0,github_api/* field */.ZZ)(same[0], 'number'));
}
async function ofCommit(api, sha, signal) {
    try {
        const list = await api.ask('GET', `/commits/${encodeURIComponent(sha)}/pulls?per_page=100`, undefined, signal);
        return Array.isArray(list) ? list : [];
    }
    catch (error) {
        // A commit that GitHub does not know has no pull request.
        if (error instanceof github_api/* GitHubFault */.Q4 && (error.kind === 'rejected' || error.kind === 'missing'))
            return [];
        throw error;
    }
}
/**
 * Of the pull requests that have a commit, the one it was deployed for: that which this commit merged; else the open
 * one whose head it is, of this branch first; else a merged one that has it; else the only one. Pure.
 */
function choose(pulls, sha, branch) {
    const newest = [...pulls].sort((a, b) => (number((0,github_api/* field */.ZZ)(b, 'number')) ?? 0) - (number((0,github_api/* field */.ZZ)(a, 'number')) ?? 0));
    const isMerged = (p) => typeof (0,github_api/* field */.ZZ)(p, 'merged_at') === 'string';
    const isHead = (p) => (0,github_api/* field */.ZZ)(p, 'state') === 'open' && (0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(p, 'head'), 'sha') === sha;
    const chosen = newest.find((p) => isMerged(p) && (0,github_api/* field */.ZZ)(p, 'merge_commit_sha') === sha) ??
        newest.find((p) => isHead(p) && (0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(p, 'head'), 'ref') === branch) ??
        newest.find(isHead) ??
        newest.find(isMerged) ??
        (newest.length === 1 ? newest[0] : undefined);
    return number((0,github_api/* field */.ZZ)(chosen, 'number'));
}
function number(value) {
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
function pull_request_text(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}

;// CONCATENATED MODULE: ./lib/github/sticky.js




/** The workflow's own token speaks for this one; taken where GitHub does not say whom a token speaks for. */
const workflowBot = 'github-actions[bot]';
/** A run that began so long ago and has not ended was cut off, seconds. */
const longestAtWork = 3600;
/**
 * The one comment of an environment and service under a pull request: found by the marker at its start and by its
 * author, made when there is none, edited in place, never over a newer run.
 */
class StickyComment {
    api;
    pull;
    key;
    id;
    login;
    level = 'whole';
    before;
    constructor(api, pull, key, 
    /** Known from an earlier step of this run. */
    id) {
        this.api = api;
        this.pull = pull;
        this.key = key;
        this.id = id;
    }
    /** Id of the comment, once there is one. */
    get comment() {
        return this.id;
    }
    /** Shows this view. Throws GitHubFault; going down the ladder is done here. */
    async write(view, current, signal) {
        const there = this.id === undefined ? await this.find(signal) : await this.look(this.id, signal);
        this.before = there === undefined ? this.before : readState(there.body, this.key);
        if (this.before && isNewer(this.before.current, current, view.now / 1000))
            return 'newer';
        for (;;) {
            const { body, level } = commentOf(view, current, this.before, this.level);
            try {
                if (there !== undefined)
                    await this.edit(there.id, body, signal);
                else
                    return await this.create(body, view, current, signal);
                this.id = there.id;
                return 'written';
            }
            catch (error) {
                const lower = page/* ladder */.T[page/* ladder */.T.indexOf(level) + 1];
                if (!(error instanceof github_api/* GitHubFault */.Q4) || error.kind !== 'too-long' || lower === undefined)
                    throw error;
                this.level = lower;
            }
        }
    }
    /**
     * Writes the last words. An older run that is still at work may have looked before we wrote, and write after it: then,
     * after a pause, ours are written once more.
     */
    async settle(view, current, pause, signal) {
        const written = await this.write(view, current, signal);
        if (written === 'newer' || !this.before || this.id === undefined)
            return written;
        const atWork = [this.before.current, ...this.before.past].some((a) => a.run !== current.run && a.outcome === undefined && current.at - a.at < longestAtWork);
        if (!atWork)
            return written;
        await pause();
        const there = await this.look(this.id, signal);
        const now = there && readState(there.body, this.key)?.current;
        const isOurs = now?.run === current.run && now.attempt === current.attempt && now.outcome !== undefined;
        return isOurs ? written : await this.write(view, current, signal);
    }
    async edit(id, body, signal) {
        await this.api.ask('PATCH', `/issues/comments/${id}`, { body }, signal);
    }
    /** Makes the comment. Another run may have made one at the same time: the older one stays, and is ours from now on. */
    async create(body, view, current, signal) {
        const made = listed(await this.api.ask('POST', `/issues/${this.pull}/comments`, { body }, signal));
        if (!made)
            throw new github_api/* GitHubFault */.Q4('rejected', 'the comment was made, but GitHub names no id');
        this.id = made.id;
        if (made.author !== '')
            this.login = made.author;
        const older = await this.find(signal);
        if (older === undefined || older.id >= made.id)
            return 'written';
        this.id = older.id;
        await this.api.ask('DELETE', `/issues/comments/${made.id}`, undefined, signal);
        return await this.write(view, current, signal);
    }
    /** The comment as it is now; undefined when somebody has deleted it. */
    async look(id, signal) {
        try {
            const found = listed(await this.api.ask('GET', `/issues/comments/${id}`, undefined, signal));
            if (found && isOurs(found.body, this.key))
                return found;
        }
        catch (error) {
            if (!(error instanceof github_api/* GitHubFault */.Q4) || error.kind !== 'missing')
                throw error;
        }
        this.id = undefined;
        return await this.find(signal);
    }
    /** The oldest comment that is ours. Comments come oldest first. */
    async find(signal) {
        let found;
        await this.api.pages(`/issues/${this.pull}/comments`, async (page) => {
            const marked = page.flatMap((c) => listed(c) ?? []).filter((c) => isOurs(c.body, this.key));
            // Asked only where it matters: some comment has our marker, and anybody can write one.
            if (marked.length > 0)
                this.login ??= (await this.api.viewer(signal)) ?? workflowBot;
            found = marked.find((c) => c.author === this.login);
            return found !== undefined;
        }, signal);
        return found;
    }
}
function listed(comment) {
    const id = (0,github_api/* field */.ZZ)(comment, 'id');
    const author = (0,github_api/* field */.ZZ)((0,github_api/* field */.ZZ)(comment, 'user'), 'login');
    const body = (0,github_api/* field */.ZZ)(comment, 'body');
    if (typeof id !== 'number')
        return undefined;
    return { id, author: typeof author === 'string' ? author : '', body: typeof body === 'string' ? body : '' };
}

;// CONCATENATED MODULE: ./lib/github/comment-face.js





/** A run that is over at once makes one comment and no edit. */
const firstAfterMs = 2000;
/** After so many edits, the next one comes that late: 20 minutes make 40 edits. */
const pace = [
    { edits: 10, everyMs: 15_000 },
    { edits: 30, everyMs: 30_000 },
    { edits: Infinity, everyMs: 60_000 }
];
/** GitHub knows a merge a little later than it tells workflows of it. */
const lookAgainMs = [5000, 10_000, 20_000, 60_000];
/**
 * Keeps the pull request's comment as new as the run, beside the run and on a clock of its own. Trouble with GitHub
 * ends in one sentence at the end, never in the run.
 */
class CommentFace {
    options;
    stop = new AbortController();
    sticky;
    working;
    changed = false;
    nextAt;
    edits = 0;
    looks = 0;
    failures = 0;
    /** Why nothing more is written. */
    over;
    last;
    constructor(options) {
        this.options = options;
        this.nextAt = options.clock.now() + firstAfterMs;
    }
    see(happening) {
        if (happening.code === 'ended' || this.stop.signal.aborted || this.over !== undefined)
            return;
        this.changed = true;
        this.working ??= this.work()
            .catch(() => undefined)
            .finally(() => {
            this.working = undefined;
        });
    }
    async work() {
        const { clock, view } = this.options;
        while (this.changed && this.over === undefined) {
            try {
                await clock.sleep(Math.max(0, this.nextAt - clock.now()), this.stop.signal);
            }
            catch {
                return;
            }
            this.changed = false;
            await this.show(view());
        }
    }
    async finish(view) {
        const { clock, finishMs } = this.options;
        this.stop.abort();
        const words = (0,last_words/* lastWords */.a)(clock, finishMs());
        // A write that is under way must not come after the last one.
        if (this.working)
            await Promise.race([this.working, clock.sleep(finishMs() / 2, words.signal).catch(() => undefined)]);
        this.failures = 0;
        let shown;
        // While a limit lasts, asking would only make it longer.
        const isLimited = this.last?.kind === 'limited' && (this.last.until ?? 0) > clock.now();
        let goesOn = !isLimited || (await words.again(this.last, 0));
        while (goesOn && this.over === undefined && !words.signal.aborted) {
            shown = await this.show(view, words.signal);
            if (shown === 'written')
                break;
            goesOn = shown === undefined ? await words.again(this.last, this.failures) : this.looks < 3;
            if (shown === 'no-pull-request' && goesOn)
                await clock.sleep(700, words.signal).catch(() => undefined);
        }
        await words.done();
        return this.trouble(shown === 'written');
    }
    /** One try to show a view; what went wrong is kept, and moves the next try. */
    async show(view, signal) {
        const { clock, workflow, remember } = this.options;
        try {
            this.sticky ??= await this.find(signal);
            if (!this.sticky)
                return 'no-pull-request';
            const knew = this.sticky.comment;
            const attempt = attemptOf(view, workflow.runId, workflow.attempt);
            const pause = () => clock.sleep(700, signal).catch(() => undefined);
            const written = view.ending
                ? await this.sticky.settle(view, attempt, pause, signal)
                : await this.sticky.write(view, attempt, signal);
            const { pull, comment } = this.sticky;
            if (comment !== undefined && comment !== knew)
                remember({ pull, comment });
            if (written === 'newer')
                this.over = 'newer';
            this.failures = 0;
            this.last = undefined;
            this.edits++;
            this.nextAt = clock.now() + (pace.find((p) => this.edits <= p.edits)?.everyMs ?? 60_000);
            return 'written';
        }
        catch (error) {
            this.failed(error instanceof github_api/* GitHubFault */.Q4 ? error : new github_api/* GitHubFault */.Q4('rejected', String(error)));
            return undefined;
        }
    }
    async find(signal) {
        const { api, clock, workflow, prNumber, view, remember } = this.options;
        const lead = leadOf(workflow, prNumber);
        const pull = await pullRequest(api, lead, signal);
        if (pull !== undefined) {
            remember({ pull });
            const { environment, cluster, service } = view();
            return new StickyComment(api, pull, { environment, cluster, service });
        }
        const wait = lookAgainMs[this.looks++];
        if (lead === undefined || wait === undefined)
            this.over = 'no-pull-request';
        else {
            this.changed = true;
            this.nextAt = clock.now() + wait;
        }
        return undefined;
    }
    failed(fault) {
        const { clock } = this.options;
        this.last = fault;
        this.failures++;
        this.changed = true;
        switch (fault.kind) {
            case 'denied':
            case 'missing':
            case 'rejected':
            case 'too-long':
                this.over = { trouble: `${fault.message}${hintOf(fault)}` };
                return;
            case 'limited':
                this.nextAt = Math.max(fault.until ?? 0, clock.now() + 15_000);
                return;
            case 'unreachable':
            case 'late':
                this.nextAt = clock.now() + Math.min(120_000, 15_000 * 2 ** Math.min(this.failures, 4));
        }
    }
    /** What a person should know at the end, or nothing. */
    trouble(isShown) {
        const { say, workflow, prNumber, clock } = this.options;
        if (typeof this.over === 'object')
            return { face: 'comment', text: `The pull request comment is not written: ${this.over.trouble}.` };
        if (this.over === 'newer') {
            say('The pull request comment shows a newer run of this environment and service; this one left it alone.');
            return undefined;
        }
        if (isShown)
            return undefined;
        const stands = this.edits === 0 && this.options.begun !== true
            ? 'is not written'
            : 'shows an earlier state of this run';
        if (this.last) {
            const why = this.last.kind === 'limited' ? `${this.last.message} (a limit of GitHub)` : this.last.message;
            return {
                face: 'comment',
                text: `The pull request comment ${stands}: ${why}.`,
                ...((0,last_words/* mayPass */.b)(this.last) ? { again: this.last.until ?? clock.now() } : {})
            };
        }
        if (!this.sticky && leadOf(workflow, prNumber) !== undefined)
            say('No pull request belongs to this commit, so no comment is written.');
        return undefined;
    }
}
function hintOf({ kind, message }) {
    switch (kind) {
        case 'denied':
            if (/locked/i.test(message))
                return '';
            return '; give the job permissions: pull-requests: write (a workflow of a fork or of Dependabot may only read)';
        case 'missing':
            return '; the token does not see the repository or the pull request';
        default:
            return '';
    }
}


/***/ }),

/***/ 8552:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  v: () => (/* binding */ DeploymentFace)
});

// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/report/untrusted.js
var untrusted = __webpack_require__(5536);
// EXTERNAL MODULE: ./lib/report/redact.js
var redact = __webpack_require__(6749);
;// CONCATENATED MODULE: ./lib/report/deployment-status.js



/** GitHub takes no more. */
const mostCharacters = 140;
/** The statuses that an ending gives the deployment of this run, in order. Pure. */
function statusesOf(ending) {
    const description = describe(ending);
    // It failed, and it does not serve: the environment shows the deployment before.
    return states[ending.outcome].map((state) => ({ state, description }));
}
const states = {
    deployed: ['success'],
    unchanged: ['success'],
    'rolled-back': ['failure', 'inactive'],
    'rollback-failed': ['failure'],
    failed: ['failure'],
    superseded: ['inactive'],
    refused: ['failure'],
    inconclusive: ['failure'],
    cancelled: ['failure'],
    ok: ['success'],
    problems: ['failure']
};
function describe({ outcome, reason }) {
    const first = (0,redact/* withoutAccounts */.JV)(reason.split('\n')[0] ?? '');
    return cut((0,untrusted/* oneLine */.TN)(`${outcome}: ${first}`, 400));
}
/** What is said when the deployment begins. */
function describeStart({ service, previousTaskDefinition, newTaskDefinition }) {
    const way = [previousTaskDefinition, newTaskDefinition]
        .flatMap((arn) => (arn === undefined ? [] : (0,domain_arn/* revisionName */.pd)(arn)))
        .join(' to ');
    return cut((0,untrusted/* oneLine */.TN)(`${service}: ${way}`, 400));
}
function cut(text) {
    const all = Array.from(text);
    return all.length <= mostCharacters ? text : `${all.slice(0, mostCharacters - 1).join('')}…`;
}

// EXTERNAL MODULE: ./lib/report/links.js
var links = __webpack_require__(4503);
// EXTERNAL MODULE: ./lib/github/api.js
var github_api = __webpack_require__(7671);
// EXTERNAL MODULE: ./lib/github/last-words.js
var last_words = __webpack_require__(5175);
;// CONCATENATED MODULE: ./lib/github/deployments.js





const againAfterMs = [5000, 15_000, 30_000];
/**
 * A GitHub deployment of this run: made when the service is touched, in progress until the verdict, and then success,
 * failure, or inactive where it does not serve. The one that a success replaces becomes inactive: GitHub's own way
 * would take those of other services of the environment too.
 */
class DeploymentFace {
    options;
    id;
    beginning;
    stop = new AbortController();
    fault;
    told = new Set();
    constructor(options) {
        this.options = options;
        this.id = options.deployment;
    }
    see(happening) {
        if (happening.code === 'step' && happening.step === 'release')
            this.beginning ??= this.begin();
    }
    async begin() {
        const { clock, view } = this.options;
        for (const wait of againAfterMs) {
            if (await this.tryTo(async () => await this.create(view(), this.stop.signal)))
                return;
            if (this.fault?.kind === 'denied' || this.fault?.kind === 'rejected' || this.fault?.kind === 'missing')
                return;
            try {
                await clock.sleep(Math.max(wait, (this.fault?.until ?? 0) - clock.now()), this.stop.signal);
            }
            catch {
                return;
            }
        }
    }
    async finish(view) {
        const { clock, finishMs } = this.options;
        const { ending } = view;
        if (!ending || (this.beginning === undefined && this.id === undefined))
            return undefined;
        const words = (0,last_words/* lastWords */.a)(clock, finishMs());
        const half = clock.sleep(finishMs() / 2, words.signal).catch(() => undefined);
        if (this.id === undefined)
            await Promise.race([this.beginning, half]);
        this.stop.abort();
        const refused = this.id === undefined && this.fault !== undefined && !(0,last_words/* mayPass */.b)(this.fault);
        for (let failures = 1; !refused; failures++) {
            if (await this.tryTo(async () => await this.conclude(view, words.signal)))
                break;
            if (!(await words.again(this.fault, failures)))
                break;
        }
        await words.done();
        if (this.fault === undefined)
            return undefined;
        const hint = this.fault.kind === 'denied' ? '; give the job permissions: deployments: write' : '';
        const what = this.id === undefined ? 'is not made' : 'may show an earlier state';
        const later = this.id !== undefined && (0,last_words/* mayPass */.b)(this.fault);
        return {
            face: 'deployment',
            text: `The GitHub deployment ${what}: ${this.fault.message}${hint}.`,
            ...(later ? { again: this.fault.until ?? clock.now() } : {})
        };
    }
    async conclude(view, signal) {
        const { ending } = view;
        if (!ending)
            return;
        await this.create(view, signal);
        const statuses = statusesOf(ending).filter(({ state }) => !this.told.has(state));
        for (const status of statuses) {
            await this.tell(status, view, signal);
            this.told.add(status.state);
        }
        if (this.told.has('success'))
            await this.retire(view, signal);
    }
    async create(view, signal) {
        if (this.id !== undefined)
            return;
        const { api, workflow, remember } = this.options;
        const { environment, cluster, service, mode, newTaskDefinition } = view;
        const made = await api.ask('POST', '/deployments', {
            ref: workflow.sha,
            task: mode ?? 'deploy',
            environment,
            // Checks of the commit are the workflow's own matter, and a merge is nobody's wish here.
            required_contexts: [],
            auto_merge: false,
            description: describeStart(view),
            payload: {
                cluster,
                service,
                taskDefinition: (0,domain_arn/* revisionName */.pd)(newTaskDefinition ?? ''),
                run: workflow.runId
            }
        }, signal);
        const id = (0,github_api/* field */.ZZ)(made, 'id');
        if (typeof id !== 'number')
            throw new github_api/* GitHubFault */.Q4('rejected', 'GitHub made no deployment of this commit');
        this.id = id;
        remember(id);
        await this.tell({ state: 'in_progress', description: describeStart(view) }, view, signal);
    }
    async tell({ state, description }, view, signal) {
        const { api, workflow } = this.options;
        const url = (0,links/* serviceUrl */.Rs)(view);
        await api.ask('POST', `/deployments/${this.id ?? 0}/statuses`, {
            state,
            description,
            auto_inactive: false,
            ...(workflow.runUrl === undefined ? {} : { log_url: workflow.runUrl }),
            ...(url === undefined ? {} : { environment_url: url })
        }, signal);
    }
    /** What this service ran before in this environment is no longer active. A detail: trouble with it is not told. */
    async retire(view, signal) {
        const { api } = this.options;
        try {
            const environment = encodeURIComponent(view.environment);
            const list = await api.ask('GET', `/deployments?environment=${environment}&per_page=30`, undefined, signal);
            const before = (Array.isArray(list) ? list : []).find((d) => {
                const id = (0,github_api/* field */.ZZ)(d, 'id');
                const payload = payloadOf(d);
                return (typeof id === 'number' &&
                    id < (this.id ?? 0) &&
                    (0,github_api/* field */.ZZ)(payload, 'service') === view.service &&
                    (0,github_api/* field */.ZZ)(payload, 'cluster') === view.cluster);
            });
            const id = (0,github_api/* field */.ZZ)(before, 'id');
            if (typeof id !== 'number')
                return;
            await api.ask('POST', `/deployments/${id}/statuses`, { state: 'inactive', auto_inactive: false }, signal);
        }
        catch (error) {
            if (!(error instanceof github_api/* GitHubFault */.Q4))
                throw error;
        }
    }
    async tryTo(act) {
        try {
            await act();
            this.fault = undefined;
            return true;
        }
        catch (error) {
            this.fault = error instanceof github_api/* GitHubFault */.Q4 ? error : new github_api/* GitHubFault */.Q4('rejected', String(error));
            return false;
        }
    }
}
/** GitHub gives an object, or the text that was sent. */
function payloadOf(deployment) {
    const payload = (0,github_api/* field */.ZZ)(deployment, 'payload');
    if (typeof payload !== 'string')
        return payload;
    try {
        return JSON.parse(payload);
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 5175:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ lastWords),
/* harmony export */   b: () => (/* binding */ mayPass)
/* harmony export */ });
/** Of what GitHub answers, these may pass. */
const passing = ['limited', 'unreachable', 'late'];
const longestGapMs = 15_000;
/** True when another try may help. */
function mayPass(fault) {
    return fault !== undefined && passing.includes(fault.kind);
}
/** Starts the time for the last words, milliseconds. */
function lastWords(clock, ms) {
    const end = new AbortController();
    const done = new AbortController();
    const until = clock.now() + ms;
    const deadline = clock.sleep(ms, done.signal).then(() => end.abort(), () => undefined);
    return {
        signal: end.signal,
        again: async (fault, failures) => {
            if (end.signal.aborted || !mayPass(fault))
                return false;
            const gap = Math.min(longestGapMs, 700 * 3 ** Math.max(0, failures - 1));
            const at = Math.max(clock.now() + gap, fault.until ?? 0);
            // A limit that outlasts our time is not worth waiting for.
            if (at >= until)
                return false;
            await clock.sleep(at - clock.now(), end.signal).catch(() => undefined);
            return !end.signal.aborted;
        },
        done: async () => {
            done.abort();
            await deadline;
            end.abort();
        }
    };
}


/***/ })

};
