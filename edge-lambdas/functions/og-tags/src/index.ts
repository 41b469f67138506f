import config from "./config.json" with { type: "json" };
import { ogTags } from "./og-tags.ts";

export const handler = ogTags(config);
