import { createHash } from "node:crypto";
import type {
  Behavior as BehaviorSettings,
  CachePolicy,
  CustomErrorResponse,
  Distribution as DistributionSettings,
  Distributions,
  Environment,
  Origin,
  OriginPlace,
  OriginRequestPolicy,
} from "./configuration/model.ts";
import type { Headers } from "./headers.ts";
import { folderOrigin } from "./origin/folder.ts";
import { httpOrigin } from "./origin/http.ts";
import type { OriginClient } from "./origin/origin.ts";
import { s3Origin } from "./origin/s3.ts";
import type { Resolve } from "./origin/targets.ts";
import { pathPattern } from "./path-pattern.ts";
import { normalisedPath } from "./paths.ts";
import { responsePolicy } from "./response-headers.ts";
import { type Firewall, firewall } from "./waf.ts";

export interface Behavior {
  /** The path pattern, or "default". */
  name: string;
  allowedMethods: string[];
  compress: boolean;
  cachePolicy: CachePolicy;
  originRequestPolicy: OriginRequestPolicy;
  applyResponsePolicy(headers: Headers): void;
  functions: NonNullable<BehaviorSettings["functions"]>;
  origin: DistributionOrigin;
  /** CloudFront's own headers that a policy asks for, in lower case. */
  viewerHeaders: string[];
}

export interface DistributionOrigin {
  name: string;
  /** What functions see as the origin's name, and set to choose another one. */
  domainName: string;
  settings: Origin;
  client: OriginClient;
}

export interface Distribution {
  name: string;
  id: string;
  domainName: string;
  via: string;
  hosts: string[];
  defaultRootObject?: string;
  firewall?: Firewall;
  errorResponses: Map<number, CustomErrorResponse>;
  behaviorFor(uri: string): Behavior;
  originNames: string[];
  originAt(domainName: string): DistributionOrigin | undefined;
  close(): Promise<void>;
}

/** Every distribution of the file, with clients for its origins. */
export function openDistributions(
  all: Distributions,
  environment: Environment,
  healthInterval: number,
  resolve: Resolve,
): Distribution[] {
  return Object.entries(all.distributions).map(([name, settings]) =>
    open(name, settings, all, environment, (each, place) => client(each, place, healthInterval, resolve)),
  );
}

function open(
  name: string,
  settings: DistributionSettings,
  all: Distributions,
  environment: Environment,
  client: (settings: Origin, place: OriginPlace) => OriginClient,
): Distribution {
  const { id, hosts } = environment.distributions[name] as { id: string; hosts: string[] };
  const digest = createHash("sha256").update(id).digest("hex");
  const origins = Object.entries(settings.origins).map(([origin, each]): DistributionOrigin => {
    const place = environment.origins[origin] as OriginPlace;
    const domainName = each.type === "s3" ? `${origin}.s3.us-east-1.amazonaws.com` : `${origin}.local-edge.internal`;
    return { name: origin, domainName, settings: each, client: client(each, place) };
  });
  const behavior = (path: string, each: BehaviorSettings) => openBehavior(path, each, all, origins);
  const behaviors = (settings.behaviors ?? []).map((each) => ({
    matches: pathPattern(each.path),
    behavior: behavior(each.path, each),
  }));
  const fallback = behavior("default", settings.defaultBehavior);
  const acl = settings.webAcl === undefined ? undefined : all.webAcls?.[settings.webAcl];
  return {
    name,
    id,
    domainName: `d${digest.slice(0, 13)}.cloudfront.net`,
    via: `1.1 ${digest.slice(0, 32)}.cloudfront.net (CloudFront)`,
    hosts,
    ...(settings.defaultRootObject && { defaultRootObject: settings.defaultRootObject }),
    ...(acl && { firewall: firewall(acl) }),
    errorResponses: new Map((settings.customErrorResponses ?? []).map((each) => [each.status, each])),
    behaviorFor(uri) {
      const path = normalisedPath(uri);
      return behaviors.find(({ matches }) => matches(path))?.behavior ?? fallback;
    },
    originNames: origins.map((origin) => origin.domainName),
    originAt: (domainName) => origins.find((origin) => origin.domainName === domainName),
    close: async () => {
      await Promise.all(origins.map((origin) => origin.client.close()));
    },
  };
}

function client(settings: Origin, place: OriginPlace, healthInterval: number, resolve: Resolve): OriginClient {
  if ("targets" in place) {
    return httpOrigin(settings, place, healthInterval, resolve);
  }
  return "s3" in place ? s3Origin(settings, place.s3) : folderOrigin(place.folder);
}

function openBehavior(
  name: string,
  settings: BehaviorSettings,
  all: Distributions,
  origins: DistributionOrigin[],
): Behavior {
  const cachePolicy = all.cachePolicies[settings.cachePolicy] as CachePolicy;
  const originRequestPolicy = all.originRequestPolicies?.[settings.originRequestPolicy ?? ""] ?? {};
  const responseHeadersPolicy = all.responseHeadersPolicies?.[settings.responseHeadersPolicy ?? ""];
  const { headers = "none" } = originRequestPolicy;
  const asked = Array.isArray(headers)
    ? headers
    : typeof headers === "object" && "allAnd" in headers
      ? headers.allAnd
      : [];
  return {
    name,
    allowedMethods: settings.allowedMethods ?? ["GET", "HEAD"],
    compress: settings.compress ?? true,
    cachePolicy,
    originRequestPolicy,
    applyResponsePolicy: responseHeadersPolicy === undefined ? () => {} : responsePolicy(responseHeadersPolicy),
    functions: settings.functions ?? {},
    origin: origins.find(({ name: each }) => each === settings.origin) as DistributionOrigin,
    viewerHeaders: [...asked, ...(cachePolicy.headers ?? [])]
      .map((each) => each.toLowerCase())
      .filter((each) => each.startsWith("cloudfront-")),
  };
}
