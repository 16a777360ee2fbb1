import { describe, expect, test } from "bun:test";
import type { FieldChange } from "../../../filters/fields/change.ts";
import { payloadFilter } from "../../../filters/payload/payload-filter.ts";
import { contextWith, recordWith } from "../apply-filter.ts";

/** Leaves texts of even length as they are. */
const change: FieldChange = {
  kind: "act",
  action: { name: "try", text: (value) => (value.length % 2 === 0 ? null : `<${value}>`) },
};
const made = () => payloadFilter({ format: "text" }, { form: "texts", change, label: "a label" }, contextWith());

describe("a payload that is one text", () => {
  test("is changed as a whole, a byte order mark included", async () => {
    const filter = await made();
    expect(await filter.apply(recordWith("\ufeffé"))).toEqual({ verb: "keep" });
    expect(await filter.apply(recordWith("no quotes"))).toMatchObject({ verb: "replace", changed: ["a label"] });
    expect(await filter.apply(recordWith("\ufeffé\n"))).toMatchObject({
      value: new TextEncoder().encode("<\ufeffé\n>"),
    });
  });

  test("passes where there is none", async () => {
    const filter = await made();
    expect(await filter.apply(recordWith(null))).toEqual({ verb: "keep" });
    expect(await filter.apply(recordWith(""))).toEqual({ verb: "keep" });
  });

  test("fails where it is not UTF-8", async () => {
    const filter = await made();
    const applied = async () => filter.apply(recordWith(Uint8Array.of(0x41, 0xc3)));
    await expect(applied()).rejects.toMatchObject({
      code: "filter-failed",
      message: "the payload is not text in UTF-8",
    });
  });

  test("has no fields", async () => {
    const keep = payloadFilter({ format: "text" }, { form: "keep", paths: [], label: "x" }, contextWith());
    await expect(keep).rejects.toMatchObject({ code: "filter-invalid" });
  });
});
