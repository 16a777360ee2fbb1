import { describe, expect, test } from "bun:test";
import { COLOURS, paletteFor, SIGNS } from "../../../src/cli/filter/palette.ts";
import { renderRecord } from "../../../src/cli/filter/render-record.ts";
import type { FilteredRecord } from "../../../src/preview/protocol.ts";

const content = (value: string) => ({ key: null, value: { text: value }, headers: [] });

function record(parts: Partial<FilteredRecord>): FilteredRecord {
  const same = content('{"id":7}');
  return {
    outcome: "keep",
    filter: null,
    reason: null,
    changed: {},
    monitored: {},
    before: same,
    after: same,
    ...parts,
  };
}

const replaced = record({
  outcome: "replace",
  changed: { redact: ["$.mail", "$.ip"] },
  before: content('{"mail":"ada"}'),
  after: content('{"mail":"***"}'),
});

describe("a record", () => {
  test("that is replaced is shown before and after, with what differs marked", () => {
    expect(renderRecord("line 1", replaced, SIGNS).split("\n")).toEqual([
      "line 1: replaced by redact: $.mail, $.ip",
      '  value   - {"mail":"[-ada-]"}',
      '          + {"mail":"{+***+}"}',
    ]);
  });

  test("is marked in colour on a terminal", () => {
    const shown = renderRecord("line 1", replaced, COLOURS);
    expect(shown).toContain('- {"mail":"\u001b[1;31mada\u001b[0m"}');
    expect(shown).toContain('+ {"mail":"\u001b[1;32m***\u001b[0m"}');
  });

  test("that is kept is shown once", () => {
    expect(renderRecord("line 1", record({}), SIGNS).split("\n")).toEqual(["line 1: kept", '  value     {"id":7}']);
  });

  test("that does not cross is shown as it was, with who keeps it from that", () => {
    const dropped = record({ outcome: "drop", filter: "drop-records", after: null });
    expect(renderRecord("line 1", dropped, SIGNS).split("\n")).toEqual([
      "line 1: dropped by drop-records",
      '  value   - {"id":7}',
    ]);
    const failed = record({ outcome: "fail", filter: "./x.ts", reason: "cannot", after: null });
    expect(renderRecord("line 1", failed, SIGNS)).toStartWith("line 1: failed in ./x.ts: cannot\n");
  });

  test("says what filters that only look on would have done", () => {
    const watched = record({ monitored: { detect: ["email at $.mail"] } });
    expect(renderRecord("line 1", watched, SIGNS).split("\n")[1]).toBe("  only looking on, detect: email at $.mail");
  });

  test("has keys, headers, bytes, nothing, and what was cut off told apart", () => {
    const before = {
      key: { base64: "AP9cYQ==" },
      value: null,
      headers: [
        { name: "a", value: { text: "1" } },
        { name: "b", value: null },
      ],
    };
    const after = { key: null, value: { text: "", truncatedFrom: 9000 }, headers: [{ name: "b", value: null }] };
    const lines = renderRecord("line 1", record({ outcome: "replace", before, after }), SIGNS);
    expect(lines).toContain(String.raw`  key     - [-bytes \x00\xff\\a-]`);
    expect(lines).toContain("(none)");
    expect(lines).toContain("(the first of 9000 bytes)");
    expect(lines).toContain("  headers - [-a: 1\n             -]b: (none)");
  });

  test("cannot steer the terminal", () => {
    const shown = renderRecord("line 1", record({ before: content("a\u001b]0;x\u0007\u202eb"), after: null }), SIGNS);
    expect(shown).toContain("a\\u{1b}]0;x\\u{7}\\u{202e}b");
  });
});

describe("paletteFor", () => {
  test.each<[boolean, Record<string, string>, typeof SIGNS]>([
    [true, {}, COLOURS],
    [true, { NO_COLOR: "" }, COLOURS],
    [true, { NO_COLOR: "1" }, SIGNS],
    [false, {}, SIGNS],
  ])("terminal %p with %p", (isTerminal, environment, expected) => {
    expect(paletteFor(isTerminal, environment)).toBe(expected);
  });
});
