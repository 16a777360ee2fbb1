/** Surgery against a reference that parses, changes and rebuilds (json/reference.ts). */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import redact from "../../filters/redact.ts";
import { type RecordFilter, StraitError } from "../../src/mod.ts";
import { createFilter, recordWith, valueAfter } from "./apply-filter.ts";
import { jsonText, type RandomPath, randomPath } from "./json/arbitrary-json.ts";
import {
  changeReference,
  keepReference,
  parseReference,
  type ReferenceAction,
  type ReferenceRule,
  select,
  withDescendants,
} from "./json/reference.ts";

/** Random cases for each property, and how long they may take on a busy machine. */
const RUNS = 1000;
const TIMEOUT_MS = 60_000;

const SECRET = "a key";
const KEY = "${env:KEY}";
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const action: fc.Arbitrary<ReferenceAction> = fc.oneof(
  fc.constant<ReferenceAction>({ action: "drop" }),
  fc.jsonValue({ maxDepth: 1 }).map((value): ReferenceAction => ({ action: "replace", value })),
  fc.record({
    action: fc.constant("mask" as const),
    first: fc.nat({ max: 3 }),
    last: fc.nat({ max: 3 }),
    with: fc.constantFrom("*", '"', "\\", "●", "😀"),
  }),
  fc.constant<ReferenceAction>({ action: "hash", secret: SECRET }),
);

const rules: fc.Arbitrary<ReferenceRule[]> = fc.array(
  fc.tuple(randomPath, action).map(([path, change]) => ({ ...path, change })),
  { minLength: 1, maxLength: 4 },
);

const paths: fc.Arbitrary<RandomPath[]> = fc.array(randomPath, { minLength: 1, maxLength: 4 });

function fieldsOptions(list: readonly ReferenceRule[]): Parameters<typeof redact.create>[0] {
  const fields = list.map(({ text, change }) =>
    change.action === "hash" ? { path: text, action: change.action, key: KEY } : { path: text, ...change },
  );
  return { fields };
}

/** Skips paths that are refused because they repeat or cover each other; that is tested elsewhere. */
function onlyAccepted(options: Parameters<typeof redact.create>[0]): void {
  const problems = redact.check?.(options) ?? [];
  fc.pre(problems.length === 0);
}

interface Applied {
  readonly text: string;
  readonly changed: readonly string[];
}

async function applied(filter: RecordFilter, value: Uint8Array): Promise<Applied | StraitError> {
  const record = recordWith(value);
  const before = value.slice();
  try {
    const result = await filter.apply(record);
    expect(value).toEqual(before);
    const after = valueAfter(record, result);
    return {
      text: decoder.decode(after ?? new Uint8Array()),
      changed: result.verb === "replace" ? result.changed : [],
    };
  } catch (error) {
    if (error instanceof StraitError && error.code === "filter-failed") return error;
    throw error;
  }
}

function orFailure<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}

function isJson(bytes: Uint8Array): boolean {
  return orFailure(() => JSON.parse(decoder.decode(bytes)) !== undefined) === true;
}

describe("surgery gives the same bytes as the reference", () => {
  test(
    "when fields are changed",
    async () => {
      await fc.assert(
        fc.asyncProperty(rules, fc.array(jsonText(), { minLength: 1, maxLength: 3 }), async (list, texts) => {
          const options = fieldsOptions(list);
          onlyAccepted(options);
          const filter = await createFilter(redact, options, { [KEY]: SECRET });
          for (const text of texts) {
            const expected = orFailure(() => changeReference(text, list));
            const found = await applied(filter, encoder.encode(text));
            if (expected === null) expect(found).toBeInstanceOf(StraitError);
            else expect(found).toEqual(expected);
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "when an allow-list is kept",
    async () => {
      await fc.assert(
        fc.asyncProperty(paths, fc.array(jsonText(), { minLength: 1, maxLength: 3 }), async (list, texts) => {
          const options = { keep: list.map(({ text }) => text) };
          onlyAccepted(options);
          const filter = await createFilter(redact, options);
          for (const text of texts) {
            const expected = orFailure(() =>
              keepReference(
                text,
                list.map(({ segments }) => segments),
              ),
            );
            const found = await applied(filter, encoder.encode(text));
            if (expected === null) expect(found).toBeInstanceOf(StraitError);
            else expect(found).toEqual({ text: expected, changed: expected === text ? [] : ["(not listed)"] });
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "or fails, when bytes of the text were changed at random",
    async () => {
      const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(
          rules,
          jsonText(),
          fc.array(change, { minLength: 1, maxLength: 4 }),
          async (list, text, changes) => {
            const options = fieldsOptions(list);
            onlyAccepted(options);
            const bytes = [...encoder.encode(text)];
            for (const { at, byte, cut } of changes) bytes.splice(at % (bytes.length + 1), 1, ...(cut ? [] : [byte]));
            const mutated = new Uint8Array(bytes);
            fc.pre(mutated.length > 0);
            const filter = await createFilter(redact, options, { [KEY]: SECRET });
            const found = await applied(filter, mutated);
            const expected = isJson(mutated) ? orFailure(() => changeReference(decoder.decode(mutated), list)) : null;
            if (expected === null) expect(found).toBeInstanceOf(StraitError);
            else expect(found).toEqual(expected);
          },
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

/** Texts in which every scalar is a string found nowhere else in the text. */
const marked = jsonText(fc.constant('"@"')).map((text) => {
  let count = 0;
  return text.replaceAll('"@"', () => `"<${count++}>"`);
});

function marksIn(text: string): string[] {
  return text.match(/<[0-9]+>/g) ?? [];
}

describe("no content of a removed value is left, and all of the others", () => {
  test(
    "when fields are dropped",
    async () => {
      await fc.assert(
        fc.asyncProperty(paths, marked, async (list, text) => {
          const options = { fields: list.map((path) => ({ path: path.text, action: "drop" as const })) };
          onlyAccepted(options);
          const { root } = parseReference(text);
          const removed = list.flatMap(({ segments }) =>
            [...select(root, segments)].flatMap(({ raw }) => marksIn(raw)),
          );
          const found = await applied(await createFilter(redact, options), encoder.encode(text));
          if (found instanceof StraitError) throw found;
          expect(marksIn(found.text)).toEqual(marksIn(text).filter((mark) => !removed.includes(mark)));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "when an allow-list is kept",
    async () => {
      await fc.assert(
        fc.asyncProperty(paths, marked, async (list, text) => {
          const options = { keep: list.map((path) => path.text) };
          onlyAccepted(options);
          const { root } = parseReference(text);
          fc.pre(root.kind !== "scalar");
          const kept = new Set(list.flatMap(({ segments }) => [...select(root, segments)].flatMap(withDescendants)));
          const marks = [...kept].filter(({ kind }) => kind === "scalar").flatMap(({ raw }) => marksIn(raw));
          const found = await applied(await createFilter(redact, options), encoder.encode(text));
          if (found instanceof StraitError) throw found;
          expect(marksIn(found.text).toSorted()).toEqual(marks.toSorted());
          JSON.parse(found.text);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
