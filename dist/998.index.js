export const id = 998;
export const ids = [998];
export const modules = {

/***/ 8998:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CommentFace: () => (/* reexport safe */ _comment_face_js__WEBPACK_IMPORTED_MODULE_1__.B),
/* harmony export */   DeploymentFace: () => (/* reexport safe */ _deployments_js__WEBPACK_IMPORTED_MODULE_2__.v),
/* harmony export */   GitHubApi: () => (/* reexport safe */ _api_js__WEBPACK_IMPORTED_MODULE_0__.yN)
/* harmony export */ });
/* harmony import */ var _api_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7671);
/* harmony import */ var _comment_face_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4410);
/* harmony import */ var _deployments_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8552);
/* The faces on GitHub's pages and their API, in one place so that they are loaded together and only when asked for. */





/***/ })

};
