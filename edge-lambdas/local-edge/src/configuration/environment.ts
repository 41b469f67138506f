import { resolve } from "node:path";
import type { SchemaObject } from "ajv";
import schema from "../../environment.schema.json" with { type: "json" };
import { network } from "./cidr.ts";
import type { Distributions, Environment, OriginPlace } from "./model.ts";
import { ConfigurationError, known, type Problem, pathOf } from "./problems.ts";
import { schemaProblems } from "./schema.ts";

/**
 * Checks an environment against its schema and the distributions it is for. Placeholders are replaced first, folders
 * are relative to `directory`.
 *
 * @throws ConfigurationError with every problem, its place, value and remedy
 */
export function checkEnvironment(
  file: string,
  value: unknown,
  { distributions, functions = {} }: Distributions,
  variables: NodeJS.ProcessEnv,
  directory: string,
): Environment {
  const problems: Problem[] = [];
  const report = (keys: (string | number)[], at: unknown, message: string) =>
    problems.push({ file, path: pathOf(keys), value: at, message });
  const failed = () => {
    if (problems.length > 0) {
      throw new ConfigurationError(problems);
    }
  };

  const filled = fill(value, [], variables, report);
  failed();
  problems.push(...schemaProblems(schema as SchemaObject, file, filled));
  failed();
  const found = filled as Environment;

  const hosts = new Map<string, string>();
  for (const [name, { id, hosts: own }] of Object.entries(found.distributions)) {
    if (!Object.hasOwn(distributions, name)) {
      report(["distributions", name], undefined, `no such distribution; ${known(name, Object.keys(distributions))}`);
    }
    const twin = Object.entries(found.distributions).find(([other, each]) => other < name && each.id === id);
    if (twin !== undefined) {
      report(["distributions", name, "id"], id, `is the id of ${twin[0]}; choose another`);
    }
    own.forEach((host, index) => {
      const taken = hosts.get(host);
      if (taken !== undefined) {
        report(["distributions", name, "hosts", index], host, `belongs to ${taken}; a host has one distribution`);
      }
      hosts.set(host, name);
    });
  }
  const types = new Map(
    Object.values(distributions).flatMap(({ origins }) =>
      Object.entries(origins).map(([name, { type }]) => [name, type] as const),
    ),
  );
  for (const name of Object.keys(distributions).filter((each) => found.distributions[each] === undefined)) {
    report(["distributions", name], undefined, "is missing; give it an id and its hosts");
  }
  for (const name of [...types.keys()].filter((each) => found.origins[each] === undefined)) {
    report(["origins", name], undefined, "is missing; say where this origin is");
  }
  for (const [name, place] of Object.entries(found.origins)) {
    const type = types.get(name);
    if (type === undefined) {
      report(["origins", name], undefined, `no such origin; ${known(name, [...types.keys()])}`);
    } else if ((type === "http") !== "targets" in place) {
      const form = type === "http" ? '{"targets": [...]}' : '{"s3": url} or {"folder": path}';
      report(["origins", name], place, `is of type ${type}; write ${form}`);
    }
    checkUrls(name, place, report);
  }
  for (const name of Object.keys(found.functions ?? {})) {
    if (functions[name] === undefined) {
      report(["functions", name], undefined, `no such function; ${known(name, Object.keys(functions))}`);
    } else if (functions[name].runtime === "cloudfront-js-2.0") {
      report(["functions", name], undefined, "a CloudFront Function has no configuration; remove it");
    }
  }
  for (const cidr of Object.keys(found.countries?.networks ?? {})) {
    if (network(cidr) === undefined) {
      report(["countries", "networks", cidr], undefined, "is no network in CIDR notation, such as 192.0.2.0/24");
    }
  }
  failed();
  return { ...found, origins: withAbsoluteFolders(found.origins, directory) };
}

function checkUrls(name: string, place: OriginPlace, report: (keys: string[], at: unknown, message: string) => void) {
  for (const url of "targets" in place ? place.targets : []) {
    const parsed = URL.parse(url);
    if (!isHttp(parsed) || parsed?.pathname !== "/" || parsed.search !== "") {
      report(["origins", name, "targets"], url, "must be http(s)://host:port with nothing after it");
    }
  }
  if ("s3" in place) {
    const parsed = URL.parse(place.s3);
    if (!isHttp(parsed) || !/^\/[a-z0-9][a-z0-9.-]+$/.test(parsed?.pathname ?? "")) {
      report(["origins", name, "s3"], place.s3, "must be http(s)://host:port/bucket");
    }
  }
}

function isHttp(url: URL | null): boolean {
  return url !== null && /^https?:$/.test(url.protocol);
}

function withAbsoluteFolders(origins: Record<string, OriginPlace>, directory: string): Record<string, OriginPlace> {
  return Object.fromEntries(
    Object.entries(origins).map(([name, place]) => [
      name,
      "folder" in place ? { folder: resolve(directory, place.folder) } : place,
    ]),
  );
}

/** Replaces `${NAME}` and `${NAME:-default}` in every string, as a shell does. */
function fill(
  value: unknown,
  keys: (string | number)[],
  variables: NodeJS.ProcessEnv,
  report: (keys: (string | number)[], at: unknown, message: string) => void,
): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (whole, name: string, other?: string) => {
      const set = variables[name] || other;
      if (set === undefined) {
        report(keys, value, `${name} is not set in the environment; set it, or write a default: \${${name}:-value}`);
      }
      return set ?? whole;
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => fill(item, [...keys, index], variables, report));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fill(item, [...keys, key], variables, report)]),
    );
  }
  return value;
}
