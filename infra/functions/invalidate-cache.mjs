// A lifecycle hook of be-api's blue/green deployments: CloudFront forgets what it has of the version that leaves.
//
// Before the swap alone would be a race: until the traffic moves, the cache fills again from the old version. So it is called before, and again after. In a
// rollback ECS calls only hooks of PRODUCTION_TRAFFIC_SHIFT, so it is one of those, too, and does nothing there while the traffic moves forward.
import { isPassing, log, send } from "./aws.mjs";

/**
 * @typedef {object} HookEvent what ECS sends; hookDetails is what the call before returned
 * @property {string} executionId
 * @property {string} lifecycleStage
 * @property {string} resourceArn the deployment
 * @property {{ targetServiceRevisionArn: string, productionTrafficWeights?: Record<string, number> }} executionDetails
 * @property {{ callerReference?: string }} [hookDetails]
 */

/** CloudFront needs from a few seconds to a few minutes. */
const ASK_AGAIN_SECONDS = 10;

export async function handler(/** @type {HookEvent} */ event) {
  const { lifecycleStage: stage, resourceArn: deployment } = event;
  if (stage === "PRODUCTION_TRAFFIC_SHIFT" && !isRollback(event)) {
    return { hookStatus: "SUCCEEDED" };
  }
  // CloudFront answers the same reference with the invalidation that it has: creating it again is asking how far it is.
  const callerReference = event.hookDetails?.callerReference ?? event.executionId;
  const again = { hookStatus: "IN_PROGRESS", callBackDelay: ASK_AGAIN_SECONDS, hookDetails: { callerReference } };
  try {
    const status = await invalidate(callerReference);
    log({ level: "info", message: `invalidation ${status}`, stage, deployment, callerReference });
    return status === "Completed" ? { hookStatus: "SUCCEEDED" } : again;
  } catch (error) {
    // A thrown error would be told as "HookStatus must not be null".
    const passing = isPassing(error);
    log({ level: passing ? "warn" : "error", message: String(error), stage, deployment, callerReference });
    return passing ? again : { hookStatus: "FAILED" };
  }
}

/** Traffic goes away from the version that was being deployed. */
function isRollback(/** @type {HookEvent} */ { executionDetails }) {
  return executionDetails.productionTrafficWeights?.[executionDetails.targetServiceRevisionArn] === 0;
}

/** @returns {Promise<string>} `InProgress` or `Completed` */
async function invalidate(/** @type {string} */ callerReference) {
  const { DISTRIBUTION_ID, PATHS = "", AWS_ENDPOINT_URL_CLOUDFRONT = "https://cloudfront.amazonaws.com" } = process.env;
  const paths = PATHS.split(" ");
  const answer = await send({
    service: "cloudfront",
    region: "us-east-1",
    method: "POST",
    url: new URL(`/2020-05-31/distribution/${DISTRIBUTION_ID}/invalidation`, AWS_ENDPOINT_URL_CLOUDFRONT),
    headers: { "content-type": "application/xml" },
    body:
      '<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">' +
      `<Paths><Quantity>${paths.length}</Quantity><Items>${paths.map((path) => `<Path>${path}</Path>`).join("")}</Items></Paths>` +
      `<CallerReference>${callerReference}</CallerReference></InvalidationBatch>`,
  });
  return /<Status>(\w+)<\/Status>/.exec(answer)?.[1] ?? "InProgress";
}
