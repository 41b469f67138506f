import type { AttributeValue } from "aws-lambda";
import { call, type Destination } from "./aws.ts";
import { isObject } from "./json.ts";

export type { AttributeValue };
export type Item = Record<string, AttributeValue>;

/** Reads an item, eventually consistent; undefined where there is none. */
export async function getItem({
  table,
  key,
  ...destination
}: Destination & { table: string; key: Item }): Promise<Item | undefined> {
  const answer = await call("dynamodb", "DynamoDB_20120810.GetItem", { TableName: table, Key: key }, destination);
  const item = answer.Item;
  if (item !== undefined && !isObject(item)) {
    throw new Error("DynamoDB's answer has an Item that is no object");
  }
  return item as Item | undefined;
}

/** A text attribute; undefined where it is missing or has another type. */
export function text(item: Item, name: string): string | undefined {
  const value = item[name]?.S;
  return typeof value === "string" ? value : undefined;
}
