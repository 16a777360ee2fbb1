/** Tags as Confluent's own generated code writes them. */

import { describe, expect, test } from "bun:test";
import { create, setExtension } from "@bufbuild/protobuf";
import { FieldOptionsSchema, type FileDescriptorProto, MessageOptionsSchema } from "@bufbuild/protobuf/wkt";
import { field_meta, MetaSchema, message_meta } from "@confluentinc/schemaregistry/dist/confluent/meta_pb.js";
import type { FieldChange } from "../../../filters/fields/change.ts";
import type { FieldRule, Selection } from "../../../filters/fields/selection.ts";
import { compileProtobuf } from "../../../filters/protobuf/compile.ts";
import { messageType } from "./random-schema.ts";
import { act, change, drop, hex, hexAfter, replace, shopFile, wire } from "./shop.ts";

function tagField(file: FileDescriptorProto, message: string, name: string, ...tags: string[]): void {
  const found = file.messageType.find((one) => one.name === message)?.field.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${message}.${name}`);
  found.options = create(FieldOptionsSchema);
  setExtension(found.options, field_meta, create(MetaSchema, { doc: "why", params: { a: "b" }, tags }));
}

/** Streets and e-mail addresses are PII, labels and numbers too. */
function taggedFile(): FileDescriptorProto {
  const file = shopFile();
  tagField(file, "Address", "street", "PII", "EU");
  tagField(file, "Order", "email", "PII");
  tagField(file, "Order", "labels", "LABELS");
  tagField(file, "Order", "places", "PLACES");
  tagField(file, "Order", "numbers", "NUMBERS");
  tagField(file, "Order", "parent", "FAMILY");
  return file;
}

function tagged(tags: readonly string[], what: FieldChange): FieldRule {
  return { choice: { tags }, change: what, label: `tags ${tags.join()}` };
}

function only(...rules: FieldRule[]): Selection {
  return { form: "fields", rules };
}

const order = messageType(taggedFile(), "shop.Order");

describe("tags", () => {
  test("choose fields wherever their message is", () => {
    const payload = wire(
      [1, "x"],
      [3, wire([1, "Main"], [2, "DE"])],
      [6, wire([1, 7], [2, wire([1, "Elm"])])],
      [7, "a@b"],
    );
    const surgeon = compileProtobuf(order, only(tagged(["SECRET", "PII"], act())));
    expect(hex(surgeon.operate(payload) ?? payload)).toBe(
      hex(wire([1, "x"], [3, wire([1, "****"], [2, "DE"])], [6, wire([1, 7], [2, wire([1, "***"])])], [7, "***"])),
    );
    expect(surgeon.changed).toEqual(["tags SECRET,PII", "tags SECRET,PII", "tags SECRET,PII"]);
  });

  test("of a message are those of all its fields", () => {
    const file = shopFile();
    const address = file.messageType[0]!;
    address.options = create(MessageOptionsSchema);
    setExtension(address.options, message_meta, create(MetaSchema, { tags: ["PII"] }));
    const payload = wire([1, "x"], [3, wire([1, "Main"], [2, "DE"])]);
    expect(hexAfter(messageType(file, "shop.Order"), only(tagged(["PII"], drop)), payload)).toBe(
      hex(wire([1, "x"], [3, wire()])),
    );
  });

  test("of a repeated field or a map are those of all in it, keys too", () => {
    expect(hexAfter(order, only(tagged(["NUMBERS"], replace(1))), wire([4, new Uint8Array([4, 6])]))).toBe(
      hex(wire([4, new Uint8Array([2, 2])])),
    );
    expect(hexAfter(order, only(tagged(["LABELS"], act())), wire([5, wire([1, "kk"], [2, "vvv"])]))).toBe(
      hex(wire([5, wire([1, "**"], [2, "***"])])),
    );
    expect(hexAfter(order, only(tagged(["LABELS"], drop)), wire([5, wire([1, "kk"], [2, "vvv"])]))).toBe("");
  });

  test("are refused where the change cannot be made", () => {
    expect(() => compileProtobuf(order, only(tagged(["PLACES"], act())))).toThrow(
      /a key of shop\.Order\.places is an int32/,
    );
    expect(() => compileProtobuf(order, only(tagged(["LABELS"], replace("x"))))).toThrow(/drop the map/);
    expect(() => compileProtobuf(order, only(tagged(["FAMILY"], act())))).toThrow(/is a message \(shop\.Order\)/);
  });

  test("and paths: the outermost counts, then the first", () => {
    const path = (text: string, what: FieldChange): FieldRule => {
      const selection = change(text, what);
      if (selection.form !== "fields" || selection.rules[0] === undefined) throw new TypeError("no rule");
      return selection.rules[0];
    };
    const payload = wire([7, "a@b"], [10, wire([7, "c@d"])]);
    const [first, second] = [path("$.email", replace("by path")), tagged(["PII"], replace("by tag"))];
    expect(hexAfter(order, only(first, second), payload)).toBe(hex(wire([7, "by path"], [10, wire([7, "by tag"])])));
    expect(hexAfter(order, only(second, first), payload)).toBe(hex(wire([7, "by tag"], [10, wire([7, "by tag"])])));
    expect(hexAfter(order, only(path("$.parent.email", replace("by path")), tagged(["FAMILY"], drop)), payload)).toBe(
      hex(wire([7, "a@b"])),
    );
  });
});
