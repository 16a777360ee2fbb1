import { describe, expect, test } from "bun:test";
import { complete, type NamesOf } from "../../../src/cli/completion/candidates.ts";
import { createProgram } from "../../../src/cli/program.ts";

const program = createProgram({ out: () => undefined, err: () => undefined }, () => undefined);

/** Says which names were asked for, and what stood before. */
const asked: NamesOf = async (placeholder, before) => [
  `<${placeholder}>`,
  ...[...before].map(([name, value]) => `${name}=${value}`),
];
const nothing: NamesOf = async () => [];

async function words(line: string, namesOf: NamesOf = nothing): Promise<string[]> {
  return (await complete(program, line.split(" "), namesOf)).candidates.map(({ word }) => word);
}

describe("what may come next", () => {
  test.each<[string, string[]]>([
    ["li", ["link"]],
    ["ma", ["map"]],
    ["cluster ", ["ls", "show", "add", "rm", "topics", "help"]],
    ["link re", ["resume"]],
    ["--ur", ["--url"]],
    ["--url http://x map r", ["resume", "rm"]],
    ["lag --", ["--topic", "--partition", "--watch", "--json", "--url", "--ca", "--version", "--help"]],
    ["link rm a b ", []],
  ])("%p: %p", async (line, expected) => {
    expect((await words(line)).toSorted()).toEqual(expected.toSorted());
  });

  test("an argument is asked for by its name, with those before it", async () => {
    const placeholders = async (line: string) =>
      (await complete(program, line.split(" "), asked)).candidates.map(({ word }) => word);
    expect(await placeholders("link rm ")).toEqual(["<link>"]);
    expect(await placeholders("map rm eu-to-us ")).toEqual(["<mapping>", "link=eu-to-us"]);
    expect(await placeholders("link add l --source ")).toEqual(["<cluster>", "link=l"]);
    expect(await placeholders("await l ")).toEqual(["<topic/partition>", "link=l"]);
    expect(await placeholders("--url http://x link rm ")).toEqual(["<link>", "url=http://x"]);
    expect(await placeholders("verify --mapping ")).toEqual(["<mapping>"]);
  });

  test("the value of an option may stand behind = as well", async () => {
    const modes: NamesOf = async (placeholder) => (placeholder === "mode" ? ["mirror", "append"] : []);
    expect(await words("map add l t --mode=m", modes)).toEqual(["--mode=mirror"]);
    expect(await words("map add l t --mode ", modes)).toEqual(["mirror", "append"]);
    expect(await words("map add l t --nothing=", modes)).toEqual([]);
  });

  test.each<[string, boolean]>([
    ["up ", true],
    ["check s", true],
    ["map add l t --filter ", true],
    ["up --state ", true],
    ["link rm ", false],
    ["up --", false],
  ])("%p: files %p", async (line, files) => {
    expect((await complete(program, line.split(" "), nothing)).files).toBe(files);
  });

  test("hidden commands are not offered", async () => {
    expect(await words("comp")).toEqual(["completion"]);
  });
});
