import { ADDRCONFIG } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Pool } from "undici";
import type { Origin } from "../configuration/model.ts";
import { log } from "../log.ts";
import { pool } from "./dispatch.ts";

export interface TargetGroup {
  targets: string[];
  health?: string;
}

export interface Target {
  /** What is sent as Host, unless a policy says otherwise. */
  host: string;
  /** What messages call it. */
  place: string;
  pool: Pool;
  healthy: boolean;
}

export interface Targets {
  /** All of them, those first that may be used, begun with another one each time. */
  inTurn(): Promise<Target[]>;
  close(): Promise<void>;
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<string[]>;

/** As the machine resolves names, a container's own name server among them; no IPv6 where there is none. */
export const resolveAll: Resolve = async (name) =>
  (await lookup(name, { all: true, hints: ADDRCONFIG })).map(({ address }) => address);

const HEALTH_TIMEOUT = 2_000;

/**
 * The targets of a group: its URLs, and of a URL with a name each address of that name, which is asked for again at each
 * interval. A new address gets requests once it is healthy. One that is gone gets no more, and finishes what it has.
 */
export function openTargets(settings: Origin, group: TargetGroup, interval: number, resolve: Resolve): Targets {
  const urls = group.targets.map((url) => new URL(url));
  const named = urls.filter((url) => isName(url.hostname));
  const members = new Map<string, Target>();
  for (const url of urls.filter((each) => !named.includes(each))) {
    members.set(url.href, { host: url.host, place: url.host, pool: pool(url.origin, settings), healthy: false });
  }
  let turn = 0;

  async function find(url: URL): Promise<void> {
    let addresses: string[];
    try {
      addresses = await resolve(url.hostname);
    } catch {
      // A name server that is away says nothing about the targets; a name without targets has none that answers.
      return;
    }
    const found = new Map(addresses.map((address) => [`${url.href} ${address}`, address]));
    for (const [key, target] of members) {
      if (key.startsWith(`${url.href} `) && !found.has(key)) {
        members.delete(key);
        log("info", "a target is gone", { target: target.place });
        void target.pool.close().catch(() => {});
      }
    }
    for (const [key, address] of found) {
      if (!members.has(key)) {
        const place = `${url.host} (${address})`;
        members.set(key, { host: url.host, place, pool: pool(url.origin, settings, address), healthy: false });
        log("info", "a new target", { target: place });
      }
    }
  }

  async function check(target: Target, path: string): Promise<void> {
    try {
      const response = await target.pool.request({ path, method: "GET", signal: AbortSignal.timeout(HEALTH_TIMEOUT) });
      await response.body.dump();
      target.healthy = response.statusCode >= 200 && response.statusCode < 300;
    } catch {
      target.healthy = false;
    }
  }

  const findAll = () => Promise.all(named.map(find));
  const checkAll = async () => {
    const { health } = group;
    // With one target that stays there is no choice to make.
    if (health !== undefined && (named.length > 0 || urls.length > 1)) {
      await Promise.all([...members.values()].map((target) => check(target, health)));
    }
  };
  const found = findAll();
  void found.then(checkAll);
  const looking = setInterval(() => findAll().then(checkAll), interval);
  looking.unref();

  return {
    async inTurn() {
      await found;
      if (members.size === 0) {
        await findAll();
      }
      const all = [...members.values()];
      const healthy = all.filter((target) => target.healthy);
      const usable = healthy.length === 0 ? all : healthy;
      const start = turn++ % Math.max(1, usable.length);
      return [...usable.slice(start), ...usable.slice(0, start), ...all.filter((target) => !usable.includes(target))];
    },
    async close() {
      clearInterval(looking);
      await Promise.all([...members.values()].map((target) => target.pool.destroy()));
    },
  };
}

/** A name that can stand for several machines: no address, and not this machine. */
function isName(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 && !/(^|\.)localhost$/.test(hostname);
}
