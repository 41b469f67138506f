import { cloudFrontFunctionResultRestrictions } from "./cloudfront-function-result.ts";
import { headerRestrictions } from "./headers.ts";
import { lambdaEdgeResultRestrictions } from "./lambda-edge-result.ts";
import { originRestrictions } from "./origin.ts";
import { requestRestrictions } from "./request.ts";
import { responseRestrictions } from "./response.ts";
import { checkOf, type RequestChange, type ResponseChange, type Restriction, type Result } from "./restriction.ts";
import { type Script, scriptRestrictions } from "./script.ts";

export { isDisallowed } from "./header-lists.ts";
export type { FunctionKind } from "./restriction.ts";
export { scriptOf } from "./script.ts";

/** Checked when a CloudFront Function is loaded. */
export const ofScripts: readonly Restriction<Script>[] = scriptRestrictions;

/** Checked in the order of these lists: first the form of what the function returned, then what is in it. */
export const ofResults: readonly Restriction<Result>[] = [
  ...lambdaEdgeResultRestrictions,
  ...cloudFrontFunctionResultRestrictions,
];

export const ofRequests: readonly Restriction<RequestChange>[] = [
  ...requestRestrictions,
  ...originRestrictions,
  ...headerRestrictions,
];

export const ofResponses: readonly Restriction<ResponseChange>[] = [...responseRestrictions, ...headerRestrictions];

export const checkScript = checkOf(ofScripts);
export const checkResult = checkOf(ofResults);
export const checkRequest = checkOf(ofRequests);
export const checkResponse = checkOf(ofResponses);
