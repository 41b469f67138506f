// The health check of the image: node /app/health.js
fetch("http://127.0.0.1:8080/__edge/health", { signal: AbortSignal.timeout(3_000) }).then(
  ({ ok }) => process.exit(ok ? 0 : 1),
  () => process.exit(1),
);
