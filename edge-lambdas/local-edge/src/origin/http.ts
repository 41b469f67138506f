import type { Pool } from "undici";
import type { Origin } from "../configuration/model.ts";
import { dispatch, pool } from "./dispatch.ts";
import { type OriginClient, OriginError, type OriginRequest, type OriginResponse } from "./origin.ts";

export interface TargetGroup {
  targets: string[];
  health?: string;
}

interface Target {
  url: string;
  host: string;
  pool: Pool;
  healthy: boolean;
}

const HEALTH_TIMEOUT = 2_000;

/**
 * Services behind a load balancer: targets in turn, those that fail their health check left out. When none is healthy all
 * are tried, as an Application Load Balancer does.
 */
export function httpOrigin(settings: Origin, group: TargetGroup, healthInterval: number): OriginClient {
  const targets: Target[] = group.targets.map((url) => ({
    url,
    host: new URL(url).host,
    pool: pool(url, settings),
    healthy: false,
  }));
  let turn = 0;

  const check = async (target: Target, path: string) => {
    try {
      const response = await target.pool.request({ path, method: "GET", signal: AbortSignal.timeout(HEALTH_TIMEOUT) });
      await response.body.dump();
      target.healthy = response.statusCode >= 200 && response.statusCode < 300;
    } catch {
      target.healthy = false;
    }
  };
  const checkAll = (path: string) => Promise.all(targets.map((target) => check(target, path)));
  const { health } = group;
  // With one target there is no choice to make.
  const checks =
    health !== undefined && targets.length > 1 ? setInterval(() => checkAll(health), healthInterval) : undefined;
  checks?.unref();
  if (checks !== undefined && health !== undefined) {
    void checkAll(health);
  }

  const inTurn = () => {
    const healthy = targets.filter((target) => target.healthy);
    const usable = healthy.length === 0 ? targets : healthy;
    const start = turn++ % usable.length;
    const rest = targets.filter((target) => !usable.includes(target));
    return [...usable.slice(start), ...usable.slice(0, start), ...rest];
  };

  return {
    type: "http",
    async request(request) {
      const order = inTurn();
      const attempts = settings.connectionAttempts ?? 3;
      for (let attempt = 0; ; attempt++) {
        const target = order[attempt % order.length] as Target;
        try {
          return await send(target, request);
        } catch (error) {
          if (!(error instanceof OriginError) || attempt + 1 >= attempts || !mayRepeat(error, request)) {
            throw error;
          }
          if (targets.length > 1) {
            target.healthy = false;
          }
        }
      }
    },
    async close() {
      clearInterval(checks);
      await Promise.all(targets.map((target) => target.pool.destroy()));
    },
  };
}

function send(target: Target, request: OriginRequest): Promise<OriginResponse> {
  const headers = new Map(request.headers);
  if (!headers.has("host")) {
    headers.set("host", [target.host]);
  }
  const query = request.querystring === "" ? "" : `?${request.querystring}`;
  const path = `${request.path}${request.uri}${query}`;
  return dispatch(target.pool, target.host, path, headers, request);
}

// A request that never left may be sent again whatever it does; one that may have arrived only if it changes nothing.
function mayRepeat({ failure }: OriginError, { method }: OriginRequest): boolean {
  if (failure === "OriginConnectError" || failure === "OriginDnsError") {
    return true;
  }
  const lost = failure === "OriginCommError" || failure === "OriginReadError";
  return lost && (method === "GET" || method === "HEAD");
}
