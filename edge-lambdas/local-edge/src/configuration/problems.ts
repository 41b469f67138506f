export interface Problem {
  file: string;
  /** Where in the file, such as `distributions.web.behaviors[0].cachePolicy`. */
  path: string;
  value?: unknown;
  /** What is wrong and what to do about it. */
  message: string;
}

export class ConfigurationError extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(line).join("\n"));
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

function line({ file, path, value, message }: Problem): string {
  const shown = value === undefined ? "" : ` = ${shorten(JSON.stringify(value))}`;
  return `${file}: ${path}${shown}: ${message}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** `[first, "behaviors", 0]` as `first.behaviors[0]`; a name that is no identifier goes into brackets. */
export function pathOf(keys: (string | number)[]): string {
  const text = keys.map((key) => {
    if (typeof key === "number") {
      return `[${key}]`;
    }
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return text.join("").replace(/^\./, "") || "(the whole file)";
}

/** "; did you mean ...?" or "; there are: ..." for a name that is not among `names`. */
export function known(name: string, names: string[]): string {
  const near = names.find((candidate) => distance(candidate, name) <= 2);
  if (near !== undefined) {
    return `did you mean ${JSON.stringify(near)}?`;
  }
  return names.length === 0 ? "there are none" : `there are: ${names.join(", ")}`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
