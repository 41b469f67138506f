/** What of the language's globals the documentation of runtime 2.0 lists; everything else is taken away. */
const globals = [
  ...["Object", "String", "Number", "Boolean", "Math", "Date", "Function", "RegExp", "JSON", "Array", "Promise"],
  ...["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"],
  ...["Float32Array", "Float64Array", "ArrayBuffer", "DataView", "Symbol", "console", "globalThis", "eval"],
  ...["Error", "EvalError", "InternalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
  ...["decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "isFinite", "isNaN", "parseFloat"],
  ...["parseInt", "atob", "btoa", "NaN", "Infinity", "undefined", "require"],
];

/**
 * Runs in the sandbox before the function's own code. Gets the host's functions and gives back what the host calls:
 * `start` runs the handler, `finish` reads what an asynchronous one came to.
 */
export const runtime = /* js */ `
((log, digest, base64, random) => {
  "use strict";
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  const refuse = (name) => function () {
    throw new EvalError(name + " is not supported: CloudFront Functions do not evaluate code");
  };
  define("eval", refuse("eval()"));
  const NoFunction = refuse("The Function constructor");
  NoFunction.prototype = Function.prototype;
  define("Function", NoFunction);
  for (const sample of [function () {}, function* () {}, async function () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(sample), "constructor", { value: NoFunction });
  }

  // The time is that of the start, for the whole run.
  let now = 0;
  const RealDate = Date;
  const { construct } = Reflect;
  const FixedDate = function Date(...parts) {
    if (!new.target) return new RealDate(now).toString();
    return construct(RealDate, parts.length > 0 ? parts : [now], new.target);
  };
  FixedDate.prototype = RealDate.prototype;
  FixedDate.prototype.constructor = FixedDate;
  FixedDate.now = () => now;
  FixedDate.parse = RealDate.parse;
  FixedDate.UTC = RealDate.UTC;
  define("Date", FixedDate);
  Math.random = () => random();

  define("console", { log: (message) => log(typeof message === "string" ? message : JSON.stringify(message)) });
  define("btoa", (text) => base64("btoa", String(text)));
  define("atob", (text) => base64("atob", String(text)));

  const hash = (algorithm, key) => {
    if (!["md5", "sha1", "sha256"].includes(algorithm)) throw new TypeError("not supported algorithm: " + algorithm);
    let data = "";
    return {
      update(more) { data += more; return this; },
      digest(encoding) {
        if (!["hex", "base64", "base64url"].includes(encoding)) {
          throw new TypeError("local-edge has no Buffer: digest needs hex, base64 or base64url");
        }
        return digest(algorithm, key, data, encoding);
      },
    };
  };
  const unescape = (text) => decodeURIComponent(text.replace(/\\+/g, " "));
  const escape = encodeURIComponent;
  const parse = (text, separator, equal, options) => {
    const decode = (options && options.decodeURIComponent) || unescape;
    const keys = options && options.maxKeys !== undefined ? options.maxKeys : 1000;
    const parts = text === "" ? [] : text.split(separator || "&");
    const result = {};
    for (const part of keys > 0 ? parts.slice(0, keys) : parts) {
      const at = part.indexOf(equal || "=");
      const name = decode(at < 0 ? part : part.slice(0, at));
      const value = at < 0 ? "" : decode(part.slice(at + 1));
      result[name] = name in result ? [].concat(result[name], value) : value;
    }
    return result;
  };
  const stringify = (object, separator, equal, options) => {
    const encode = (options && options.encodeURIComponent) || escape;
    return Object.entries(object)
      .flatMap(([name, values]) => [].concat(values).map((value) => encode(name) + (equal || "=") + encode(value)))
      .join(separator || "&");
  };
  const modules = {
    crypto: { createHash: (algorithm) => hash(algorithm), createHmac: (algorithm, key) => hash(algorithm, key) },
    querystring: { parse, decode: parse, stringify, encode: stringify, escape, unescape },
  };
  define("require", (name) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error("Cannot find module " + JSON.stringify(name) + ": CloudFront Functions have crypto and querystring");
  });

  const stringifyJson = JSON.stringify;
  const parseJson = JSON.parse;
  const isPromise = (value) => value instanceof Promise;
  const then = Promise.prototype.then;
  const kept = new Set(${JSON.stringify(globals)});
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!kept.has(name)) delete globalThis[name];

  let settled;
  return {
    start: (handler, event, time) => {
      now = time;
      settled = undefined;
      const result = handler(parseJson(event));
      if (!isPromise(result)) return stringifyJson({ value: result });
      then.call(result, (value) => { settled = { value }; }, (error) => { settled = { error }; });
      return undefined;
    },
    finish: () => {
      if (settled === undefined) return undefined;
      if ("error" in settled) throw settled.error;
      return stringifyJson(settled);
    },
  };
})
`;

/** Evaluated after the function's own code, which declares the handler with function, const or let. */
export const handler = /* js */ `typeof handler === "function" ? handler : undefined`;
