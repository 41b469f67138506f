/** Makes dist/ and the schemas of the package: `npm run build -w local-edge`. Dependencies stay outside. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const out = join(here, "dist");

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: {
    main: join(here, "src", "main.ts"),
    "execution-environment": join(here, "src", "functions", "execution-environment.ts"),
  },
  outdir: out,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node22.19",
  legalComments: "none",
});
copyFileSync(join(here, "..", "distributions.schema.json"), join(here, "distributions.schema.json"));
