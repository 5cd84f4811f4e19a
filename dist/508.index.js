export const id = 508;
export const ids = [508];
export const modules = {

/***/ 8508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Secrets: () => (/* binding */ Secrets)
/* harmony export */ });
/* harmony import */ var _domain_arn_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7591);
/* harmony import */ var _ports_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(391);
/* harmony import */ var _shapes_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9119);
/* harmony import */ var _small_client_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3964);




/** A map of texts to lists of texts. */
const stages = () => [2, 'safe-ecs-deploy', 'Stages', 0, _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq, () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Texts', _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq)];
// Neither operation answers with a value: none can be shown by mistake.
const describeSecret = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .operation */ .MQ)('DescribeSecret', (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('DescribeSecretRequest', { SecretId: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq }), (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('DescribeSecretResponse', {
    ARN: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    DeletedDate: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .number */ .ai,
    CreatedDate: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .number */ .ai,
    VersionIdsToStages: stages
}));
const describeParameters = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .operation */ .MQ)('DescribeParameters', (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('DescribeParametersRequest', {
    ParameterFilters: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Filters', () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('Filter', { Key: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq, Option: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq, Values: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Texts', _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq) })),
    MaxResults: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .number */ .ai,
    NextToken: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq
}), (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('DescribeParametersResult', {
    Parameters: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Parameters', () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('Parameter', { Name: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq })),
    NextToken: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq
}));
/** More pages than this are not read: Systems Manager may send empty ones. */
const mostPages = 10;
/** Secrets Manager and the parameters of Systems Manager: what exists, never what it says. */
class Secrets {
    client;
    constructor(client) {
        this.client = client;
    }
    /** A secret by ARN; undefined when Secrets Manager says that there is none. */
    async secret(SecretId) {
        try {
            const answer = await this.client.send(_small_client_js__WEBPACK_IMPORTED_MODULE_1__/* .secretsService */ .Z2, 'secretsmanager:DescribeSecret', describeSecret, { SecretId }, (0,_domain_arn_js__WEBPACK_IMPORTED_MODULE_3__/* .parseArn */ .Lw)(SecretId)?.region);
            const versions = answer.VersionIdsToStages;
            if (answer.ARN === undefined)
                throw new _ports_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFault */ .kU('unreachable', 'secretsmanager:DescribeSecret', 'NoAnswer', 'no secret in the answer');
            return {
                deleted: answer.DeletedDate !== undefined && answer.DeletedDate !== null,
                // A whole answer without versions is one of a secret that was never given a value.
                ...(versions === undefined && answer.CreatedDate === undefined
                    ? {}
                    : { stages: [...new Set(Object.values(versions ?? {}).flat())] })
            };
        }
        catch (error) {
            // Only its own words about a secret count: another "not found" says nothing of it.
            if (error instanceof _ports_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFault */ .kU &&
                error.errorCode === 'ResourceNotFoundException' &&
                /secret/i.test(error.message))
                return undefined;
            throw error;
        }
    }
    /** Those of the parameters that exist, at most 50 of them. */
    async parameters(Values, region) {
        const found = [];
        let NextToken;
        for (let page = 0; page < mostPages; page += 1) {
            const answer = await this.client.send(_small_client_js__WEBPACK_IMPORTED_MODULE_1__/* .ssmService */ .PV, 'ssm:DescribeParameters', describeParameters, {
                ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                MaxResults: 50,
                ...(NextToken === undefined ? {} : { NextToken })
            }, region);
            if (answer.Parameters === undefined)
                break;
            found.push(...answer.Parameters.flatMap((p) => p.Name ?? []));
            NextToken = answer.NextToken;
            if (NextToken === undefined || NextToken === '')
                return found;
        }
        throw new _ports_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFault */ .kU('unreachable', 'ssm:DescribeParameters', 'NoAnswer', 'no end of the list');
    }
}


/***/ })

};
