import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/**
 * A peer of the functions that answers as told, and tells what it was asked.
 *
 * @typedef {{ method: string, path: string, headers: import("node:http").IncomingHttpHeaders, body: string }} Request
 * @param {import("node:test").TestContext} test
 * @param {(request: Request, count: number) => { status?: number, body?: string | object } | "hang up"} answer
 */
export async function serve(test, answer) {
  /** @type {Request[]} */
  const requests = [];
  const server = createServer(async (incoming, response) => {
    const encoding = incoming.headers["content-encoding"] === "gzip" ? "latin1" : "utf8";
    incoming.setEncoding(encoding);
    const request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: await text(incoming),
    };
    requests.push(request);
    const answered = answer(request, requests.length);
    if (answered === "hang up") {
      incoming.socket.destroy();
      return;
    }
    const { status = 200, body = "" } = answered;
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

Object.assign(process.env, {
  AWS_REGION: "ap-northeast-2",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "token",
});
