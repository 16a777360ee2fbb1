import { describe, expect, test } from "bun:test";
import { InvalidConfigurationFile, parseConfigurationFile } from "../../src/config/configuration-file.ts";

function placesOf(text: string): string[] {
  try {
    parseConfigurationFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfigurationFile)) throw error;
    return error.located.map(({ line, column, path }) => `${line}:${column} ${path}`);
  }
}

describe("parseConfigurationFile", () => {
  test("takes numbers and booleans among properties as text", () => {
    const { content } = parseConfigurationFile(
      "clusters: { east: { region: eu, properties: { socket.timeout.ms: 1000, log.queue: true } } }",
    );
    expect(content.clusters?.["east"]?.properties).toEqual({ "socket.timeout.ms": "1000", "log.queue": "true" });
  });

  test("an empty file names nothing", () => {
    expect(parseConfigurationFile("# nothing\n").content).toEqual({});
  });

  test.each<[string, string, string[]]>([
    ["a tab", "clusters:\n\teast: {}\n", ["2:1 "]],
    ["an open bracket", "links: [\n", ["2:1 "]],
    ["a key twice", "links: {}\nlinks: {}\n", ["2:1 "]],
    ["an unknown key", "links: {}\nlink: {}\n", ["2:1 /link"]],
    ["a missing field", "links:\n  a:\n    source: east\n", ["2:3 /links/a/destination"]],
    [
      "a field deep inside",
      "links:\n  a:\n    source: e\n    destination: w\n    mappings:\n      - source: o\n      - { source: p, mod: append }\n",
      ["7:22 /links/a/mappings/1/mod"],
    ],
    ["a list", "- a\n", ["1:1 "]],
    ["an unknown alias", "links: *x\n", ["1:8 "]],
  ])("says where %s is", (_title, text, places) => {
    expect(placesOf(text)).toEqual(places);
  });

  test("finds the place of a mistake seen later", () => {
    const file = parseConfigurationFile("links:\n  a:\n    source: e\n    destination: w\n");
    expect(file.locate([{ path: "/links/a/destination", message: "m" }])).toEqual([
      { path: "/links/a/destination", message: "m", line: 4, column: 5 },
    ]);
  });
});
