import { describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import { checkLink } from "../../src/config/link-rules.ts";
import type { MappingInput } from "../../src/config/resource-inputs.ts";
import type { Cluster, Link } from "../../src/config/resources.ts";

function cluster(name: string, servers: string): [string, Cluster] {
  return [name, { name, region: "eu", properties: { "bootstrap.servers": servers } }];
}

const CLUSTERS = new Map([cluster("east", "a:1, b:2"), cluster("west", "c:3"), cluster("alias", "b:2,a:1")]);

function link(changes: Partial<Link>, ...mappings: MappingInput[]): Link {
  const completed = mappings.map((mapping) => completeMapping({ mode: "append", ...mapping }));
  return { name: "l", source: "east", destination: "west", paused: false, mappings: completed, ...changes };
}

describe("checkLink", () => {
  test("has nothing against different topics between different clusters", () => {
    expect(checkLink(link({}, { source: "a" }, { source: "b" }), CLUSTERS)).toEqual([]);
  });

  test.each<[string, Link, string[]]>([
    ["an unknown cluster", link({ source: "eat" }), ["/source"]],
    ["a source twice", link({}, { source: "a" }, { source: "a", name: "n", destination: "d" }), ["/mappings/1/source"]],
    ["a destination twice", link({}, { source: "a" }, { source: "b", destination: "a" }), ["/mappings/1/destination"]],
    ["a name twice", link({}, { source: "a" }, { source: "b", name: "a" }), ["/mappings/1/name"]],
    ["a topic onto itself", link({ destination: "east" }, { source: "a" }), ["/mappings/0/destination"]],
    ["the same under another name", link({ destination: "alias" }, { source: "a" }), ["/mappings/0/destination"]],
    [
      "a mirror within a cluster",
      link({ destination: "east" }, { source: "a", destination: "b", mode: "mirror" }),
      ["/mappings/0/mode"],
    ],
    [
      "at least once within a cluster",
      link({ destination: "east" }, { source: "a", destination: "b", transaction: "off" }),
      ["/mappings/0/mode"],
    ],
  ])("refuses %s", (_title, refused, paths) => {
    expect(checkLink(refused, CLUSTERS).map(({ path }) => path)).toEqual(paths);
  });

  describe("filters that only look on", () => {
    const us: Cluster = { name: "us", region: "us", properties: { "bootstrap.servers": "u:1" } };
    const clusters = new Map([...CLUSTERS, ["us", us]]);
    const watching = { use: "redact", options: {}, monitor: true };
    const between = (destination: string, mapping: Omit<MappingInput, "source">) =>
      checkLink(link({ destination }, { source: "a", ...mapping }), clusters);

    test("are refused where there are no others and records leave their region", () => {
      expect(between("us", { filters: [watching, watching] })).toEqual([
        {
          path: "/mappings/0/filters",
          message:
            'all of them only look on, so every record goes from eu to us as it is; if that is meant, say "monitorOnly": true',
        },
      ]);
    });

    test.each<[string, string, Omit<MappingInput, "source">]>([
      ["beside one that does something", "us", { filters: [watching, { use: "redact" }] }],
      ["within a region", "west", { filters: [watching] }],
      ["where the mapping says so", "us", { filters: [watching], monitorOnly: true }],
    ])("are fine %s", (_title, destination, mapping) => {
      expect(between(destination, mapping)).toEqual([]);
    });
  });

  test("allows another topic on the same cluster", () => {
    expect(checkLink(link({ destination: "east" }, { source: "a", destination: "b" }), CLUSTERS)).toEqual([]);
  });
});
