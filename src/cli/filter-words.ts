/** What a filter does, in sentences for somebody who reads no configuration. */

export interface FilterInWords {
  readonly title: string;
  readonly sentences: readonly string[];
}

interface ConfiguredFilter {
  readonly use: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly policy?: string | null;
  readonly monitor?: boolean;
}

const VERBS: Readonly<Record<string, string>> = {
  drop: "removes",
  replace: "replaces",
  mask: "hides characters of",
  hash: "puts a pseudonym (HMAC-SHA-256) in the place of",
  encrypt: "encrypts",
  truncate: "cuts off the end of",
  generalise: "makes less exact:",
};

/** The filter with all of its options: what has no sentence of its own is quoted as it is configured. */
export function filterInWords({ use, options = {}, policy = null, monitor = false }: ConfiguredFilter): FilterInWords {
  const from = policy === null ? "" : `, put there by policy ${policy}`;
  const only = monitor ? ", which only looks on and changes nothing" : "";
  return { title: `${use}${from}${only}`, sentences: sentencesOf(use, options) };
}

function sentencesOf(use: string, options: Readonly<Record<string, unknown>>): string[] {
  const { keep, fields, ...others } = options;
  if (use === "redact" && Array.isArray(keep)) {
    return [
      `Only these fields cross, with all below them: ${keep.join(", ")}. Everything else is removed.`,
      ...rest(others),
    ];
  }
  if (use === "redact" && Array.isArray(fields)) {
    return [...fields.map(fieldInWords), "All other fields cross as they are.", ...rest(others)];
  }
  if (use === "drop-records" && Array.isArray(options["when"])) {
    return options["when"].map((condition: unknown) => `Does not copy records where ${conditionInWords(condition)}.`);
  }
  return rest(options);
}

function fieldInWords(field: Readonly<Record<string, unknown>>): string {
  const { path, tags, action, ...details } = field;
  const what = Array.isArray(tags) ? `every field tagged ${tags.join(" or ")}` : String(path);
  const how = Object.entries(details).map(([name, value]) => `${name} ${text(value)}`);
  const verb = VERBS[String(action)] ?? `does "${String(action)}" to`;
  return `${capital(verb)} ${what}${how.length === 0 ? "" : ` (${how.join(", ")})`}.`;
}

function conditionInWords(condition: unknown): string {
  const { header, path, equals, equalsNumber } = condition as Readonly<Record<string, unknown>>;
  const value = text(equals ?? equalsNumber);
  return header === undefined ? `${text(path)} is ${value}` : `the header ${text(header)} is ${value}`;
}

function rest(options: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(options).length === 0 ? [] : [`Options: ${JSON.stringify(options)}.`];
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
const capital = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
