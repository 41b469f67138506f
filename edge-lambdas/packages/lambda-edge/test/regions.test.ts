import { expect, test } from "vitest";
import { nearest } from "../src/index.ts";

test.each([
  ["ap-northeast-2", ["us-east-1", "ap-northeast-2"], "ap-northeast-2"],
  ["ap-northeast-1", ["us-east-1", "ap-northeast-2"], "ap-northeast-2"],
  ["ap-south-1", ["us-east-1", "ap-northeast-2"], "ap-northeast-2"],
  ["ap-southeast-2", ["us-east-1", "ap-northeast-2"], "ap-northeast-2"],
  ["us-west-2", ["ap-northeast-2", "us-east-1"], "us-east-1"],
  ["us-east-2", ["ap-northeast-2", "us-east-1"], "us-east-1"],
  ["sa-east-1", ["ap-northeast-2", "us-east-1"], "us-east-1"],
  ["eu-west-2", ["ap-northeast-2", "us-east-1"], "us-east-1"],
  ["eu-central-1", ["ap-northeast-2", "us-east-1", "eu-west-1"], "eu-west-1"],
  ["us-west-1", ["ap-northeast-1", "us-west-2"], "us-west-2"],
])("from %s, of %j the nearest is %s", (region, replicas, expected) => {
  expect(nearest(replicas, region)).toBe(expected);
});

test("from a region that is not known the first one is taken", () => {
  expect(nearest(["ap-northeast-2", "us-east-1"], "xx-new-1")).toBe("ap-northeast-2");
  expect(nearest(["ap-northeast-2", "us-east-1"], "")).toBe("ap-northeast-2");
});

test("a replica in a region that is not known is near to itself only", () => {
  expect(nearest(["us-east-1", "xx-new-1"], "xx-new-1")).toBe("xx-new-1");
  expect(nearest(["xx-new-1", "us-east-1"], "eu-west-1")).toBe("us-east-1");
});
