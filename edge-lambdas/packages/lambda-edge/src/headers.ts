import type { CloudFrontHeaders } from "aws-lambda";

/** The value of a header, several lines of it joined by commas as HTTP allows. */
export function header(headers: CloudFrontHeaders, name: string): string | undefined {
  return headers[name.toLowerCase()]?.map((line) => line.value).join(", ");
}
