import config from "./config.json" with { type: "json" };
import { shortUrl } from "./short-url.ts";

export const handler = shortUrl(config);
