import { cloudFrontFunctionResultRestrictions } from "./cloudfront-function-result.ts";
import { headerRestrictions } from "./headers.ts";
import { lambdaEdgeResultRestrictions } from "./lambda-edge-result.ts";
import { originRestrictions } from "./origin.ts";
import { requestRestrictions } from "./request.ts";
import { responseRestrictions } from "./response.ts";
import type { RequestChange, ResponseChange, Restriction, Result } from "./restriction.ts";
import { type Script, scriptRestrictions } from "./script.ts";

export { isDisallowed } from "./header-lists.ts";
export { type FunctionKind, firstBroken } from "./restriction.ts";
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
