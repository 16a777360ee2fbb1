/** Finds where a text stops being JSON (RFC 8259). Runtimes differ in whether their parser says. */

export interface SyntaxMistake {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Deeper documents are refused: nothing here nests like that, and recursive code behind us must not run out of stack. */
const MAX_DEPTH = 64;

/** The first mistake, or null if the text is JSON. Goes through the text once, without recursion. */
export function jsonSyntaxError(text: string): SyntaxMistake | null {
  let at = 0;
  const open: ("{" | "[")[] = [];
  const mistake = (message: string): SyntaxMistake => {
    const before = text.slice(0, at).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0] ?? null;
    at += match?.length ?? 0;
    return match;
  };

  let expected: "value" | "value or ]" | "name" | "name or }" | "rest" = "value";
  while (true) {
    take(BLANKS);
    if (expected === "rest") {
      const container = open.at(-1);
      if (container === undefined) return at === text.length ? null : mistake("nothing may follow the value");
      if (take(COMMA)) {
        expected = container === "{" ? "name" : "value";
      } else if (take(container === "{" ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.pop();
      } else {
        return mistake(`expected "," or "${container === "{" ? "}" : "]"}"`);
      }
    } else if (expected === "name" || expected === "name or }") {
      if (expected === "name or }" && take(CLOSE_OBJECT)) {
        open.pop();
        expected = "rest";
        continue;
      }
      if (!take(STRING)) return mistake("expected a member name in double quotes");
      take(BLANKS);
      if (!take(COLON)) return mistake('expected ":"');
      expected = "value";
    } else if (expected === "value or ]" && take(CLOSE_ARRAY)) {
      open.pop();
      expected = "rest";
    } else {
      const bracket = take(OPEN);
      if (bracket === "{" || bracket === "[") {
        open.push(bracket);
        if (open.length > MAX_DEPTH) return mistake(`nested deeper than ${MAX_DEPTH} levels`);
        expected = bracket === "{" ? "name or }" : "value or ]";
      } else if (take(SCALAR)) {
        expected = "rest";
      } else {
        return mistake("expected a value");
      }
    }
  }
}

const BLANKS = /[ \t\r\n]*/y;
const COMMA = /,/y;
const COLON = /:/y;
const OPEN = /[{[]/y;
const CLOSE_OBJECT = /\}/y;
const CLOSE_ARRAY = /\]/y;
const STRING_TEXT = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const STRING = new RegExp(STRING_TEXT, "y");
const SCALAR = new RegExp(String.raw`${STRING_TEXT}|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`, "y");
