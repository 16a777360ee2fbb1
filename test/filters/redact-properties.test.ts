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
const ENCRYPTION_KEY = "${env:ENCRYPTION_KEY}";
const SECRETS = { [KEY]: SECRET, [ENCRYPTION_KEY]: "ab".repeat(32) };
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
  fc.record({
    action: fc.constant("hash" as const),
    secret: fc.constant(SECRET),
    encoding: fc.constantFrom("hex" as const, "base64url" as const),
    length: fc.integer({ min: 8, max: 43 }),
    keyVersion: fc.constantFrom("1", "2026-b"),
  }),
  fc.record({ action: fc.constant("truncate" as const), length: fc.nat({ max: 4 }) }),
  fc.record({ action: fc.constant("generalise" as const), bucket: fc.constantFrom(1, 7, 10, 1000) }),
  fc.record({
    action: fc.constant("generalise" as const),
    postcode: fc.integer({ min: 1, max: 4 }),
    rest: fc.constantFrom("drop" as const, "mask" as const),
  }),
);

const rules: fc.Arbitrary<ReferenceRule[]> = fc.array(
  fc.tuple(randomPath, action).map(([path, change]) => ({ ...path, change })),
  { minLength: 1, maxLength: 4 },
);

const paths: fc.Arbitrary<RandomPath[]> = fc.array(randomPath, { minLength: 1, maxLength: 4 });

type Options = Parameters<typeof redact.create>[0];

function fieldsOptions(list: readonly ReferenceRule[]): Options {
  const fields = list.map(({ text, change }) => {
    if (change.action !== "hash") return { path: text, ...change };
    const { secret: _secret, ...options } = change;
    return { path: text, ...options, key: KEY };
  });
  return { fields };
}

/** Skips paths that are refused because they repeat or cover each other; that is tested elsewhere. */
function onlyAccepted(options: Options): void {
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
          const filter = await createFilter(redact, options, SECRETS);
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
            const filter = await createFilter(redact, options, SECRETS);
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

/** Every way to change a text, with marks that are too long to be left whole. */
const CHANGES: readonly object[] = [
  { action: "drop" },
  { action: "replace", value: { gone: [1] } },
  { action: "mask", first: 1, last: 1 },
  { action: "hash", key: KEY, encoding: "base64url", length: 20 },
  { action: "encrypt", key: ENCRYPTION_KEY },
  { action: "encrypt", key: ENCRYPTION_KEY, algorithm: "aes-siv" },
  { action: "truncate", length: 2 },
  { action: "generalise", postcode: 2 },
  // These fail on what the marks are, and must not say what that is.
  { action: "generalise", to: "month" },
  { action: "generalise", to: "network" },
  { action: "generalise", bucket: 10 },
];

describe("no content of a changed value is left, neither in the record nor in an error", () => {
  for (const change of CHANGES) {
    test(
      `by ${JSON.stringify(change)}`,
      async () => {
        await fc.assert(
          fc.asyncProperty(paths, marked, async (list, text) => {
            const options = { fields: list.map((path) => ({ path: path.text, ...change })) } as Options;
            onlyAccepted(options);
            const { root } = parseReference(text);
            const chosen = list.flatMap(({ segments }) =>
              [...select(root, segments)].flatMap(({ raw }) => marksIn(raw)),
            );
            const found = await applied(await createFilter(redact, options, SECRETS), encoder.encode(text));
            const said = found instanceof StraitError ? found.message : found.text;
            expect(marksIn(said).filter((mark) => chosen.includes(mark))).toEqual([]);
            if (found instanceof StraitError) expect(marksIn(said)).toEqual([]);
          }),
          { numRuns: 200 },
        );
      },
      TIMEOUT_MS,
    );
  }
});

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
