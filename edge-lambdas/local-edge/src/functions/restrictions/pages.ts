const guide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";

/** AWS's pages that the restrictions are taken from. */
export const pages = {
  disallowedHeaders: `${guide}/edge-function-restrictions-all.html#function-restrictions-disallowed-headers`,
  readOnlyHeaders: `${guide}/edge-function-restrictions-all.html#function-restrictions-read-only-headers`,
  queryStrings: `${guide}/edge-function-restrictions-all.html#function-restrictions-query-strings`,
  uri: `${guide}/edge-function-restrictions-all.html#function-restrictions-uri`,
  combining: `${guide}/edge-function-restrictions-all.html#function-restrictions-combining-functions`,
  generalQuotas: `${guide}/cloudfront-limits.html#limits-general`,
  lambdaEdgeQuotas: `${guide}/cloudfront-limits.html#limits-lambda-at-edge`,
  functionQuotas: `${guide}/cloudfront-limits.html#limits-functions`,
  lambdaEdgeStatus: `${guide}/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-status-codes`,
  cloudFrontHeaders: `${guide}/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-cloudfront-headers`,
  requestBody: `${guide}/lambda-at-edge-function-restrictions.html#lambda-at-edge-restrictions-request-body`,
  lambdaEdgeRequest: `${guide}/lambda-event-structure.html#request-event-fields`,
  lambdaEdgeResponse: `${guide}/lambda-event-structure.html#response-event-fields`,
  generatedResponse: `${guide}/lambda-generating-http-responses.html#lambda-generating-http-responses-object`,
  generatedErrors: `${guide}/lambda-generating-http-responses.html#lambda-generating-http-responses-errors`,
  updatedResponse: `${guide}/lambda-generating-http-responses.html#lambda-updating-http-responses`,
  validation: `${guide}/lambda-edge-testing-debugging.html#lambda-edge-testing-debugging-troubleshooting-invalid-responses`,
  execution: `${guide}/lambda-edge-testing-debugging.html#lambda-edge-testing-debugging-execution-errors`,
  customHeaders: `${guide}/add-origin-custom-headers.html#add-origin-custom-headers-denylist`,
  functionRestrictions: `${guide}/cloudfront-function-restrictions.html`,
  functionRequest: `${guide}/functions-event-structure.html#functions-event-structure-request`,
  functionResponse: `${guide}/functions-event-structure.html#functions-event-structure-response`,
  functionMembers: `${guide}/functions-event-structure.html#functions-event-structure-query-header-cookie`,
  functionRuntime: `${guide}/functions-javascript-runtime-20.html#writing-functions-javascript-features-restricted-features-20`,
};
