/** A process that answers every GetItem and every SendMessage at once. Sends its URL to its parent. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const ITEM = {
  slug: { S: "spring" },
  code: { S: "spring" },
  targetUrl: { S: "https://example.com/concert?city=seoul" },
  status: { S: "published" },
  version: { N: "3" },
  title: { S: "봄소풍 콘서트 2026 — 한강에서 함께 듣는 봄" },
  description: { S: "벚꽃이 지기 전에, 한강 둔치에서 열리는 다섯 팀의 야외 공연. ".repeat(6) },
  artist: { S: "새벽다방" },
  city: { S: "서울" },
  imageKey: { S: "spring/cover.jpg" },
  opensAt: { S: "2026-03-01T09:00:00Z" },
  updatedAt: { S: "2026-02-01T09:00:00Z" },
};
const GET_ITEM = JSON.stringify({ Item: ITEM });
const SEND_MESSAGE = JSON.stringify({ MessageId: "5fea7756-0ea4-451a-a703-a558b933e274" });

const server = createServer(async (request, response) => {
  await text(request);
  response.setHeader("Content-Type", "application/x-amz-json-1.0");
  response.end(request.headers["x-amz-target"] === "DynamoDB_20120810.GetItem" ? GET_ITEM : SEND_MESSAGE);
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
