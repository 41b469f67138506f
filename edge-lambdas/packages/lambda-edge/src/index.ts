export { type AttributeValue, getItem, type Item, text } from "./dynamodb.ts";
export { header } from "./headers.ts";
export { log, withRequest } from "./log.ts";
export { nearest } from "./regions.ts";
export { settings } from "./settings.ts";
export { sendSigned } from "./signed-request.ts";
export { sendMessage } from "./sqs.ts";
export { cut, escapeHtml } from "./text.ts";
