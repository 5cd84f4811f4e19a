export const id = 482;
export const ids = [482];
export const modules = {

/***/ 482:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   command: () => (/* binding */ command),
/* harmony export */   smallClient: () => (/* binding */ smallClient)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(586);
/* harmony import */ var _aws_sdk_core_client__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5152);
/* harmony import */ var _aws_sdk_core_protocols__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7288);
/* harmony import */ var _smithy_core_client__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2658);
/* harmony import */ var _smithy_core_endpoints__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2085);





const protocols = { ec2: _aws_sdk_core_protocols__WEBPACK_IMPORTED_MODULE_0__.AwsEc2QueryProtocol, query: _aws_sdk_core_protocols__WEBPACK_IMPORTED_MODULE_0__.AwsQueryProtocol, json: _aws_sdk_core_protocols__WEBPACK_IMPORTED_MODULE_0__.AwsJson1_1Protocol };
/** Where the SDK finds what an endpoint depends on. */
const endpointParams = {
    UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
    Endpoint: { type: 'builtInParams', name: 'endpoint' },
    Region: { type: 'builtInParams', name: 'region' },
    UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' }
};
const partitionOf = _aws_sdk_core_client__WEBPACK_IMPORTED_MODULE_1__.awsEndpointFunctions['partition'];
/**
 * A client of the SDK that speaks for another service: the one for load balancers is loaded anyway, and all that makes
 * it one for load balancers is configuration.
 */
function smallClient(service, settings, globalHosts) {
    const { id, host, version, target, namespace, protocol } = service;
    const place = (region) => {
        const { name, dnsSuffix } = partitionOf(region);
        const own = service.global === true ? globalHosts[name] : undefined;
        return own ?? [`${host}.${region}.${dnsSuffix}`, region];
    };
    const configuration = {
        ...settings,
        ...(settings.region === undefined ? {} : { region: place(settings.region)[1] }),
        serviceId: id,
        signingName: host,
        protocol: protocols[protocol],
        protocolSettings: {
            defaultNamespace: 'safe-ecs-deploy',
            xmlNamespace: namespace,
            version,
            serviceTarget: target
        },
        endpointProvider: ({ Endpoint, Region = '' }) => ({
            url: new URL(Endpoint ?? `https://${place(Region)[0]}`)
        })
    };
    return new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_2__.ElasticLoadBalancingV2Client(configuration);
}
/** The command of one operation. */
function command(service, operation) {
    const build = (0,_smithy_core_client__WEBPACK_IMPORTED_MODULE_3__.makeBuilder)(endpointParams, service.target, `${service.id}Client`, _smithy_core_endpoints__WEBPACK_IMPORTED_MODULE_4__.getEndpointPlugin);
    return build({}, () => [], String(operation[2]), operation);
}


/***/ })

};
