import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { ActionOptions, actionProblems } from "../../../filters/actions/action-options.ts";
import { validate } from "../../../src/config/validate.ts";
import { actionOn, float, integer, KEY } from "./action-on.ts";

const hmac = (text: string | Uint8Array, encoding: "hex" | "base64url" = "hex"): string =>
  createHmac("sha256", "a key").update(text).digest(encoding);

describe("a pseudonym", () => {
  test("is the HMAC-SHA-256, shortened and marked as asked for", async () => {
    expect((await actionOn({ action: "hash", key: KEY })).text("Ada")).toBe(hmac("Ada"));
    const marked = await actionOn({
      action: "hash",
      key: KEY,
      encoding: "base64url",
      length: 16,
      keyVersion: "2026-b",
    });
    expect(marked.text("Ada")).toBe(`2026-b:${hmac("Ada", "base64url").slice(0, 16)}`);
  });

  test("of bytes is the same in UTF-8", async () => {
    const { bytes } = await actionOn({ action: "hash", key: KEY, length: 8 });
    const value = Uint8Array.of(0, 255, 128);
    expect(new TextDecoder().decode(bytes?.(value) ?? undefined)).toBe(hmac(value).slice(0, 8));
  });

  test("differs between two keys, and its version says which it was", async () => {
    const old = await actionOn({ action: "hash", key: KEY, keyVersion: "1" }, "old");
    const renewed = await actionOn({ action: "hash", key: KEY, keyVersion: "2" }, "new");
    const pseudonyms = [old.text("Ada"), renewed.text("Ada")];
    expect(pseudonyms.map((each) => each?.split(":")[0])).toEqual(["1", "2"]);
    expect(pseudonyms[0]?.split(":")[1]).not.toBe(pseudonyms[1]?.split(":")[1]);
  });
});

describe("where a schema wants a number", () => {
  const shapes = [integer(32), integer(64), integer(32, false), integer(64, false), float(32), float(64)];
  const largest = [2n ** 31n, 2n ** 63n, 2n ** 32n, 2n ** 64n, 2n ** 24n, 2n ** 53n];

  test("the pseudonym is a positive integer of the type, the same for the same number", async () => {
    const { number } = await actionOn({ action: "hash", key: KEY });
    for (const [i, shape] of shapes.entries()) {
      const results = new Set<string>();
      fc.assert(
        fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), (value) => {
          const result = number?.(String(value), shape) ?? "";
          expect(number?.(String(value), shape)).toBe(result);
          expect(BigInt(result) > 0n && BigInt(result) < (largest[i] ?? 0n)).toBe(true);
          if (shape.kind === "float") expect(String(BigInt(Number(result)))).toBe(result);
          results.add(result);
        }),
        { numRuns: 300 },
      );
      expect(results.size).toBeGreaterThan(200);
    }
  });

  test("there is none that would have to carry a key version", async () => {
    expect((await actionOn({ action: "hash", key: KEY, keyVersion: "1" })).number).toBeUndefined();
  });
});

describe("the options", () => {
  const hash = { action: "hash", key: KEY } as const;

  test("refuse what is too short to tell texts apart, and what is longer than a digest", () => {
    expect(validate(ActionOptions, { ...hash, length: 7 })).toMatchObject({ ok: false });
    expect(validate(ActionOptions, { ...hash, length: 65 })).toMatchObject({ ok: false });
    expect(actionProblems({ ...hash, encoding: "base64url", length: 44 }, "/f")).toMatchObject([{ path: "/f/length" }]);
    expect(actionProblems({ ...hash, length: 64 }, "/f")).toEqual([]);
  });

  test("refuse a key version that could be taken for something else", () => {
    for (const keyVersion of ["", "a:b", "a.b", "a b", "x".repeat(33)])
      expect(validate(ActionOptions, { ...hash, keyVersion })).toMatchObject({ ok: false });
  });
});
