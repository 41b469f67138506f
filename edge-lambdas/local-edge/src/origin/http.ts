import type { Origin } from "../configuration/model.ts";
import { dispatch } from "./dispatch.ts";
import { type OriginClient, OriginError, type OriginRequest, type OriginResponse } from "./origin.ts";
import { openTargets, type Resolve, type Target, type TargetGroup } from "./targets.ts";

/**
 * Services behind a load balancer: targets in turn, those that fail their health check left out. When none is healthy all
 * are tried, as an Application Load Balancer does.
 */
export function httpOrigin(
  settings: Origin,
  group: TargetGroup,
  healthInterval: number,
  resolve: Resolve,
): OriginClient {
  const targets = openTargets(settings, group, healthInterval, resolve);
  return {
    type: "http",
    async request(request) {
      const order = await targets.inTurn();
      if (order.length === 0) {
        throw new OriginError("OriginDnsError", 502, `no address for ${group.targets.join(", ")}`);
      }
      const attempts = settings.connectionAttempts ?? 3;
      for (let attempt = 0; ; attempt++) {
        const target = order[attempt % order.length] as Target;
        try {
          return await send(target, request);
        } catch (error) {
          if (!(error instanceof OriginError) || attempt + 1 >= attempts || !mayRepeat(error, request)) {
            throw error;
          }
          if (order.length > 1) {
            target.healthy = false;
          }
        }
      }
    },
    close: () => targets.close(),
  };
}

function send(target: Target, request: OriginRequest): Promise<OriginResponse> {
  const headers = new Map(request.headers);
  if (!headers.has("host")) {
    headers.set("host", [target.host]);
  }
  const query = request.querystring === "" ? "" : `?${request.querystring}`;
  const path = `${request.path}${request.uri}${query}`;
  return dispatch(target.pool, target.place, path, headers, request);
}

// A request that never left may be sent again whatever it does; one that may have arrived only if it changes nothing.
function mayRepeat({ failure }: OriginError, { method }: OriginRequest): boolean {
  if (failure === "OriginConnectError" || failure === "OriginDnsError") {
    return true;
  }
  const lost = failure === "OriginCommError" || failure === "OriginReadError";
  return lost && (method === "GET" || method === "HEAD");
}
