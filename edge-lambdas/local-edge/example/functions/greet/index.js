// Two languages in the cache key instead of every Accept-Language there is.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  const wanted = request.headers["accept-language"];
  const korean = wanted ? wanted.value.startsWith("ko") : false;
  request.headers["x-language"] = { value: korean ? "ko" : "en" };
  return request;
}
