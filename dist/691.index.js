export const id = 691;
export const ids = [691];
export const modules = {

/***/ 1691:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Identity: () => (/* binding */ Identity)
/* harmony export */ });
/* harmony import */ var _ports_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(391);
/* harmony import */ var _shapes_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9119);
/* harmony import */ var _small_client_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3964);



const texts = () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Texts', _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq, 'member');
const result = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('EvaluationResult', {
    EvalActionName: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    EvalResourceName: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    EvalDecision: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    EvalResourceDecision: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    MissingContextValues: texts,
    ResourceSpecificResults: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('Results', () => specific, 'member')
});
const specific = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('ResourceSpecificResult', {
    EvalResourceName: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    EvalResourceDecision: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    MissingContextValues: texts
});
const getRole = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .operation */ .MQ)('GetRole', (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('GetRoleRequest', { RoleName: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq }), (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('GetRoleResponse', {
    Role: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('Role', { Arn: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq, AssumeRolePolicyDocument: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq })
}));
const simulatePrincipalPolicy = (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .operation */ .MQ)('SimulatePrincipalPolicy', (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('SimulatePrincipalPolicyRequest', {
    PolicySourceArn: _shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .text */ .Qq,
    ActionNames: texts,
    ResourceArns: texts
}), (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .structure */ .QK)('SimulatePolicyResponse', {
    EvaluationResults: () => (0,_shapes_js__WEBPACK_IMPORTED_MODULE_2__/* .list */ .p_)('EvaluationResults', () => result, 'member')
}));
/** IAM, as far as roles of tasks are asked about. */
class Identity {
    client;
    constructor(client) {
        this.client = client;
    }
    /** A role by ARN or name; undefined when IAM says that there is none of this name. */
    async role(reference) {
        const RoleName = reference.slice(reference.lastIndexOf('/') + 1);
        try {
            const answer = await this.client.send(_small_client_js__WEBPACK_IMPORTED_MODULE_1__/* .iamService */ .hW, 'iam:GetRole', getRole, { RoleName });
            const { Arn, AssumeRolePolicyDocument: document } = answer.Role ?? {};
            if (Arn === undefined)
                throw new _ports_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFault */ .kU('unreachable', 'iam:GetRole', 'NoAnswer', 'no role in the answer');
            return { arn: Arn, ...(document === undefined ? {} : { trust: parsed(document) }) };
        }
        catch (error) {
            // Only IAM's own words about a role count: another 404 says nothing of it.
            if (error instanceof _ports_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFault */ .kU && /^NoSuchEntity/.test(error.errorCode) && /role/i.test(error.message))
                return undefined;
            throw error;
        }
    }
    /** What IAM's policy simulator says of these actions on these resources. */
    async simulate(PolicySourceArn, ActionNames, ResourceArns) {
        const answer = await this.client.send(_small_client_js__WEBPACK_IMPORTED_MODULE_1__/* .iamService */ .hW, 'iam:SimulatePrincipalPolicy', simulatePrincipalPolicy, { PolicySourceArn, ActionNames, ResourceArns });
        return (answer.EvaluationResults ?? []).flatMap((one) => {
            const own = one.ResourceSpecificResults ?? [];
            return (own.length > 0 ? own : [one]).map((r) => ({
                action: one.EvalActionName ?? '',
                resource: r.EvalResourceName ?? '',
                decision: r.EvalResourceDecision ?? r.EvalDecision ?? '',
                ...((r.MissingContextValues ?? []).length > 0 || (one.MissingContextValues ?? []).length > 0
                    ? { unsure: true }
                    : {})
            }));
        });
    }
}
/** A policy document as IAM sends it: JSON, percent-encoded. */
function parsed(document) {
    try {
        return JSON.parse(decodeURIComponent(document));
    }
    catch {
        return undefined;
    }
}


/***/ })

};
