import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { compileProtobuf } from "../../../filters/protobuf/compile.ts";
import { field, messageType } from "./random-schema.ts";
import { act, change, drop, hex, hexAfter, holder, keep, replace, shopFile, shopOrder, texts, wire } from "./shop.ts";

const order = shopOrder();

describe("paths", () => {
  test("take a field by its name and by its name in JSON", () => {
    const payload = wire([1, "x"], [3, wire([1, "Main St"], [2, "DE"])]);
    const expected = hex(wire([1, "x"], [3, wire([2, "DE"])]));
    expect(hexAfter(order, change("$.home_address.street", drop), payload)).toBe(expected);
    expect(hexAfter(order, change("$.homeAddress.street", drop), payload)).toBe(expected);
  });

  test("may use both names of a field side by side", () => {
    const payload = wire([3, wire([1, "Main St"], [2, "DE"])]);
    const rules = ["$.home_address.street", "$.homeAddress.country"].flatMap((path) => {
      const selection = change(path, drop);
      return selection.form === "fields" ? selection.rules : [];
    });
    expect(hexAfter(order, { form: "fields", rules }, payload)).toBe(hex(wire([3, wire()])));
  });

  test("find a name at any depth, in recursive messages and as the key of a map", () => {
    const payload = wire([10, wire([7, "a@b"], [10, wire([7, "c@d"])])], [5, wire([1, "email"], [2, "e@f"])]);
    const expected = hex(wire([10, wire([10, wire()])]));
    expect(hexAfter(order, change("$..email", drop), payload)).toBe(expected);
  });

  test("take entries of maps by their keys: texts, numbers and booleans", () => {
    const labels = wire([5, wire([1, "color"], [2, "red"])], [5, wire([2, "big"], [1, "size"])]);
    expect(hexAfter(order, change("$.labels.color", drop), labels)).toBe(hex(wire([5, wire([2, "big"], [1, "size"])])));
    const places = wire([6, wire([1, 7], [2, wire([1, "Main St"])])], [6, wire([1, 8], [2, wire([1, "Elm St"])])]);
    expect(hexAfter(order, change("$.places['7'].street", drop), places)).toBe(
      hex(wire([6, wire([1, 7], [2, wire()])], [6, wire([1, 8], [2, wire([1, "Elm St"])])])),
    );
    const flags = wire([15, wire([1, 1], [2, "yes"])], [15, wire([1, 0], [2, "no"])]);
    expect(hexAfter(order, change("$.flags.true", drop), flags)).toBe(hex(wire([15, wire([1, 0], [2, "no"])])));
  });

  test("take the last key of an entry, and the default of one that has none", () => {
    const twice = wire([5, wire([1, "color"], [2, "red"], [1, "size"])]);
    expect(hexAfter(order, change("$.labels.color", drop), twice)).toBeNull();
    expect(hexAfter(order, change("$.labels.size", drop), twice)).toBe("");
    expect(hexAfter(order, change("$.labels['']", drop), wire([5, wire([2, "red"])]))).toBe("");
    expect(hexAfter(order, change("$.places['0']", drop), wire([6, wire()]))).toBe("");
    expect(hexAfter(order, change("$.flags.false", drop), wire([15, wire([2, "no"])]))).toBe("");
  });

  test("take a field by the name in JSON that its descriptor leaves out", () => {
    const file = shopFile();
    for (const { field } of file.messageType) for (const one of field) one.jsonName = "";
    const payload = wire([3, wire([1, "Main St"])]);
    expect(hexAfter(messageType(file, "shop.Order"), change("$.homeAddress.street", drop), payload)).toBe(
      hex(wire([3, wire()])),
    );
  });

  test("lead nowhere without an error", () => {
    expect(hexAfter(order, change("$.nobody.knows", drop), wire([1, "x"]))).toBeNull();
  });
});

describe("repeated fields", () => {
  const numbers = (...zigzag: number[]): Uint8Array => new Uint8Array(zigzag);

  test("are counted across packed and single elements", () => {
    const payload = wire([4, numbers(2, 4)], [4, 6], [1, "x"], [4, numbers(8)]);
    expect(hexAfter(order, change("$.numbers[1]", drop), payload)).toBe(
      hex(wire([4, numbers(2)], [4, 6], [1, "x"], [4, numbers(8)])),
    );
    expect(hexAfter(order, change("$.numbers[2]", drop), payload)).toBe(
      hex(wire([4, numbers(2, 4)], [1, "x"], [4, numbers(8)])),
    );
    expect(hexAfter(order, keep("$.numbers[3]"), payload)).toBe(hex(wire([4, numbers(8)])));
  });

  test("are counted across the pieces of a message that stands there twice", () => {
    const payload = wire([3, wire([3, 1])], [3, wire([3, 2], [3, 3])]);
    expect(hexAfter(order, change("$.home_address.codes[1]", drop), payload)).toBe(
      hex(wire([3, wire([3, 1])], [3, wire([3, 3])])),
    );
  });

  test("fail where a member of a oneof stands twice and may have started anew", () => {
    const payload = wire([8, wire([3, 1])], [8, wire([3, 2])]);
    expect(() => hexAfter(order, change("$.office.codes[1]", drop), payload)).toThrow(/second time/);
  });

  test("are replaced once, wherever they stand", () => {
    const payload = wire([4, numbers(2, 4)], [1, "x"], [4, 6]);
    expect(hexAfter(order, change("$.numbers", replace(["-1", 2])), payload)).toBe(
      hex(wire([4, numbers(1, 4)], [1, "x"])),
    );
    expect(hexAfter(order, change("$.numbers[*]", replace(-1)), payload)).toBe(
      hex(wire([4, numbers(1, 1)], [1, "x"], [4, 1])),
    );
    expect(hexAfter(order, change("$.numbers", replace([])), payload)).toBe(hex(wire([1, "x"])));
  });

  test("go whole when none of their packed elements is left, and stay when they are empty", () => {
    expect(hexAfter(order, change("$.numbers[0]", drop), wire([4, numbers(2)], [1, "x"]))).toBe(hex(wire([1, "x"])));
    expect(hexAfter(order, change("$.numbers[0]", drop), wire([4, numbers()]))).toBeNull();
  });
});

describe("messages", () => {
  test("that stand there in pieces are changed in each", () => {
    const payload = wire([3, wire([1, "Main St"])], [3, wire([1, "Elm St"], [2, "DE"])]);
    expect(hexAfter(order, change("$.home_address.street", drop), payload)).toBe(
      hex(wire([3, wire()], [3, wire([2, "DE"])])),
    );
  });

  test("are replaced by what their JSON means, once", () => {
    const payload = wire([3, wire([1, "Main St"])], [1, "x"], [3, wire([2, "DE"])]);
    const expected = hex(wire([3, wire([2, "FR"])], [1, "x"]));
    expect(hexAfter(order, change("$.home_address", replace({ country: "FR" })), payload)).toBe(expected);
    expect(hexAfter(order, change("$", replace({ id: "y" })), payload)).toBe(hex(wire([1, "y"])));
  });

  test("get lengths of one byte more or less around them as needed", () => {
    const long = "x".repeat(120);
    const payload = wire([10, wire([3, wire([1, long], [2, "DE"])])]);
    expect(hexAfter(order, change("$.parent.home_address.street", replace(`${long}${long}`)), payload)).toBe(
      hex(wire([10, wire([3, wire([1, `${long}${long}`], [2, "DE"])])])),
    );
    expect(hexAfter(order, change("$.parent.home_address.street", drop), payload)).toBe(
      hex(wire([10, wire([3, wire([2, "DE"])])])),
    );
  });

  test("keep what the schema does not know, but for those an allow-list passes through", () => {
    const payload = wire([99, "new"], [3, wire([1, "Main St"], [99, "new"], [2, "DE"])]);
    expect(hexAfter(order, change("$.home_address.street", drop), payload)).toBe(
      hex(wire([99, "new"], [3, wire([99, "new"], [2, "DE"])])),
    );
    expect(hexAfter(order, keep("$.home_address.street"), payload)).toBe(hex(wire([3, wire([1, "Main St"])])));
    expect(hexAfter(order, keep("$.home_address"), payload)).toBe(hex(payload.subarray(wire([99, "new"]).length)));
  });

  test("keep needlessly long numbers that are not chosen", () => {
    const payload = new Uint8Array([0x8a, 0x00, 0x81, 0x00, 0x78, 0x10, 0x85, 0x80, 0x00, ...wire([7, "a@b"])]);
    expect(hexAfter(order, change("$.email", drop), payload)).toBe(hex(payload.subarray(0, 9)));
  });
});

describe("an allow-list", () => {
  test("keeps messages on the way as shells, and those that cannot hold anything kept not at all", () => {
    const payload = wire([3, wire([1, "Main St"])], [10, wire([1, "p"], [3, wire([2, "DE"])])], [11, "img"]);
    expect(hexAfter(order, keep("$.home_address.country"), payload)).toBe(hex(wire([3, wire()])));
    expect(hexAfter(order, keep("$..email"), payload)).toBe(hex(wire([10, wire()])));
  });

  test("keeps an entry of a map only where something in it is kept, for its key is content", () => {
    const payload = wire([6, wire([1, 7], [2, wire([1, "Main St"])])], [6, wire([1, 8], [2, wire([2, "DE"])])]);
    expect(hexAfter(order, keep("$.places[*].country"), payload)).toBe(
      hex(wire([6, wire([1, 8], [2, wire([2, "DE"])])])),
    );
  });

  test("notes once a record that something went", () => {
    const surgeon = compileProtobuf(order, keep("$.id"));
    surgeon.operate(wire([1, "x"], [2, 3], [7, "a@b"]));
    expect(surgeon.changed).toEqual(["(not listed)"]);
    expect(surgeon.operate(wire([1, "x"]))).toBeNull();
    expect(surgeon.changed).toEqual([]);
  });

  test("of everything keeps everything", () => {
    expect(hexAfter(order, keep("$"), wire([1, "x"]))).toBeNull();
  });

  test("takes a field of another wire type for unknown, as readers do", () => {
    expect(hexAfter(order, keep("$.id", "$.home_address.country"), wire([1, 5], [3, 6], [1, "x"]))).toBe(
      hex(wire([1, "x"])),
    );
  });
});

describe("all texts", () => {
  test("are those of fields, elements, keys and values, at any depth", () => {
    const payload = wire(
      [5, wire([1, "k"], [2, "vv"])],
      [14, wire([1, "sss"])],
      [10, wire([7, "mmmm"])],
      [11, "bytes"],
      [6, wire([1, 7], [2, wire([2, "DE"])])],
    );
    expect(hexAfter(order, texts(act()), payload)).toBe(
      hex(
        wire(
          [5, wire([1, "*"], [2, "**"])],
          [14, wire([1, "***"])],
          [10, wire([7, "****"])],
          [11, "bytes"],
          [6, wire([1, 7], [2, wire([2, "**"])])],
        ),
      ),
    );
  });

  test("may stay, and are all counted that do not", () => {
    const surgeon = compileProtobuf(order, texts(act({ text: (text) => (text === "secret" ? "-" : null) })));
    expect(surgeon.operate(wire([1, "x"], [7, "y"]))).toBeNull();
    surgeon.operate(wire([1, "secret"], [10, wire([1, "secret"], [7, "y"])]));
    expect(surgeon.changed).toEqual(["texts", "texts"]);
  });

  test("go with the entry where a key is dropped", () => {
    expect(hexAfter(order, texts(drop), wire([5, wire([1, "k"], [2, "v"])], [2, 3]))).toBe(hex(wire([2, 3])));
  });
});

describe("actions", () => {
  test("get the digits of numbers and the shape of the type", () => {
    const seen: unknown[] = [];
    const number = act({
      number: (decimal, shape) => {
        seen.push([decimal, shape]);
        return "7";
      },
    });
    const minus = new Uint8Array([0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    expect(hexAfter(order, change("$.amount", number), minus)).toBe("1007");
    expect(hexAfter(order, change("$.numbers[*]", number), wire([4, 3]))).toBe("200e");
    const tiny = new Uint8Array([0x69, ...new Uint8Array(new Float64Array([1.5e-7]).buffer)]);
    const seven = hex(new Uint8Array(new Float64Array([7]).buffer));
    expect(hexAfter(order, change("$.rate", number), tiny)).toBe(`69${seven}`);
    expect(seen).toEqual([
      ["-1", { kind: "integer", bits: 32, signed: true, logical: null }],
      ["-2", { kind: "integer", bits: 64, signed: true, logical: null }],
      ["0.00000015", { kind: "float", bits: 64, signed: true, logical: null }],
    ]);
  });

  test("get the bytes of bytes", () => {
    const bytes = act({ bytes: (value) => value.toReversed() });
    expect(hexAfter(order, change("$.photo", bytes), wire([11, "abc"]))).toBe(hex(wire([11, "cba"])));
  });

  test("fail for results the type cannot hold and for what is no number, without content", () => {
    const number = act({ number: () => "2147483648" });
    expect(() => hexAfter(order, change("$.amount", number), wire([2, 4711]))).toThrow(
      /^cannot mask \$\.amount: the result does not fit: shop\.Order\.amount is an int32$/,
    );
    const infinite = new Uint8Array([0x69, ...new Uint8Array(new Float64Array([Number.POSITIVE_INFINITY]).buffer)]);
    expect(() => hexAfter(order, change("$.rate", number), infinite)).toThrow(/no finite number at byte 1/);
  });

  test("fail for text that is not UTF-8", () => {
    const payload = wire([7, new Uint8Array([0x61, 0xff])]);
    expect(() => hexAfter(order, change("$.email", act()), payload)).toThrow(/not UTF-8 at byte 2/);
  });

  test.each([
    ["$.amount", /wants a number there, and mask gives text/],
    ["$.photo", /is bytes, and mask makes no bytes/],
    ["$.paid", /is a bool; drop or replace it/],
    ["$.state", /is an enum \(shop\.State\)/],
    ["$.office", /is a message \(shop\.Address\)/],
    ["$.numbers", /repeated field; name what is in it, as \$\.numbers\[\*\]/],
    ["$.labels", /is a map; name what is in it/],
    ["$", /it is a message \(shop\.Order\)/],
  ])("are refused for %s when they cannot work there", (path, message) => {
    expect(() => compileProtobuf(order, change(path, act()))).toThrow(message);
  });
});

describe("replacing", () => {
  test.each([
    ["$.amount", -1, "10ffffffffffffffffff01"],
    ["$.amount", 0, "1000"],
    ["$.id", "", "0a00"],
    ["$.paid", false, "6000"],
    ["$.state", "PAID", "4801"],
    ["$.state", 1, "4801"],
    ["$.photo", "AQI=", "5a020102"],
    [
      "$.numbers[0]",
      "-9007199254740993",
      "20ffffffffffffffff1f".replace("ffffffffffffffff1f", "81808080808080" + "20"),
    ],
  ])("puts a value of the type of %s in its place: %p", (path, value, expected) => {
    const payload = wire([2, 3], [1, "x"], [12, 1], [9, 0], [11, "img"], [4, 6]);
    expect(hexAfter(order, change(path, replace(value)), payload)).toContain(expected);
  });

  test.each([
    ["$.amount", "x", /\$\.amount: shop\.Order\.amount is an int32/],
    ["$.amount", 2 ** 40, /is an int32/],
    ["$.amount", null, /null stands for an absent field; use drop/],
    ["$.id", 5, /shop\.Order\.id is a string/],
    ["$.state", "LOST", /is an enum \(shop\.State\)/],
    ["$.photo", "?", /is bytes/],
    ["$.numbers", 5, /is a repeated field; the value must be an array/],
    ["$.labels[*]", 5, /a value of shop\.Order\.labels is a string/],
    ["$.office", { town: "x" }, /is a message \(shop\.Address\)/],
  ])("refuses for %s what does not fit its type: %p", (path, value, message) => {
    const compile = (): unknown => compileProtobuf(order, change(path, replace(value)));
    expect(compile).toThrow(message);
    expect(compile).toThrow(expect.objectContaining({ code: "filter-invalid" }));
  });
});

test("values of well-known types are replaced as JSON spells them, elements and values of maps too", () => {
  const file = create(FileDescriptorProtoSchema, {
    name: "known.proto",
    package: "known",
    syntax: "proto3",
    dependency: ["google/protobuf/timestamp.proto", "google/protobuf/wrappers.proto", "google/protobuf/struct.proto"],
    messageType: [
      {
        name: "Known",
        field: [
          field("at", 1, Type.MESSAGE, { typeName: ".google.protobuf.Timestamp" }),
          field("names", 2, Type.MESSAGE, { typeName: ".google.protobuf.StringValue", label: Label.REPEATED }),
          field("any_json", 3, Type.MESSAGE, { typeName: ".google.protobuf.Value" }),
        ],
      },
    ],
  });
  const known = messageType(file, "known.Known");
  const payload = wire([1, wire([1, 5])], [2, wire([1, "Jane"])], [3, wire([3, "text"])]);
  expect(hexAfter(known, change("$.at", replace("1970-01-01T00:00:09Z")), payload)).toStartWith(
    hex(wire([1, wire([1, 9])])),
  );
  expect(hexAfter(known, change("$.names[*]", replace("x")), payload)).toContain(hex(wire([2, wire([1, "x"])])));
  expect(hexAfter(known, change("$.any_json", replace(null)), payload)).toEndWith(hex(wire([3, wire([1, 0])])));
  expect(hexAfter(known, texts(act()), payload)).toBe(
    hex(wire([1, wire([1, 5])], [2, wire([1, "****"])], [3, wire([3, "****"])])),
  );
});

describe("what cannot be told apart from damage fails with its position", () => {
  const payloads: readonly (readonly [string, number[], RegExp])[] = [
    ["a tag that is cut off", [0x8a], /cut off at byte 0/],
    ["a length that is cut off", [0x0a], /cut off at byte 1/],
    ["a varint that is cut off", [0x10, 0x80], /cut off at byte 1/],
    ["a length past the end", [0x0a, 0x05, 0x61], /past the end at byte 1/],
    ["a fixed number past the end", [0x69, 0x01], /past the end at byte 1/],
    ["a varint of eleven bytes", [0x10, ...new Array(10).fill(0x80), 0x00], /too long at byte 1/],
    ["a varint of more than 64 bits", [0x10, ...new Array(9).fill(0xff), 0x02], /too long at byte 1/],
    ["a tag of six bytes", [0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00], /too long at byte 0/],
    ["field number 0", [0x02, 0x00], /number 0 at byte 0/],
    ["a group", [0x9b, 0x06, 0x9c, 0x06], /group.* at byte 0/],
    ["the end of a group", [0x9c, 0x06], /group.* at byte 0/],
    ["wire type 6", [0x0e, 0x00], /wire type at byte 0/],
    ["an inner message that reaches over its end", [0x1a, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5], /past the end at byte 3/],
    ["a chosen text that is a number", [0x38, 0x05], /field with number 7 of another wire type.* at byte 0/],
    ["a message on the way that is a number", [0x18, 0x05], /field with number 3 of another wire type.* at byte 0/],
    ["a packed number over the end", [0x22, 0x01, 0x80], /cut off at byte 2/],
    ["the key of an entry that is a number", [0x2a, 0x02, 0x08, 0x05], /map's key.* at byte 2/],
  ];
  const paths = ["$.email", "$.home_address.street", "$.numbers[0]", "$.labels.color"];
  const rules = paths.flatMap((path) => {
    const selection = change(path, drop);
    return selection.form === "fields" ? selection.rules : [];
  });

  test.each(payloads)("%s", (_name, bytes, message) => {
    const operate = (): unknown => compileProtobuf(order, { form: "fields", rules }).operate(new Uint8Array(bytes));
    expect(operate).toThrow(message);
    expect(operate).toThrow(expect.objectContaining({ code: "filter-failed" }));
  });

  test("messages more than a hundred deep", () => {
    let payload = wire([7, "a@b"]);
    for (let depth = 1; depth < 100; depth++) payload = wire([10, payload]);
    expect(hexAfter(order, change("$..email", drop), payload)).not.toContain(hex(new TextEncoder().encode("a@b")));
    expect(() => hexAfter(order, change("$..email", drop), wire([10, payload]))).toThrow(/more than 100 deep/);
  });
});

describe("refused before any record", () => {
  test("are drops of required fields, by a path, and by an allow-list that does not name them", () => {
    expect(() => compileProtobuf(holder(), change("$.id", drop))).toThrow(/holder\.Holder\.id is required; replace it/);
    expect(() => compileProtobuf(holder(), keep("$.email"))).toThrow(/holder\.Holder\.id is required and not listed/);
    expect(() => compileProtobuf(holder(), texts(drop))).toThrow(/Any|required/);
  });

  test("are groups in messages that are walked through", () => {
    expect(() => compileProtobuf(holder({ group: true }), change("$.email", drop))).toThrow(/inner is a group/);
  });

  test("are `..`, texts and paths that may mean what is in an Any", () => {
    for (const selection of [change("$..email", drop), texts(act()), change("$.any.email", drop)])
      expect(() => compileProtobuf(holder(), selection)).toThrow(/google\.protobuf\.Any/);
  });

  test("but not those of an Any that goes itself, or whose bytes do", () => {
    const payload = wire([1, "x"], [2, wire([1, "type"], [2, "content"])], [3, "a@b"]);
    const both = (path: string) => {
      const selections = [change(path, drop), change("$..email", drop)];
      return { form: "fields" as const, rules: selections.flatMap((one) => (one.form === "fields" ? one.rules : [])) };
    };
    expect(hexAfter(holder(), both("$.any"), payload)).toBe(hex(wire([1, "x"])));
    expect(hexAfter(holder(), both("$.any.value"), payload)).toBe(hex(wire([1, "x"], [2, wire([1, "type"])])));
    expect(hexAfter(holder(), change("$.any.type_url", drop), payload)).toBe(
      hex(wire([1, "x"], [2, wire([2, "content"])], [3, "a@b"])),
    );
    expect(hexAfter(holder(), keep("$.id", "$..email"), payload)).toBe(hex(wire([1, "x"], [3, "a@b"])));
  });

  test("is dropping the whole value", () => {
    expect(() => compileProtobuf(order, change("$", drop))).toThrow(/drop whole records instead/);
  });
});

test("extensions are fields the schema does not know", () => {
  const payload = wire([1, "x"], [150, "ext"], [3, "a@b"]);
  expect(hexAfter(holder(), change("$.email", drop), payload)).toBe(hex(wire([1, "x"], [150, "ext"])));
  expect(hexAfter(holder(), keep("$.id"), payload)).toBe(hex(wire([1, "x"])));
});

test("of a field that stands there twice both go, also the one readers do not see", () => {
  expect(hexAfter(order, change("$.id", drop), wire([1, "old secret"], [2, 3], [1, "secret"]))).toBe(hex(wire([2, 3])));
});
