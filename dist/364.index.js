export const id = 364;
export const ids = [364];
export const modules = {

/***/ 8843:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ behind),
/* harmony export */   t: () => (/* binding */ isNetwork)
/* harmony export */ });
/* harmony import */ var _known_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6012);
/* harmony import */ var _reader_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5328);


/** A shared load balancer may have dozens of listeners; the rules of more than these are not read. */
const mostListeners = 10;
/** The load balancers in front of the target groups, what their listeners do, and where they stand. */
function behind(groups, around, read) {
    const arns = groups.then(balancersOf);
    const balancers = arns.then(async (found) => {
        if (!found.known || found.value.length === 0)
            return found.known ? (0,_known_js__WEBPACK_IMPORTED_MODULE_1__/* .known */ .eO)([]) : found;
        return await read.read('elasticloadbalancing:DescribeLoadBalancers', around.balancers, found.value);
    });
    const listeners = arns.then((found) => (0,_reader_js__WEBPACK_IMPORTED_MODULE_0__/* .each */ .__)(found.known ? found.value : [], (arn) => read.read('elasticloadbalancing:DescribeListeners', around.listeners, arn)));
    return {
        balancers,
        listeners,
        rules: Promise.all([groups, listeners]).then(([known, seen]) => rulesOf(known, seen, around, read)),
        balancerSubnets: balancers.then((found) => subnetsOf(found, around, read))
    };
}
/** Whose target groups these are; or why nobody knows. */
function balancersOf(groups) {
    if (!groups.known)
        return groups;
    const arns = [...new Set(groups.value.flatMap((g) => g.loadBalancers ?? []))];
    const silent = arns.length === 0 && groups.value.some((g) => g.loadBalancers === undefined);
    return silent ? (0,_known_js__WEBPACK_IMPORTED_MODULE_1__/* .unknown */ .L5)('the target group does not say which load balancers it has') : (0,_known_js__WEBPACK_IMPORTED_MODULE_1__/* .known */ .eO)(arns);
}
/** The rules of the listeners, when a group gets its requests by none of their default actions. */
async function rulesOf(groups, listeners, around, read) {
    // Those of a network load balancer have no rules.
    const all = [...listeners]
        .filter(([arn]) => !isNetwork(arn))
        .flatMap(([, found]) => (found.known ? found.value : []));
    const byDefault = !groups.known || groups.value.every(({ arn }) => all.some((l) => l.targetGroups.includes(arn)));
    if (byDefault)
        return new Map();
    const arns = all.map((l) => l.arn).slice(0, mostListeners);
    return await (0,_reader_js__WEBPACK_IMPORTED_MODULE_0__/* .each */ .__)(arns, (arn) => read.read('elasticloadbalancing:DescribeRules', around.rules, arn));
}
/** True for the ARN of a network load balancer: those know no HTTP. */
function isNetwork(balancerArn) {
    return /[:/]loadbalancer\/net\//.test(balancerArn);
}
async function subnetsOf(balancers, around, read) {
    if (!balancers.known)
        return balancers;
    const ids = [...new Set(balancers.value.flatMap((b) => b.zones.flatMap((z) => z.subnet ?? [])))];
    if (ids.length === 0)
        return (0,_known_js__WEBPACK_IMPORTED_MODULE_1__/* .known */ .eO)([]);
    return await read.read('ec2:DescribeSubnets', around.subnets, ids);
}


/***/ }),

/***/ 7416:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $Z: () => (/* binding */ serviceConsole),
/* harmony export */   SL: () => (/* binding */ clusterName),
/* harmony export */   xi: () => (/* binding */ serviceCommand)
/* harmony export */ });
/** The last part of a cluster ARN. */
function clusterName({ clusterArn }) {
    return clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
}
/** `aws ecs update-service` for this service, with these options. */
function serviceCommand(service, options) {
    return `aws ecs update-service --cluster ${clusterName(service)} --service ${service.name} ${options}`;
}
/** The way to the service in the console. */
function serviceConsole(service, tab) {
    return `ECS → Clusters → ${clusterName(service)} → Services → ${service.name} → ${tab}`;
}


/***/ }),

/***/ 4364:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  preflight: () => (/* binding */ preflight)
});

// UNUSED EXPORTS: findingsOf

// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/preflight/check.js
var preflight_check = __webpack_require__(3719);
// EXTERNAL MODULE: ./lib/preflight/facts.js
var preflight_facts = __webpack_require__(4428);
// EXTERNAL MODULE: ./lib/preflight/behind.js
var behind = __webpack_require__(8843);
;// CONCATENATED MODULE: ./lib/preflight/ways.js


/** How requests come to this target group from these load balancers. */
function waysTo(facts, balancers, group) {
    const ways = [];
    let listeners = 0;
    let unread;
    for (const balancer of balancers) {
        const seen = (0,preflight_facts.of)(facts.listeners, balancer);
        if (!seen.known) {
            unread ??= seen.why;
            continue;
        }
        listeners += seen.value.length;
        for (const listener of seen.value) {
            if (listener.targetGroups.includes(group))
                ways.push({ listener });
            if ((0,behind/* isNetwork */.t)(balancer))
                continue;
            const rules = (0,preflight_facts.of)(facts.rules, listener.arn);
            if (rules.known)
                ways.push(...byRules(listener, rules.value, group));
            else
                unread ??= rules.why;
        }
    }
    return { ways, listeners, ...(unread === undefined ? {} : { unread }) };
}
function byRules(listener, rules, group) {
    return rules
        .filter((r) => r.targetGroups.includes(group))
        .map((rule) => {
        const before = rules
            .filter((r) => r.priority < rule.priority && !r.targetGroups.includes(group) && takesAll(r, rule))
            .map((r) => r.priority)
            .sort((a, b) => a - b)[0];
        const { arn, priority } = rule;
        return {
            listener,
            rule: { arn, priority, says: sayConditions(rule) },
            ...(before === undefined ? {} : { before })
        };
    });
}
/** True when a rule takes every request that the other would take: certain, never guessed. */
function takesAll(first, other) {
    return first.conditions.every(({ field, values }) => {
        if (values.some(isAnything))
            return true;
        return other.conditions.some((c) => c.field === field && c.values.length > 0 && c.values.every((v) => values.some((p) => covers(p, v))));
    });
}
const isAnything = (pattern) => pattern === '*' || pattern === '/*';
/** Whether a pattern takes all that the other takes; `*` stands for anything, elsewhere they must be equal. */
function covers(pattern, other) {
    if (pattern === other)
        return true;
    const open = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
    return open !== undefined && !/[*?]/.test(open) && other.startsWith(open);
}
function sayConditions({ conditions }) {
    return conditions.map(({ field, values }) => `${field} ${values.join(' or ')}`).join(', ');
}
/** `listener HTTPS 443` */
function sayListener({ protocol, port }) {
    return ['listener', protocol, port].filter((t) => t !== undefined).join(' ');
}

;// CONCATENATED MODULE: ./lib/preflight/checks/balanced.js




/** True when a target of this group is healthy now: whatever is between load balancer and tasks works. */
function healthyNow(facts, targetGroupArn) {
    const targets = (0,preflight_facts.of)(facts.targets, targetGroupArn);
    return targets.known && targets.value.some((t) => t.state === 'healthy');
}
/** A target group that no listener and no rule sends requests to. */
const balanced = {
    name: 'target-group-in-use',
    area: 'load balancer',
    question: 'Does a listener, or a rule of one that is reached, send requests to the target group?',
    reads: [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules'
    ],
    worst: 'error',
    source: 'Target.NotInUse in the ELB user guides: without a listener no check is sent, and no target gets healthy',
    look(facts) {
        const arns = facts.service.loadBalancers.flatMap((l) => l.targetGroupArn ?? []);
        return (0,preflight_check/* gravest */.Zk)(arns.map((arn) => inUse(facts, arn)), 'The service stands behind no load balancer.');
    }
};
function inUse(facts, arn) {
    const { groups } = facts;
    if (!groups.known)
        return (0,preflight_check/* unknowable */.LJ)(groups.why);
    const name = (0,domain_arn/* targetGroupName */.IT)(arn);
    const group = groups.value.find((g) => g.arn === arn);
    if (group?.loadBalancers === undefined)
        return (0,preflight_check/* unknowable */.LJ)(`ELB does not say who uses ${name}`);
    if (group.loadBalancers.length === 0) {
        const says = `Target group ${name} is attached to no load balancer: its targets stay unused.`;
        const evidence = [`${name} names no load balancer`];
        return healthyNow(facts, arn)
            ? (0,preflight_check/* warning */.$e)(says, [...evidence, 'and yet a target of it is healthy'], attach(arn, 'LOAD_BALANCER'))
            : (0,preflight_check/* error */.z3)(says, evidence, attach(arn, 'LOAD_BALANCER'), 'target-not-in-use');
    }
    const { ways, listeners, unread } = waysTo(facts, group.loadBalancers, arn);
    const open = ways.filter((w) => w.before === undefined);
    const evidence = ways.map((w) => sayWay(w, name));
    if (open.length > 0)
        return (0,preflight_check.ok)(`${name} gets requests from a load balancer.`, evidence);
    const shadowed = ways[0];
    if (shadowed && unread === undefined)
        return neverReached(shadowed, name, evidence);
    // ELB names a load balancer only for a group that some listener or rule of it forwards to.
    if (ways.length > 0 || unread !== undefined)
        return (0,preflight_check.ok)(`${name} is attached to a load balancer.`, evidence);
    return noWay(facts, arn, listeners);
}
function sayWay({ listener, rule, before }, name) {
    const where = sayListener(listener);
    if (!rule)
        return `${where} forwards to ${name}`;
    const when = rule.says === '' ? 'every request' : rule.says;
    const behind = before === undefined ? '' : `, behind rule ${before} that takes the same requests`;
    return `rule ${rule.priority} of ${where} (${when}) forwards to ${name}${behind}`;
}
function neverReached({ listener, rule, before }, name, evidence) {
    const which = `Rule ${rule?.priority ?? ''} of ${sayListener(listener)}`;
    return (0,preflight_check/* warning */.$e)(`${which} forwards to ${name} and is never reached: rule ${before ?? ''} takes its requests first.`, evidence, {
        todo: `Give the rule a priority below ${before ?? ''}, or narrow the rule before it.`,
        console: 'EC2 → Load balancers → Listeners and rules → Reprioritize rules',
        command: `aws elbv2 set-rule-priorities --rule-priorities RuleArn=${rule?.arn ?? ''},Priority=PRIORITY`
    });
}
/** Attached by ELB's word, and yet no listener or rule was shown that forwards to it. */
function noWay(facts, arn, listeners) {
    const name = (0,domain_arn/* targetGroupName */.IT)(arn);
    const balancer = facts.groups.known
        ? (facts.groups.value.find((g) => g.arn === arn)?.loadBalancers?.[0] ?? '')
        : '';
    const which = `load balancer ${balancer.split('/').at(-2) ?? balancer}`;
    const says = listeners === 0
        ? `Target group ${name} gets no requests: ${which} has no listener.`
        : `Target group ${name} gets no requests: no listener and no rule of ${which} forwards to it.`;
    const evidence = [`${listeners} listeners of ${which}, none of which forwards to ${name}`];
    const targets = (0,preflight_facts.of)(facts.targets, arn);
    const unused = targets.known && targets.value.some((t) => t.state === 'unused');
    if (unused)
        return (0,preflight_check/* error */.z3)(says, [...evidence, 'its targets are unused'], attach(arn, balancer), 'target-not-in-use');
    // Two words of ELB against each other; what a healthy target says counts for more.
    return healthyNow(facts, arn)
        ? (0,preflight_check.ok)(`A target of ${name} is healthy now.`, evidence)
        : (0,preflight_check/* warning */.$e)(says, evidence, attach(arn, balancer));
}
function attach(arn, balancer) {
    const name = (0,domain_arn/* targetGroupName */.IT)(arn);
    return {
        todo: `Add a listener, or a rule of a listener, that forwards to ${name}.`,
        console: `EC2 → Load balancers → Listeners and rules → Forward to ${name}`,
        command: `aws elbv2 create-listener --load-balancer-arn ${balancer} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${arn}`
    };
}

;// CONCATENATED MODULE: ./lib/preflight/paths.js
/** Somewhere in the internet. */
const internet = { groups: [], cidrs: ['0.0.0.0/0'] };
/** Whether TCP to this port passes any of these rules. */
function passes(rules, port, other) {
    const answers = rules.filter((rule) => onPort(rule, port)).map((rule) => admits(rule, other));
    return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}
/** Security groups add up: what one of them admits, passes. Groups that were not found may admit anything. */
function passesAny(ids, known, direction, port, other) {
    const answers = ids.map((id) => {
        const group = known.get(id);
        // A group without any rule in either direction is more likely one that was not described.
        if (!group || group.ingress.length + group.egress.length === 0)
            return 'maybe';
        return passes(group[direction], port, other);
    });
    return answers.includes('yes') ? 'yes' : answers.includes('maybe') || answers.length === 0 ? 'maybe' : 'no';
}
function onPort({ protocol, from, to }, port) {
    if (protocol === '-1')
        return true;
    if (protocol !== 'tcp' && protocol !== '6')
        return false;
    return from === undefined || (port >= from && port <= (to ?? from));
}
function admits(rule, other) {
    // What it lets through is of a kind that is not read: IPv6, say.
    if (rule.groups.length + rule.cidrs.length + rule.prefixLists.length === 0)
        return 'maybe';
    if (rule.groups.some((id) => other.groups.includes(id)))
        return 'yes';
    if (other.cidrs.length > 0 && other.cidrs.every((cidr) => rule.cidrs.some((r) => paths_covers(r, cidr))))
        return 'yes';
    const near = other.cidrs.length === 0
        ? rule.cidrs.length > 0
        : other.cidrs.some((cidr) => rule.cidrs.some((r) => paths_covers(r, cidr) || paths_covers(cidr, r)));
    return near || rule.prefixLists.length > 0 ? 'maybe' : 'no';
}
/** True when every address of the second block is in the first. */
function paths_covers(outer, inner) {
    const a = block(outer);
    const b = block(inner);
    if (!a || !b || a.bits > b.bits)
        return false;
    const shift = 32 - a.bits;
    return a.bits === 0 || Math.floor(a.start / 2 ** shift) === Math.floor(b.start / 2 ** shift);
}
/** The first address and the length of a block of IPv4 addresses; undefined for anything else. */
function block(cidr) {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr);
    if (!match)
        return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number);
    const bits = Number(match[5] ?? 32);
    return { start: ((a * 256 + b) * 256 + c) * 256 + d, bits };
}

// EXTERNAL MODULE: ./lib/preflight/known.js
var known = __webpack_require__(6012);
;// CONCATENATED MODULE: ./lib/preflight/way-in.js



/** The ways that can be judged by security groups; or why they cannot. */
function waysIn(facts) {
    const { service, groups, balancers, securityGroups, subnets, balancerSubnets } = facts;
    if (service.loadBalancers.length === 0)
        return (0,known/* known */.eO)([]);
    if (service.network === undefined)
        return (0,known/* unknown */.L5)('the tasks share the addresses of their instances');
    if (!groups.known)
        return groups;
    if (!balancers.known)
        return balancers;
    if (!securityGroups.known)
        return securityGroups;
    const cidrs = (list, ids) => list.known ? list.value.filter((s) => ids.includes(s.id)).flatMap((s) => s.cidr ?? []) : [];
    const to = {
        groups: service.network.securityGroups,
        cidrs: cidrs(subnets, service.network.subnets)
    };
    const ways = service.loadBalancers.flatMap(({ targetGroupArn, containerPort }) => {
        const group = groups.value.find((g) => g.arn === targetGroupArn);
        if (targetGroupArn === undefined || !group || group.addressType === 'ipv6')
            return [];
        const health = group.port === undefined || group.port === 'traffic-port' ? containerPort : Number(group.port);
        const targets = (0,preflight_facts.of)(facts.targets, targetGroupArn);
        return balancers.value
            .filter((b) => group.loadBalancers?.includes(b.arn) === true && b.securityGroups.length > 0)
            .map((balancer) => ({
            balancer,
            group: (0,domain_arn/* targetGroupName */.IT)(targetGroupArn),
            groupArn: targetGroupArn,
            // A network load balancer may pass clients on as they are, and not by TCP: its own are the checks alone.
            ports: [...new Set(balancer.type === 'network' ? [health] : [containerPort, health])].filter((p) => p > 0),
            from: {
                groups: balancer.securityGroups,
                cidrs: cidrs(balancerSubnets, balancer.zones.map((z) => z.subnet))
            },
            to,
            groups: securityGroups.value,
            proven: targets.known && targets.value.some((t) => t.state === 'healthy')
        }));
    });
    return (0,known/* known */.eO)(ways);
}
/** `name (sg-…)` of each security group. */
function named(ids, groups) {
    return ids.map((id) => (groups.get(id) ? `${groups.get(id)?.name ?? ''} (${id})` : id)).join(', ');
}

;// CONCATENATED MODULE: ./lib/preflight/checks/balancer-lets-out.js



/** The load balancer's own security group keeps its requests in. */
const balancerLetsOut = {
    name: 'balancer-lets-out',
    area: 'network',
    question: "Does the load balancer's security group let its requests out to the tasks?",
    reads: [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeLoadBalancers',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets'
    ],
    worst: 'error',
    source: 'A load balancer whose group Terraform made, without an egress rule: its health checks never left it',
    look(facts) {
        const ways = waysIn(facts);
        if (!ways.known)
            return (0,preflight_check/* unknowable */.LJ)(ways.why);
        return (0,preflight_check/* gravest */.Zk)(ways.value.map(judged), 'No load balancer with a security group stands in front.');
    }
};
function judged({ balancer, ports, from, to, groups, proven }) {
    const tasks = named(to.groups, groups);
    const lb = named(from.groups, groups);
    const closed = ports.filter((port) => passesAny(from.groups, groups, 'egress', port, to) === 'no');
    const port = closed[0];
    if (port === undefined)
        return (0,preflight_check.ok)(`${lb} lets ${balancer.name} out on TCP ${ports.join(', ')}.`);
    if (proven)
        return (0,preflight_check.ok)(`A target of ${balancer.name} is healthy now.`);
    const group = from.groups.find((id) => groups.has(id)) ?? '';
    const none = groups.get(group)?.egress.length === 0;
    return (0,preflight_check/* error */.z3)(`The security group of load balancer ${balancer.name} has no egress to the tasks on TCP ${closed.join(', ')}: its health checks never leave it.`, [`${lb} has no egress rule ${none ? 'at all' : `for TCP ${closed.join(', ')} to ${tasks}`}`], {
        todo: `Let ${balancer.name} out: add an egress rule for TCP ${closed.join(', ')} to ${tasks} in ${lb}. Terraform makes a group without egress rules unless they are written down.`,
        console: `EC2 → Security groups → ${group} → Outbound rules → Edit`,
        command: `aws ec2 authorize-security-group-egress --group-id ${group} --ip-permissions 'IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${to.groups[0] ?? ''}}]'`
    }, 'elb-health-timeout');
}

// EXTERNAL MODULE: ./lib/domain/duration.js
var duration = __webpack_require__(738);
// EXTERNAL MODULE: ./lib/preflight/needs.js
var preflight_needs = __webpack_require__(990);
// EXTERNAL MODULE: ./lib/domain/service.js
var domain_service = __webpack_require__(8639);
// EXTERNAL MODULE: ./lib/domain/task-definition.js
var task_definition = __webpack_require__(2573);
;// CONCATENATED MODULE: ./lib/preflight/running.js



/**
 * True when the definition that runs has the same there, ECS's defaults aside: ECS has taken it before, so it is nothing
 * that would be refused now.
 */
function taken({ definition, running }, part) {
    const there = (d) => JSON.stringify(part((0,task_definition/* comparable */.Zm)(d)) ?? null);
    return there(definition) === there(running);
}
/** The container of this name. */
function containerNamed(definition, name) {
    return (0,preflight_needs/* rawContainers */.V)(definition).find((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') === name);
}
/** The tasks that run the revision which serves now; none when they could not be read. */
function servingTasks({ service, tasks }) {
    const serving = (0,domain_service/* primaryOf */.Os)(service)?.taskDefinition ?? service.taskDefinition;
    return tasks.known
        ? tasks.value.filter((t) => t.lastStatus === 'RUNNING' && t.taskDefinition === serving)
        : [];
}
/** The containers of this name in the tasks that serve now. */
function servingContainers(facts, name) {
    return servingTasks(facts).flatMap((t) => t.containers.filter((c) => c.name === name));
}

;// CONCATENATED MODULE: ./lib/preflight/checks/container-check.js




/** What ECS takes for each number of a health check, seconds but for `retries`. */
const ranges = {
    interval: [5, 300],
    timeout: [2, 60],
    retries: [1, 10],
    startPeriod: [0, 300]
};
/** Less than this from its start to UNHEALTHY is little for any application, milliseconds. */
const shortMs = 60_000;
/** Commands in a form that cannot do what is meant, and numbers that leave no time to start. */
const containerCheck = {
    name: 'container-check',
    area: 'definition',
    question: 'Are the health checks of the containers written as ECS runs them, with the time to start?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS API, HealthCheck: CMD runs a program, CMD-SHELL one text by the shell; the ranges of its numbers',
    look(facts) {
        const { definition } = facts;
        const checked = (0,preflight_needs/* rawContainers */.V)(definition).filter((c) => (0,preflight_needs/* objectOf */.Xy)(c, 'healthCheck') && counts(definition, c));
        const answers = checked.map((container) => {
            const name = (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '';
            const check = (0,preflight_needs/* objectOf */.Xy)(container, 'healthCheck') ?? {};
            const before = taken(facts, (d) => containerNamed(d, name)?.['healthCheck']);
            if (before && servingContainers(facts, name).some((c) => c.healthStatus === 'HEALTHY'))
                return (0,preflight_check.ok)(`${name} passes this check now.`);
            return (0,preflight_check/* gravest */.Zk)([...(before ? [] : refused(name, check)), container_check_form(name, check), patience(facts, name, check)], '');
        });
        return (0,preflight_check/* gravest */.Zk)(answers, 'No essential container has a health check in the task definition.');
    }
};
/** Its health is that of the task, or another container waits for it. */
function counts(definition, container) {
    const waited = (0,preflight_needs/* rawContainers */.V)(definition).some((c) => (0,preflight_needs/* listOf */.c3)(c, 'dependsOn').some((d) => d['containerName'] === container['name'] && d['condition'] === 'HEALTHY'));
    return container['essential'] !== false || waited;
}
/** What ECS does not take at all. */
function refused(name, check) {
    const command = check['command'];
    if (!Array.isArray(command) || command.length === 0)
        return [
            (0,preflight_check/* error */.z3)(`The health check command of ${name} is ${Array.isArray(command) ? 'empty' : 'no list'}, and ECS takes only a list of texts.`, [`healthCheck.command of ${name}`], `Write it as a list in container ${name}: ["CMD-SHELL", "the command || exit 1"].`)
        ];
    return Object.entries(ranges).flatMap(([key, [least, most]]) => {
        const value = (0,preflight_needs/* numberOf */.rl)(check, key);
        if (value === undefined || (value >= least && value <= most))
            return [];
        return [
            (0,preflight_check/* error */.z3)(`${key} of the health check of ${name} is ${value}, and ECS takes ${least} to ${most}.`, [`${key} ${value}`], `Set ${key} of the healthCheck of container ${name} to ${value < least ? least : most}${value < least ? ' or more' : ' or less'}.`)
        ];
    });
}
/** The command as it is written. */
function container_check_form(name, check) {
    const [kind = '', ...args] = texts(check);
    // The rest of a command may hold what is not for everybody.
    const shown = /^CMD(-SHELL)?$/.test(kind) ? `${kind} and ${args.length} arguments` : 'a text of its own';
    const evidence = [`the command of ${name} is ${shown}`];
    const fix = `Write the command of container ${name} as one text for the shell: ["CMD-SHELL", "the command || exit 1"].`;
    const odd = (says) => (0,preflight_check/* warning */.$e)(`The health check of ${name} ${says}`, evidence, fix);
    if (kind === 'CMD' && args.some((a) => /^(\|\||&&|[|;>])$/.test(a)))
        return odd('has shell signs among the arguments of CMD, which runs no shell: the program gets them as arguments.');
    if (kind === 'CMD' && args.length === 1 && /\s/.test(args[0] ?? ''))
        return odd('gives CMD a whole command line in one text, which is taken for the name of a program.');
    if (kind === 'CMD-SHELL' && args.length > 1)
        return odd('gives CMD-SHELL more than one text: the shell runs only the first of them.');
    if (!kind.startsWith('CMD') && kind !== 'NONE' && args.length === 0 && /\s/.test(kind))
        return odd('begins with neither CMD nor CMD-SHELL: its whole text is taken for the name of a program.');
    return (0,preflight_check.ok)(`${name} is asked in a form that ECS runs.`);
}
function texts(check) {
    const command = check['command'];
    return Array.isArray(command) ? command.filter((part) => typeof part === 'string') : [];
}
/** How soon a container that starts slowly is UNHEALTHY. */
function patience({ service }, name, check) {
    const seconds = (key, none) => (0,preflight_needs/* numberOf */.rl)(check, key) ?? none;
    const retries = seconds('retries', 3);
    const interval = seconds('interval', 30) * 1000;
    const startPeriod = seconds('startPeriod', 0) * 1000;
    const failsMs = startPeriod + retries * interval;
    const patient = Math.max(failsMs, service.gracePeriodMs);
    const sums = [
        `${retries} checks of ${name} every ${(0,duration/* sayDuration */.kP)(interval)}, startPeriod ${startPeriod === 0 ? 'off' : (0,duration/* sayDuration */.kP)(startPeriod)}; grace period of the service ${(0,duration/* sayDuration */.kP)(service.gracePeriodMs)}`
    ];
    if (startPeriod > 0 || patient >= shortMs)
        return (0,preflight_check.ok)(`${name} has ${(0,duration/* sayDuration */.kP)(patient)} to start.`, sums);
    return (0,preflight_check/* warning */.$e)(`Container ${name} is UNHEALTHY, and its task replaced, when it does not answer ${(0,duration/* sayDuration */.kP)(patient)} after its start: there is no startPeriod.`, sums, `Set startPeriod of the healthCheck of container ${name} above the longest start of the application, such as 60.`);
}

;// CONCATENATED MODULE: ./lib/domain/check-program.js
/** Which programs a container health check calls, and which kinds of images usually lack them. */
const kinds = [
    // Their -debug and -dev variants have a shell.
    {
        kind: 'distroless',
        name: /(^|[/:_.-])(distroless|scratch)([/:_.-]|\d|$)|(^|\/)chainguard\//,
        not: /[:_.-](debug|dev)([_.-]|$)/,
        lacks: ['sh', 'bash', 'curl', 'wget', 'nc']
    },
    { kind: 'alpine', name: /(^|[/:_.-])alpine([/:_.-]|\d|$)/, lacks: ['bash', 'curl'] },
    { kind: 'busybox', name: /(^|[/:_.-])busybox([/:_.-]|\d|$)/, lacks: ['bash', 'curl'] },
    { kind: 'slim', name: /[:_.-]slim([_.-]|\d|$)/, lacks: ['curl', 'wget', 'nc'] }
];
/** What the name of an image (repository and tag) says of what is in it; undefined when it says nothing. */
function kindOf(reference) {
    const name = reference.replace(/@sha256:[0-9a-f]+$/, '');
    // The host of a registry says nothing of an image.
    const path = name.replace(/^[^/]*[.:][^/]*\//, '');
    const found = kinds.find((k) => k.name.test(path) && k.not?.test(path) !== true);
    return found && { kind: found.kind, lacks: found.lacks };
}
const check_program_known = new Set(kinds.flatMap((k) => k.lacks));
/**
 * The programs of those that some images lack which a health check's command calls; `sh` for CMD-SHELL itself. Nothing
 * else of the command comes out: it may hold what is not for everybody.
 */
function programsOf(command) {
    const [kind = '', ...args] = command;
    const called = kind === 'CMD-SHELL'
        ? ['sh', ...args.slice(0, 1).flatMap(commandsIn)]
        : [plain((kind === 'CMD' ? args[0] : kind) ?? '')];
    return [...new Set(called)].filter((program) => check_program_known.has(program));
}
/** The first word of each command of a line for the shell. What is quoted is an argument. */
function commandsIn(line) {
    const bare = line.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, 'x');
    return bare.split(/\|\||&&|[|;&\n]/).flatMap((part) => {
        const words = part.trim().split(/\s+/);
        const first = words.find((w) => !/^(\w+=.*|[!({]+|if|then|else|while|exec|time|)$/.test(w));
        return first === undefined ? [] : [plain(first.replace(/^[!({]+/, ''))];
    });
}
function plain(program) {
    return program.slice(program.lastIndexOf('/') + 1);
}

// EXTERNAL MODULE: ./lib/domain/image.js
var domain_image = __webpack_require__(6321);
;// CONCATENATED MODULE: ./lib/preflight/checks/container-check-program.js





/** A health check that calls what the image may not have: then every task is replaced, well as it is. */
const containerCheckProgram = {
    name: 'container-check-program',
    area: 'definition',
    question: 'Is the program that a container health check calls likely to be in the image?',
    // The tasks that serve prove more, where they may be read.
    reads: ['ecs:DescribeTaskDefinition'],
    worst: 'warning',
    source: 'An image without curl, and a health check that called curl: every task was replaced, again and again',
    look(facts) {
        const checked = (0,preflight_needs/* rawContainers */.V)(facts.definition).filter((c) => c['essential'] !== false && (0,preflight_needs/* objectOf */.Xy)(c, 'healthCheck'));
        return (0,preflight_check/* gravest */.Zk)(checked.map((c) => called(facts, c)), 'No essential container has a health check in the task definition.');
    }
};
function called(facts, container) {
    const name = (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '';
    const image = (0,preflight_needs/* textOf */.b6)(container, 'image') ?? '';
    const reference = facts.named?.get(name) ?? image;
    const command = (0,preflight_needs/* objectOf */.Xy)(container, 'healthCheck')?.['command'];
    const programs = Array.isArray(command) ? programsOf(command.filter((c) => typeof c === 'string')) : [];
    const kind = kindOf(reference);
    const missing = programs.filter((p) => kind?.lacks.includes(p));
    if (!kind || missing.length === 0)
        return (0,preflight_check.ok)(`Nothing in the name of its image says that ${name} lacks ${programs.join(', ') || 'what its check calls'}.`);
    const what = missing.join(' and ');
    const same = taken(facts, (d) => (0,preflight_needs/* objectOf */.Xy)(containerNamed(d, name) ?? {}, 'healthCheck')?.['command']);
    if (same && servingContainers(facts, name).some((c) => proves(c, kind.kind, image)))
        return (0,preflight_check.ok)(`${name} passes this check now, in an image of this kind.`);
    return (0,preflight_check/* warning */.$e)(`The health check of ${name} calls ${what}, which ${kind.kind} images come without: if this one does too, every new task turns UNHEALTHY and is replaced.`, [`image ${reference}`, `healthCheck of ${name} calls ${programs.join(', ')}`], `Try it: docker run --rm --entrypoint ${missing[0] ?? ''} ${reference} --help. If it is not there, let the health check of container ${name} call what the application is made of, or install ${what} in the image.`);
}
/** HEALTHY by this very image, or by one whose name says the same of it. */
function proves({ healthStatus, image, imageDigest }, kind, next) {
    if (healthStatus !== 'HEALTHY')
        return false;
    const digest = (0,domain_image/* parseImage */.zZ)(next)?.digest;
    return (digest !== undefined && digest === imageDigest) || kindOf(image ?? '')?.kind === kind;
}

;// CONCATENATED MODULE: ./lib/preflight/checks/container-port.js



/** The container and the port that the load balancer sends requests to, in the definition. */
const containerPort = {
    name: 'container-port',
    area: 'load balancer',
    question: 'Has the task definition the container and the port that the service registers?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS API, Service.loadBalancers: containerName and containerPort must be in the task definition',
    look(facts) {
        return (0,preflight_check/* gravest */.Zk)(facts.service.loadBalancers.map((lb) => registered(facts, lb)), 'The service stands behind no load balancer.');
    }
};
function registered({ definition, running }, { containerName, containerPort: port }) {
    const names = (0,preflight_needs/* rawContainers */.V)(definition).map((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') ?? '');
    if (!names.includes(containerName))
        return (0,preflight_check/* error */.z3)(`The load balancer sends to container ${containerName}, which the task definition has not.`, [`it has ${names.join(', ')}`], `Name a container ${containerName}, or give the service's load balancer another container.`);
    const mapped = (0,task_definition/* portsOf */.a5)(definition, containerName);
    if (mapped === 'ranges' || mapped.includes(port))
        return (0,preflight_check.ok)(`${containerName}:${port} is mapped.`);
    const says = `The load balancer sends to port ${port} of container ${containerName}, which the task definition does not map.`;
    const evidence = [`it maps ${mapped.join(', ') || 'none'}`];
    const fix = `Map port ${port} in container ${containerName} (portMappings), or give the service's load balancer another port.`;
    const before = (0,task_definition/* portsOf */.a5)(running, containerName);
    // A definition that runs so is one that ECS has taken.
    return before !== 'ranges' && before.includes(port)
        ? (0,preflight_check/* error */.z3)(says, evidence, fix)
        : (0,preflight_check/* warning */.$e)(says, evidence, fix);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/depends-on.js



const conditions = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'];
/** Containers that wait for what never comes. */
const dependsOn = {
    name: 'depends-on',
    area: 'definition',
    question: 'Can every container that others wait for come to what they wait for?',
    reads: ['ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS API, ContainerDependency: HEALTHY needs a health check, COMPLETE and SUCCESS a container that is not essential',
    look(facts) {
        const waits = (0,preflight_needs/* rawContainers */.V)(facts.definition).flatMap((container) => (0,preflight_needs/* listOf */.c3)(container, 'dependsOn').map((d) => ({
            who: (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '',
            on: (0,preflight_needs/* textOf */.b6)(d, 'containerName') ?? '',
            condition: conditions.find((c) => c === d['condition']) ?? 'that is not known here'
        })));
        if (waits.length === 0)
            return (0,preflight_check.ok)('No container waits for another.');
        if (taken(facts, shape))
            return (0,preflight_check.ok)('The containers wait for each other as in the definition that runs.');
        const circle = circleIn(waits);
        return (0,preflight_check/* gravest */.Zk)([...waits.map((w) => depends_on_judged(facts, w)), ...(circle ? [circular(circle)] : [])], '');
    }
};
/** What waiting hangs on. */
function shape(definition) {
    return JSON.stringify((0,preflight_needs/* rawContainers */.V)(definition).map((c) => [
        (0,preflight_needs/* textOf */.b6)(c, 'name'),
        c['dependsOn'],
        c['essential'],
        (0,preflight_needs/* objectOf */.Xy)(c, 'healthCheck') !== undefined
    ]));
}
function depends_on_judged({ definition }, { who, on, condition }) {
    const other = containerNamed(definition, on);
    const evidence = [`${who} depends on ${on}, condition ${condition}`];
    if (!other) {
        const names = (0,preflight_needs/* rawContainers */.V)(definition).map((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') ?? '');
        return (0,preflight_check/* error */.z3)(`Container ${who} waits for container ${on}, which the task definition has not.`, [...evidence, `it has ${names.join(', ')}`], `Name one of its containers in dependsOn of ${who}, or leave it out.`);
    }
    if (/^(COMPLETE|SUCCESS)$/.test(condition) && other['essential'] !== false)
        return (0,preflight_check/* error */.z3)(`Container ${who} waits for the end of ${on}, which is essential: ECS does not take that, since its end would stop the task.`, [...evidence, `${on} is essential`], `Set essential to false for container ${on}.`);
    if (condition === 'HEALTHY' && !(0,preflight_needs/* objectOf */.Xy)(other, 'healthCheck'))
        return (0,preflight_check/* warning */.$e)(`Container ${who} waits until ${on} is HEALTHY, and ${on} has no healthCheck in the task definition: it may wait for ever.`, [...evidence, `${on} has no healthCheck (that of its image does not count)`], `Give container ${on} a healthCheck, or wait for START.`);
    return (0,preflight_check.ok)(`${who} waits for ${on}.`, evidence);
}
/** Names in a circle, each waiting for the next one; undefined when there is none. */
function circleIn(waits) {
    const follow = (path) => {
        const at = path.at(-1) ?? '';
        const from = path.indexOf(at);
        if (from < path.length - 1)
            return path.slice(from);
        for (const { on } of waits.filter((w) => w.who === at)) {
            const found = follow([...path, on]);
            if (found)
                return found;
        }
        return undefined;
    };
    for (const { who } of waits) {
        const found = follow([who]);
        if (found)
            return found;
    }
    return undefined;
}
function circular(names) {
    return (0,preflight_check/* error */.z3)(`Containers wait for each other in a circle: ${names.join(' → ')}.`, [`dependsOn: ${names.join(' → ')}`], 'Take one of them out of dependsOn.');
}

;// CONCATENATED MODULE: ./lib/preflight/checks/deployment-alarms.js

/** Alarms that rang before: ECS ignores them for the whole deployment. */
const deploymentAlarms = {
    name: 'deployment-alarms',
    area: 'service',
    question: "Are the service's deployment alarms quiet before the deployment?",
    reads: ['cloudwatch:DescribeAlarms'],
    worst: 'warning',
    source: 'ECS developer guide, deployment alarms: one that is in ALARM at the start is ignored for the whole deployment',
    look({ service, alarms }) {
        if (service.alarms?.enable !== true || service.alarms.names.length === 0)
            return (0,preflight_check.ok)('The service has no deployment alarms.');
        if (!alarms.known)
            return (0,preflight_check/* unknowable */.LJ)(alarms.why);
        const raised = alarms.value.filter((a) => a.state === 'ALARM');
        if (raised.length === 0)
            return (0,preflight_check.ok)(`Quiet: ${service.alarms.names.join(', ')}.`);
        const names = raised.map((a) => a.name);
        return (0,preflight_check/* warning */.$e)(`In ALARM already: ${names.join(', ')}. ECS ignores the alarms of the service for this deployment.`, raised.map((a) => `${a.name} is ALARM${a.reason === undefined ? '' : `: ${a.reason}`}`), {
            todo: 'Find out why it rings before deploying over it.',
            command: `aws cloudwatch describe-alarms --alarm-names ${names.map((n) => `'${n}'`).join(' ')}`
        });
    }
};

// EXTERNAL MODULE: ./lib/preflight/checks/drain.js
var drain = __webpack_require__(5191);
;// CONCATENATED MODULE: ./lib/preflight/checks/essential.js



/** Names of containers that do one thing and end. */
const once = /(^|[-_.])(init|migrate|migrations?|migrator|setup|bootstrap|seed)($|[-_.])/i;
/** Whose end ends the task. */
const essential = {
    name: 'essential',
    area: 'definition',
    question: 'Does the task end with the container that serves, and with no container that only does one thing?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS API, ContainerDefinition.essential: at least one is; when one of them stops, all of the task stop',
    look(facts) {
        const containers = (0,preflight_needs/* rawContainers */.V)(facts.definition);
        const names = containers.filter((c) => c['essential'] !== false).map((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') ?? '');
        if (containers.length > 0 && names.length === 0)
            return none(facts);
        return (0,preflight_check/* gravest */.Zk)([...serving(facts, names), ...names.map((n) => oneOff(facts, n))], 'No container was shown.');
    }
};
function none(facts) {
    const all = (0,preflight_needs/* rawContainers */.V)(facts.definition).map((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') ?? '');
    if (taken(facts, (d) => (0,preflight_needs/* rawContainers */.V)(d).map((c) => c['essential'] ?? true)))
        return (0,preflight_check.ok)('No container is essential, as in the definition that runs.');
    return (0,preflight_check/* error */.z3)('No container of the task definition is essential, and ECS takes none without.', [`essential is false for ${all.join(', ')}`], `Set essential to true for the container that serves${all[0] === undefined ? '' : `, such as ${all[0]}`}.`);
}
/** The container behind the load balancer may end, and its task goes on as if nothing were. */
function serving({ service, definition }, essential) {
    const behind = [...new Set(service.loadBalancers.map((l) => l.containerName))];
    return behind
        .filter((name) => containerNamed(definition, name) && !essential.includes(name))
        .map((name) => (0,preflight_check/* warning */.$e)(`The load balancer sends to container ${name}, which is not essential: when it ends, the task runs on without it.`, [`essential is false for ${name}; it is true for ${essential.join(', ')}`], `Set essential to true for container ${name}.`));
}
function oneOff(facts, name) {
    const runsOn = servingContainers(facts, name).some((c) => c.lastStatus === 'RUNNING');
    if (!once.test(name) || runsOn)
        return (0,preflight_check.ok)(`${name} is essential.`);
    return (0,preflight_check/* warning */.$e)(`Container ${name} is essential, and by its name it ends: its end stops the whole task.`, [
        `essential is ${containerNamed(facts.definition, name)?.['essential'] === undefined ? 'true by default' : 'true'} for ${name}`
    ], `Set essential to false for container ${name}, and let the others wait for it: dependsOn ${name}, condition SUCCESS.`);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/execution-role.js


/** Who fetches images, secrets and log streams before a container starts. */
const executionRole = {
    name: 'execution-role',
    area: 'definition',
    question: 'Is there an execution role where something must be fetched before a container starts?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS: Fargate requires an execution role for images of ECR and for awslogs, and every secret requires one',
    look({ definition, running, service }) {
        const role = (0,preflight_needs/* textOf */.b6)(definition, 'executionRoleArn');
        const fargate = (0,preflight_needs/* isFargate */.rd)(service, definition);
        const needs = [
            ...(fargate && (0,preflight_needs/* usesEcr */.Bu)(definition) ? ['images of ECR'] : []),
            ...(fargate && (0,preflight_needs/* logNeeds */.mT)(definition).length > 0 ? ['awslogs'] : []),
            ...((0,preflight_needs/* secretNeeds */.gg)(definition).length > 0 ? ['secrets'] : [])
        ];
        if (role !== undefined)
            return (0,preflight_check.ok)(`${role.slice(role.lastIndexOf('/') + 1)} fetches ${needs.join(', ') || 'nothing'}.`);
        if (needs.length === 0)
            return (0,preflight_check.ok)('Nothing needs an execution role.');
        const before = (0,preflight_needs/* textOf */.b6)(running, 'executionRoleArn');
        const says = `The task definition has no executionRoleArn, and ${needs.join(', ')} need${needs.length === 1 && needs[0] === 'awslogs' ? 's' : ''} one.`;
        const evidence = [
            before === undefined
                ? 'no executionRoleArn'
                : `no executionRoleArn; the definition that runs has ${before}`
        ];
        const fix = `Set executionRoleArn${before === undefined ? '' : ` to ${before}`} in the task definition.`;
        if (before !== undefined)
            return (0,preflight_check/* error */.z3)(says, evidence, fix);
        // Without one before, what runs has proven that it can do without, or that this is no real ECS.
        return service.running > 0 && (0,preflight_needs/* secretNeeds */.gg)(running).length === (0,preflight_needs/* secretNeeds */.gg)(definition).length
            ? (0,preflight_check.ok)('There is none, and the tasks that run do without it too.')
            : (0,preflight_check/* warning */.$e)(says, evidence, fix);
    }
};

// EXTERNAL MODULE: ./lib/preflight/fixes.js
var fixes = __webpack_require__(7416);
;// CONCATENATED MODULE: ./lib/preflight/checks/room-to-roll.js


/** How many tasks must stay healthy and how many may exist: ECS rounds the first up and the second down. */
function bounds({ service, desired }) {
    const minimum = service.minimumHealthyPercent ?? 100;
    const maximum = service.maximumPercent ?? 200;
    return {
        least: Math.ceil((desired * minimum) / 100),
        most: Math.floor((desired * maximum) / 100),
        minimum,
        maximum
    };
}
/** Percentages that leave room for neither a new task nor the end of an old one. */
const roomToRoll = {
    name: 'room-to-roll',
    area: 'service',
    question: 'Do minimumHealthyPercent, maximumPercent and the task count let a deployment move at all?',
    reads: ['ecs:DescribeServices'],
    worst: 'error',
    source: 'ECS developer guide, rolling deployments: the lower bound is rounded up, the upper bound down',
    look(facts) {
        const { service, desired } = facts;
        const { least, most, minimum, maximum } = bounds(facts);
        const sums = [
            `at least ${minimum} % of ${desired}: ${least} must stay healthy`,
            `at most ${maximum} % of ${desired}: ${most} may exist`
        ];
        if (service.scheduling !== 'REPLICA')
            return (0,preflight_check.ok)(`A ${service.scheduling} service has its own bounds.`);
        if (desired === 0)
            return (0,preflight_check.ok)('No task is wanted.');
        if (most > desired || least < desired)
            return (0,preflight_check.ok)('There is room to move.', sums);
        const says = `With ${desired} tasks, minimumHealthyPercent ${minimum} and maximumPercent ${maximum} ECS can neither start a new task nor stop an old one.`;
        const enough = Math.ceil(((desired + 1) * 100) / desired);
        const fix = {
            todo: `Set maximumPercent of service ${service.name} to 200 (${enough} is enough for one more task).`,
            command: (0,fixes/* serviceCommand */.xi)(service, '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100')
        };
        // With old tasks missing or unhealthy ECS may still move; with all of them there it cannot.
        return service.running >= desired ? (0,preflight_check/* error */.z3)(says, sums, fix, 'stuck') : (0,preflight_check/* warning */.$e)(says, sums, fix);
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/free-addresses.js


/** Each awsvpc task takes an address, and old and new tasks take theirs at the same time. */
const freeAddresses = {
    name: 'free-addresses',
    area: 'network',
    question: 'Have the subnets addresses for the new tasks beside the old ones?',
    reads: ['ec2:DescribeSubnets'],
    worst: 'error',
    source: 'EC2 API, AvailableIpAddressCount; a task of network mode awsvpc takes one address',
    look(facts) {
        const { service, subnets, desired } = facts;
        if (service.network === undefined)
            return (0,preflight_check.ok)('The tasks share the addresses of their instances.');
        if (!subnets.known)
            return (0,preflight_check/* unknowable */.LJ)(subnets.why);
        // Only IPv4 addresses are counted.
        if (subnets.value.some((s) => s.cidr === undefined))
            return (0,preflight_check/* unknowable */.LJ)('a subnet shows no IPv4 addresses');
        const counts = subnets.value.flatMap((s) => s.freeAddresses ?? []);
        if (counts.length < service.network.subnets.length)
            return (0,preflight_check/* unknowable */.LJ)('ec2:DescribeSubnets did not say how many addresses are free');
        const free = counts.reduce((sum, n) => sum + n, 0);
        const { least, most } = bounds(facts);
        const beside = Math.max(0, most - Math.max(service.running, 0));
        const sums = subnets.value.map((s) => `${s.id} has ${s.freeAddresses ?? '?'} free addresses`);
        if (free >= beside)
            return (0,preflight_check.ok)(`${free} addresses are free, ${beside} new tasks may come beside the old ones.`);
        const fix = {
            todo: `Give service ${service.name} another subnet, or free addresses in ${service.network.subnets.join(', ')}.`,
            console: 'VPC → Subnets → Available IPv4 addresses'
        };
        // No task may go first, and none can come.
        const none = free === 0 && least >= desired && service.running >= desired;
        return none
            ? (0,preflight_check/* error */.z3)('No address is left in the subnets, and every new task needs one.', sums, fix, 'subnet-exhausted')
            : (0,preflight_check/* warning */.$e)(`${free} addresses are free, and up to ${beside} new tasks come beside the old ones.`, sums, fix);
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/gap.js



/** One task that goes before the next one comes: nobody answers in between. */
const gap = {
    name: 'gap',
    area: 'service',
    question: 'Does something serve during the whole deployment?',
    reads: ['ecs:DescribeServices'],
    worst: 'warning',
    source: 'ECS developer guide, minimumHealthyPercent: ECS may stop that many tasks before new ones are healthy',
    look(facts) {
        const { service, desired } = facts;
        const { least, most, minimum, maximum } = bounds(facts);
        if (desired === 0 || service.scheduling !== 'REPLICA')
            return (0,preflight_check.ok)(desired === 0 ? 'No task is wanted.' : `A ${service.scheduling} service has its own bounds.`);
        if (least > 0)
            return (0,preflight_check.ok)(`${least} of ${desired} tasks serve throughout.`);
        const sums = [`at least ${minimum} % of ${desired} is 0, at most ${maximum} % is ${most}`];
        // Where there is room for as many new tasks beside the old ones, ECS has no need to stop any first.
        const says = most > desired
            ? `ECS may stop the ${desired === 1 ? 'only task' : 'old tasks'} before a new one is healthy.`
            : `ECS stops the ${desired === 1 ? 'only task' : 'old tasks'} first: nothing serves until a new one is healthy.`;
        return (0,preflight_check/* warning */.$e)(says, sums, {
            todo: `Set minimumHealthyPercent of service ${service.name} to 100 and maximumPercent to 200, if the gap is not meant.`,
            command: (0,fixes/* serviceCommand */.xi)(service, '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100')
        });
    }
};

// EXTERNAL MODULE: ./lib/domain/plural.js
var plural = __webpack_require__(5984);
// EXTERNAL MODULE: ./lib/preflight/starts.js
var preflight_starts = __webpack_require__(4942);
;// CONCATENATED MODULE: ./lib/preflight/checks/grace.js








/** Less than this from its start to its end by failed checks is little for any application, milliseconds. */
const grace_shortMs = 60_000;
/** A start that takes more than this part of the time that it has will one day take more than all of it. */
const scarce = 0.8;
/** How long the containers say that they take to start: the longest startPeriod of an essential one, milliseconds. */
function startPeriodMs({ definition }) {
    const periods = (0,preflight_needs/* rawContainers */.V)(definition)
        .filter((c) => c['essential'] !== false)
        .map((c) => (0,preflight_needs/* numberOf */.rl)((0,preflight_needs/* objectOf */.Xy)(c, 'healthCheck'), 'startPeriod') ?? 0);
    return Math.max(0, ...periods) * 1000;
}
/** Tasks that are replaced before they have started. */
const grace = {
    name: 'grace-period',
    area: 'load balancer',
    question: 'Has a task the time to start before failed checks of the load balancer get it replaced?',
    reads: ['elasticloadbalancing:DescribeTargetGroups', 'ecs:ListTasks', 'ecs:DescribeTasks'],
    worst: 'warning',
    source: 'A replacement loop by a grace period too short for the start; ECS API, healthCheckGracePeriodSeconds',
    look(facts) {
        if (facts.service.loadBalancers.length === 0)
            return (0,preflight_check.ok)('The service stands behind no load balancer.');
        if (!facts.groups.known)
            return (0,preflight_check/* unknowable */.LJ)(facts.groups.why);
        return (0,preflight_check/* gravest */.Zk)(facts.groups.value.map((g) => timeToStart(facts, g)), 'No target group was shown.');
    }
};
function timeToStart(facts, g) {
    const { gracePeriodMs } = facts.service;
    const name = (0,domain_arn/* targetGroupName */.IT)(g.arn);
    if (g.intervalMs === undefined || g.unhealthyThreshold === undefined)
        return (0,preflight_check/* unknowable */.LJ)(`ELB does not say how ${name} checks`);
    const failsMs = g.intervalMs * g.unhealthyThreshold;
    const patience = Math.max(gracePeriodMs, failsMs);
    const startMs = startPeriodMs(facts);
    const starts = (0,preflight_starts/* startsOf */.j)(facts);
    const sums = [
        `grace period ${(0,duration/* sayDuration */.kP)(gracePeriodMs)}; ${g.unhealthyThreshold} failed checks every ${(0,duration/* sayDuration */.kP)(g.intervalMs)} are ${(0,duration/* sayDuration */.kP)(failsMs)}`,
        ...(startMs > 0 ? [`startPeriod of the containers ${(0,duration/* sayDuration */.kP)(startMs)}`] : []),
        ...seen(starts)
    ];
    const none = gracePeriodMs === 0 ? ': there is no grace period' : '';
    const replaced = `A task that does not answer ${name} ${(0,duration/* sayDuration */.kP)(patience)} after its start is replaced${none}.`;
    const needs = Math.max(startMs, ...early(starts, patience), starts.healthyMs ?? 0);
    const fix = longerGrace(facts, Math.max(60_000, Math.ceil((needs + failsMs) / 1000) * 1000));
    if (patience < Math.max(startMs, gracePeriodMs > 0 ? 0 : grace_shortMs))
        return (0,preflight_check/* warning */.$e)(replaced, sums, fix);
    const soon = early(starts, patience);
    // Others of them answer, so it is not the application that never does.
    if (soon.length > 0 && healthyNow(facts, g.arn))
        return (0,preflight_check/* warning */.$e)(`${(0,plural/* plural */.L)(soon.length, 'task')} of the last hour did not answer ${name} within the ${(0,duration/* sayDuration */.kP)(patience)} that a start has, while others did.`, sums, fix);
    if (starts.healthyMs !== undefined && starts.healthyMs > patience * scarce)
        return (0,preflight_check/* warning */.$e)(`The last start took ${(0,duration/* sayDuration */.kP)(starts.healthyMs)} of the ${(0,duration/* sayDuration */.kP)(patience)} after which a task that does not answer ${name} is replaced.`, sums, fix);
    return (0,preflight_check.ok)(`A task has ${(0,duration/* sayDuration */.kP)(patience)} to start.`, sums);
}
/** Lives that ended with the patience of ECS, or a minute later: those tasks never answered. */
function early({ replacedMs }, patience) {
    return replacedMs.filter((ms) => ms <= patience + 60_000);
}
function seen({ runningMs, healthyMs, replacedMs }) {
    const say = (ms) => (0,duration/* sayDuration */.kP)(Math.round(ms / 1000) * 1000);
    return [
        ...(runningMs === undefined ? [] : [`the running tasks took ${say(runningMs)} to RUNNING`]),
        ...(healthyMs === undefined ? [] : [`the first of them was healthy at most ${say(healthyMs)} later`]),
        ...(replacedMs.length === 0
            ? []
            : [
                `${(0,plural/* plural */.L)(replacedMs.length, 'task')} of the last hour stopped for these checks, the first ${say(Math.min(...replacedMs))} after RUNNING`
            ])
    ];
}
function longerGrace({ service }, ms) {
    const seconds = ms / 1000;
    return {
        todo: `Set healthCheckGracePeriodSeconds of service ${service.name} above the longest start of the application, such as ${seconds}.`,
        command: (0,fixes/* serviceCommand */.xi)(service, `--health-check-grace-period-seconds ${seconds}`)
    };
}

;// CONCATENATED MODULE: ./lib/preflight/checks/health-check.js



/** What the target group asks, and whether it can tell well from ill. */
const healthCheck = {
    name: 'health-check',
    area: 'load balancer',
    question: 'What does the target group ask, and does the answer say that the application works?',
    reads: ['elasticloadbalancing:DescribeTargetGroups'],
    worst: 'warning',
    source: 'A service whose target group asked / and so said nothing of its health; ELB user guide, health checks',
    look({ groups, service }) {
        if (service.loadBalancers.length === 0)
            return (0,preflight_check.ok)('The service stands behind no load balancer.');
        if (!groups.known)
            return (0,preflight_check/* unknowable */.LJ)(groups.why);
        return (0,preflight_check/* gravest */.Zk)(groups.value.map(asked), 'No target group was shown.');
    }
};
/** `HTTP GET /healthz on traffic-port, 200, every 15s …` */
function sayHealthCheck(g) {
    const seconds = (ms) => (ms === undefined ? '?' : (0,duration/* sayDuration */.kP)(ms));
    const path = g.path === undefined ? '' : ` ${g.path}`;
    const matcher = g.matcher === undefined ? '' : `, ${g.matcher} is healthy`;
    return `${g.protocol ?? 'health check'}${path} on ${g.port ?? 'traffic-port'}${matcher}, every ${seconds(g.intervalMs)}, times out after ${seconds(g.timeoutMs)}, unhealthy after ${g.unhealthyThreshold ?? '?'} failures`;
}
function asked(g) {
    const name = (0,domain_arn/* targetGroupName */.IT)(g.arn);
    const shown = [`${name}: ${sayHealthCheck(g)}`];
    const change = (options) => `aws elbv2 modify-target-group --target-group-arn ${g.arn} ${options}`;
    if (g.intervalMs !== undefined && g.timeoutMs !== undefined && g.timeoutMs >= g.intervalMs)
        return (0,preflight_check/* warning */.$e)(`Target group ${name} waits ${(0,duration/* sayDuration */.kP)(g.timeoutMs)} for an answer and asks every ${(0,duration/* sayDuration */.kP)(g.intervalMs)}: checks overlap.`, shown, {
            todo: `Set the timeout of ${name} below its interval.`,
            command: change(`--health-check-timeout-seconds ${Math.max(2, Math.floor(g.intervalMs / 2000))}`)
        });
    if (admitsErrors(g.matcher))
        return (0,preflight_check/* warning */.$e)(`Target group ${name} takes the codes ${g.matcher ?? ''} for healthy: errors among them.`, shown, {
            todo: `Let ${name} take only the code that the health endpoint answers when it is well.`,
            command: change('--matcher HttpCode=200-299')
        });
    if (g.path === '/' && /^https?$/i.test(g.protocol ?? ''))
        return (0,preflight_check/* warning */.$e)(`Target group ${name} asks /, which says that something answers, not that the application works.`, shown, {
            todo: `Give the application an endpoint of its own for this, such as /health, and let ${name} ask it.`,
            command: change('--health-check-path /health')
        });
    return (0,preflight_check.ok)('The target group asks an endpoint of its own.', shown);
}
/** True when a 4xx or 5xx code counts as healthy. */
function admitsErrors(matcher) {
    return (matcher ?? '')
        .split(',')
        .flatMap((part) => part.split('-').map(Number))
        .some((code) => code >= 400);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/host-ports.js




/** Ports that two want, and ports that one instance has once. */
const hostPorts = {
    name: 'host-ports',
    area: 'definition',
    question: 'Does every container get the ports that it asks for?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS API, PortMapping.hostPort: a static port is free once on an instance; in awsvpc it is the containerPort',
    look(facts) {
        const ports = portsIn(facts.definition);
        if (taken(facts, (d) => JSON.stringify([(0,preflight_needs/* networkMode */.m3)(d), portsIn(d)])))
            return (0,preflight_check.ok)('The ports are those of the definition that runs.');
        const mode = (0,preflight_needs/* networkMode */.m3)(facts.definition);
        const answers = mode === 'bridge' ? [clash(ports, 'outside', mode), rolls(facts, ports)] : shared(ports, mode);
        return (0,preflight_check/* gravest */.Zk)(answers, 'No container maps a port.');
    }
};
function portsIn(definition) {
    return (0,preflight_needs/* rawContainers */.V)(definition).flatMap((container) => (0,preflight_needs/* listOf */.c3)(container, 'portMappings').flatMap((p) => {
        const inside = (0,preflight_needs/* numberOf */.rl)(p, 'containerPort');
        if (inside === undefined)
            return [];
        const protocol = p['protocol'] === 'udp' ? 'udp' : 'tcp';
        return [
            {
                container: (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '',
                inside,
                outside: (0,preflight_needs/* numberOf */.rl)(p, 'hostPort') ?? 0,
                protocol
            }
        ];
    }));
}
/** In awsvpc and host all containers of a task share one address. */
function shared(ports, mode) {
    if (mode === 'none')
        return [(0,preflight_check.ok)('The containers have no network.')];
    const other = ports.find((p) => p.outside !== 0 && p.outside !== p.inside);
    if (other)
        return [
            (0,preflight_check/* error */.z3)(`Container ${other.container} maps port ${other.inside} to host port ${other.outside}, and in network mode ${mode} the two must be the same.`, [`containerPort ${other.inside}, hostPort ${other.outside}, networkMode ${mode}`], `Leave out hostPort of container ${other.container}, or set it to ${other.inside}.`)
        ];
    return [clash(ports, 'inside', mode)];
}
function clash(ports, by, mode) {
    const wanted = ports.filter((p) => p[by] !== 0);
    const twice = wanted.find((p, i) => wanted.slice(0, i).some((q) => q[by] === p[by] && q.protocol === p.protocol));
    const first = twice && wanted.find((p) => p[by] === twice[by] && p.protocol === twice.protocol);
    if (!twice || !first)
        return (0,preflight_check.ok)('No port is asked for twice.');
    const what = by === 'outside' ? `host port ${twice.outside}` : `port ${twice.inside}`;
    const who = first.container === twice.container
        ? `${first.container} twice`
        : `${first.container} and ${twice.container}`;
    const says = `${what[0]?.toUpperCase() ?? ''}${what.slice(1)} is asked for by ${who}: a task has it once.`;
    const evidence = [`${what}/${twice.protocol} in ${who}, networkMode ${mode}`];
    const fix = by === 'outside'
        ? `Set hostPort of ${twice.container} to 0, or to another port.`
        : `Let ${twice.container} listen on another port.`;
    // What merely stands in the mappings twice need not be listened on twice.
    return by === 'outside' ? (0,preflight_check/* error */.z3)(says, evidence, fix, 'port-conflict') : (0,preflight_check/* warning */.$e)(says, evidence, fix);
}
/** With a static port an instance holds one task, old or new. */
function rolls(facts, ports) {
    const fixed = ports.find((p) => p.outside !== 0);
    const { least, most, minimum, maximum } = bounds(facts);
    const { desired, service } = facts;
    if (!fixed || least < desired || service.scheduling !== 'REPLICA')
        return (0,preflight_check.ok)('Ports leave room for a new task.');
    return (0,preflight_check/* warning */.$e)(`Host port ${fixed.outside} lets an instance hold one task of ${service.name}: each new one waits for an instance without an old one, and none may go first.`, [
        `hostPort ${fixed.outside} of ${fixed.container}`,
        `at least ${minimum} % of ${desired}: ${least} must stay; at most ${maximum} %: ${most} instances are needed`
    ], `Set hostPort of container ${fixed.container} to 0, so that ECS takes any free one, or minimumHealthyPercent of service ${service.name} below 100.`);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/image-kept.js



/** A digest that runs, and that the registry has no more: all is green until the next task has to start. */
const imageKept = {
    name: 'image-kept',
    area: 'service',
    question: 'Can the images that run now still be pulled, when a task has to be replaced?',
    reads: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecs:ListTasks', 'ecs:DescribeTasks'],
    worst: 'warning',
    source: 'A 504 in production: eleven builds later the lifecycle policy had expired the digest that was running',
    look({ images, service }) {
        const gone = [];
        let lost;
        let why;
        for (const [reference, found] of images) {
            if (!found.known)
                why ??= found.why;
            else if (!found.value.there) {
                gone.push(found.value.says);
                lost ??= reference;
            }
        }
        if (gone.length > 0) {
            const revision = (0,domain_arn/* revisionName */.pd)(service.taskDefinition);
            return (0,preflight_check/* warning */.$e)(`No new task of ${revision} can start: an image that it runs is gone from its registry.`, gone, {
                todo: `Deploy an image that exists, or push this one again; then let the lifecycle policy keep what runs (mode audit says which rule took it).`,
                console: 'ECR → Repositories → Lifecycle Policy',
                ...newestOf(lost)
            });
        }
        if (why !== undefined)
            return (0,preflight_check/* unknowable */.LJ)(why);
        return (0,preflight_check.ok)(images.size === 0 ? 'No image that runs is in ECR.' : 'Every image that runs is there.');
    }
};
/** The command that shows what is there to be deployed instead. */
function newestOf(reference = '') {
    const ecr = (0,domain_image/* parseImage */.zZ)(reference)?.ecr;
    if (!ecr)
        return {};
    const where = `--registry-id ${ecr.account} --region ${ecr.region} --repository-name ${ecr.name}`;
    return {
        command: `aws ecr describe-images ${where} --query 'reverse(sort_by(imageDetails,&imagePushedAt))[:5].[imagePushedAt,imageTags]'`
    };
}

;// CONCATENATED MODULE: ./lib/preflight/checks/images.js



/** Images that may be others tomorrow. */
const images_images = {
    name: 'images',
    area: 'definition',
    question: 'Does every container name an image that stays the same: by its digest?',
    reads: ['ecs:DescribeTaskDefinition'],
    worst: 'warning',
    source: 'ECS API, ContainerDefinition.image; what a tag names can change, what a digest names cannot',
    look({ definition, purpose }) {
        // What runs has its own question.
        if (purpose === 'diagnose')
            return (0,preflight_check.ok)('What runs is asked about by old-images.');
        return (0,preflight_check/* gravest */.Zk)((0,task_definition/* containersOf */.Mz)(definition).map(({ name, image }) => {
            const reference = (0,domain_image/* parseImage */.zZ)(image);
            if (reference?.digest !== undefined)
                return (0,preflight_check.ok)(`${name} names its image by digest.`);
            if (reference?.tag !== undefined && reference.tag !== 'latest')
                return (0,preflight_check.ok)(`${name} names its image by tag ${reference.tag}.`);
            return (0,preflight_check/* warning */.$e)(`The new revision names the image of ${name} by ${reference?.tag === undefined ? 'no tag' : 'latest'}: what it runs depends on the day.`, [`image ${image}`], `Use pin: all (the default), or give the image of ${name} by a tag or digest in images.`);
        }), 'No container was shown.');
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/log-group.js




/** Logs without a place to go: the container does not even start. */
const logGroup = {
    name: 'log-group',
    area: 'definition',
    question: 'Do the log groups of the containers exist, and are their options complete?',
    reads: ['logs:DescribeLogStreams'],
    worst: 'error',
    source: 'ECS API, LogConfiguration.options; a task stops before its start where the log driver finds no log group',
    look(facts) {
        const answers = (0,preflight_needs/* rawContainers */.V)(facts.definition)
            .filter((c) => (0,preflight_needs/* textOf */.b6)((0,preflight_needs/* objectOf */.Xy)(c, 'logConfiguration'), 'logDriver') === 'awslogs')
            .flatMap((c) => options(facts, (0,preflight_needs/* textOf */.b6)(c, 'name') ?? ''));
        const groups = (0,preflight_needs/* logNeeds */.mT)(facts.definition).map((need) => exists(facts, need));
        return (0,preflight_check/* gravest */.Zk)([...answers, ...groups], 'No container writes to CloudWatch Logs.');
    }
};
function options(facts, name) {
    const { definition, service } = facts;
    const log = (d) => (0,preflight_needs/* objectOf */.Xy)((0,preflight_needs/* objectOf */.Xy)(containerNamed(d, name), 'logConfiguration'), 'options');
    if (taken(facts, (d) => log(d)))
        return [];
    const given = log(definition) ?? {};
    const fargate = (0,preflight_needs/* isFargate */.rd)(service, definition);
    const evidence = [`awslogs options of ${name}: ${Object.keys(given).join(', ') || 'none'}`];
    const create = given['awslogs-create-group'];
    const answers = [];
    if ((0,preflight_needs/* textOf */.b6)(given, 'awslogs-group') === undefined)
        answers.push((0,preflight_check/* error */.z3)(`The log driver of ${name} has no awslogs-group, which ECS requires.`, evidence, `Set awslogs-group in the logConfiguration of container ${name}.`, 'log-config'));
    if ((0,preflight_needs/* textOf */.b6)(given, 'awslogs-region') === undefined) {
        const says = `The log driver of ${name} has no awslogs-region${fargate ? ': no task of it can start' : ''}.`;
        const fix = `Set awslogs-region of container ${name} to ${facts.region}.`;
        answers.push(fargate ? (0,preflight_check/* error */.z3)(says, evidence, fix, 'log-config') : (0,preflight_check/* warning */.$e)(says, evidence, fix));
    }
    if (create !== undefined && create !== 'true' && create !== true)
        answers.push((0,preflight_check/* error */.z3)(`awslogs-create-group of ${name} is not "true", and ECS takes nothing else there.`, evidence, `Leave awslogs-create-group of container ${name} out, or set it to "true".`, 'log-config'));
    if (fargate && (0,preflight_needs/* textOf */.b6)(given, 'awslogs-stream-prefix') === undefined)
        answers.push((0,preflight_check/* warning */.$e)(`The log driver of ${name} has no awslogs-stream-prefix, which Fargate wants: its lines cannot be told by task.`, evidence, `Set awslogs-stream-prefix of container ${name}, such as to ${service.name}.`));
    return answers;
}
function exists(facts, need) {
    const { container, group, region = facts.region, creates } = need;
    if (creates)
        return (0,preflight_check.ok)(`${container} makes its log group.`);
    const there = (0,preflight_facts.of)(facts.logGroups, (0,preflight_needs/* logKey */.Up)(need, facts.region));
    if (!there.known)
        return (0,preflight_check/* unknowable */.LJ)(there.why);
    if (there.value)
        return (0,preflight_check.ok)(`${group} exists.`);
    const says = `Log group ${group} of container ${container} does not exist in ${region}: no task of it can start.`;
    const evidence = [`CloudWatch Logs knows no log group ${group} in ${region}`];
    const fix = {
        todo: `Create ${group}, or name the log group that is meant.`,
        console: `CloudWatch → Log groups → Create log group → ${group}`,
        command: `aws logs create-log-group --region ${region} --log-group-name '${group}'`
    };
    const writes = (0,preflight_needs/* logNeeds */.mT)(facts.running).some((n) => (0,preflight_needs/* logKey */.Up)(n, facts.region) === (0,preflight_needs/* logKey */.Up)(need, facts.region));
    const needed = (0,preflight_needs/* isFargate */.rd)(facts.service, facts.definition) ||
        containerNamed(facts.definition, container)?.['essential'] !== false;
    if (!needed)
        return (0,preflight_check/* warning */.$e)(says, evidence, fix);
    // Tasks that run have found it when they started: then it went away, or the answer is in doubt.
    return writes && servingTasks(facts).length > 0
        ? (0,preflight_check/* warning */.$e)(says, [...evidence, 'tasks that name it run now'], fix)
        : (0,preflight_check/* error */.z3)(says, evidence, fix, 'log-group-missing');
}

;// CONCATENATED MODULE: ./lib/preflight/checks/old-images.js






/** A revision that cannot be put back as it was. */
const oldImages = {
    name: 'old-images',
    area: 'definition',
    question: 'Would the revision that runs now be the same if it were deployed again?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'warning',
    source: 'A definition that named latest: putting it back brought another image than the one that had run',
    look(facts) {
        const { running, definition, service, purpose } = facts;
        const revision = (0,domain_arn/* revisionName */.pd)((0,domain_service/* primaryOf */.Os)(service)?.taskDefinition ?? service.taskDefinition);
        const loose = (0,task_definition/* containersOf */.Mz)(running).filter(({ image }) => {
            const reference = (0,domain_image/* parseImage */.zZ)(image);
            return reference?.digest === undefined && (reference?.tag ?? 'latest') === 'latest';
        });
        if (loose.length === 0)
            return (0,preflight_check.ok)(`${revision} names its images by tag or digest.`);
        const names = loose.map((c) => c.name).join(', ');
        const evidence = loose.map(({ name, image }) => {
            const digest = servingContainers(facts, name).find((c) => c.imageDigest !== undefined)?.imageDigest;
            return `${name}: ${image}${digest === undefined ? '' : `, now ${(0,domain_image/* shortDigest */.VK)(digest)}`}`;
        });
        const pinned = (0,task_definition/* containersOf */.Mz)(definition).filter((c) => (0,domain_image/* parseImage */.zZ)(c.image)?.digest !== undefined);
        if (purpose !== 'diagnose' && loose.every((c) => pinned.some((p) => p.name === c.name)))
            return (0,preflight_check.ok)(`${revision} names latest for ${names}; the revision of this deploy names digests.`, evidence);
        return (0,preflight_check/* warning */.$e)(`Revision ${revision} names the image of ${names} by latest or by no tag: deployed again, it may be another one.`, evidence, `Deploy with pin: all, so that the revision names the image of ${names} by its digest.`);
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/other-deployment.js



/** Two deployments at once: the older one loses its way back. */
const otherDeployment = {
    name: 'other-deployment',
    area: 'service',
    question: 'Is no other deployment in progress?',
    reads: ['ecs:DescribeServices'],
    worst: 'warning',
    source: 'ECS developer guide: a newer deployment stops the older one, and only a completed one can be gone back to',
    look({ service, purpose }) {
        const primary = (0,domain_service/* primaryOf */.Os)(service);
        if (!primary || !(0,domain_service/* isRolling */.m$)(service))
            return (0,preflight_check.ok)('No deployment is in progress.');
        // `busy` has decided about it: it was waited for, or is taken over.
        if (purpose === 'deploy')
            return (0,preflight_check.ok)('Another deployment is in progress; busy decided.');
        const what = `deployment ${primary.id} of ${(0,domain_arn/* revisionName */.pd)(primary.taskDefinition)}`;
        return (0,preflight_check/* warning */.$e)(`A deployment is in progress: ${what}.`, [
            `${primary.id}: ${primary.rolloutState ?? 'no rollout state'}, ${primary.running} of ${primary.desired} running, ${primary.failed} failed`
        ], purpose === 'diagnose'
            ? 'Wait for its end, and look again.'
            : 'Wait for its end, or say busy: take-over.');
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/registered.js





/** The first container with a port: whom a load balancer would send to. */
function firstPort({ definition }) {
    for (const container of (0,preflight_needs/* rawContainers */.V)(definition)) {
        const name = (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '';
        const ports = (0,task_definition/* portsOf */.a5)(definition, name);
        const port = ports === 'ranges' ? undefined : ports[0];
        if (port !== undefined && port > 0)
            return { name, port };
    }
    return undefined;
}
/** A service that nobody registered, and a target group that waits for it. */
const registered_registered = {
    name: 'registered',
    area: 'load balancer',
    question: 'Is the service registered with the target group that waits for targets on its port?',
    reads: [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
        'ec2:DescribeSubnets'
    ],
    worst: 'warning',
    source: 'A runbook for 503: the service was made without its target group, so no target was ever registered',
    look(facts) {
        const { service, strays } = facts;
        if (service.loadBalancers.length > 0)
            return (0,preflight_check.ok)('The service registers its tasks.');
        const of = firstPort(facts);
        if (!of)
            return (0,preflight_check.ok)('No container has a port: nothing is to be registered.');
        if (!strays.known)
            return (0,preflight_check/* unknowable */.LJ)(strays.why);
        const group = strays.value[0];
        if (!group)
            return (0,preflight_check.ok)('No empty target group waits for this port.');
        const name = (0,domain_arn/* targetGroupName */.IT)(group.arn);
        return (0,preflight_check/* warning */.$e)(`Service ${service.name} has no load balancer attached, and target group ${name} has no targets.`, strays.value.map((g) => `${(0,domain_arn/* targetGroupName */.IT)(g.arn)} takes ip targets on port ${g.trafficPort ?? '?'}, has a load balancer and no targets; container ${of.name} has port ${of.port}`), {
            todo: `Attach ${name} to service ${service.name}, if the two belong together.`,
            console: (0,fixes/* serviceConsole */.$Z)(service, 'Update service → Load balancing'),
            command: (0,fixes/* serviceCommand */.xi)(service, `--load-balancers targetGroupArn=${group.arn},containerName=${of.name},containerPort=${of.port} --health-check-grace-period-seconds 60`)
        });
    }
};

;// CONCATENATED MODULE: ./lib/domain/trust-policy.js

/**
 * Reads a trust policy (IAM JSON policy reference). `no` only where every statement can be read and none lets the
 * service in; a deny, a NotPrincipal or a condition that is not known here makes it `unknown`.
 */
function trustOf(document, caller) {
    if (!(0,task_definition/* isObject */.Gv)(document))
        return { trusts: 'unknown', why: 'its trust policy cannot be read' };
    const statements = many(document['Statement']).filter(task_definition/* isObject */.Gv);
    if (statements.some((s) => s['Effect'] === 'Deny'))
        return { trusts: 'unknown', why: 'its trust policy denies something' };
    const answers = statements.filter((s) => s['Effect'] === 'Allow').map((s) => trust_policy_admits(s, caller));
    const found = (trusts) => answers.find((a) => a.trusts === trusts);
    return (found('yes') ??
        found('unknown') ??
        // The one that would, but for its condition, says most.
        answers.find((a) => a.trusts === 'no' && a.why.includes('only')) ?? {
        trusts: 'no',
        why: `its trust policy lets in ${principals(statements).join(', ') || 'nobody'}`
    });
}
function trust_policy_admits(statement, caller) {
    if (statement['NotPrincipal'] !== undefined || statement['NotAction'] !== undefined)
        return { trusts: 'unknown', why: 'its trust policy names whom it does not mean' };
    const actions = trust_policy_texts(statement['Action']).map((a) => a.toLowerCase());
    const takes = actions.some((a) => pattern(a).test('sts:AssumeRole'));
    const names = principals([statement]);
    if (!takes || !names.some((n) => n === '*' || sameService(n, caller.service)))
        return { trusts: 'no', why: 'another principal' };
    if (!names.some((n) => sameService(n, caller.service)))
        return { trusts: 'unknown', why: 'its trust policy lets in everybody' };
    return trust_policy_conditions(statement['Condition'], caller);
}
/** In China a service may have the ending of its partition. */
function sameService(name, service) {
    return name === service || name === `${service}.cn`;
}
function principals(statements) {
    const all = statements.flatMap((s) => {
        const principal = s['Principal'];
        return (0,task_definition/* isObject */.Gv)(principal) ? Object.values(principal).flatMap(many) : many(principal);
    });
    return [...new Set(all.filter((p) => typeof p === 'string'))];
}
function trust_policy_conditions(condition, caller) {
    if (!(0,task_definition/* isObject */.Gv)(condition))
        return { trusts: 'yes' };
    for (const [operator, keys] of Object.entries(condition))
        for (const [key, values] of Object.entries((0,task_definition/* isObject */.Gv)(keys) ? keys : {})) {
            const wanted = trust_policy_texts(values);
            const holds = fulfilled(operator, key.toLowerCase(), wanted, caller);
            if (holds === undefined)
                return { trusts: 'unknown', why: `its trust policy has the condition ${key}` };
            if (!holds)
                return { trusts: 'no', why: `its trust policy lets ECS in only for ${key} ${wanted.join(', ')}` };
        }
    return { trusts: 'yes' };
}
function fulfilled(operator, key, wanted, caller) {
    if (!/^(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator))
        return undefined;
    // Policy variables stand for what is not known here.
    if (wanted.some((w) => w.includes('${')))
        return undefined;
    if (key === 'aws:sourceaccount')
        return wanted.some((w) => pattern(w).test(caller.account));
    // Which ARN of the account ECS names is its own matter: only what can begin none of them is no.
    if (key === 'aws:sourcearn')
        return wanted.some((w) => couldBegin(w, caller.arnPrefix));
    return undefined;
}
/** True when a text that begins so may match. */
function couldBegin(wanted, prefix) {
    const parts = wanted.split(':');
    const own = prefix.split(':');
    if (parts.length < 6)
        return wanted.includes('*');
    return own.slice(0, 5).every((part, i) => pattern(parts[i] ?? '').test(part));
}
function pattern(text) {
    const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i');
}
function trust_policy_texts(value) {
    return many(value).flatMap((v) => (typeof v === 'string' || typeof v === 'number' ? [String(v)] : []));
}
function many(value) {
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

;// CONCATENATED MODULE: ./lib/preflight/checks/roles.js






const service = 'ecs-tasks.amazonaws.com';
/** Roles that nobody can take: no task is launched at all. */
const roles = {
    name: 'roles',
    area: 'definition',
    question: 'Do the task role and the execution role exist, and do they trust ECS tasks?',
    reads: ['iam:GetRole'],
    worst: 'error',
    source: 'Service event: ECS was unable to assume the role; ECS developer guide, trust policy for ecs-tasks.amazonaws.com',
    look: (facts) => (0,preflight_check/* gravest */.Zk)((0,preflight_needs/* roleNeeds */.Yi)(facts.definition).map((need) => roles_judged(facts, need)), 'The task definition names no role.')
};
function roles_judged(facts, { what, arn }) {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const role = (0,preflight_facts.of)(facts.roles, arn);
    if (!role.known)
        return (0,preflight_check/* unknowable */.LJ)(role.why);
    // Tasks that run were launched as this role.
    const runs = servingTasks(facts).length > 0 && (0,preflight_needs/* roleNeeds */.Yi)(facts.running).some((r) => r.arn === arn);
    const found = (says, evidence, command, todo) => {
        const fix = { todo, console: `IAM → Roles → ${name}`, command };
        return runs ? (0,preflight_check/* warning */.$e)(says, [...evidence, 'tasks that have it run now'], fix) : (0,preflight_check/* error */.z3)(says, evidence, fix);
    };
    if (role.value === undefined)
        return found(`The ${what} ${name} does not exist: ECS cannot launch a task with it.`, [`IAM knows no role ${name}`], `aws iam get-role --role-name ${name}`, `Create the role ${name}, or name the one that is meant as ${what === 'task role' ? 'taskRoleArn' : 'executionRoleArn'}.`);
    const own = (0,domain_arn/* parseArn */.Lw)(facts.service.arn);
    const trust = trustOf(role.value.trust, {
        service,
        account: own?.account ?? '',
        arnPrefix: `arn:${own?.partition ?? 'aws'}:ecs:${facts.region}:${own?.account ?? ''}:`
    });
    if (trust.trusts === 'yes')
        return (0,preflight_check.ok)(`${name} exists and trusts ${service}.`);
    if (trust.trusts === 'unknown')
        return (0,preflight_check/* unknowable */.LJ)(`whether role ${name} trusts ECS: ${trust.why}`);
    return found(`The ${what} ${name} does not trust ${service}: ECS cannot launch a task with it.`, [`role ${name}: ${trust.why}`], `aws iam update-assume-role-policy --role-name ${name} --policy-document '${JSON.stringify(trusting)}'`, `Let ${service} take the role ${name} in its trust policy.`);
}
const trusting = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]
};

;// CONCATENATED MODULE: ./lib/preflight/checks/secrets.js




/** Secrets that are not there: a task stops before its containers start. */
const secrets = {
    name: 'secrets',
    area: 'definition',
    question: 'Do the secrets and parameters exist that containers are started with?',
    reads: ['secretsmanager:DescribeSecret', 'ssm:DescribeParameters'],
    worst: 'error',
    source: 'A task that cannot have its secret stops at ResourceInitializationError; ECS developer guide, sensitive data',
    look: (facts) => (0,preflight_check/* gravest */.Zk)((0,preflight_needs/* secretNeeds */.gg)(facts.definition).map((need) => need.kind === 'secret' ? secret(facts, need) : parameter(facts, need)), 'No container is started with a secret.')
};
function secret(facts, need) {
    const { id, from, container, name, region = facts.region } = need;
    const known = (0,preflight_needs/* secretNeeds */.gg)(facts.running).some((n) => n.from === from);
    const parts = from.split(':').length;
    if (parts !== 7 && parts !== 10 && !known)
        return (0,preflight_check/* warning */.$e)(`${name} of ${container} names its secret in a form that ECS may not read.`, [`valueFrom of ${name} has ${parts} parts, where 7 or 10 are known to work`], `Write ${name} of container ${container} as ${id} or as ${id}:json-key:version-stage:version-id, with all three colons.`);
    const there = facts.secrets.get(id);
    if (!there)
        return (0,preflight_check.ok)(`${name} of ${container} was not asked about.`);
    if (!there.known)
        return (0,preflight_check/* unknowable */.LJ)(there.why);
    if (!there.value)
        return missing(need, `Secrets Manager knows no ${id} in ${region}`, 'does not exist', `aws secretsmanager describe-secret --region ${region} --secret-id '${id}'`);
    return value(need, there.value);
}
function value(need, { deleted, stages }) {
    const { id, container, name, stage, region } = need;
    const command = (what) => `aws secretsmanager ${what} --region ${region ?? ''} --secret-id '${id}'`;
    if (deleted)
        return missing(need, `${id} is going to be deleted`, 'is being deleted', command('restore-secret'));
    if (stage === undefined || stages?.includes(stage) !== false)
        return (0,preflight_check.ok)(`${name} of ${container} exists.`);
    const says = `has no version ${stage}`;
    if (stages.length > 0)
        return missing(need, `its versions are ${stages.join(', ')}`, says, command('list-secret-version-ids'));
    return (0,preflight_check/* warning */.$e)(`The secret ${id}, which container ${container} gets as ${name}, ${says}: it seems that it was never given a value.`, [`Secrets Manager names no version of ${id}`], {
        todo: `Give the secret ${id} a value.`,
        console: `Secrets Manager → Secrets → ${id} → Retrieve secret value`
    });
}
function missing({ id, container, name }, proof, what, command) {
    return (0,preflight_check/* error */.z3)(`The secret ${id}, which container ${container} gets as ${name}, ${what}: no task can start.`, [proof], {
        todo: `Mend valueFrom of ${name} in container ${container}, or the secret.`,
        console: 'Secrets Manager → Secrets',
        command
    }, 'secret-missing');
}
function parameter(facts, need) {
    const { id, from, container, name, region = facts.region } = need;
    if (id.includes(':'))
        return (0,preflight_check/* warning */.$e)(`${name} of ${container} names neither a secret nor a parameter.`, [`valueFrom of ${name} is an ARN of neither`], `Write ${name} of container ${container} as the ARN of a secret, or as the ARN or name of a parameter.`);
    const key = (0,preflight_needs/* parameterKey */.RZ)(need, facts.region);
    if (!facts.parameters.has(key))
        return (0,preflight_check.ok)(`${name} of ${container} was not asked about.`);
    const there = (0,preflight_facts.of)(facts.parameters, key);
    if (!there.known)
        return (0,preflight_check/* unknowable */.LJ)(there.why);
    if (there.value)
        return (0,preflight_check.ok)(`${name} of ${container} exists.`);
    // What is no ARN may be anything, also the secret itself by mistake: it is not repeated.
    const arn = from.startsWith('arn:');
    const says = `The parameter that container ${container} gets as ${name}${arn ? `, ${id},` : ''} does not exist in ${region}: no task can start.`;
    const evidence = [
        `Systems Manager lists no parameter ${arn ? id : `of the name that ${name} has`} in ${region}`
    ];
    const fix = {
        todo: `Create the parameter, or mend valueFrom of ${name} in container ${container}${arn ? '' : '; a secret of Secrets Manager is named by its whole ARN'}.`,
        console: 'Systems Manager → Parameter Store',
        // A name that a shell would read is not put into a command.
        ...(arn && /^[\w./-]+$/.test(id)
            ? {
                command: `aws ssm describe-parameters --region ${region} --parameter-filters Key=Name,Values=${id}`
            }
            : {})
    };
    // A list is said to be made on a best-effort basis: against tasks that had it, it is no proof.
    return servingTasks(facts).length > 0 && (0,preflight_needs/* secretNeeds */.gg)(facts.running).some((n) => n.from === from)
        ? (0,preflight_check/* warning */.$e)(says, [...evidence, 'tasks that have it run now'], fix)
        : (0,preflight_check/* error */.z3)(says, evidence, fix, 'secret-missing');
}

// EXTERNAL MODULE: ./lib/preflight/reader.js
var reader = __webpack_require__(5328);
;// CONCATENATED MODULE: ./lib/preflight/identity-facts.js




/** How long roles and secrets may take, milliseconds: many a network and role has no way to them. */
const limitMs = 2000;
/** More secrets than this are not asked about one by one. */
const mostSecrets = 10;
/** What IAM, Secrets Manager and Systems Manager say of what the definition names. */
function identityOf(around, about, within) {
    const read = within.quicker(limitMs);
    return {
        secrets: secretsOf(around, about, read),
        parameters: parametersOf(around, about, read),
        roles: rolesOf(around, about, read),
        simulated: simulatedFor(around, about, read)
    };
}
/** The account of the service: others do not tell ours what they have. */
function isOurs(account, { service }) {
    const own = (0,domain_arn/* parseArn */.Lw)(service.arn)?.account;
    return account === undefined || account === '' || own === undefined || own === account;
}
function needsOf(about, kind) {
    return (0,preflight_needs/* secretNeeds */.gg)(about.definition).filter((n) => n.kind === kind && isOurs(n.account, about));
}
async function secretsOf(around, about, read) {
    const ids = [...new Set(needsOf(about, 'secret').map((n) => n.id))].slice(0, mostSecrets);
    return await (0,reader/* each */.__)(ids, (id) => read.read('secretsmanager:DescribeSecret', around.secret, id));
}
async function parametersOf(around, about, read) {
    // Those of AWS itself and references to secrets are not listed among the account's own.
    const needs = needsOf(about, 'parameter').filter((n) => !/^\/aws\/|:/.test(n.id));
    const regions = [...new Set(needs.map((n) => n.region ?? about.region))];
    const found = await Promise.all(regions.map(async (region) => {
        const here = needs.filter((n) => (n.region ?? about.region) === region);
        // An ARN does not tell NAME and /NAME apart.
        const namesOf = ({ id, from }) => from.startsWith('arn:') && !id.includes('/') ? [id, `/${id}`] : [id];
        const names = [...new Set(here.flatMap(namesOf))].slice(0, 50);
        const there = await read.read('ssm:DescribeParameters', around.parameters, names, region);
        return here
            .filter((n) => names.includes(n.id))
            .map((n) => [
            (0,preflight_needs/* parameterKey */.RZ)(n, about.region),
            (0,known/* ask */.kA)(there, (list) => namesOf(n).some((name) => list.includes(name)))
        ]);
    }));
    return new Map(found.flat());
}
async function rolesOf(around, about, read) {
    return await (0,reader/* each */.__)((0,preflight_needs/* roleNeeds */.Yi)(about.definition).map((r) => r.arn), async (arn) => isOurs((0,domain_arn/* parseArn */.Lw)(arn)?.account, about)
        ? await read.read('iam:GetRole', around.role, arn)
        : (0,known/* unknown */.L5)(`${arn} is a role of another account`));
}
/** What the execution role may do with what tasks start with, by IAM's simulator. */
async function simulatedFor(around, about, read) {
    const role = (0,preflight_needs/* textOf */.b6)(about.definition, 'executionRoleArn');
    // Policies name secrets with the six characters that Secrets Manager adds: without them nothing is certain.
    const secrets = needsOf(about, 'secret').flatMap((n) => (/-[A-Za-z0-9]{6}$/.test(n.id) ? [n.id] : []));
    const parameters = needsOf(about, 'parameter').flatMap((n) => parameterArn(n, about) ?? []);
    if (role?.startsWith('arn:') !== true || secrets.length + parameters.length === 0)
        return (0,known/* known */.eO)([]);
    const simulate = around.simulate?.bind(around);
    return await read.read('iam:SimulatePrincipalPolicy', simulate &&
        (async () => {
            const ask = (action, arns) => arns.length === 0 ? [] : simulate(role, [action], [...new Set(arns)].slice(0, 20));
            const answers = await Promise.all([
                ask('secretsmanager:GetSecretValue', secrets),
                ask('ssm:GetParameters', parameters)
            ]);
            return answers.flat();
        }));
}
/** The ARN that a policy means by a parameter; undefined where it cannot be told. */
function parameterArn({ from, id }, { service, region }) {
    if ((0,domain_arn/* parseArn */.Lw)(from)?.service === 'ssm')
        return from.split(':').slice(0, 6).join(':');
    const own = (0,domain_arn/* parseArn */.Lw)(service.arn);
    if (!own || id.includes(':'))
        return undefined;
    return `arn:${own.partition}:ssm:${region}:${own.account}:parameter/${id.replace(/^\//, '')}`;
}

;// CONCATENATED MODULE: ./lib/preflight/checks/secrets-allowed.js




/** An execution role without the permission to read what tasks start with. */
const secretsAllowed = {
    name: 'secrets-allowed',
    area: 'definition',
    question: 'May the execution role read the secrets and parameters that containers are started with?',
    reads: ['iam:SimulatePrincipalPolicy'],
    worst: 'error',
    source: 'IAM policy simulator; ECS developer guide, permissions of the task execution role for secrets',
    look(facts) {
        const needs = (0,preflight_needs/* secretNeeds */.gg)(facts.definition);
        if (needs.length === 0 || (0,preflight_needs/* textOf */.b6)(facts.definition, 'executionRoleArn') === undefined)
            return (0,preflight_check.ok)('The execution role reads no secret.');
        if (!facts.simulated.known)
            return (0,preflight_check/* unknowable */.LJ)(facts.simulated.why);
        return (0,preflight_check/* gravest */.Zk)(needs.map((need) => secrets_allowed_judged(facts, need)), '');
    }
};
function secrets_allowed_judged(facts, need) {
    const { container, name } = need;
    const role = (0,preflight_needs/* textOf */.b6)(facts.definition, 'executionRoleArn') ?? '';
    const action = need.kind === 'secret' ? 'secretsmanager:GetSecretValue' : 'ssm:GetParameters';
    const resource = need.kind === 'secret' ? need.id : parameterArn(need, facts);
    const said = facts.simulated.known
        ? facts.simulated.value.find((s) => s.action.toLowerCase() === action.toLowerCase() && s.resource === resource)
        : undefined;
    if (!said || said.unsure === true || !/Deny$/.test(said.decision))
        return (0,preflight_check.ok)(`Nothing says that ${name} of ${container} may not be read.`);
    const denies = said.decision === 'explicitDeny';
    const same = (0,preflight_needs/* textOf */.b6)(facts.running, 'executionRoleArn') === role &&
        (0,preflight_needs/* secretNeeds */.gg)(facts.running).some((n) => n.from === need.from) &&
        servingTasks(facts).length > 0;
    // A policy of the secret itself may allow it, which the simulator was not shown.
    if (same)
        return (0,preflight_check.ok)(`${name} of ${container} was read when the tasks that run now were started.`);
    const roleName = role.slice(role.lastIndexOf('/') + 1);
    const says = denies
        ? `A policy denies the execution role ${roleName} the reading of ${name} of ${container}: no task can start.`
        : `No policy of the execution role ${roleName} lets it read ${name} of ${container}.`;
    // What is no ARN may be anything, also the secret itself by mistake.
    const shown = need.from.startsWith('arn:') ? (resource ?? '') : `the parameter of ${name}`;
    const evidence = [`${action} on ${shown}: ${said.decision}`];
    const fix = {
        todo: `Allow ${action} on ${shown} in a policy of ${roleName}${denies ? ', and take the deny away' : ', unless a policy of the secret allows it'}.`,
        console: `IAM → Roles → ${roleName} → Permissions`
    };
    return denies ? (0,preflight_check/* error */.z3)(says, evidence, fix, 'secret-denied') : (0,preflight_check/* warning */.$e)(says, evidence, fix);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/service-ready.js


/** A service that cannot take a rolling deployment at all. */
const serviceReady = {
    name: 'service-ready',
    area: 'service',
    question: 'Is the service ACTIVE, with the rolling deployment controller of ECS?',
    reads: ['ecs:DescribeServices'],
    worst: 'error',
    source: 'ECS API: Service.status, deploymentController, deploymentConfiguration.strategy',
    look({ service, purpose }) {
        const { name, status, controller, strategy } = service;
        if (status !== 'ACTIVE')
            return (0,preflight_check/* error */.z3)(`Service ${name} is ${status}, not ACTIVE.`, [`status ${status}`], `Create the service ${name} again, or name another one.`);
        const other = controller === 'ECS' ? strategy : controller;
        if (other !== 'ROLLING' && purpose === 'diagnose')
            return (0,preflight_check.ok)(`${name} is ACTIVE; ${other} deploys it.`);
        if (other !== 'ROLLING')
            return (0,preflight_check/* error */.z3)(`Service ${name} is deployed by ${other}, not by rolling deployments of ECS.`, [`deployment controller ${controller}, strategy ${strategy}`], 'Deploy this service with the tool of its controller.');
        if (!(0,domain_service/* primaryOf */.Os)(service))
            return (0,preflight_check/* error */.z3)(`Service ${name} shows no PRIMARY deployment, so nothing can be compared or restored.`, [`${service.deployments.length} deployments`], `Look at the service in the console: ECS → Clusters → Services → ${name} → Deployments.`);
        return (0,preflight_check.ok)(`${name} is ACTIVE and rolls.`);
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/target-type.js




/** Targets by address for awsvpc, by instance for the other modes. */
const targetType = {
    name: 'target-type',
    area: 'load balancer',
    question: 'Does the type of the target group fit the network mode of the tasks?',
    reads: ['elasticloadbalancing:DescribeTargetGroups'],
    worst: 'error',
    source: 'ECS developer guide: awsvpc needs targets of type ip, bridge and host those of type instance',
    look(facts) {
        const { groups, definition, running, service } = facts;
        if (service.loadBalancers.length === 0)
            return (0,preflight_check.ok)('The service stands behind no load balancer.');
        if (!groups.known)
            return (0,preflight_check/* unknowable */.LJ)(groups.why);
        const mode = (0,preflight_needs/* networkMode */.m3)(definition);
        const wanted = mode === 'awsvpc' ? 'ip' : 'instance';
        const answers = groups.value.map((g) => {
            const name = (0,domain_arn/* targetGroupName */.IT)(g.arn);
            if (g.targetType === undefined)
                return (0,preflight_check/* unknowable */.LJ)(`ELB does not say the type of ${name}`);
            if (g.targetType === wanted || g.targetType === 'alb')
                return (0,preflight_check.ok)(`${name} takes ${g.targetType} targets.`);
            const says = `Target group ${name} takes targets of type ${g.targetType}, and tasks of network mode ${mode} are of type ${wanted}.`;
            const fix = `Make a target group of type ${wanted} for the service, or keep the network mode ${(0,preflight_needs/* networkMode */.m3)(running)}.`;
            const evidence = [`network mode ${mode}, target type ${g.targetType}`];
            const changed = (0,preflight_needs/* networkMode */.m3)(running) !== mode;
            return changed && !(g.targetType === 'ip' && healthyNow(facts, g.arn))
                ? (0,preflight_check/* error */.z3)(says, evidence, fix)
                : (0,preflight_check/* warning */.$e)(says, evidence, fix);
        });
        return (0,preflight_check/* gravest */.Zk)(answers, 'No target group was shown.');
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks/task-lets-in.js



/** The tasks' security group keeps the load balancer out. */
const taskLetsIn = {
    name: 'task-lets-in',
    area: 'network',
    question: "Does the tasks' security group let the load balancer in, on the port of the application and of the check?",
    reads: [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeLoadBalancers',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets'
    ],
    worst: 'error',
    source: 'A runbook for 503: the rule for the port of the container was missing; every check times out',
    look(facts) {
        const ways = waysIn(facts);
        if (!ways.known)
            return (0,preflight_check/* unknowable */.LJ)(ways.why);
        return (0,preflight_check/* gravest */.Zk)(ways.value.map(task_lets_in_judged), 'No load balancer with a security group stands in front.');
    }
};
function task_lets_in_judged({ balancer, ports, from, to, groups, proven }) {
    const tasks = named(to.groups, groups);
    const lb = named(from.groups, groups);
    const closed = ports.filter((port) => passesAny(to.groups, groups, 'ingress', port, from) === 'no');
    const port = closed[0];
    if (port === undefined)
        return (0,preflight_check.ok)(`${tasks} lets ${balancer.name} in on TCP ${ports.join(', ')}.`);
    if (proven)
        return (0,preflight_check.ok)(`A target of ${balancer.name} is healthy now.`);
    return (0,preflight_check/* error */.z3)(`The security group of the tasks lets nobody in from load balancer ${balancer.name} on TCP ${closed.join(', ')}: every health check times out.`, [`${tasks} has no ingress rule for TCP ${closed.join(', ')} from ${lb}`], {
        todo: `Let ${lb} in: add an ingress rule for TCP ${closed.join(', ')} from it to ${tasks}.`,
        console: `EC2 → Security groups → ${to.groups[0] ?? ''} → Inbound rules → Edit`,
        command: `aws ec2 authorize-security-group-ingress --group-id ${to.groups[0] ?? ''} --protocol tcp --port ${port} --source-group ${from.groups[0] ?? ''}`
    }, 'elb-health-timeout');
}

;// CONCATENATED MODULE: ./lib/domain/fargate-size.js
/** Which CPU and memory a Fargate task may have: the table of the ECS developer guide, task size. */
/** Units of CPU, then memory in MiB: the least, the most, and the step between. */
const sizes = [
    [512, 1024, 4096, 1024],
    [1024, 2048, 8192, 1024],
    [2048, 4096, 16_384, 1024],
    [4096, 8192, 30_720, 1024],
    [8192, 16_384, 61_440, 4096],
    [16_384, 32_768, 122_880, 8192]
];
/** The memory that goes with this CPU, MiB, ascending; empty when Fargate has no such CPU. */
function memoryFor(cpu) {
    // The only row that doubles.
    if (cpu === 256)
        return [512, 1024, 2048];
    const row = sizes.find(([units]) => units === cpu);
    if (!row)
        return [];
    const [, least, most, step] = row;
    return Array.from({ length: (most - least) / step + 1 }, (_, i) => least + i * step);
}
/** The CPU values that Fargate has, units. */
const fargateCpus = [256, ...sizes.map(([cpu]) => cpu)];
/** `512, 1024 or 2048`; `4096 to 16384 in steps of 1024`. */
function sayMemoryFor(cpu) {
    const all = memoryFor(cpu);
    const [least = 0, second = 0] = all;
    if (all.length <= 4)
        return `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`;
    return `${least} to ${all.at(-1) ?? 0} in steps of ${second - least}`;
}

;// CONCATENATED MODULE: ./lib/preflight/checks/task-size.js





/** Sizes that Fargate has not, and containers that are larger than their task. */
const taskSize = {
    name: 'task-size',
    area: 'definition',
    question: 'Does Fargate have the CPU and memory of the task, and do the containers fit into it?',
    reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
    worst: 'error',
    source: 'ECS developer guide, task size on Fargate; ECS API, ContainerDefinition.memory',
    look: (facts) => (0,preflight_check/* gravest */.Zk)([size(facts), ...containers(facts)], 'No container was shown.')
};
function size(facts) {
    const { definition, service } = facts;
    const asked = definition['requiresCompatibilities'];
    const declared = Array.isArray(asked) && asked.includes('FARGATE');
    if (!declared && !(0,preflight_needs/* isFargate */.rd)(service, definition))
        return (0,preflight_check.ok)('EC2 instances take tasks of any size.');
    const { cpu, memory } = definition;
    const shown = [`cpu ${say(cpu)}, memory ${say(memory)}`];
    if (taken(facts, (d) => [d['cpu'] ?? null, d['memory'] ?? null, d['requiresCompatibilities'] ?? null]))
        return (0,preflight_check.ok)('The task has the size of the one that runs.', shown);
    if (cpu === undefined || memory === undefined) {
        const missing = cpu === undefined ? 'cpu' : 'memory';
        const says = `A Fargate task must say its size, and the task definition has no ${missing}.`;
        const fix = `Set ${missing} in the task definition${cpu === undefined ? `: one of ${fargateCpus.join(', ')}` : ''}.`;
        // Without the word FARGATE in it, it is the service that does not take this definition.
        return declared ? (0,preflight_check/* error */.z3)(says, shown, fix) : (0,preflight_check/* warning */.$e)(says, shown, fix);
    }
    return pair(Number((0,task_definition/* cpuUnits */.MN)(cpu)), Number((0,task_definition/* mebibytes */.jh)(memory)), shown, isWindows(definition));
}
function pair(cpu, memory, shown, windows) {
    const largest = Math.max(...fargateCpus);
    if (!(cpu > 0 && memory > 0 && cpu <= largest))
        return (0,preflight_check/* unknowable */.LJ)('the table of Fargate sizes does not go so far');
    const fits = memoryFor(cpu);
    if (windows && (cpu < 1024 || cpu > 4096))
        return (0,preflight_check/* error */.z3)(`Fargate runs Windows on 1024 to 4096 units of CPU, not on ${cpu}.`, shown, 'Set cpu to 1024.');
    if (fits.length === 0) {
        const next = fargateCpus.find((c) => c > cpu) ?? largest;
        return (0,preflight_check/* error */.z3)(`Fargate has no task with ${cpu} units of CPU.`, [...shown, `it has ${fargateCpus.join(', ')}`], `Set cpu to ${next} and memory to ${nearest(memoryFor(next), memory)} in the task definition.`);
    }
    if (fits.includes(memory))
        return (0,preflight_check.ok)(`Fargate has tasks of ${cpu} units of CPU and ${memory} MiB.`, shown);
    return (0,preflight_check/* error */.z3)(`Fargate has no task with ${cpu} units of CPU and ${memory} MiB of memory.`, [...shown, `cpu ${cpu} goes with memory ${sayMemoryFor(cpu)}`], fixOf(cpu, memory, fits));
}
function fixOf(cpu, memory, fits) {
    const other = fargateCpus.find((c) => c !== cpu && memoryFor(c).includes(memory));
    const either = `Set memory to ${nearest(fits, memory)}`;
    return `${either}${other === undefined ? '' : `, or cpu to ${other},`} in the task definition.`;
}
/** The least that is enough, or the most that there is. */
function nearest(values, wanted) {
    return values.find((v) => v >= wanted) ?? values.at(-1) ?? wanted;
}
function containers(facts) {
    const { definition } = facts;
    const task = Number((0,task_definition/* mebibytes */.jh)(definition['memory'] ?? ''));
    const list = (0,preflight_needs/* rawContainers */.V)(definition);
    if (!(task > 0))
        return [];
    const single = list.flatMap((container) => {
        const name = (0,preflight_needs/* textOf */.b6)(container, 'name') ?? '';
        const own = (0,preflight_needs/* numberOf */.rl)(container, 'memory') ?? 0;
        if (own <= task)
            return [];
        if (taken(facts, (d) => [d['memory'] ?? null, containerNamed(d, name)?.['memory'] ?? null]))
            return [];
        return [
            (0,preflight_check/* error */.z3)(`Container ${name} may use ${own} MiB, more than the ${task} MiB of its task.`, [`memory of ${name} ${own}, of the task ${task}`], `Set memory of container ${name} to ${task} or less, or give the task more.`)
        ];
    });
    const reserved = list.map((c) => (0,preflight_needs/* numberOf */.rl)(c, 'memoryReservation') ?? (0,preflight_needs/* numberOf */.rl)(c, 'memory') ?? 0);
    const sum = reserved.reduce((a, b) => a + b, 0);
    const sums = list.map((c, i) => `${(0,preflight_needs/* textOf */.b6)(c, 'name') ?? ''} ${reserved[i] ?? 0}`).join(', ');
    if (sum <= task || single.length > 0 || taken(facts, amounts))
        return single;
    return [
        (0,preflight_check/* warning */.$e)(`The containers reserve ${sum} MiB together, more than the ${task} MiB of their task.`, [`${sums}; task ${task}`], `Give the task at least ${sum} MiB of memory, or the containers less.`)
    ];
}
function amounts(definition) {
    return [
        (0,preflight_needs/* textOf */.b6)(definition, 'memory') ?? '',
        ...(0,preflight_needs/* rawContainers */.V)(definition).map((c) => (0,preflight_needs/* numberOf */.rl)(c, 'memoryReservation') ?? (0,preflight_needs/* numberOf */.rl)(c, 'memory') ?? 0)
    ];
}
function isWindows(definition) {
    return /^WINDOWS/i.test((0,preflight_needs/* textOf */.b6)((0,preflight_needs/* objectOf */.Xy)(definition, 'runtimePlatform'), 'operatingSystemFamily') ?? '');
}
function say(value) {
    if (value === undefined)
        return 'not given';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return /^[\d.]+ ?(vcpu|[gm]b)?$/i.test(text) ? text : 'not a size';
}

// EXTERNAL MODULE: ./lib/judge/stop-reason.js
var stop_reason = __webpack_require__(256);
;// CONCATENATED MODULE: ./lib/preflight/checks/tried-before.js






/** The same images, tried within the last hour: what killed those tasks may kill the next ones. */
const triedBefore = {
    name: 'tried-before',
    area: 'service',
    question: 'Did no task with these images fail within the last hour?',
    reads: ['ecs:ListTasks', 'ecs:DescribeTasks'],
    worst: 'warning',
    source: 'ECS keeps stopped tasks with their reasons for an hour; a deployment that failed is tried again unchanged',
    look(facts) {
        // What runs is judged by how it runs now.
        if (facts.purpose === 'diagnose')
            return (0,preflight_check.ok)('Nothing new is about to start.');
        const { stopped, service } = facts;
        if (!stopped.known)
            return (0,preflight_check/* unknowable */.LJ)(stopped.why);
        const failed = stopped.value.filter((t) => (0,stop_reason/* readStop */.P)(t).kind === 'failed' && hasImages(t, facts));
        if (failed.length === 0)
            return (0,preflight_check.ok)('No task with these images failed.');
        const runs = (task) => task.taskDefinition === service.taskDefinition;
        // Tasks of the revision that serves fail now and then; that one has proven itself since.
        if (failed.every(runs) && service.running >= service.desired)
            return (0,preflight_check.ok)('These images run now, and every task is there.');
        const reasons = [...new Set(failed.map((t) => t.stoppedReason ?? t.stopCode ?? 'no reason'))];
        return (0,preflight_check/* warning */.$e)(`${(0,plural/* plural */.L)(failed.length, 'task')} with these images failed within the last hour.`, reasons.slice(0, 3).map((r) => `stopped: ${r}`), {
            todo: 'Make sure that what stopped them is mended before they are deployed again.',
            console: (0,fixes/* serviceConsole */.$Z)(service, 'Tasks → Stopped')
        });
    }
};
/** True when the task was made of what is to be deployed: the same digest in every container that is known. */
function hasImages(task, { definition }) {
    const wanted = (0,task_definition/* containersOf */.Mz)(definition).filter((c) => c.essential);
    const same = wanted.map(({ name, image }) => {
        const had = task.containers.find((c) => c.name === name);
        const digest = (0,domain_image/* parseImage */.zZ)(image)?.digest;
        if (!had)
            return false;
        return had.image === image || (digest !== undefined && had.imageDigest === digest);
    });
    return same.length > 0 && same.every(Boolean);
}

;// CONCATENATED MODULE: ./lib/preflight/checks/undo.js



/** Who ends a deployment that fails. */
const undo = {
    name: 'undo',
    area: 'service',
    question: 'Does somebody undo a deployment that fails?',
    reads: ['ecs:DescribeServices'],
    worst: 'warning',
    source: 'ECS developer guide, deployment circuit breaker: without it a failing deployment goes on for ever',
    look({ service, desired, undoes }) {
        const threshold = (0,domain_service/* breakerThreshold */.Ey)(service.breaker, desired);
        const breaker = threshold === undefined
            ? 'the circuit breaker is off'
            : `the circuit breaker trips at ${threshold} failed tasks and ${service.breaker.rollback ? 'rolls back' : 'does not roll back'}`;
        if ((0,domain_service/* rollsBackItself */.Hc)(service))
            return (0,preflight_check.ok)(`ECS does: ${breaker}.`);
        if (undoes)
            return (0,preflight_check.ok)(`This action does; ${breaker}.`);
        return (0,preflight_check/* warning */.$e)(`Nobody does: ${breaker}.`, [breaker], {
            todo: `Switch on the circuit breaker of service ${service.name} with its rollback.`,
            command: (0,fixes/* serviceCommand */.xi)(service, "--deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}'")
        });
    }
};

;// CONCATENATED MODULE: ./lib/preflight/way-out.js

/** The route table that a subnet uses; undefined when it was not described. */
function tableOf(tables, subnet) {
    return tables.find((t) => t.subnets.includes(subnet.id)) ?? tables.find((t) => t.main);
}
/** The way from a subnet to an AWS service (`ecr.api`, `s3`, …) or, without a name, to the internet; TCP 443. */
function wayOut(facts, subnet, service) {
    const { routeTables, endpoints, securityGroups } = facts;
    const { network } = facts.service;
    if (!network)
        return { open: 'unknown', why: 'the service has no awsvpc network' };
    if (subnet.cidr === undefined)
        return { open: 'unknown', why: `${subnet.id} shows no IPv4 addresses` };
    if (!routeTables.known)
        return { open: 'unknown', why: routeTables.why };
    const table = tableOf(routeTables.value, subnet);
    if (!table)
        return { open: 'unknown', why: `no route table of ${subnet.id} was shown` };
    const doors = endpoints.known
        ? endpoints.value.filter((e) => service !== undefined && e.service.endsWith(`.${service}`) && /^available$/i.test(e.state ?? ''))
        : [];
    // With private DNS every task of the VPC is led to the endpoint, also where another way would be open.
    const door = doors.find((e) => !/^gateway/i.test(e.type) && e.privateDns);
    if (door) {
        if (!securityGroups.known)
            return { open: 'unknown', why: securityGroups.why };
        const from = { groups: network.securityGroups, cidrs: [subnet.cidr] };
        const admitted = passesAny(door.groups, securityGroups.value, 'ingress', 443, from);
        if (admitted !== 'no')
            return { open: true };
        return {
            open: false,
            broken: false,
            says: `endpoint ${door.id} (${door.service}) lets nobody in on TCP 443 from ${network.securityGroups.join(', ')}`
        };
    }
    if (securityGroups.known) {
        const out = passesAny(network.securityGroups, securityGroups.value, 'egress', 443, internet);
        if (out === 'no')
            return {
                open: false,
                broken: false,
                says: `${network.securityGroups.join(', ')} has no egress rule for TCP 443`
            };
    }
    if (doors.some((e) => /^gateway/i.test(e.type) && e.routeTables.includes(table.id)))
        return { open: true };
    const way = toInternet(facts, subnet, table, network.publicIp);
    // An endpoint that was not shown may be the way.
    if (way.open === false && service !== undefined && !endpoints.known)
        return { open: 'unknown', why: endpoints.why };
    if (way.open === false && doors.some((e) => !/^gateway/i.test(e.type)))
        return { open: 'unknown', why: 'an endpoint without private DNS may be reached by a zone of your own' };
    return way;
}
function toInternet(facts, subnet, table, publicIp) {
    const others = table.routes.filter((r) => r.via !== 'local' && !r.to.startsWith('pl-') && r.to !== '');
    const route = others.find((r) => r.to === '0.0.0.0/0');
    if (!route) {
        // Half of the internet, or a network with endpoints of its own, may lie behind some other route.
        if (others.length > 0)
            return { open: 'unknown', why: `${table.id} has routes that cannot be judged` };
        return { open: false, broken: false, says: `${table.id} of ${subnet.id} has no route to the internet` };
    }
    if (route.state === 'blackhole')
        return {
            open: false,
            broken: true,
            says: `the route 0.0.0.0/0 of ${table.id} leads nowhere (${route.via} is gone)`
        };
    if (route.via.startsWith('igw-'))
        return publicIp
            ? { open: true }
            : {
                open: false,
                broken: false,
                says: `${subnet.id} is public (it goes out by ${route.via}), and the tasks have no public address`
            };
    if (!route.via.startsWith('nat-'))
        return { open: true };
    const nat = facts.natGateways.known ? facts.natGateways.value.find((n) => n.id === route.via) : undefined;
    if (nat?.state === undefined)
        return { open: 'unknown', why: `the state of ${route.via} is not known` };
    return /^(failed|deleting|deleted)$/.test(nat.state)
        ? { open: false, broken: true, says: `NAT gateway ${nat.id} is ${nat.state}` }
        : { open: true };
}

;// CONCATENATED MODULE: ./lib/preflight/checks/way-out.js




/** What tasks must reach to start: the registry, the secrets and the log. */
const way_out_wayOut = {
    name: 'way-out',
    area: 'network',
    question: 'Do tasks reach the registry, the secrets and the log from every subnet?',
    reads: [
        'ec2:DescribeSubnets',
        'ec2:DescribeRouteTables',
        'ec2:DescribeNatGateways',
        'ec2:DescribeVpcEndpoints'
    ],
    worst: 'error',
    source: 'A runbook for 503: a public subnet without a public address, a private one without NAT; ECS guide, pulling images',
    look(facts) {
        const { subnets, service, definition } = facts;
        if (service.network === undefined || !(0,preflight_needs/* isFargate */.rd)(service, definition))
            return (0,preflight_check.ok)('The instances fetch what tasks need.');
        if (!subnets.known)
            return (0,preflight_check/* unknowable */.LJ)(subnets.why);
        if (subnets.value.length < service.network.subnets.length)
            return (0,preflight_check/* unknowable */.LJ)('ec2:DescribeSubnets did not show every subnet');
        return together(facts, way_out_needsOf(facts));
    }
};
/** Needs that cannot be reached for the same reason are one finding. */
function together(facts, needs) {
    const answers = needs.map((need) => reached(facts, need));
    const worst = (0,preflight_check/* gravest */.Zk)(answers, 'Tasks need nothing from outside.');
    if (worst.state !== 'error' && worst.state !== 'warning')
        return worst;
    const those = needs.filter((_, i) => answers[i]?.state === worst.state).map((n) => n.what);
    return { ...worst, says: `New tasks cannot reach ${those.join(', ')}${where(worst)}.` };
}
/** Said of some subnets only, and not of all. */
function where({ says }) {
    const some = / from \d+ of \d+ subnets/.exec(says)?.[0];
    return some ?? '';
}
function way_out_needsOf({ definition }) {
    const secrets = (0,preflight_needs/* secretNeeds */.gg)(definition);
    const elsewhere = (0,preflight_needs/* rawContainers */.V)(definition).some((c) => !/^\d{12}\.dkr[.-]ecr/.test((0,preflight_needs/* textOf */.b6)(c, 'image') ?? ''));
    const code = 'image-pull-network';
    return [
        ...((0,preflight_needs/* usesEcr */.Bu)(definition)
            ? [
                { what: 'the login of the registry (ECR)', service: 'ecr.api', code },
                { what: 'the registry (ECR)', service: 'ecr.dkr', code },
                { what: 'the layers of images (S3)', service: 's3', code }
            ]
            : []),
        ...(elsewhere ? [{ what: 'the registry in the internet', code }] : []),
        ...(secrets.some((s) => s.kind === 'secret')
            ? [{ what: 'Secrets Manager', service: 'secretsmanager', code: 'secret-network' }]
            : []),
        ...(secrets.some((s) => s.kind === 'parameter')
            ? [{ what: 'the parameters of Systems Manager', service: 'ssm', code: 'secret-network' }]
            : []),
        ...((0,preflight_needs/* logNeeds */.mT)(definition).length > 0
            ? [{ what: 'CloudWatch Logs', service: 'logs', code: 'log-network' }]
            : [])
    ];
}
function reached(facts, { what, service, code }) {
    const subnets = facts.subnets.known ? facts.subnets.value : [];
    const ways = subnets.map((subnet) => wayOut(facts, subnet, service));
    const closed = ways.filter((w) => w.open === false);
    const dark = ways.find((w) => w.open === 'unknown');
    if (closed.length === 0)
        return dark?.open === 'unknown' ? (0,preflight_check/* unknowable */.LJ)(dark.why) : (0,preflight_check.ok)('Tasks reach what they need.');
    const evidence = [...new Set(closed.map((w) => w.says))];
    const all = closed.length === subnets.length;
    const says = all
        ? `A new task cannot reach ${what}.`
        : `A new task cannot reach ${what} from ${closed.length} of ${subnets.length} subnets.`;
    // Tasks that run have once come through: unless something on the way has gone since, our reading is in doubt.
    const certain = all && (facts.service.running === 0 || closed.every((w) => w.broken));
    const fix = way_out_fixOf(facts, evidence);
    return certain ? (0,preflight_check/* error */.z3)(says, evidence, fix, code) : (0,preflight_check/* warning */.$e)(says, evidence, fix);
}
function way_out_fixOf({ service, routeTables }, evidence) {
    const network = service.network;
    const subnets = network?.subnets.join(',') ?? '';
    const groups = network?.securityGroups.join(',') ?? '';
    const tables = routeTables.known ? routeTables.value : [];
    if (evidence.some((e) => e.includes('no egress rule')))
        return {
            todo: `Let the tasks out on TCP 443: an egress rule of ${groups}.`,
            command: `aws ec2 authorize-security-group-egress --group-id ${network?.securityGroups[0] ?? ''} --protocol tcp --port 443 --cidr 0.0.0.0/0`
        };
    if (evidence.some((e) => e.includes('lets nobody in on TCP 443')))
        return { todo: `Let ${groups} in on TCP 443 in the security group of the endpoint.` };
    const nat = tables.find((t) => t.routes.some((r) => r.via.startsWith('nat-') && r.state !== 'blackhole'));
    const inNat = nat?.subnets.join(',') ?? '';
    if (evidence.some((e) => e.includes('is public')))
        return {
            todo: `Put the tasks of ${service.name} into private subnets with a NAT gateway${inNat === '' ? '' : ` (${inNat})`}, or give them public addresses.`,
            command: (0,fixes/* serviceCommand */.xi)(service, `--network-configuration 'awsvpcConfiguration={subnets=[${inNat === '' ? subnets : inNat}],securityGroups=[${groups}],assignPublicIp=${inNat === '' ? 'ENABLED' : 'DISABLED'}}'`)
        };
    const table = /\brtb-[0-9a-z]+/.exec(evidence.join(' '))?.[0] ?? 'ROUTE_TABLE';
    return {
        todo: `Give the subnets ${subnets} a way out: a NAT gateway in a public subnet and a route 0.0.0.0/0 to it (a public address is of no use without an internet gateway), or endpoints for ECR, S3, Logs and Secrets Manager.`,
        console: 'VPC → NAT gateways → Create, then VPC → Route tables → Routes → Edit',
        command: `aws ec2 create-route --route-table-id ${table} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id NAT_GATEWAY`
    };
}

;// CONCATENATED MODULE: ./lib/preflight/checks/zones.js


/** Tasks in zones that the load balancer does not serve are never asked. */
const zones = {
    name: 'zones',
    area: 'load balancer',
    question: 'Is the load balancer enabled in every zone that tasks are put in?',
    reads: [
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeLoadBalancers',
        'ec2:DescribeSubnets'
    ],
    worst: 'error',
    source: 'Target.NotInUse in the ELB user guides: a target in a zone that is not enabled gets no requests',
    look(facts) {
        const { balancers, subnets, service } = facts;
        if (service.loadBalancers.length === 0)
            return (0,preflight_check.ok)('The service stands behind no load balancer.');
        if (service.network === undefined)
            return (0,preflight_check.ok)('The tasks stand where their instances are.');
        if (!balancers.known)
            return (0,preflight_check/* unknowable */.LJ)(balancers.why);
        if (!subnets.known)
            return (0,preflight_check/* unknowable */.LJ)(subnets.why);
        const served = [...new Set(balancers.value.flatMap((b) => b.zones.map((z) => z.zone)))];
        const placed = subnets.value.flatMap((s) => (s.zone === undefined ? [] : [{ id: s.id, zone: s.zone }]));
        if (served.length === 0 || placed.length < service.network.subnets.length)
            return (0,preflight_check/* unknowable */.LJ)('not every zone of subnets and load balancer was named');
        const outside = placed.filter((s) => !served.includes(s.zone));
        const shown = `${balancers.value.map((b) => b.name).join(', ')} serves ${served.join(', ')}`;
        if (outside.length === 0)
            return (0,preflight_check.ok)(`${shown}.`);
        const evidence = [shown, ...outside.map((s) => `${s.id} is in ${s.zone}`)];
        const fix = {
            todo: `Enable ${[...new Set(outside.map((s) => s.zone))].join(', ')} on the load balancer, or put tasks only in zones that it serves.`,
            console: 'EC2 → Load balancers → Network mapping → Edit subnets'
        };
        const healthy = service.loadBalancers.some((l) => l.targetGroupArn !== undefined && healthyNow(facts, l.targetGroupArn));
        return outside.length === placed.length && !healthy
            ? (0,preflight_check/* error */.z3)('The load balancer serves none of the zones that tasks are put in.', evidence, fix, 'target-not-in-use')
            : (0,preflight_check/* warning */.$e)('The load balancer does not serve every zone that tasks are put in.', evidence, fix);
    }
};

;// CONCATENATED MODULE: ./lib/preflight/checks.js

































/** Every check, in the order in which findings are shown. */
const checks = [
    serviceReady,
    otherDeployment,
    roomToRoll,
    gap,
    undo,
    deploymentAlarms,
    imageKept,
    triedBefore,
    images_images,
    oldImages,
    taskSize,
    essential,
    dependsOn,
    containerCheck,
    containerCheckProgram,
    hostPorts,
    logGroup,
    executionRole,
    roles,
    secrets,
    secretsAllowed,
    registered_registered,
    containerPort,
    balanced,
    targetType,
    healthCheck,
    grace,
    drain/* drain */.Ze,
    zones,
    taskLetsIn,
    balancerLetsOut,
    way_out_wayOut,
    freeAddresses
];

// EXTERNAL MODULE: ./lib/steps/image-state.js
var image_state = __webpack_require__(5538);
;// CONCATENATED MODULE: ./lib/preflight/images.js





/**
 * Whether the images of ECR that the running revision names can still be pulled. A tag counts as the digest that the tasks
 * pulled: that is what ECS starts more of, whatever the tag says by now (software version consistency).
 */
async function imagesOf(ports, { running }, tasks, read) {
    const references = (0,task_definition/* containersOf */.Mz)(running).map(async ({ name, image }) => {
        const parsed = (0,domain_image/* parseImage */.zZ)(image);
        if (!parsed?.ecr)
            return [];
        const digest = parsed.digest ?? pulled(await tasks, name, image);
        return [digest === undefined ? image : (0,domain_image/* pinned */.dp)(parsed.repository, digest)];
    });
    return await (0,reader/* each */.__)((await Promise.all(references)).flat(), async (reference) => {
        const found = await read.read('ecr:DescribeImages', image_state/* imageState */.V, ports, reference);
        if (!found.known)
            return found;
        const { value } = found;
        if (value.state === 'unknown')
            return (0,known/* unknown */.L5)(value.text);
        return (0,known/* known */.eO)(value.state === 'there' ? { there: true } : { there: false, says: value.text });
    });
}
/** The digest that running tasks pulled for this container by this reference. */
function pulled(tasks, container, image) {
    const containers = tasks.known ? tasks.value.flatMap((t) => t.containers) : [];
    return containers.find((c) => c.name === container && c.image === image)?.imageDigest;
}

;// CONCATENATED MODULE: ./lib/preflight/network.js

/** The subnets of the tasks, and the ways out of their VPC. */
function networkOf(around, { service }, read) {
    const ids = service.network?.subnets ?? [];
    const subnets = ids.length === 0
        ? Promise.resolve((0,known/* unknown */.L5)('the service has no awsvpc network'))
        : read.read('ec2:DescribeSubnets', around.subnets, ids);
    const inVpc = async (look) => {
        const found = await subnets;
        if (!found.known)
            return found;
        const vpc = found.value.find((s) => s.vpc !== undefined)?.vpc;
        return vpc === undefined ? (0,known/* unknown */.L5)('ec2:DescribeSubnets did not name the VPC') : await look(vpc);
    };
    const routeTables = inVpc((vpc) => read.read('ec2:DescribeRouteTables', around.routeTables, vpc));
    return {
        subnets,
        routeTables,
        natGateways: routeTables.then((tables) => natGatewaysOf(tables, around, read)),
        endpoints: inVpc((vpc) => read.read('ec2:DescribeVpcEndpoints', around.endpoints, vpc))
    };
}
async function natGatewaysOf(tables, around, read) {
    if (!tables.known)
        return tables;
    const ways = new Set(tables.value.flatMap((t) => t.routes.map((r) => r.via)));
    const nats = [...ways].filter((via) => via.startsWith('nat-'));
    return nats.length === 0 ? (0,known/* known */.eO)([]) : await read.read('ec2:DescribeNatGateways', around.natGateways, nats);
}
/**
 * The security groups of tasks and load balancers, and those of endpoints, when there are any, in a request of their own:
 * nobody waits for the endpoints who does not need them.
 */
async function groupsOf(around, { service }, balancers, endpoints, read) {
    const near = balancers.then(async (found) => {
        const theirs = found.known ? found.value.flatMap((b) => b.securityGroups) : [];
        return await described([...(service.network?.securityGroups ?? []), ...theirs], around, read);
    });
    const doors = Promise.all([near, endpoints]).then(async ([first, found]) => {
        const ids = found.known ? found.value.flatMap((e) => e.groups) : [];
        return await described(first.known ? ids.filter((id) => !first.value.has(id)) : ids, around, read);
    });
    const [first, more] = await Promise.all([near, doors]);
    // A group that is not there admits whatever is asked of it: nothing is concluded from it.
    return more.known ? (0,known/* ask */.kA)(first, (groups) => new Map([...groups, ...more.value])) : first;
}
async function described(ids, around, read) {
    if (ids.length === 0)
        return (0,known/* known */.eO)(new Map());
    const found = await read.read('ec2:DescribeSecurityGroups', around.securityGroups, [...new Set(ids)]);
    return (0,known/* ask */.kA)(found, (list) => new Map(list.map((g) => [g.id, g])));
}

;// CONCATENATED MODULE: ./lib/preflight/strays.js



/** More target groups than this are not asked for their targets. */
const most = 5;
/**
 * Target groups that wait for a service like this: behind a load balancer, for ip targets on its port, in its VPC, and
 * empty. Looked for only when the service registers with none.
 */
async function straysOf(around, { targets }, about, subnets, read) {
    const port = firstPort(about)?.port;
    if (about.service.loadBalancers.length > 0 ||
        port === undefined ||
        (0,preflight_needs/* networkMode */.m3)(about.definition) !== 'awsvpc')
        return (0,known/* known */.eO)([]);
    const groups = await read.read('elasticloadbalancing:DescribeTargetGroups', around.targetGroups);
    if (!groups.known)
        return groups;
    const vpcs = subnets.known ? subnets.value.flatMap((s) => s.vpc ?? []) : [];
    const fitting = groups.value
        .filter((g) => g.targetType === 'ip' && g.trafficPort === port && (g.loadBalancers ?? []).length > 0)
        .filter((g) => g.vpc === undefined || vpcs.length === 0 || vpcs.includes(g.vpc))
        .slice(0, most);
    const empty = await Promise.all(fitting.map(async (group) => {
        const health = await read.read('elasticloadbalancing:DescribeTargetHealth', () => targets.health(group.arn));
        return health.known && health.value.length === 0 ? [group] : [];
    }));
    return (0,known/* known */.eO)(empty.flat());
}

;// CONCATENATED MODULE: ./lib/preflight/gather.js








/** How long all of the looking may take, milliseconds. */
const gather_limitMs = 5000;
/**
 * Reads everything that the checks may ask about, side by side: each question waits only for the answers that it is made
 * from, so that one which is never answered darkens nothing else. Throws only the signal's reason.
 */
async function gather(ports, name, about, signal) {
    const { surroundings: around = {} } = ports;
    await around.prepare?.();
    const read = new reader/* FactReader */.E7(ports.clock, gather_limitMs, signal);
    const quick = around.quick ?? ports;
    try {
        const tasks = tasksOf(quick, name, 'RUNNING', read);
        const network = networkOf(around, about, read);
        const balancing = balancingOf(quick, around, about, read);
        const facts = await (0,reader/* whole */.WQ)({
            tasks,
            stopped: tasksOf(quick, name, 'STOPPED', read),
            images: imagesOf(ports, about, tasks, read),
            alarms: alarmsOf(quick, about, read),
            ...balancing,
            ...network,
            securityGroups: groupsOf(around, about, balancing.balancers, network.endpoints, read),
            strays: network.subnets.then((subnets) => straysOf(around, quick, about, subnets, read)),
            logGroups: logGroupsOf(around, about, read),
            ...identityOf(around, about, read)
        });
        signal?.throwIfAborted();
        return { ...about, now: ports.clock.now(), ...facts };
    }
    finally {
        read.end();
    }
}
async function tasksOf({ containers }, name, status, read) {
    const arns = await read.read('ecs:ListTasks', () => containers.taskArns(name, status));
    if (!arns.known || arns.value.length === 0)
        return arns.known ? (0,known/* known */.eO)([]) : arns;
    return await read.read('ecs:DescribeTasks', () => containers.tasks(name.cluster, arns.value.slice(0, mostTasks)));
}
/** One request of DescribeTasks. */
const mostTasks = 100;
async function alarmsOf({ alarms }, { service }, read) {
    const names = service.alarms?.enable === true ? service.alarms.names : [];
    if (names.length === 0)
        return (0,known/* known */.eO)([]);
    return await read.read('cloudwatch:DescribeAlarms', alarms && (() => alarms.states(names)));
}
function balancingOf({ targets }, around, { service }, read) {
    const arns = service.loadBalancers.flatMap((l) => l.targetGroupArn ?? []);
    const describe = targets.describe?.bind(targets);
    const groups = arns.length === 0
        ? Promise.resolve((0,known/* known */.eO)([]))
        : read.read('elasticloadbalancing:DescribeTargetGroups', describe && (() => describe(arns)));
    return {
        groups,
        targets: (0,reader/* each */.__)(arns, (arn) => read.read('elasticloadbalancing:DescribeTargetHealth', () => targets.health(arn))),
        attributes: (0,reader/* each */.__)(arns, (arn) => read.read('elasticloadbalancing:DescribeTargetGroupAttributes', around.attributes, arn)),
        ...(0,behind/* behind */.R)(groups, around, read)
    };
}
function logGroupsOf(around, { definition, region }, read) {
    const logs = (0,preflight_needs/* logNeeds */.mT)(definition).filter((need) => !need.creates);
    return (0,reader/* each */.__)(logs.map((l) => (0,preflight_needs/* logKey */.Up)(l, region)), (key) => {
        const need = logs.find((l) => (0,preflight_needs/* logKey */.Up)(l, region) === key);
        return read.exists('logs:DescribeLogStreams', around.logGroup, need?.group ?? key, need?.region);
    });
}

;// CONCATENATED MODULE: ./lib/preflight/run.js


/**
 * Looks at the world around the service, reads only, and puts every question of the list to what was found. Never
 * throws but for the signal: what cannot be read is `unknown`. Takes at most a few seconds of the clock.
 */
async function preflight(ports, name, about, signal) {
    const start = ports.clock.now();
    const facts = await gather(ports, name, about, signal);
    return { findings: findingsOf(checks, facts), facts, tookMs: ports.clock.now() - start };
}
/** Puts each question to the facts; one that stumbles over an odd world has no answer. */
function findingsOf(list, facts) {
    return list.map((check) => ({ ...answer(check, facts), check: check.name, area: check.area }));
}
function answer(check, facts) {
    try {
        return check.look(facts);
    }
    catch (error) {
        return {
            state: 'unknown',
            why: `the answer could not be read (${error instanceof Error ? error.name : 'error'})`
        };
    }
}


/***/ })

};
