/** What is encrypted comes back exactly, with the key and not without it. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import decrypt from "../../filters/decrypt.ts";
import redact from "../../filters/redact.ts";
import { validate } from "../../src/config/validate.ts";
import { type RecordFilter, StraitError } from "../../src/mod.ts";
import { createFilter, keyed, recordWith, textAfter, valueAfter } from "./apply-filter.ts";
import { jsonText, randomPath } from "./json/arbitrary-json.ts";

const OLD = "${env:OLD}";
const NEW = "${env:NEW}";
const SECRETS = { [OLD]: "01".repeat(32), [NEW]: Buffer.alloc(32, 2).toString("base64") };
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Algorithm = "aes-256-gcm" | "aes-siv";
const ALGORITHMS: readonly Algorithm[] = ["aes-256-gcm", "aes-siv"];

const encryptsAt = (path: string, algorithm: Algorithm, key = OLD, keyVersion = "1") => ({
  fields: [{ path, action: "encrypt", key, algorithm, keyVersion }],
});
const encrypting = (path: string, algorithm: Algorithm, key = OLD, keyVersion = "1"): Promise<RecordFilter> =>
  createFilter(redact, encryptsAt(path, algorithm, key, keyVersion), SECRETS);
const decrypting = (options: object): Promise<RecordFilter> => createFilter(decrypt, options, SECRETS);

async function failure(filter: RecordFilter, value: string): Promise<string> {
  try {
    await filter.apply(recordWith(value));
  } catch (error) {
    if (error instanceof StraitError && error.code === "filter-failed") return error.message;
    throw error;
  }
  throw new Error("the record passed");
}

describe("the exact original comes back", () => {
  for (const algorithm of ALGORITHMS) {
    test(`from any place in any JSON (${algorithm})`, async () => {
      await fc.assert(
        fc.asyncProperty(randomPath, jsonText(), async ({ text: path }, text) => {
          const record = recordWith(text);
          const there = await encrypting(path, algorithm);
          const sealed = await there.apply(record);
          // The same record again gives the same bytes: whoever compares both sides runs the filters again.
          expect(await there.apply(record)).toEqual(sealed);
          const between = { ...record, value: valueAfter(record, sealed) };
          for (const way of [{ paths: [path] }, { all: true }]) {
            const back = await decrypting({ ...way, keys: { "1": OLD } });
            expect(decoder.decode(valueAfter(between, await back.apply(between)) ?? undefined)).toBe(text);
          }
        }),
        { numRuns: 400 },
      );
    }, 60_000);
  }

  const spellings = [
    '"Ada"',
    '"\\u0041da"',
    '"a\\/b"',
    '"\\ud800"',
    '"\\"\\\\"',
    "1.0",
    "-0",
    "1E400",
    "9223372036854775807",
    "true",
    '{ "a" : [ 1 , {} ] }',
    "[]",
    '""',
  ];
  for (const spelling of spellings) {
    test(`of ${spelling}, with nothing of it in between`, async () => {
      const text = `{"a":${spelling},"b":null}`;
      const sealed = await textAfter(await encrypting("$.*", "aes-256-gcm"), text);
      expect(sealed).toMatch(/^\{"a":"strait\.1\.gcm\.1\.[A-Za-z0-9_-]+","b":null\}$/);
      const back = await decrypting({ paths: ["$.*"], keys: { "1": OLD } });
      expect(await textAfter(back, sealed ?? "")).toBe(text);
    });
  }

  test("of an object larger than an argument list", async () => {
    const text = `{"a":{"b":"${"x".repeat(500_000)}"}}`;
    const sealed = await textAfter(await encrypting("$.a", "aes-siv"), text);
    expect(await textAfter(await decrypting({ all: true, keys: { "1": OLD } }), sealed ?? "")).toBe(text);
  });

  test("of headers and keys, too", async () => {
    const fields = encryptsAt("$['x-email']", "aes-siv").fields;
    const there = await createFilter(redact, { target: "headers", fields }, SECRETS);
    const headers = [
      { name: "x-email", value: encoder.encode("ada@example.org") },
      { name: "x-email", value: null },
    ];
    const sealed = await there.apply(recordWith("{}", headers));
    if (sealed.verb !== "replace") throw new Error("nothing was encrypted");
    expect(decoder.decode(sealed.headers?.[0]?.value ?? undefined)).toStartWith("strait.1.siv.1.");
    const back = await decrypting({ target: "headers", all: true, keys: { "1": OLD } });
    expect(await back.apply(recordWith("{}", sealed.headers))).toMatchObject({ headers, changed: ["header (tokens)"] });

    const keys = await createFilter(redact, { target: "key", ...encryptsAt("$.id", "aes-256-gcm") }, SECRETS);
    const sealedKey = await keys.apply(keyed('{"id":7}'));
    if (sealedKey.verb !== "replace" || !sealedKey.key) throw new Error("nothing was encrypted");
    const keysBack = await decrypting({ target: "key", paths: ["$.id"], keys: { "1": OLD } });
    expect(await keysBack.apply(keyed(sealedKey.key))).toMatchObject({ key: encoder.encode('{"id":7}') });
  });
});

test("a text in its usual spelling has one AES-SIV token in JSON and in headers, so that both can be joined", async () => {
  const text = 'Zoë "Z" \\';
  const inJson = await textAfter(await encrypting("$.a", "aes-siv"), JSON.stringify({ a: text }));
  const { fields } = encryptsAt("$.a", "aes-siv");
  const headers = await createFilter(redact, { target: "headers", fields }, SECRETS);
  const result = await headers.apply(recordWith(null, [{ name: "a", value: encoder.encode(text) }]));
  if (result.verb !== "replace") throw new Error("nothing was encrypted");
  expect(JSON.parse(inJson ?? "")).toEqual({ a: decoder.decode(result.headers?.[0]?.value ?? undefined) });
});

describe("rotation", () => {
  test("tokens of two versions are told apart and opened side by side", async () => {
    const old = await textAfter(await encrypting("$.a", "aes-256-gcm", OLD, "1"), '{"a":"Ada"}');
    const renewed = await textAfter(await encrypting("$.b", "aes-siv", NEW, "2"), '{"b":"Ada"}');
    expect([old?.split(".")[3], renewed?.split(".")[3]]).toEqual(["1", "2"]);
    const both = await decrypting({ all: true, keys: { "1": OLD, "2": NEW } });
    expect(await textAfter(both, `[${old},${renewed}]`)).toBe('[{"a":"Ada"},{"b":"Ada"}]');
  });
});

describe("erasure", () => {
  for (const algorithm of ALGORITHMS) {
    test(`without the version's key nothing is opened, with another one neither (${algorithm})`, async () => {
      const sealed = (await textAfter(await encrypting("$.a", algorithm), '{"a":"Ada"}')) ?? "";
      for (const way of [{ paths: ["$.a"] }, { all: true }]) {
        expect(await failure(await decrypting({ ...way, keys: { "2": OLD } }), sealed)).toContain("a key version");
        expect(await failure(await decrypting({ ...way, keys: { "1": NEW } }), sealed)).toContain("not authentic");
      }
    });
  }
});

describe("a token that is not whole", () => {
  test("fails at a listed path wherever it was changed or cut off, and never shows anything", async () => {
    const token = JSON.parse((await textAfter(await encrypting("$", "aes-256-gcm"), '"Ada Lovelace"')) ?? "") as string;
    const back = await decrypting({ paths: ["$.a"], keys: { "1": OLD } });
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "A" ? "B" : "A";
      for (const broken of [token.slice(0, at), `${token.slice(0, at)}${other}${token.slice(at + 1)}`]) {
        const message = await failure(back, JSON.stringify({ a: broken }));
        expect(message).toStartWith("cannot decrypt $.a: ");
        expect(message).not.toContain(token.slice(-10));
      }
    }
  });

  for (const value of ['"Ada"', "1", "true", "{}", '["strait.1.gcm.1.AA"]', '""']) {
    test(`fails at a listed path: ${value}`, async () => {
      const back = await decrypting({ paths: ["$.a"], keys: { "1": OLD } });
      expect(await failure(back, `{"a":${value}}`)).toContain("there is no whole token");
    });
  }

  test("is a text like any other where every token is decrypted", async () => {
    const back = await decrypting({ all: true, keys: { "1": OLD } });
    const text = '{"strait.1.gcm.1.AA":["strait.1.","strait.2.gcm.1.AA","Ada",1,null,"\\u0073trait"]}';
    expect(await back.apply(recordWith(text))).toEqual({ verb: "keep" });
  });

  test("is a token all the same when its JSON spells it with escapes", async () => {
    const sealed = (await textAfter(await encrypting("$", "aes-siv"), '"Ada"')) ?? "";
    const back = await decrypting({ all: true, keys: { "1": OLD } });
    expect(await textAfter(back, sealed.replace("s", "\\u0073"))).toBe('"Ada"');
  });

  test("fails where a token of a text stands for something else", async () => {
    const sealed = (await textAfter(await encrypting("$", "aes-siv"), "[1]")) ?? "";
    const back = await decrypting({ target: "headers", all: true, keys: { "1": OLD } });
    const value = encoder.encode(JSON.parse(sealed) as string);
    const applied = async () => back.apply(recordWith(null, [{ name: "a", value }]));
    await expect(applied()).rejects.toThrow("what was encrypted is no text");
  });
});

describe("the options", () => {
  test("accept what the reference documents", () => {
    const keys = { "1": OLD, "2026-b": "${file:/run/secrets/key}" };
    expect(validate(decrypt.options, { paths: ["$.a"], keys })).toMatchObject({ ok: true });
    expect(validate(decrypt.options, { all: true, keys, target: "headers" })).toMatchObject({ ok: true });
  });

  for (const [what, options] of [
    ["no key", { all: true, keys: {} }],
    ["a literal key", { all: true, keys: { "1": "hunter2" } }],
    ["a version no token can have", { all: true, keys: { "a.b": OLD } }],
    ["both forms at once", { all: true, paths: ["$.a"], keys: { "1": OLD } }],
    ["all: false", { all: false, keys: { "1": OLD } }],
    ["neither form", { keys: { "1": OLD } }],
  ] as const) {
    test(`refuse ${what}`, () => {
      expect(validate(decrypt.options, options).ok).toBe(false);
    });
  }

  test("refuse a key that is none when the filter is made, without showing it", async () => {
    const made = createFilter(decrypt, { all: true, keys: { "1": OLD } }, { [OLD]: "hunter2" });
    await expect(made).rejects.toMatchObject({
      code: "secret-unavailable",
      message: expect.not.stringContaining("hunter2"),
    });
  });

  test("say whether the key is changed", () => {
    const options = { all: true as const, keys: { "1": OLD } };
    expect(decrypt.changesKey?.(options)).toBe(false);
    expect(decrypt.changesKey?.({ ...options, target: "key" })).toBe(true);
  });
});
