import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkDistributions } from "../src/configuration/distributions.ts";
import { checkEnvironment } from "../src/configuration/environment.ts";
import { loadDistributions, loadEnvironment } from "../src/configuration/load.ts";
import type { Distributions } from "../src/configuration/model.ts";
import type { ConfigurationError } from "../src/configuration/problems.ts";
import { covers, pathPattern } from "../src/path-pattern.ts";
import { place, settings } from "./desk.ts";

const root = join(import.meta.dirname, "..", "..");
const file = "distributions.json";

function wrong(value: unknown): string[] {
  try {
    checkDistributions(file, value);
  } catch (error) {
    return (error as ConfigurationError).message.split("\n");
  }
  return [];
}

test("the repository's own files are right", () => {
  const distributions = loadDistributions(join(root, "distributions.json"));
  const environment = loadEnvironment(join(root, "local-edge", "desk.json"), distributions, {});
  expect(Object.keys(distributions.distributions)).toEqual(["web", "short-links"]);
  expect(environment.origins["be-api"]).toEqual({ targets: ["http://127.0.0.1:8081"], health: "/readyz" });
});

describe("a file that cannot be read says so", () => {
  test("when it is not there", () => {
    expect(() => loadDistributions("/nowhere/d.json")).toThrow(/^\/nowhere\/d\.json: .*cannot be read.*ENOENT/);
  });

  test("when it is no JSON, with the line", () => {
    const folder = mkdtempSync(join(tmpdir(), "edge-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "d.json"), '{\n  "a": 1,\n  oops\n}');
    expect(() => loadDistributions(join(folder, "d.json"))).toThrow(/d\.json: .*is no JSON.*line 3/);
  });
});

describe("what the schema forbids is told with file, place, value and remedy", () => {
  test("a missing part", () => {
    expect(wrong({ cachePolicies: {} })).toEqual(["distributions.json: distributions: is missing; add it"]);
  });

  test("an unknown part, with what was meant", () => {
    expect(wrong({ ...settings({}), cachePolicys: {} })).toEqual([
      'distributions.json: cachePolicys: is not known here; did you mean "cachePolicies"?',
    ]);
    const behavior = { cachePolicy: "cached", orgin: "service" } as object;
    expect(wrong(settings({ behavior }))).toEqual([
      expect.stringContaining('distributions.web.defaultBehavior.orgin: is not known here; did you mean "origin"?'),
    ]);
  });

  test("a value of the wrong kind", () => {
    expect(wrong(settings({ cache: { minTtl: -1 } }))).toEqual([
      "distributions.json: cachePolicies.cached.minTtl = -1: must be >= 0",
    ]);
    expect(wrong(settings({ distribution: { origins: { service: { type: "ftp" as "http" } } } }))).toEqual([
      'distributions.json: distributions.web.origins.service.type = "ftp": must be one of "http", "s3"',
    ]);
    expect(wrong(settings({ cache: { queryStrings: "some" as "all" } }))).toEqual([
      expect.stringMatching(/cachePolicies\.cached\.queryStrings = "some": must be: "none", "all", a list of names/),
    ]);
  });

  test("a name that is none", () => {
    expect(wrong(settings({ more: { functions: { "Og Tags": { runtime: "nodejs24.x" } } } }))).toEqual([
      expect.stringContaining('functions["Og Tags"]: the name must match'),
    ]);
  });

  test("every problem at once", () => {
    expect(wrong(settings({ cache: { minTtl: -1, maxTtl: "x" as never } }))).toHaveLength(2);
  });
});

describe("what CloudFront would refuse is told, too:", () => {
  const cases: [string, Distributions, RegExp][] = [
    [
      "an unknown cache policy",
      settings({ behavior: { cachePolicy: "cachd" } }),
      /defaultBehavior\.cachePolicy = "cachd": no such name; did you mean "cached"\?/,
    ],
    [
      "an unknown origin",
      settings({ behavior: { origin: "x" } }),
      /defaultBehavior\.origin = "x": no such name; there are: service/,
    ],
    [
      "an unknown origin request policy",
      settings({ behavior: { originRequestPolicy: "x" } }),
      /originRequestPolicy = "x": no such name; there are none/,
    ],
    [
      "an unknown response headers policy",
      settings({ behavior: { responseHeadersPolicy: "x" } }),
      /responseHeadersPolicy = "x": no such name/,
    ],
    [
      "an unknown function",
      settings({ behavior: { functions: { "origin-request": "x" } } }),
      /functions\.origin-request = "x": no such name/,
    ],
    [
      "a name that only Object has",
      settings({ behavior: { functions: { "origin-request": "constructor" } } }),
      /"constructor": no such name/,
    ],
    ["an unknown web ACL", settings({ distribution: { webAcl: "x" } }), /webAcl = "x": no such name/],
    [
      "TTLs out of order",
      settings({ cache: { minTtl: 100 } }),
      /cachePolicies\.cached = .*minTtl <= defaultTtl <= maxTtl/,
    ],
    [
      "a cache key without caching",
      settings({ cache: { defaultTtl: 0, maxTtl: 0, headers: ["x"] } }),
      /headers = \["x"\]: .*caching disabled/,
    ],
    [
      "too many names in a policy",
      settings({ cache: { headers: [..."abcdefghijk"] } }),
      /headers = 11: CloudFront takes at most 10 names/,
    ],
    ["Cookie as a header", settings({ cache: { headers: ["Cookie"] } }), /headers\[0\] = "Cookie": name it in cookies/],
    [
      "Authorization by name",
      settings({ more: { originRequestPolicies: { x: { headers: ["authorization"] } } } }),
      /does not forward it by name/,
    ],
    [
      "a CloudFront Function at the origin",
      withFunction("cloudfront-js-2.0", "origin-request"),
      /runs on viewer events only/,
    ],
    [
      "memory of a CloudFront Function",
      settings({ more: { functions: { f: { runtime: "cloudfront-js-2.0", memory: 128 } } } }),
      /functions\.f\.memory = 128: .*fixed limits/,
    ],
    [
      "a large Lambda@Edge function at a viewer event",
      withFunction("nodejs24.x", "viewer-request", { memory: 256 }),
      /has 128 MB; set its memory to that, it has 256/,
    ],
    [
      "both kinds on one behavior's viewer events",
      settings({
        behavior: { functions: { "viewer-request": "small", "viewer-response": "large" } },
        more: { functions: { small: { runtime: "cloudfront-js-2.0" }, large: { runtime: "nodejs24.x" } } },
      }),
      /one behavior cannot have a CloudFront Function and a Lambda@Edge function/,
    ],
    [
      "a set of methods that it does not know",
      settings({ behavior: { allowedMethods: ["GET", "POST"] } }),
      /CloudFront knows three sets/,
    ],
    [
      "a behavior that an earlier one covers",
      paths("/a/*", "/a/b*"),
      /behaviors\[1\]\.path = "\/a\/b\*": can never match: behavior 0 \("\/a\/\*"\)/,
    ],
    ["a behavior that is there twice", paths("/a", "a"), /behaviors\[1\]\.path = "a": can never match/],
    ["a path with dot segments", paths("/a/../b"), /takes dot segments out/],
    [
      "too many behaviors",
      paths(...Array.from({ length: 76 }, (_, i) => `/p${i}`)),
      /behaviors = 76: CloudFront takes at most 75/,
    ],
    ["the viewer's Host to a bucket", hostToBucket(), /do not forward Host to an s3 origin/],
    [
      "a custom header that it does not add",
      settings({ distribution: { origins: { service: { type: "http", headers: { Host: "x" } } } } }),
      /headers\.Host: CloudFront does not add this header/,
    ],
    [
      "a timeout of a bucket",
      settings({ distribution: { origins: { service: { type: "s3", responseTimeout: 5 } } } }),
      /cannot be chosen for an s3 origin/,
    ],
    [
      "a header that is not removed",
      settings({ more: { responseHeadersPolicies: { x: { remove: ["Via"] } } } }),
      /remove\[0\] = "Via": CloudFront does not remove/,
    ],
    [
      "a security header by another name",
      settings({ more: { responseHeadersPolicies: { x: { headers: { "X-Frame-Options": "DENY" } } } } }),
      /set frameOptions instead/,
    ],
    [
      "a status twice",
      settings({ distribution: { customErrorResponses: [{ status: 404 }, { status: 404, minTtl: 1 }] } }),
      /customErrorResponses\[1\]\.status = 404: entry 0/,
    ],
    [
      "an address that is none",
      rules({ name: "a", action: "block", addresses: ["10.0.0.0/33"] }),
      /addresses\[0\] = "10\.0\.0\.0\/33": is no network/,
    ],
    [
      "a rule's name twice",
      rules(
        { name: "a", action: "block", userAgentMissing: true },
        { name: "a", action: "count", userAgentMissing: true },
      ),
      /rules\[1\]\.name = "a": rule 0 has this name/,
    ],
    [
      "a rule without a statement",
      rules({ name: "a", action: "block" }),
      /rules\[0\] = .*must be: A name, an action and one of/,
    ],
    [
      "a rule with two statements",
      rules({ name: "a", action: "block", userAgentMissing: true, addresses: ["10.0.0.0/8"] }),
      /must be: A name, an action and one of/,
    ],
  ];
  for (const [name, distributions, message] of cases) {
    test(name, () => {
      const lines = wrong(distributions);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(message);
    });
  }
});

function withFunction(runtime: "cloudfront-js-2.0" | "nodejs24.x", event: string, more: object = {}): Distributions {
  return settings({ behavior: { functions: { [event]: "f" } }, more: { functions: { f: { runtime, ...more } } } });
}

function paths(...patterns: string[]): Distributions {
  const behaviors = patterns.map((path) => ({ path, origin: "service", cachePolicy: "cached" }));
  return settings({ distribution: { behaviors } });
}

function rules(...all: NonNullable<Distributions["webAcls"]>[string]["rules"]): Distributions {
  return settings({ more: { webAcls: { acl: { defaultAction: "allow", rules: all } } } });
}

function hostToBucket(): Distributions {
  return settings({
    behavior: { originRequestPolicy: "all" },
    distribution: { origins: { service: { type: "s3" } } },
    more: { originRequestPolicies: { all: { headers: "all" } } },
  });
}

describe("an environment", () => {
  const distributions = checkDistributions(
    file,
    settings({ more: { functions: { f: { runtime: "cloudfront-js-2.0" } } } }),
  );
  const problems = (value: unknown, variables: NodeJS.ProcessEnv = {}): string[] => {
    try {
      checkEnvironment("desk.json", value, distributions, variables, "/base");
    } catch (error) {
      return (error as ConfigurationError).message.split("\n");
    }
    return [];
  };
  const right = place("http://127.0.0.1:1");

  test("takes variables as a shell does", () => {
    const value = place(`http://127.0.0.1:${"$"}{PORT:-8081}`);
    const target = (variables: NodeJS.ProcessEnv) =>
      checkEnvironment("desk.json", value, distributions, variables, "/base").origins["service"];
    expect(target({})).toEqual({ targets: ["http://127.0.0.1:8081"] });
    expect(target({ PORT: "9" })).toEqual({ targets: ["http://127.0.0.1:9"] });
    expect(target({ PORT: "" })).toEqual({ targets: ["http://127.0.0.1:8081"] });
    expect(problems(place(`http://127.0.0.1:${"$"}{PORT}`))).toEqual([
      expect.stringContaining("desk.json: origins.service.targets[0] = "),
    ]);
  });

  test("must have every distribution and origin, and no other", () => {
    expect(problems({ distributions: {}, origins: {} })).toEqual([
      "desk.json: distributions.web: is missing; give it an id and its hosts",
      "desk.json: origins.service: is missing; say where this origin is",
    ]);
    expect(problems({ ...right, origins: { ...right.origins, servce: { folder: "x" } } })).toEqual([
      'desk.json: origins.servce: no such origin; did you mean "service"?',
    ]);
  });

  test("says where an origin is in the form of its type", () => {
    expect(problems({ ...right, origins: { service: { folder: "x" } } })[0]).toContain(
      'is of type http; write {"targets": [...]}',
    );
    expect(problems(place("127.0.0.1:80"))[0]).toContain("must be http(s)://host:port");
    expect(problems(place("http://127.0.0.1:80/path"))[0]).toContain("with nothing after it");
    expect(problems({ ...right, origins: { service: { target: "x" } } })[0]).toContain("must be: For an http origin");
  });

  test("gives a host to one distribution, and configuration to Lambda@Edge functions", () => {
    expect(problems({ ...right, functions: { f: {} } })[0]).toContain("a CloudFront Function has no configuration");
    expect(problems({ ...right, functions: { g: {} } })[0]).toContain('no such function; did you mean "f"?');
    expect(problems({ ...right, distributions: { web: { id: "e1", hosts: ["Upper:80"] } } })).toHaveLength(2);
    expect(problems({ ...right, countries: { default: "KR", networks: { "1.2.3.4": "US" } } })[0]).toContain(
      "is no network",
    );
  });
});

test("a path pattern is matched in time that grows with its length only", () => {
  const matches = pathPattern(`/${"*a".repeat(100)}b`);
  expect(matches(`/${"a".repeat(8_000)}`)).toBe(false);
});

test("a pattern covers another only if it matches all of its paths", () => {
  expect([covers("/a/*", "/a/b/*.js"), covers("*", "/x?"), covers("/a?c", "/abc"), covers("/*", "*")]).toEqual(
    Array(4).fill(true),
  );
  expect([covers("/a/*", "/a*"), covers("/a?", "/a*"), covers("*.js", "/a/*"), covers("/abc", "/a?c")]).toEqual(
    Array(4).fill(false),
  );
});
