/** Beside the bundle at run time; no file of the sources. */
declare module "*/config.json" {
  const config: unknown;
  export default config;
}
