/** A trace of X-Ray that goes on here. */
export interface Trace {
  /** `1-8hex-24hex` */
  id: string;
  /** What the next service gets as `X-Amzn-Trace-Id`, and a message as `AWSTraceHeader`. */
  header: string;
}

const FIELDS: [name: string, form: RegExp][] = [
  ["Root", /^1-[0-9a-f]{8}-[0-9a-f]{24}$/],
  ["Parent", /^[0-9a-f]{16}$/],
  ["Sampled", /^[01]$/],
];

/** Reads `X-Amzn-Trace-Id`. Anyone can send it, so only fields of the right form are taken over. */
export function readTrace(header: string | undefined): Trace | undefined {
  if (header === undefined) {
    return undefined;
  }
  const sent = new Map(
    header.split(";", 10).map((field) => {
      const [name = "", value = ""] = field.split("=", 2);
      return [name.trim(), value.trim()];
    }),
  );
  const fields = FIELDS.flatMap(([name, form]) => {
    const value = sent.get(name);
    return value !== undefined && form.test(value) ? [[name, value]] : [];
  });
  const id = fields.find(([name]) => name === "Root")?.[1];
  return id === undefined ? undefined : { id, header: fields.map((field) => field.join("=")).join(";") };
}
