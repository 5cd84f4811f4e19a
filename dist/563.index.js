export const id = 563;
export const ids = [563];
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

/***/ 8563:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  preflight: () => (/* binding */ preflight)
});

// UNUSED EXPORTS: findingsOf

// EXTERNAL MODULE: ./lib/preflight/check.js
var check = __webpack_require__(3719);
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
    if (rule.groups.some((id) => other.groups.includes(id)))
        return 'yes';
    if (other.cidrs.length > 0 && other.cidrs.every((cidr) => rule.cidrs.some((r) => covers(r, cidr))))
        return 'yes';
    const near = other.cidrs.length === 0
        ? rule.cidrs.length > 0
        : other.cidrs.some((cidr) => rule.cidrs.some((r) => covers(r, cidr) || covers(cidr, r)));
    return near || rule.prefixLists.length > 0 ? 'maybe' : 'no';
}
/** True when every address of the second block is in the first. */
function covers(outer, inner) {
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

// EXTERNAL MODULE: ./lib/domain/arn.js
var domain_arn = __webpack_require__(7591);
// EXTERNAL MODULE: ./lib/preflight/facts.js
var preflight_facts = __webpack_require__(4428);
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
            ports: [...new Set([containerPort, health])].filter((p) => p > 0),
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
            return (0,check/* unknowable */.LJ)(ways.why);
        return (0,check/* gravest */.Zk)(ways.value.map(judged), 'No load balancer with a security group stands in front.');
    }
};
function judged({ balancer, ports, from, to, groups, proven }) {
    const tasks = named(to.groups, groups);
    const lb = named(from.groups, groups);
    const closed = ports.filter((port) => passesAny(from.groups, groups, 'egress', port, to) === 'no');
    const port = closed[0];
    if (port === undefined)
        return (0,check.ok)(`${lb} lets ${balancer.name} out on TCP ${ports.join(', ')}.`);
    if (proven)
        return (0,check.ok)(`A target of ${balancer.name} is healthy now.`);
    const group = from.groups.find((id) => groups.has(id)) ?? '';
    const none = groups.get(group)?.egress.length === 0;
    return (0,check/* error */.z3)(`The security group of load balancer ${balancer.name} has no egress to the tasks on TCP ${closed.join(', ')}: its health checks never leave it.`, [`${lb} has no egress rule ${none ? 'at all' : `for TCP ${closed.join(', ')} to ${tasks}`}`], {
        todo: `Let ${balancer.name} out: add an egress rule for TCP ${closed.join(', ')} to ${tasks} in ${lb}. Terraform makes a group without egress rules unless they are written down.`,
        console: `EC2 → Security groups → ${group} → Outbound rules → Edit`,
        command: `aws ec2 authorize-security-group-egress --group-id ${group} --ip-permissions 'IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${to.groups[0] ?? ''}}]'`
    }, 'elb-health-timeout');
}

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
        return other.conditions.some((c) => c.field === field && c.values.length > 0 && c.values.every((v) => values.some((p) => ways_covers(p, v))));
    });
}
const isAnything = (pattern) => pattern === '*' || pattern === '/*';
/** Whether a pattern takes all that the other takes; `*` stands for anything, elsewhere they must be equal. */
function ways_covers(pattern, other) {
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
        return (0,check/* gravest */.Zk)(arns.map((arn) => inUse(facts, arn)), 'The service stands behind no load balancer.');
    }
};
function inUse(facts, arn) {
    const { groups } = facts;
    if (!groups.known)
        return (0,check/* unknowable */.LJ)(groups.why);
    const name = (0,domain_arn/* targetGroupName */.IT)(arn);
    const group = groups.value.find((g) => g.arn === arn);
    if (group?.loadBalancers === undefined)
        return (0,check/* unknowable */.LJ)(`ELB does not say who uses ${name}`);
    if (group.loadBalancers.length === 0) {
        const says = `Target group ${name} is attached to no load balancer: its targets stay unused.`;
        const evidence = [`${name} names no load balancer`];
        return healthyNow(facts, arn)
            ? (0,check/* warning */.$e)(says, [...evidence, 'and yet a target of it is healthy'], attach(arn, 'LOAD_BALANCER'))
            : (0,check/* error */.z3)(says, evidence, attach(arn, 'LOAD_BALANCER'), 'target-not-in-use');
    }
    const { ways, listeners, unread } = waysTo(facts, group.loadBalancers, arn);
    const open = ways.filter((w) => w.before === undefined);
    const evidence = ways.map((w) => sayWay(w, name));
    if (open.length > 0)
        return (0,check.ok)(`${name} gets requests from a load balancer.`, evidence);
    const shadowed = ways[0];
    if (shadowed && unread === undefined)
        return neverReached(shadowed, name, evidence);
    // ELB names a load balancer only for a group that some listener or rule of it forwards to.
    if (ways.length > 0 || unread !== undefined)
        return (0,check.ok)(`${name} is attached to a load balancer.`, evidence);
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
    return (0,check/* warning */.$e)(`${which} forwards to ${name} and is never reached: rule ${before ?? ''} takes its requests first.`, evidence, {
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
        return (0,check/* error */.z3)(says, [...evidence, 'its targets are unused'], attach(arn, balancer), 'target-not-in-use');
    // Two words of ELB against each other; what a healthy target says counts for more.
    return healthyNow(facts, arn)
        ? (0,check.ok)(`A target of ${name} is healthy now.`, evidence)
        : (0,check/* warning */.$e)(says, evidence, attach(arn, balancer));
}
function attach(arn, balancer) {
    const name = (0,domain_arn/* targetGroupName */.IT)(arn);
    return {
        todo: `Add a listener, or a rule of a listener, that forwards to ${name}.`,
        console: `EC2 → Load balancers → Listeners and rules → Forward to ${name}`,
        command: `aws elbv2 create-listener --load-balancer-arn ${balancer} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${arn}`
    };
}

// EXTERNAL MODULE: ./lib/domain/task-definition.js
var task_definition = __webpack_require__(2573);
// EXTERNAL MODULE: ./lib/preflight/needs.js
var preflight_needs = __webpack_require__(990);
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
        return (0,check/* gravest */.Zk)(facts.service.loadBalancers.map((lb) => registered(facts, lb)), 'The service stands behind no load balancer.');
    }
};
function registered({ definition, running }, { containerName, containerPort: port }) {
    const names = (0,preflight_needs/* rawContainers */.V)(definition).map((c) => (0,preflight_needs/* textOf */.b6)(c, 'name') ?? '');
    if (!names.includes(containerName))
        return (0,check/* error */.z3)(`The load balancer sends to container ${containerName}, which the task definition has not.`, [`it has ${names.join(', ')}`], `Name a container ${containerName}, or give the service's load balancer another container.`);
    const mapped = (0,task_definition/* portsOf */.a5)(definition, containerName);
    if (mapped === 'ranges' || mapped.includes(port))
        return (0,check.ok)(`${containerName}:${port} is mapped.`);
    const says = `The load balancer sends to port ${port} of container ${containerName}, which the task definition does not map.`;
    const evidence = [`it maps ${mapped.join(', ') || 'none'}`];
    const fix = `Map port ${port} in container ${containerName} (portMappings), or give the service's load balancer another port.`;
    const before = (0,task_definition/* portsOf */.a5)(running, containerName);
    // A definition that runs so is one that ECS has taken.
    return before !== 'ranges' && before.includes(port)
        ? (0,check/* error */.z3)(says, evidence, fix)
        : (0,check/* warning */.$e)(says, evidence, fix);
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
            return (0,check.ok)('The service has no deployment alarms.');
        if (!alarms.known)
            return (0,check/* unknowable */.LJ)(alarms.why);
        const raised = alarms.value.filter((a) => a.state === 'ALARM');
        if (raised.length === 0)
            return (0,check.ok)(`Quiet: ${service.alarms.names.join(', ')}.`);
        const names = raised.map((a) => a.name);
        return (0,check/* warning */.$e)(`In ALARM already: ${names.join(', ')}. ECS ignores the alarms of the service for this deployment.`, raised.map((a) => `${a.name} is ALARM${a.reason === undefined ? '' : `: ${a.reason}`}`), {
            todo: 'Find out why it rings before deploying over it.',
            command: `aws cloudwatch describe-alarms --alarm-names ${names.map((n) => `'${n}'`).join(' ')}`
        });
    }
};

// EXTERNAL MODULE: ./lib/preflight/checks/drain.js
var drain = __webpack_require__(5191);
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
            return (0,check.ok)(`A ${service.scheduling} service has its own bounds.`);
        if (most > desired || least < desired)
            return (0,check.ok)('There is room to move.', sums);
        const says = `With ${desired} tasks, minimumHealthyPercent ${minimum} and maximumPercent ${maximum} ECS can neither start a new task nor stop an old one.`;
        const enough = Math.ceil(((desired + 1) * 100) / desired);
        const fix = {
            todo: `Set maximumPercent of service ${service.name} to 200 (${enough} is enough for one more task).`,
            command: (0,fixes/* serviceCommand */.xi)(service, '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100')
        };
        // With old tasks missing or unhealthy ECS may still move; with all of them there it cannot.
        return service.running >= desired ? (0,check/* error */.z3)(says, sums, fix, 'stuck') : (0,check/* warning */.$e)(says, sums, fix);
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
            return (0,check.ok)('The tasks share the addresses of their instances.');
        if (!subnets.known)
            return (0,check/* unknowable */.LJ)(subnets.why);
        const counts = subnets.value.flatMap((s) => s.freeAddresses ?? []);
        if (counts.length < service.network.subnets.length)
            return (0,check/* unknowable */.LJ)('ec2:DescribeSubnets did not say how many addresses are free');
        const free = counts.reduce((sum, n) => sum + n, 0);
        const { least, most } = bounds(facts);
        const beside = Math.max(0, most - Math.max(service.running, 0));
        const sums = subnets.value.map((s) => `${s.id} has ${s.freeAddresses ?? '?'} free addresses`);
        if (free >= beside)
            return (0,check.ok)(`${free} addresses are free, ${beside} new tasks may come beside the old ones.`);
        const fix = {
            todo: `Give service ${service.name} another subnet, or free addresses in ${service.network.subnets.join(', ')}.`,
            console: 'VPC → Subnets → Available IPv4 addresses'
        };
        // No task may go first, and none can come.
        const none = free === 0 && least >= desired && service.running >= desired;
        return none
            ? (0,check/* error */.z3)('No address is left in the subnets, and every new task needs one.', sums, fix, 'subnet-exhausted')
            : (0,check/* warning */.$e)(`${free} addresses are free, and up to ${beside} new tasks come beside the old ones.`, sums, fix);
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
        if (least > 0)
            return (0,check.ok)(`${least} of ${desired} tasks serve throughout.`);
        const sums = [`at least ${minimum} % of ${desired} is 0, at most ${maximum} % is ${most}`];
        // Where there is room for as many new tasks beside the old ones, ECS has no need to stop any first.
        const says = most > desired
            ? `ECS may stop the ${desired === 1 ? 'only task' : 'old tasks'} before a new one is healthy.`
            : `ECS stops the ${desired === 1 ? 'only task' : 'old tasks'} first: nothing serves until a new one is healthy.`;
        return (0,check/* warning */.$e)(says, sums, {
            todo: `Set minimumHealthyPercent of service ${service.name} to 100 and maximumPercent to 200, if the gap is not meant.`,
            command: (0,fixes/* serviceCommand */.xi)(service, '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100')
        });
    }
};

// EXTERNAL MODULE: ./lib/domain/duration.js
var duration = __webpack_require__(738);
// EXTERNAL MODULE: ./lib/domain/plural.js
var plural = __webpack_require__(5984);
// EXTERNAL MODULE: ./lib/preflight/starts.js
var preflight_starts = __webpack_require__(4942);
;// CONCATENATED MODULE: ./lib/preflight/checks/grace.js








/** Less than this from its start to its end by failed checks is little for any application, milliseconds. */
const shortMs = 60_000;
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
            return (0,check.ok)('The service stands behind no load balancer.');
        if (!facts.groups.known)
            return (0,check/* unknowable */.LJ)(facts.groups.why);
        return (0,check/* gravest */.Zk)(facts.groups.value.map((g) => timeToStart(facts, g)), 'No target group was shown.');
    }
};
function timeToStart(facts, g) {
    const { gracePeriodMs } = facts.service;
    const name = (0,domain_arn/* targetGroupName */.IT)(g.arn);
    if (g.intervalMs === undefined || g.unhealthyThreshold === undefined)
        return (0,check/* unknowable */.LJ)(`ELB does not say how ${name} checks`);
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
    if (patience < Math.max(startMs, gracePeriodMs > 0 ? 0 : shortMs))
        return (0,check/* warning */.$e)(replaced, sums, fix);
    const soon = early(starts, patience);
    // Others of them answer, so it is not the application that never does.
    if (soon.length > 0 && healthyNow(facts, g.arn))
        return (0,check/* warning */.$e)(`${(0,plural/* plural */.L)(soon.length, 'task')} of the last hour did not answer ${name} within the ${(0,duration/* sayDuration */.kP)(patience)} that a start has, while others did.`, sums, fix);
    if (starts.healthyMs !== undefined && starts.healthyMs > patience * scarce)
        return (0,check/* warning */.$e)(`The last start took ${(0,duration/* sayDuration */.kP)(starts.healthyMs)} of the ${(0,duration/* sayDuration */.kP)(patience)} after which a task that does not answer ${name} is replaced.`, sums, fix);
    return (0,check.ok)(`A task has ${(0,duration/* sayDuration */.kP)(patience)} to start.`, sums);
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
            return (0,check.ok)('The service stands behind no load balancer.');
        if (!groups.known)
            return (0,check/* unknowable */.LJ)(groups.why);
        return (0,check/* gravest */.Zk)(groups.value.map(asked), 'No target group was shown.');
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
        return (0,check/* warning */.$e)(`Target group ${name} waits ${(0,duration/* sayDuration */.kP)(g.timeoutMs)} for an answer and asks every ${(0,duration/* sayDuration */.kP)(g.intervalMs)}: checks overlap.`, shown, {
            todo: `Set the timeout of ${name} below its interval.`,
            command: change(`--health-check-timeout-seconds ${Math.max(2, Math.floor(g.intervalMs / 2000))}`)
        });
    if (admitsErrors(g.matcher))
        return (0,check/* warning */.$e)(`Target group ${name} takes the codes ${g.matcher ?? ''} for healthy: errors among them.`, shown, {
            todo: `Let ${name} take only the code that the health endpoint answers when it is well.`,
            command: change('--matcher HttpCode=200-299')
        });
    if (g.path === '/' && /^https?$/i.test(g.protocol ?? ''))
        return (0,check/* warning */.$e)(`Target group ${name} asks /, which says that something answers, not that the application works.`, shown, {
            todo: `Give the application an endpoint of its own for this, such as /health, and let ${name} ask it.`,
            command: change('--health-check-path /health')
        });
    return (0,check.ok)('The target group asks an endpoint of its own.', shown);
}
/** True when a 4xx or 5xx code counts as healthy. */
function admitsErrors(matcher) {
    return (matcher ?? '')
        .split(',')
        .flatMap((part) => part.split('-').map(Number))
        .some((code) => code >= 400);
}

// EXTERNAL MODULE: ./lib/domain/image.js
var domain_image = __webpack_require__(6321);
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
            return (0,check/* warning */.$e)(`No new task of ${revision} can start: an image that it runs is gone from its registry.`, gone, {
                todo: `Deploy an image that exists, or push this one again; then let the lifecycle policy keep what runs (mode audit says which rule took it).`,
                console: 'ECR → Repositories → Lifecycle Policy',
                ...newestOf(lost)
            });
        }
        if (why !== undefined)
            return (0,check/* unknowable */.LJ)(why);
        return (0,check.ok)(images.size === 0 ? 'No image that runs is in ECR.' : 'Every image that runs is there.');
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

// EXTERNAL MODULE: ./lib/domain/service.js
var domain_service = __webpack_require__(8639);
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
            return (0,check.ok)('No deployment is in progress.');
        // `busy` has decided about it: it was waited for, or is taken over.
        if (purpose === 'deploy')
            return (0,check.ok)('Another deployment is in progress; busy decided.');
        const what = `deployment ${primary.id} of ${(0,domain_arn/* revisionName */.pd)(primary.taskDefinition)}`;
        return (0,check/* warning */.$e)(`A deployment is in progress: ${what}.`, [
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
            return (0,check.ok)('The service registers its tasks.');
        const of = firstPort(facts);
        if (!of)
            return (0,check.ok)('No container has a port: nothing is to be registered.');
        if (!strays.known)
            return (0,check/* unknowable */.LJ)(strays.why);
        const group = strays.value[0];
        if (!group)
            return (0,check.ok)('No empty target group waits for this port.');
        const name = (0,domain_arn/* targetGroupName */.IT)(group.arn);
        return (0,check/* warning */.$e)(`Service ${service.name} has no load balancer attached, and target group ${name} has no targets.`, strays.value.map((g) => `${(0,domain_arn/* targetGroupName */.IT)(g.arn)} takes ip targets on port ${g.trafficPort ?? '?'}, has a load balancer and no targets; container ${of.name} has port ${of.port}`), {
            todo: `Attach ${name} to service ${service.name}, if the two belong together.`,
            console: (0,fixes/* serviceConsole */.$Z)(service, 'Update service → Load balancing'),
            command: (0,fixes/* serviceCommand */.xi)(service, `--load-balancers targetGroupArn=${group.arn},containerName=${of.name},containerPort=${of.port} --health-check-grace-period-seconds 60`)
        });
    }
};

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
            return (0,check/* error */.z3)(`Service ${name} is ${status}, not ACTIVE.`, [`status ${status}`], `Create the service ${name} again, or name another one.`);
        const other = controller === 'ECS' ? strategy : controller;
        if (other !== 'ROLLING' && purpose === 'diagnose')
            return (0,check.ok)(`${name} is ACTIVE; ${other} deploys it.`);
        if (other !== 'ROLLING')
            return (0,check/* error */.z3)(`Service ${name} is deployed by ${other}, not by rolling deployments of ECS.`, [`deployment controller ${controller}, strategy ${strategy}`], 'Deploy this service with the tool of its controller.');
        if (!(0,domain_service/* primaryOf */.Os)(service))
            return (0,check/* error */.z3)(`Service ${name} shows no PRIMARY deployment, so nothing can be compared or restored.`, [`${service.deployments.length} deployments`], `Look at the service in the console: ECS → Clusters → Services → ${name} → Deployments.`);
        return (0,check.ok)(`${name} is ACTIVE and rolls.`);
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
            return (0,check.ok)('The service stands behind no load balancer.');
        if (!groups.known)
            return (0,check/* unknowable */.LJ)(groups.why);
        const mode = (0,preflight_needs/* networkMode */.m3)(definition);
        const wanted = mode === 'awsvpc' ? 'ip' : 'instance';
        const answers = groups.value.map((g) => {
            const name = (0,domain_arn/* targetGroupName */.IT)(g.arn);
            if (g.targetType === undefined)
                return (0,check/* unknowable */.LJ)(`ELB does not say the type of ${name}`);
            if (g.targetType === wanted || g.targetType === 'alb')
                return (0,check.ok)(`${name} takes ${g.targetType} targets.`);
            const says = `Target group ${name} takes targets of type ${g.targetType}, and tasks of network mode ${mode} are of type ${wanted}.`;
            const fix = `Make a target group of type ${wanted} for the service, or keep the network mode ${(0,preflight_needs/* networkMode */.m3)(running)}.`;
            const evidence = [`network mode ${mode}, target type ${g.targetType}`];
            const changed = (0,preflight_needs/* networkMode */.m3)(running) !== mode;
            return changed && !(g.targetType === 'ip' && healthyNow(facts, g.arn))
                ? (0,check/* error */.z3)(says, evidence, fix)
                : (0,check/* warning */.$e)(says, evidence, fix);
        });
        return (0,check/* gravest */.Zk)(answers, 'No target group was shown.');
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
            return (0,check/* unknowable */.LJ)(ways.why);
        return (0,check/* gravest */.Zk)(ways.value.map(task_lets_in_judged), 'No load balancer with a security group stands in front.');
    }
};
function task_lets_in_judged({ balancer, ports, from, to, groups, proven }) {
    const tasks = named(to.groups, groups);
    const lb = named(from.groups, groups);
    const closed = ports.filter((port) => passesAny(to.groups, groups, 'ingress', port, from) === 'no');
    const port = closed[0];
    if (port === undefined)
        return (0,check.ok)(`${tasks} lets ${balancer.name} in on TCP ${ports.join(', ')}.`);
    if (proven)
        return (0,check.ok)(`A target of ${balancer.name} is healthy now.`);
    return (0,check/* error */.z3)(`The security group of the tasks lets nobody in from load balancer ${balancer.name} on TCP ${closed.join(', ')}: every health check times out.`, [`${tasks} has no ingress rule for TCP ${closed.join(', ')} from ${lb}`], {
        todo: `Let ${lb} in: add an ingress rule for TCP ${closed.join(', ')} from it to ${tasks}.`,
        console: `EC2 → Security groups → ${to.groups[0] ?? ''} → Inbound rules → Edit`,
        command: `aws ec2 authorize-security-group-ingress --group-id ${to.groups[0] ?? ''} --protocol tcp --port ${port} --source-group ${from.groups[0] ?? ''}`
    }, 'elb-health-timeout');
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
            return (0,check.ok)('Nothing new is about to start.');
        const { stopped, service } = facts;
        if (!stopped.known)
            return (0,check/* unknowable */.LJ)(stopped.why);
        const failed = stopped.value.filter((t) => (0,stop_reason/* readStop */.P)(t).kind === 'failed' && hasImages(t, facts));
        if (failed.length === 0)
            return (0,check.ok)('No task with these images failed.');
        const runs = (task) => task.taskDefinition === service.taskDefinition;
        // Tasks of the revision that serves fail now and then; that one has proven itself since.
        if (failed.every(runs) && service.running >= service.desired)
            return (0,check.ok)('These images run now, and every task is there.');
        const reasons = [...new Set(failed.map((t) => t.stoppedReason ?? t.stopCode ?? 'no reason'))];
        return (0,check/* warning */.$e)(`${(0,plural/* plural */.L)(failed.length, 'task')} with these images failed within the last hour.`, reasons.slice(0, 3).map((r) => `stopped: ${r}`), {
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
            return (0,check.ok)(`ECS does: ${breaker}.`);
        if (undoes)
            return (0,check.ok)(`This action does; ${breaker}.`);
        return (0,check/* warning */.$e)(`Nobody does: ${breaker}.`, [breaker], {
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
        const from = { groups: network.securityGroups, cidrs: subnet.cidr === undefined ? [] : [subnet.cidr] };
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
    return way;
}
function toInternet(facts, subnet, table, publicIp) {
    const others = table.routes.filter((r) => r.via !== 'local' && !r.to.startsWith('pl-') && r.to !== '');
    const route = others.find((r) => r.to === '0.0.0.0/0');
    if (!route) {
        // Without a default route, half of the internet may still lie behind some other one.
        if (others.some((r) => Number(r.to.split('/')[1] ?? 32) < 8))
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
            return (0,check.ok)('The instances fetch what tasks need.');
        if (!subnets.known)
            return (0,check/* unknowable */.LJ)(subnets.why);
        if (subnets.value.length < service.network.subnets.length)
            return (0,check/* unknowable */.LJ)('ec2:DescribeSubnets did not show every subnet');
        return together(facts, needsOf(facts));
    }
};
/** Needs that cannot be reached for the same reason are one finding. */
function together(facts, needs) {
    const answers = needs.map((need) => reached(facts, need));
    const worst = (0,check/* gravest */.Zk)(answers, 'Tasks need nothing from outside.');
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
function needsOf({ definition }) {
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
        return dark?.open === 'unknown' ? (0,check/* unknowable */.LJ)(dark.why) : (0,check.ok)('Tasks reach what they need.');
    const evidence = [...new Set(closed.map((w) => w.says))];
    const all = closed.length === subnets.length;
    const says = all
        ? `A new task cannot reach ${what}.`
        : `A new task cannot reach ${what} from ${closed.length} of ${subnets.length} subnets.`;
    // Tasks that run have once come through: unless something on the way has gone since, our reading is in doubt.
    const certain = all && (facts.service.running === 0 || closed.every((w) => w.broken));
    const fix = fixOf(facts, evidence);
    return certain ? (0,check/* error */.z3)(says, evidence, fix, code) : (0,check/* warning */.$e)(says, evidence, fix);
}
function fixOf({ service, routeTables }, evidence) {
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
            return (0,check.ok)('The service stands behind no load balancer.');
        if (service.network === undefined)
            return (0,check.ok)('The tasks stand where their instances are.');
        if (!balancers.known)
            return (0,check/* unknowable */.LJ)(balancers.why);
        if (!subnets.known)
            return (0,check/* unknowable */.LJ)(subnets.why);
        const served = [...new Set(balancers.value.flatMap((b) => b.zones.map((z) => z.zone)))];
        const placed = subnets.value.flatMap((s) => (s.zone === undefined ? [] : [{ id: s.id, zone: s.zone }]));
        if (served.length === 0 || placed.length < service.network.subnets.length)
            return (0,check/* unknowable */.LJ)('not every zone of subnets and load balancer was named');
        const outside = placed.filter((s) => !served.includes(s.zone));
        const shown = `${balancers.value.map((b) => b.name).join(', ')} serves ${served.join(', ')}`;
        if (outside.length === 0)
            return (0,check.ok)(`${shown}.`);
        const evidence = [shown, ...outside.map((s) => `${s.id} is in ${s.zone}`)];
        const fix = {
            todo: `Enable ${[...new Set(outside.map((s) => s.zone))].join(', ')} on the load balancer, or put tasks only in zones that it serves.`,
            console: 'EC2 → Load balancers → Network mapping → Edit subnets'
        };
        const healthy = service.loadBalancers.some((l) => l.targetGroupArn !== undefined && healthyNow(facts, l.targetGroupArn));
        return outside.length === placed.length && !healthy
            ? (0,check/* error */.z3)('The load balancer serves none of the zones that tasks are put in.', evidence, fix, 'target-not-in-use')
            : (0,check/* warning */.$e)('The load balancer does not serve every zone that tasks are put in.', evidence, fix);
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
// EXTERNAL MODULE: ./lib/preflight/reader.js
var reader = __webpack_require__(5328);
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

;// CONCATENATED MODULE: ./lib/preflight/simulation.js


/** What the execution role may do with the secrets that tasks start with, by IAM's simulator. */
async function simulatedFor(around, definition, read) {
    const role = (0,preflight_needs/* textOf */.b6)(definition, 'executionRoleArn');
    const needs = (0,preflight_needs/* secretNeeds */.gg)(definition);
    const arns = (service) => [...new Set(needs.map((n) => n.from))].filter((from) => from.includes(`:${service}:`));
    const secrets = arns('secretsmanager').map((from) => from.split(':').slice(0, 7).join(':'));
    const parameters = arns('ssm');
    if (role === undefined || secrets.length + parameters.length === 0)
        return (0,known/* known */.eO)([]);
    const simulate = around.simulate?.bind(around);
    return await read.read('iam:SimulatePrincipalPolicy', simulate &&
        (async () => [
            ...(secrets.length === 0 ? [] : await simulate(role, ['secretsmanager:GetSecretValue'], secrets)),
            ...(parameters.length === 0 ? [] : await simulate(role, ['ssm:GetParameters'], parameters))
        ]));
}

;// CONCATENATED MODULE: ./lib/preflight/gather.js








/** How long all of the looking may take, milliseconds. */
const limitMs = 5000;
/**
 * Reads everything that the checks may ask about, side by side: each question waits only for the answers that it is made
 * from, so that one which is never answered darkens nothing else. Throws only the signal's reason.
 */
async function gather(ports, name, about, signal) {
    const { surroundings: around = {} } = ports;
    await around.prepare?.();
    const read = new reader/* FactReader */.E7(ports.clock, limitMs, signal);
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
            ...definitionOf(around, about, read)
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
function definitionOf(around, { definition, region }, read) {
    const logs = (0,preflight_needs/* logNeeds */.mT)(definition).filter((need) => !need.creates);
    const secrets = (0,preflight_needs/* secretNeeds */.gg)(definition);
    const names = [...new Set(secrets.filter((s) => s.kind === 'parameter').map((s) => s.id))];
    const parameters = names.length === 0
        ? Promise.resolve((0,known/* known */.eO)([]))
        : read.read('ssm:DescribeParameters', around.parameters, names, region);
    const fromManager = (0,reader/* each */.__)(secrets.filter((s) => s.kind === 'secret').map((s) => s.id), (id) => read.exists('secretsmanager:DescribeSecret', around.secret, id));
    const fromSystems = parameters.then((there) => names.map((id) => [id, (0,known/* ask */.kA)(there, (all) => all.includes(id))]));
    return {
        logGroups: (0,reader/* each */.__)(logs.map((l) => l.group), (group) => {
            const where = logs.find((l) => l.group === group)?.region;
            return read.exists('logs:DescribeLogStreams', around.logGroup, group, where);
        }),
        secrets: Promise.all([fromManager, fromSystems]).then(([a, b]) => new Map([...a, ...b])),
        roles: (0,reader/* each */.__)((0,preflight_needs/* roleNeeds */.Yi)(definition).map((r) => r.arn), (arn) => read.read('iam:GetRole', around.role, arn)),
        simulated: simulatedFor(around, definition, read)
    };
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
