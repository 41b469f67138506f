import config from "./config.json" with { type: "json" };
import { thumbnail } from "./thumbnail.ts";

export const handler = thumbnail(config);
