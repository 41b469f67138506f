/** CloudFront reads a pattern the same with and without the slash in front. */
function rooted(pattern: string): string {
  return pattern.startsWith("/") ? pattern : `/${pattern}`;
}

/** A test for CloudFront's path patterns: `*` is any number of characters, `?` is exactly one, letter case counts. */
export function pathPattern(pattern: string): (path: string) => boolean {
  const tokens = rooted(pattern);
  return (path) => matches(tokens, path);
}

// Goes back to the last star only, so that no pattern takes more than pattern x path steps.
function matches(pattern: string, path: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < path.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = i;
    } else if (pattern[at] === "?" || pattern[at] === path[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") {
    at++;
  }
  return at === pattern.length;
}

/** Whether every path that matches `pattern` also matches `general`. May miss a case, never claims one. */
export function covers(general: string, pattern: string): boolean {
  const [outer, inner] = [rooted(general), rooted(pattern)];
  const covered = Array.from({ length: outer.length + 1 }, () => new Array<boolean>(inner.length + 1).fill(false));
  for (let o = outer.length; o >= 0; o--) {
    for (let i = inner.length; i >= 0; i--) {
      const rest = (a: number, b: number) => covered[a]?.[b] === true;
      const row = covered[o] as boolean[];
      if (o === outer.length) {
        row[i] = i === inner.length;
      } else if (outer[o] === "*") {
        row[i] = rest(o + 1, i) || (i < inner.length && rest(o, i + 1));
      } else if (i < inner.length && inner[i] !== "*") {
        row[i] = (outer[o] === "?" || outer[o] === inner[i]) && rest(o + 1, i + 1);
      }
    }
  }
  return covered[0]?.[0] === true;
}
