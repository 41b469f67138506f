import { addressIn } from "./configuration/cidr.ts";
import type { Rule, WebAcl } from "./configuration/model.ts";
import { type Headers, header } from "./headers.ts";

export interface Inspected {
  address: string;
  uri: string;
  headers: Headers;
}

export interface Verdict {
  action: "allow" | "block";
  /** The rule that decided; none when the default action did. */
  rule?: string;
  /** Rules that would have acted, but only count. */
  counted: string[];
}

export type Firewall = (request: Inspected) => Verdict;

type Statement = (request: Inspected) => boolean;

/**
 * Evaluates a web ACL as AWS WAF does: rules in order, the first that allows or blocks ends it, those that count do not.
 *
 * @param now milliseconds
 */
export function firewall(acl: WebAcl, now: () => number = () => Date.now()): Firewall {
  const rules = acl.rules
    .filter((rule) => rule.managed === undefined)
    .map((rule) => ({ name: rule.name, action: rule.action, matches: statement(rule, now) }));

  return (request) => {
    const counted: string[] = [];
    for (const { name, action, matches } of rules) {
      if (!matches(request)) {
        continue;
      }
      if (action === "count") {
        counted.push(name);
      } else {
        return { action: action as "allow" | "block", rule: name, counted };
      }
    }
    return { action: acl.defaultAction, counted };
  };
}

function statement({ addresses, userAgentContains, userAgentMissing, rate }: Rule, now: () => number): Statement {
  if (addresses !== undefined) {
    const listed = addressIn(addresses);
    return ({ address }) => listed(address);
  }
  if (userAgentContains !== undefined) {
    return ({ headers }) => {
      const agent = header(headers, "user-agent")?.toLowerCase() ?? "";
      return userAgentContains.some((part) => agent.includes(part));
    };
  }
  if (userAgentMissing) {
    return ({ headers }) => (header(headers, "user-agent") ?? "").trim() === "";
  }
  return rateOver(rate as NonNullable<Rule["rate"]>, now);
}

// AWS looks at the rate of each address about every ten seconds, over the window before:
// https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
// Here a request counts at once, in slots of a tenth of a minute at most, so that a test need not wait.
const SLOT = 10_000;
const ADDRESSES = 10_000;

function rateOver(rate: NonNullable<Rule["rate"]>, now: () => number): Statement {
  const slots = ((rate.window ?? 300) * 1000) / SLOT;
  const counts = new Map<string, { slot: number; count: number }[]>();

  return ({ address, uri }) => {
    if (rate.pathStartsWith !== undefined && !uri.startsWith(rate.pathStartsWith)) {
      return false;
    }
    const slot = Math.floor(now() / SLOT);
    const recent = (counts.get(address) ?? []).filter((each) => each.slot > slot - slots);
    const last = recent.at(-1);
    if (last?.slot === slot) {
      last.count++;
    } else {
      recent.push({ slot, count: 1 });
    }
    counts.delete(address);
    counts.set(address, recent);
    if (counts.size > ADDRESSES) {
      counts.delete(counts.keys().next().value as string);
    }
    return recent.reduce((sum, each) => sum + each.count, 0) > rate.limit;
  };
}
