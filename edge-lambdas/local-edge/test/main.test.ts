import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ask } from "./desk.ts";

const root = join(import.meta.dirname, "..");
const example = join(root, "example");
const files = [
  ...["--distributions", join(example, "distributions.json")],
  ...["--environment", join(example, "environment.json")],
  ...["--bundles", join(example, "functions")],
];

interface Program {
  child: ChildProcess;
  port: number;
  ended: Promise<{ code: number | null; out: string; errors: string }>;
}

function run(main: string, options: string[]): Omit<Program, "port"> & { line: Promise<string> } {
  const child = spawn(process.execPath, [join(root, main), ...options], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let errors = "";
  const { promise: line, resolve } = Promise.withResolvers<string>();
  child.stdout?.on("data", (text: Buffer) => {
    out += text;
  });
  child.stderr?.on("data", (text: Buffer) => {
    errors += text;
    if (errors.includes('"ready"')) {
      resolve(errors);
    }
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, errors }));
  return { child, ended, line };
}

async function started(main: string, options: string[]): Promise<Program> {
  const { line, ...program } = run(main, [...options, "--port", "0"]);
  return { ...program, port: Number(/"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(await line)?.[1]) };
}

describe("the program", () => {
  test("answers, logs to stdout, and ends with 0 on SIGTERM", async () => {
    const { child, port, ended } = await started("src/main.ts", files);
    expect((await ask({ port }, "/__edge/health")).status).toBe(200);
    expect((await ask({ port }, "/")).body).toContain("It works");
    child.kill("SIGTERM");
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out.split("\n")[2]?.split("\t")).toHaveLength(33);
  });

  test("ends with 0 on Ctrl-C, also when SIGTERM follows", async () => {
    const { child, ended } = await started("src/main.ts", files);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
  });

  test("says what is wrong and ends with 1", async () => {
    const wrong = async (...options: string[]) => {
      const { code, errors } = await run("src/main.ts", options).ended;
      expect(code).toBe(1);
      return errors;
    };
    expect(await wrong(...files, "--port", "high")).toMatch(
      /^--port must be a whole number from 0 to 65535, not "high"\n$/,
    );
    expect(await wrong(...files, "--bundles", "nowhere")).toMatch(
      /functions\.greet: has no bundle at nowhere\/greet\/index\.js/,
    );
    expect(await wrong("--distributions", "nowhere.json", "--environment", "x")).toMatch(
      /^nowhere\.json: .* cannot be read/,
    );
    expect(await wrong(...files, "--access-log", "nowhere/access.log")).toMatch(
      /^nowhere\/access\.log: --access-log: cannot be written \(ENOENT\)/,
    );
    expect(await wrong("--unknown")).toMatch(/^Unknown option '--unknown'/);
  });

  test("says when its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, errors } = await run("src/main.ts", [...files, "--port", String(port)]).ended;
    expect([code, errors.split("\n")[0]]).toEqual([1, expect.stringContaining("The port cannot be opened")]);
    const control = await run("src/main.ts", [...files, "--port", "0", "--control-port", String(port)]).ended;
    expect([control.code, control.errors.split("\n")[0]]).toEqual([
      1,
      expect.stringContaining("The port cannot be opened"),
    ]);
  });

  test("checks without starting", async () => {
    const { code, out } = await run("src/main.ts", [...files, "--check"]).ended;
    expect([code, out]).toEqual([0, expect.stringContaining("are right")]);
  });
});

describe("the package", () => {
  beforeAll(async () => {
    const build = spawn(process.execPath, [join(root, "build.ts")], { stdio: "inherit" });
    const [code] = await once(build, "close");
    expect(code).toBe(0);
  });

  test("is plain JavaScript that runs the example", async () => {
    const { port } = await started("dist/main.js", [...files, "--access-log", "none"]);
    const language = (value: string) => ask({ port }, "/", { headers: { "accept-language": value } });
    expect((await language("ko-KR")).headers["x-cache"]).toBe("Miss from cloudfront");
    expect((await language("ko")).headers["x-cache"]).toBe("Hit from cloudfront");
    expect((await language("en")).headers["x-cache"]).toBe("Miss from cloudfront");
  });
});
