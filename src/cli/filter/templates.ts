/** The files of a new filter. */

export function filterTemplate(name: string): string {
  return `/** Removes headers that must not leave the region. */

import { defineFilter, keep, replace, Type } from "strait";

export default defineFilter({
  name: "${name}",
  // One sentence for whoever chooses a filter.
  description: "Removes the headers that the options name.",
  // What a mapping gives under "options". It is checked before anything runs.
  options: Type.Object(
    { headers: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }) },
    { additionalProperties: false },
  ),
  // Called once for each mapping. Secrets, files and registries come from its second argument.
  create({ headers: names }) {
    const unwanted = new Set(names);
    return {
      // Called once for each record, in the order of its partition. record.key and record.value are bytes, or null
      // where there are none. Answer keep, drop or replace(...). Whatever is thrown hands the record to the mapping's
      // onFailure: in doubt throw, so that nothing crosses that was not understood.
      apply(record) {
        const removed = record.headers.filter((header) => unwanted.has(header.name));
        if (removed.length === 0) return keep;
        const headers = record.headers.filter((header) => !unwanted.has(header.name));
        // The names are counted in the evidence. They must never hold content.
        return replace({ headers }, [...new Set(removed.map((header) => \`header \${header.name}\`))]);
      },
    };
  },
});
`;
}

export function testTemplate(name: string): string {
  return `import { expect, test } from "bun:test";
import { tryFilter } from "strait/testing";
import filter from "./${name}.ts";

const options = { headers: ["trace-id"] };

test("removes the headers that the options name, and leaves all else", async () => {
  const headers = [
    { name: "trace-id", value: "4bf92f35" },
    { name: "content-type", value: "application/json" },
  ];
  const result = await tryFilter(filter, { value: '{"id":7}', headers }, { options });
  expect(result.headers).toEqual([{ name: "content-type", value: "application/json" }]);
  expect(result.value).toBe('{"id":7}');
  expect(result.changed).toEqual(["header trace-id"]);
});

test("keeps a record that has none of them", async () => {
  const result = await tryFilter(filter, { value: '{"id":7}' }, { options });
  expect(result.verb).toBe("keep");
});

test("refuses to be used without a header to remove", async () => {
  const result = tryFilter(filter, { value: null }, { options: { headers: [] } });
  await expect(result).rejects.toMatchObject({ code: "configuration" });
});
`;
}
