import type { SchemaObject } from "ajv";
import schema from "../../../distributions.schema.json" with { type: "json" };
import { covers } from "../path-pattern.ts";
import { network } from "./cidr.ts";
import type {
  Behavior,
  CachePolicy,
  Distribution,
  Distributions,
  FunctionSettings,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  Rule,
  Selection,
  WebAcl,
} from "./model.ts";
import { ConfigurationError, known, type Problem, pathOf } from "./problems.ts";
import { schemaProblems } from "./schema.ts";

// CloudFront's quotas: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
const BEHAVIORS = 75;
const ORIGINS = 100;
const NAMES_IN_A_POLICY = 10;
const CUSTOM_HEADERS = 10;

const METHODS = ["GET HEAD", "GET HEAD OPTIONS", "DELETE GET HEAD OPTIONS PATCH POST PUT"];

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
const NOT_TO_AN_ORIGIN =
  /^(cache-control|connection|content-length|cookie|host|if-(match|modified-since|none-match|range|unmodified-since)|max-forwards|pragma|proxy-(authorization|connection)|range|request-range|te|trailer|transfer-encoding|upgrade|via|x-real-ip|x-amz-.*|x-edge-.*)$/;

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
const NOT_TO_BE_REMOVED =
  /^(connection|content-encoding|content-length|expect|host|keep-alive|proxy-(authenticate|authorization|connection)|trailer|transfer-encoding|upgrade|via|warning|x-accel-(buffering|charset|limit-rate|redirect)|x-amz-cf-.*|x-amzn-(auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

const SET_BY_NAME: Record<string, string> = {
  "content-security-policy": "contentSecurityPolicy",
  "referrer-policy": "referrerPolicy",
  "strict-transport-security": "strictTransportSecurity",
  "x-content-type-options": "contentTypeOptions",
  "x-frame-options": "frameOptions",
};

type Keys = (string | number)[];
type Report = (keys: Keys, value: unknown, message: string) => void;

/**
 * Checks what distributions.json says against its schema and CloudFront's rules.
 *
 * @throws ConfigurationError with every problem, its place, value and remedy
 */
export function checkDistributions(file: string, value: unknown): Distributions {
  const wrong = schemaProblems(schema as SchemaObject, file, value);
  if (wrong.length > 0) {
    throw new ConfigurationError(wrong);
  }
  const found = value as Distributions;
  const problems: Problem[] = [];
  const report: Report = (keys, at, message) => problems.push({ file, path: pathOf(keys), value: at, message });

  each(found.cachePolicies, (name, policy) => checkCachePolicy(["cachePolicies", name], policy, report));
  each(found.originRequestPolicies, (name, policy) =>
    checkOriginRequestPolicy(["originRequestPolicies", name], policy, report),
  );
  each(found.responseHeadersPolicies, (name, policy) =>
    checkResponseHeadersPolicy(["responseHeadersPolicies", name], policy, report),
  );
  each(found.webAcls, (name, acl) => checkWebAcl(["webAcls", name], acl, report));
  each(found.functions, (name, settings) => checkFunction(["functions", name], settings, report));
  each(found.distributions, (name, distribution) =>
    checkDistribution(["distributions", name], distribution, found, report),
  );
  if (problems.length > 0) {
    throw new ConfigurationError(problems);
  }
  return found;
}

function each<T>(record: Record<string, T> | undefined, check: (name: string, value: T) => void): void {
  for (const [name, value] of Object.entries(record ?? {})) {
    check(name, value);
  }
}

function checkFunction(keys: Keys, settings: FunctionSettings, report: Report): void {
  for (const name of ["memory", "timeout"] as const) {
    if (settings.runtime === "cloudfront-js-2.0" && settings[name] !== undefined) {
      report([...keys, name], settings[name], "a CloudFront Function has fixed limits; remove it");
    }
  }
}

function checkCachePolicy(keys: Keys, policy: CachePolicy, report: Report): void {
  const { minTtl, defaultTtl, maxTtl, headers = [] } = policy;
  if (!(minTtl <= defaultTtl && defaultTtl <= maxTtl)) {
    report(
      keys,
      { minTtl, defaultTtl, maxTtl },
      "must be in the order minTtl <= defaultTtl <= maxTtl; raise the latter",
    );
  }
  if (maxTtl === 0) {
    for (const name of ["headers", "queryStrings", "cookies", "acceptEncoding"] as const) {
      if (policy[name] !== undefined && policy[name] !== "none") {
        report(
          [...keys, name],
          policy[name],
          "CloudFront takes no cache key where maxTtl is 0 (caching disabled); remove it, or forward it by an origin request policy",
        );
      }
    }
  }
  checkNames([...keys, "headers"], headers, report);
  checkSelections(keys, policy, report);
  headers.forEach((header, index) => {
    const name = header.toLowerCase();
    if (name === "cookie" || name === "accept-encoding") {
      const instead = name === "cookie" ? "cookies" : "acceptEncoding";
      report([...keys, "headers", index], header, `name it in ${instead} instead, which CloudFront normalises`);
    }
  });
}

function checkOriginRequestPolicy(keys: Keys, policy: OriginRequestPolicy, report: Report): void {
  checkSelections(keys, policy, report);
  const { headers } = policy;
  if (!Array.isArray(headers)) {
    return;
  }
  checkNames([...keys, "headers"], headers, report);
  headers.forEach((header, index) => {
    const name = header.toLowerCase();
    if (name === "authorization") {
      report(
        [...keys, "headers", index],
        header,
        'CloudFront does not forward it by name; put it into the cache policy, or use "headers": "all"',
      );
    } else if (name === "cookie" || name === "accept-encoding") {
      const instead = name === "cookie" ? "cookies of this policy" : "acceptEncoding of the cache policy";
      report([...keys, "headers", index], header, `use ${instead} instead`);
    }
  });
}

function checkSelections(keys: Keys, policy: { queryStrings?: Selection; cookies?: Selection }, report: Report): void {
  for (const part of ["queryStrings", "cookies"] as const) {
    const selection = policy[part] ?? "none";
    const names = Array.isArray(selection) ? selection : typeof selection === "object" ? selection.except : [];
    checkNames([...keys, part], names, report);
  }
}

function checkNames(keys: Keys, names: string[], report: Report): void {
  if (names.length > NAMES_IN_A_POLICY) {
    report(keys, names.length, `CloudFront takes at most ${NAMES_IN_A_POLICY} names; use fewer, "all" or "except"`);
  }
}

function checkResponseHeadersPolicy(keys: Keys, policy: ResponseHeadersPolicy, report: Report): void {
  const names = Object.keys(policy.headers ?? {});
  if (names.length > CUSTOM_HEADERS) {
    report([...keys, "headers"], names.length, `CloudFront takes at most ${CUSTOM_HEADERS} custom headers; use fewer`);
  }
  for (const name of names) {
    const instead = SET_BY_NAME[name.toLowerCase()];
    if (instead !== undefined) {
      report([...keys, "headers", name], undefined, `is a security header of its own; set ${instead} instead`);
    }
  }
  policy.remove?.forEach((name, index) => {
    if (NOT_TO_BE_REMOVED.test(name.toLowerCase())) {
      report([...keys, "remove", index], name, "CloudFront does not remove this header; take it from the list");
    }
  });
}

function checkWebAcl(keys: Keys, acl: WebAcl, report: Report): void {
  acl.rules.forEach((rule, index) => {
    const at = [...keys, "rules", index];
    const first = acl.rules.findIndex((other) => other.name === rule.name);
    if (first < index) {
      report([...at, "name"], rule.name, `rule ${first} has this name; choose another`);
    }
    checkAddresses(at, rule, report);
  });
}

function checkAddresses(keys: Keys, rule: Rule, report: Report): void {
  rule.addresses?.forEach((cidr, index) => {
    if (network(cidr) === undefined) {
      report(
        [...keys, "addresses", index],
        cidr,
        "is no network in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32",
      );
    }
  });
}

function checkDistribution(keys: Keys, distribution: Distribution, all: Distributions, report: Report): void {
  const { origins, behaviors = [], defaultBehavior, webAcl, customErrorResponses = [] } = distribution;
  named([...keys, "webAcl"], webAcl, all.webAcls, report);
  if (Object.keys(origins).length > ORIGINS) {
    report([...keys, "origins"], Object.keys(origins).length, `CloudFront takes at most ${ORIGINS} origins`);
  }
  each(origins, (name, origin) => {
    const headers = Object.keys(origin.headers ?? {});
    for (const header of headers.filter((each) => NOT_TO_AN_ORIGIN.test(each.toLowerCase()))) {
      report(
        [...keys, "origins", name, "headers", header],
        undefined,
        "CloudFront does not add this header; remove it",
      );
    }
    for (const part of ["responseTimeout", "keepAliveTimeout"] as const) {
      if (origin.type === "s3" && origin[part] !== undefined) {
        report([...keys, "origins", name, part], origin[part], "cannot be chosen for an s3 origin; remove it");
      }
    }
  });
  // The default behavior is not counted, as in CloudFront's quota.
  if (behaviors.length > BEHAVIORS) {
    report([...keys, "behaviors"], behaviors.length, `CloudFront takes at most ${BEHAVIORS} behaviors; merge some`);
  }
  behaviors.forEach((behavior, index) => {
    const at = [...keys, "behaviors", index];
    checkPath([...at, "path"], behavior.path, behaviors.slice(0, index), report);
    checkBehavior(at, behavior, distribution, all, report);
  });
  checkBehavior([...keys, "defaultBehavior"], defaultBehavior, distribution, all, report);
  customErrorResponses.forEach(({ status }, index) => {
    const first = customErrorResponses.findIndex((other) => other.status === status);
    if (first < index) {
      report(
        [...keys, "customErrorResponses", index, "status"],
        status,
        `entry ${first} is for this status; merge them`,
      );
    }
  });
}

function checkPath(keys: Keys, path: string, earlier: { path: string }[], report: Report): void {
  if (/\/\.{1,2}(\/|$)/.test(path)) {
    report(keys, path, "can never match: CloudFront takes dot segments out of a path before it compares; remove them");
  }
  const first = earlier.findIndex((behavior) => covers(behavior.path, path));
  if (first >= 0) {
    report(
      keys,
      path,
      `can never match: behavior ${first} (${JSON.stringify(earlier[first]?.path)}) comes first and matches all of it; move this one before it, or remove it`,
    );
  }
}

function checkBehavior(keys: Keys, behavior: Behavior, distribution: Distribution, all: Distributions, report: Report) {
  named([...keys, "origin"], behavior.origin, distribution.origins, report);
  named([...keys, "cachePolicy"], behavior.cachePolicy, all.cachePolicies, report);
  named([...keys, "originRequestPolicy"], behavior.originRequestPolicy, all.originRequestPolicies, report);
  named([...keys, "responseHeadersPolicy"], behavior.responseHeadersPolicy, all.responseHeadersPolicies, report);
  const methods = behavior.allowedMethods;
  if (methods !== undefined && !METHODS.includes([...methods].sort().join(" "))) {
    report(
      [...keys, "allowedMethods"],
      methods,
      "CloudFront knows three sets: GET, HEAD; those and OPTIONS; all seven",
    );
  }
  checkFunctions([...keys, "functions"], behavior, all, report);
  checkHost(keys, behavior, distribution, all, report);
}

function checkFunctions(keys: Keys, behavior: Behavior, all: Distributions, report: Report): void {
  for (const [event, name] of Object.entries(behavior.functions ?? {})) {
    const at = [...keys, event];
    named(at, name, all.functions, report);
    const settings = all.functions?.[name];
    if (settings === undefined) {
      continue;
    }
    const viewer = event.startsWith("viewer-");
    const small = settings.runtime === "cloudfront-js-2.0";
    if (small && !viewer) {
      report(at, name, "a CloudFront Function runs on viewer events only; attach a Lambda@Edge function");
    } else if (!small && viewer && (settings.memory ?? 128) !== 128) {
      report(at, name, `on a viewer event Lambda@Edge has 128 MB; set its memory to that, it has ${settings.memory}`);
    }
  }
  const runtimes = (["viewer-request", "viewer-response"] as const)
    .map((event) => all.functions?.[behavior.functions?.[event] ?? ""]?.runtime)
    .filter((runtime) => runtime !== undefined);
  if (new Set(runtimes.map((runtime) => runtime === "cloudfront-js-2.0")).size > 1) {
    report(
      keys,
      behavior.functions,
      "one behavior cannot have a CloudFront Function and a Lambda@Edge function on its viewer events; use one kind",
    );
  }
}

// S3 finds the bucket by Host: with the viewer's it answers 403 or 404 to everything.
function checkHost(keys: Keys, behavior: Behavior, distribution: Distribution, all: Distributions, report: Report) {
  if (distribution.origins[behavior.origin]?.type !== "s3") {
    return;
  }
  const { headers = "none" } = all.originRequestPolicies?.[behavior.originRequestPolicy ?? ""] ?? {};
  const listed = [headers, all.cachePolicies[behavior.cachePolicy]?.headers ?? []].flat();
  const except = typeof headers === "object" && "allExcept" in headers ? headers.allExcept : [];
  const allOfViewer = headers === "all" || (typeof headers === "object" && !Array.isArray(headers));
  const forwards =
    listed.some((name) => typeof name === "string" && name.toLowerCase() === "host") ||
    (allOfViewer && !except.some((name) => name.toLowerCase() === "host"));
  if (forwards) {
    report(
      keys,
      behavior.origin,
      "S3 finds a bucket by its Host and gets the viewer's; do not forward Host to an s3 origin",
    );
  }
}

function named(keys: Keys, name: string | undefined, there: Record<string, unknown> | undefined, report: Report): void {
  if (name !== undefined && !Object.hasOwn(there ?? {}, name)) {
    report(keys, name, `no such name; ${known(name, Object.keys(there ?? {}))}`);
  }
}
