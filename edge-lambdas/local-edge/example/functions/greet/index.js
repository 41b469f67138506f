// Two languages in the cache key instead of every Accept-Language there is.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  const wanted = request.headers["accept-language"];
  const language = wanted ? wanted.value : "";
  request.headers["x-language"] = { value: language.startsWith("ko") ? "ko" : "en" };
  return request;
}
