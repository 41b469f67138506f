import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{functions,packages}/*/test/**/*.test.ts", "local-edge/test/**/*.test.ts", "build/test/**/*.test.ts"],
    silent: "passed-only",
    testTimeout: 30_000,
  },
});
