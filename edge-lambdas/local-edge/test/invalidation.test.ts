import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { describe, expect, onTestFinished, test } from "vitest";
import { ask, origin, page, place, result, settings, start } from "./desk.ts";

function client({ port }: { port: number }): CloudFrontClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const made = new CloudFrontClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(() => made.destroy());
  return made;
}

let references = 0;
function invalidation(items: string[], reference = `r${references++}`, id = "EWEB") {
  return new CreateInvalidationCommand({
    DistributionId: id,
    InvalidationBatch: { CallerReference: reference, Paths: { Quantity: items.length, Items: items } },
  });
}

async function cached(paths: string[], cache: object = {}) {
  const service = await origin(page("hello"));
  const edge = await start(settings({ cache }), place(service.url));
  for (const path of paths) {
    await ask(edge, path);
  }
  const left = async () => {
    const results = await Promise.all(paths.map((path) => ask(edge, path, { method: "HEAD" }).then(result)));
    return paths.filter((_, index) => results[index] === "Hit");
  };
  return { edge, service, left, cloudFront: client(edge) };
}

describe("an invalidation by the AWS SDK", () => {
  test("removes one path, letter case and all else as it is", async () => {
    const { cloudFront, left } = await cached(["/a", "/A", "/a/b", "/ab"]);
    const { Invalidation, Location } = await cloudFront.send(invalidation(["/a"]));
    expect(Invalidation).toMatchObject({
      Status: "Completed",
      InvalidationBatch: { Paths: { Quantity: 1, Items: ["/a"] } },
    });
    expect(Location).toContain(Invalidation?.Id);
    expect(await left()).toEqual(["/A", "/a/b", "/ab"]);
  });

  test("removes everything that begins so, with * at its end", async () => {
    const { cloudFront, left } = await cached(["/a", "/a/b", "/ab", "/b"]);
    await cloudFront.send(invalidation(["/a*"]));
    expect(await left()).toEqual(["/b"]);
    await cloudFront.send(invalidation(["/*"]));
    expect(await left()).toEqual([]);
  });

  test("meets a Hangul path in any of its encodings", async () => {
    const paths = ["/campaigns/%EB%B4%84", "/campaigns/%eb%b4%84", "/campaigns/%EB%B4%84-%E2%98%85"];
    const { cloudFront, left } = await cached(paths);
    await cloudFront.send(invalidation(["/campaigns/%EB%B4%84"]));
    expect(await left()).toEqual([paths[2]]);
    await cloudFront.send(invalidation(["/campaigns/봄-★"]));
    expect(await left()).toEqual([]);
  });

  test("names the query string where it is in the key", async () => {
    const { cloudFront, left } = await cached(["/a?w=1", "/a?w=2", "/a"], { queryStrings: ["w"] });
    await cloudFront.send(invalidation(["/a?w=1"]));
    expect(await left()).toEqual(["/a?w=2", "/a"]);
    await cloudFront.send(invalidation(["/a*"]));
    expect(await left()).toEqual([]);
  });

  test("removes every version of a path, whatever headers chose it", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({ cache: { headers: ["x-kind"] } }), place(service.url));
    const versions = () =>
      Promise.all(["a", "b"].map((kind) => ask(edge, "/a", { headers: { "x-kind": kind } }).then(result)));
    await versions();
    expect(await versions()).toEqual(["Hit", "Hit"]);
    await client(edge).send(invalidation(["/a"]));
    expect(await versions()).toEqual(["Miss", "Miss"]);
  });

  test("is made once for the same reference, and shown again", async () => {
    const { cloudFront, left, edge } = await cached(["/a"]);
    const first = await cloudFront.send(invalidation(["/a"], "same"));
    await ask(edge, "/a");
    const again = await cloudFront.send(invalidation(["/a"], "same"));
    expect(again.Invalidation?.Id).toBe(first.Invalidation?.Id);
    expect(await left()).toEqual(["/a"]);
    await expect(cloudFront.send(invalidation(["/b"], "same"))).rejects.toMatchObject({ name: "InvalidArgument" });
    const Id = first.Invalidation?.Id ?? "";
    const got = await cloudFront.send(new GetInvalidationCommand({ DistributionId: "EWEB", Id }));
    expect(got.Invalidation?.InvalidationBatch?.CallerReference).toBe("same");
    await cloudFront.send(invalidation(["/c"]));
    const page1 = await cloudFront.send(new ListInvalidationsCommand({ DistributionId: "EWEB", MaxItems: 1 }));
    expect(page1.InvalidationList).toMatchObject({ IsTruncated: true, Quantity: 1 });
    const Marker = page1.InvalidationList?.NextMarker;
    const page2 = await cloudFront.send(new ListInvalidationsCommand({ DistributionId: "EWEB", MaxItems: 1, Marker }));
    expect(page2.InvalidationList?.Items?.map((item) => item.Id)).toEqual([Id]);
    expect(page2.InvalidationList?.IsTruncated).toBe(false);
  });

  test("that is wrong is refused with CloudFront's own error", async () => {
    const { cloudFront, left } = await cached(["/a"]);
    await expect(cloudFront.send(invalidation(["/a"], "x", "ENONE"))).rejects.toMatchObject({
      name: "NoSuchDistribution",
      $metadata: { httpStatusCode: 404 },
    });
    for (const path of ["a", "/a*b", "/*/a", `/${"a".repeat(4000)}`, ""]) {
      await expect(cloudFront.send(invalidation([path]))).rejects.toMatchObject({ name: "InvalidArgument" });
    }
    await expect(
      cloudFront.send(new GetInvalidationCommand({ DistributionId: "EWEB", Id: "INONE" })),
    ).rejects.toMatchObject({
      name: "NoSuchInvalidation",
    });
    const quantity = new CreateInvalidationCommand({
      DistributionId: "EWEB",
      InvalidationBatch: { CallerReference: "y", Paths: { Quantity: 2, Items: ["/a"] } },
    });
    await expect(cloudFront.send(quantity)).rejects.toMatchObject({ name: "InconsistentQuantities" });
    expect(await left()).toEqual(["/a"]);
  });
});

test("an invalidation that comes while the old object is under way keeps it out of the cache", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const service = await origin((request, response, count) => {
    const answer = () => page(`v${count}`)(request, response);
    void (count === 1 ? released.then(answer) : answer());
  });
  const edge = await start(settings({}), place(service.url));
  const before = ask(edge, "/a");
  await expect.poll(() => service.requests.length).toBe(1);
  await client(edge).send(invalidation(["/a"]));
  // Who asks after the invalidation does not wait for what was asked before it.
  expect((await ask(edge, "/a")).body).toBe("v2");
  release();
  expect((await before).body).toBe("v1");
  expect((await ask(edge, "/a")).body).toBe("v2");
});

test("bodies that are no batch are refused, and nothing is expanded or run", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  const post = (body: string) =>
    ask(edge, "/2020-05-31/distribution/EWEB/invalidation", { method: "POST", body, host: "any.example" });
  const bodies = {
    "": "MissingBody",
    "not xml": "MalformedInput",
    "<InvalidationBatch>": "MalformedInput",
    "<Other/>": "MalformedInput",
    '<!DOCTYPE a [<!ENTITY x "y">]><InvalidationBatch>&x;</InvalidationBatch>': "MalformedInput",
    "<InvalidationBatch><CallerReference>a</CallerReference></InvalidationBatch>": "InconsistentQuantities",
    "<InvalidationBatch><__proto__>1</__proto__></InvalidationBatch>": "",
  };
  for (const [body, code] of Object.entries(bodies)) {
    const got = await post(body);
    expect([got.status, got.headers["content-type"]]).toEqual([400, "text/xml"]);
    expect(got.body).toContain(code);
  }
  expect((await post("x".repeat(2_000_000))).status).toBe(413);
  expect((await ask(edge, "/2020-05-31/distribution")).status).toBe(404);
  expect((await ask(edge, "/2020-05-31/distribution/EWEB/invalidation", { method: "DELETE" })).status).toBe(405);
});

test("no web page can invalidate anything", async () => {
  const { edge, left } = await cached(["/a"]);
  const paths = "<Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths>";
  const body = `<InvalidationBatch>${paths}<CallerReference>form</CallerReference></InvalidationBatch>`;
  const url = "/2020-05-31/distribution/EWEB/invalidation";
  for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
    expect((await ask(edge, url, { method: "POST", body, headers })).status).toBe(403);
  }
  expect(await left()).toEqual(["/a"]);
  expect((await ask(edge, url, { method: "POST", body })).status).toBe(201);
});

describe("with a control port", () => {
  async function controlled() {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url), { controlPort: 0 });
    return { edge, control: { port: edge.controlPort ?? 0 }, service };
  }

  test("invalidations are taken there", async () => {
    const { edge, control } = await controlled();
    await ask(edge, "/a");
    await client(control).send(invalidation(["/a"]));
    expect(result(await ask(edge, "/a"))).toBe("Miss");
  });

  test("what looks like one on the viewers' port is a viewer's request, and clears nothing", async () => {
    const { edge, service } = await controlled();
    await ask(edge, "/a");
    await ask(edge, "/2020-05-31/distribution/EWEB/invalidation");
    expect(service.requests.at(-1)?.url).toBe("/2020-05-31/distribution/EWEB/invalidation");
    expect(result(await ask(edge, "/a"))).toBe("Hit");
  });

  test("web pages are refused there, too", async () => {
    const { control } = await controlled();
    const path = "/2020-05-31/distribution/EWEB/invalidation";
    const got = await ask(control, path, { method: "POST", headers: { origin: "http://evil.example" } });
    expect(got.status).toBe(403);
  });

  test("the page of requests is there, not for a name that was made to point here, and nothing else", async () => {
    const { edge, control } = await controlled();
    await ask(edge, "/seen");
    expect((await ask(control, "/__edge")).body).toContain("/seen");
    expect((await ask(control, "/__edge", { host: "evil.example" })).status).toBe(404);
    expect((await ask(control, "/seen")).status).toBe(404);
  });
});
