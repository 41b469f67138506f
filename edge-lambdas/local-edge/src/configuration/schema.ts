import { Ajv, type ErrorObject, type SchemaObject } from "ajv";
import { known, type Problem, pathOf } from "./problems.ts";

/** What the schema finds wrong with `value`, one problem per place. */
export function schemaProblems(schema: SchemaObject, file: string, value: unknown): Problem[] {
  const validate = new Ajv({ allErrors: true, verbose: true, strictTypes: false }).compile(schema);
  if (validate(value)) {
    return [];
  }
  const errors = validate.errors ?? [];
  const choices = errors.filter((error) => error.keyword === "oneOf").map((error) => error.instancePath);
  const problems = errors
    .filter((error) => error.keyword === "oneOf" || !insideChoice(error, choices))
    .filter((error) => !["if", "not", "propertyNames"].includes(error.keyword))
    .map((error) => problem(file, value, error));
  return [...new Map(problems.map((each) => [each.path + each.message, each])).values()];
}

// The errors of each alternative say nothing to a reader who meant another one.
function insideChoice(error: ErrorObject, choices: string[]): boolean {
  return (
    error.schemaPath.includes("oneOf") ||
    choices.some(
      (choice) =>
        error.instancePath === choice && /^(enum|type|required|additionalProperties|not)$/.test(error.keyword),
    ) ||
    choices.some((choice) => error.instancePath.startsWith(`${choice}/`))
  );
}

function problem(file: string, value: unknown, error: ErrorObject): Problem {
  const keys = keysOf(value, error.instancePath);
  if (error.keyword === "additionalProperties") {
    const name = (error.params as { additionalProperty: string }).additionalProperty;
    const names = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
    return { file, path: pathOf([...keys, name]), message: `is not known here; ${known(name, names)}` };
  }
  if (error.keyword === "required") {
    return {
      file,
      path: pathOf([...keys, (error.params as { missingProperty: string }).missingProperty]),
      message: "is missing; add it",
    };
  }
  if (error.propertyName !== undefined) {
    const path = pathOf([...keys, error.propertyName]);
    return { file, path, message: `the name ${expected(error)}` };
  }
  return { file, path: pathOf(keys), value: error.data, message: expected(error) };
}

function expected(error: ErrorObject): string {
  const { description } = error.parentSchema as { description?: string };
  const { allowedValues, allowedValue, missingProperty } = error.params as {
    allowedValues?: unknown[];
    allowedValue?: unknown;
    missingProperty?: string;
  };
  const hint = description === undefined ? "" : ` (${description})`;
  switch (error.keyword) {
    case "enum":
      return `must be one of ${allowedValues?.map((each) => JSON.stringify(each)).join(", ")}`;
    case "const":
      return `must be ${JSON.stringify(allowedValue)}, or left out`;
    case "oneOf":
      return description === undefined ? "fits none of the forms that the schema allows" : `must be: ${description}`;
    case "dependencies":
      return `needs ${missingProperty} beside it`;
    default:
      return `${error.message}${hint}`;
  }
}

/** A JSON pointer as keys; a number only where there is an array. */
function keysOf(root: unknown, pointer: string): (string | number)[] {
  let at = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const found = Array.isArray(at) ? Number(key) : key;
      at = (at as Record<string | number, unknown>)[found];
      return found;
    });
}
