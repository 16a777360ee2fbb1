import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NO_LIMITS, PREVIEW_LIMITS, showBytes, showContent } from "../../src/preview/content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("showBytes", () => {
  test("gives text and bytes back whole where they are short", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: "binary" }).map(bytes)), (content) => {
        const shown = showBytes(content, content.length);
        const back = shown !== null && "text" in shown ? bytes(shown.text) : Buffer.from(shown?.base64 ?? "", "base64");
        expect(Buffer.from(back).equals(content)).toBe(true);
      }),
    );
  });

  test("never cuts inside of a character, and says how long the text was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.nat({ max: 20 }), (text, most) => {
        const content = bytes(text);
        fc.pre(content.length > most);
        const shown = showBytes(content, most) as { text: string; truncatedFrom: number };
        expect(text.startsWith(shown.text)).toBe(true);
        const length = bytes(shown.text).length;
        expect(length).toBeLessThanOrEqual(most);
        expect(length).toBeGreaterThan(most - 4);
        expect(shown.truncatedFrom).toBe(content.length);
      }),
    );
  });

  test("shows a byte order mark as the text that it is", () => {
    expect(showBytes(bytes("\ufeff1"), 10)).toEqual({ text: "\ufeff1" });
  });

  test("cuts bytes that are no text", () => {
    expect(showBytes(Uint8Array.of(0xff, 1, 2), 2)).toEqual({ base64: "/wE=", truncatedFrom: 3 });
    expect(showBytes(null, 2)).toBeNull();
    expect(showBytes(new Uint8Array(), 2)).toEqual({ text: "" });
  });
});

describe("showContent", () => {
  const record = {
    key: bytes("k".repeat(10_000)),
    value: null,
    headers: Array.from({ length: 40 }, (_, index) => ({
      name: "n".repeat(index * 20),
      value: bytes("v".repeat(600)),
    })),
  };

  test("is bounded, and says where it is not all", () => {
    const shown = showContent(record, PREVIEW_LIMITS);
    expect(shown.key).toMatchObject({ truncatedFrom: 10_000 });
    expect(shown.headersTruncatedFrom).toBe(40);
    expect(shown.headers).toHaveLength(32);
    expect(shown.headers.at(-1)?.name).toHaveLength(512);
    expect(shown.headers[0]?.value).toEqual({ text: "v".repeat(512), truncatedFrom: 600 });
  });

  test("has all where nothing bounds it", () => {
    const shown = showContent(record, NO_LIMITS);
    expect(shown.key).toEqual({ text: "k".repeat(10_000) });
    expect(shown.headers).toHaveLength(40);
    expect(shown).not.toHaveProperty("headersTruncatedFrom");
  });
});
