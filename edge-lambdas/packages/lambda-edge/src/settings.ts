import { isObject } from "./json.ts";

/** Reads config.json. Each function throws an Error that names the field, so that a wrong one fails at init. */
export function settings(content: unknown) {
  if (!isObject(content)) {
    throw new Error("config.json must be an object");
  }
  const config = content;

  function text(name: string): string {
    const value = config[name];
    if (typeof value !== "string" || value.trim() === "") {
      throw new Error(`config.json: ${name} must be a text`);
    }
    return value;
  }

  /** An absolute http or https URL without a slash at its end. */
  function url(name: string): string {
    const value = text(name);
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if ((parsed?.protocol !== "https:" && parsed?.protocol !== "http:") || parsed.search || parsed.hash) {
      throw new Error(`config.json: ${name} must be an http or https URL`);
    }
    return parsed.href.replace(/\/+$/, "");
  }

  function optionalUrl(name: string): string | undefined {
    return config[name] === undefined ? undefined : url(name);
  }

  function regions(name: string): string[] {
    const value = config[name];
    const valid = (region: unknown) => typeof region === "string" && /^[a-z]{2}(-[a-z]+)+-\d$/.test(region);
    if (!Array.isArray(value) || value.length === 0 || !value.every(valid)) {
      throw new Error(`config.json: ${name} must be a list of regions`);
    }
    return value;
  }

  /** A duration; `usual` where there is none. */
  function millis(name: string, usual: number): number {
    const value = config[name] ?? usual;
    if (!Number.isInteger(value) || Number(value) < 1) {
      throw new Error(`config.json: ${name} must be a number of milliseconds`);
    }
    return Number(value);
  }

  return { text, url, optionalUrl, regions, millis };
}
