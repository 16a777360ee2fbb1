import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import redact from "../../filters/redact.ts";
import { validate } from "../../src/config/validate.ts";
import { type OptionProblem, StraitError } from "../../src/mod.ts";
import { createFilter, recordWith, textAfter } from "./apply-filter.ts";

const KEY = "${env:KEY}";
const SECRETS = { [KEY]: "a key" };

function drops(...paths: readonly string[]): { fields: { path: string; action: "drop" }[] } {
  return { fields: paths.map((path) => ({ path, action: "drop" })) };
}

function masks(path: string): object {
  return { fields: [{ path, action: "mask", first: 1, last: 0, with: "*" }] };
}

function replaces(path: string, value: unknown): object {
  return { fields: [{ path, action: "replace", value }] };
}

async function redacted(options: unknown, value: string | Uint8Array): Promise<string | null> {
  return textAfter(await createFilter(redact, options, SECRETS), value);
}

async function failure(options: unknown, value: string | Uint8Array): Promise<StraitError> {
  const filter = await createFilter(redact, options, SECRETS);
  try {
    await filter.apply(recordWith(value));
  } catch (error) {
    if (error instanceof StraitError && error.code === "filter-failed") return error;
    throw error;
  }
  throw new Error("the record passed");
}

describe("dropping members and elements", () => {
  const cases: readonly [what: string, path: string, before: string, after: string][] = [
    ["the first member", "$.a", '{"a":1,"b":2,"c":3}', '{"b":2,"c":3}'],
    ["a middle member", "$.b", '{"a":1,"b":2,"c":3}', '{"a":1,"c":3}'],
    ["the last member", "$.c", '{"a":1,"b":2,"c":3}', '{"a":1,"b":2}'],
    ["the only member", "$.a", '{"a":1}', "{}"],
    ["the first element", "$[0]", "[1,2,3]", "[2,3]"],
    ["a middle element", "$[1]", "[1,2,3]", "[1,3]"],
    ["the last element", "$[2]", "[1,2,3]", "[1,2]"],
    ["the only element", "$[0]", "[1]", "[]"],
    ["every element", "$[*]", "[1,[2],{}]", "[]"],
    ["every member", "$.*", '{"a":1,"b":{"c":2}}', "{}"],
    ["all of a duplicate name", "$.a", '{"a":1,"b":2,"a":3}', '{"b":2}'],
    ["a name spelt with escapes", "$.email", '{"\\u0065ma\\u0069l":1,"b":2}', '{"b":2}'],
    ["a name spelt as surrogates", "$['😀']", '{"\\ud83d\\uDE00":1}', "{}"],
    ["a name in raw UTF-8", "$['\\ud83d\\ude00']", '{"😀":1}', "{}"],
    ["an empty name", "$['']", '{"":1,"a":2}', '{"a":2}'],
    ["a value with all below it", "$.a", '{"a":{"b":[1,{"c":"]}"}]},"d":1}', '{"d":1}'],
    ["a name at any depth", "$..a", '{"a":1,"b":[{"a":2,"c":{"a":3}}]}', '{"b":[{"c":{}}]}'],
    ["every value at any depth", "$..[*]", '{"a":1,"b":[2]}', "{}"],
    ["an index at any depth", "$..[0]", '{"a":[1,2],"b":[[3,4],5]}', '{"a":[2],"b":[5]}'],
  ];
  for (const [what, path, before, after] of cases) {
    test(`${what} goes with one comma`, async () => {
      expect(await redacted(drops(path), before)).toBe(after);
    });
  }

  test("several neighbours go with their commas, and white space elsewhere stays", async () => {
    const before = '\n{ "a" : 1 ,\t"b" : 2 , "c" : 3 , "d" : 4 , "e" : 5 }\n';
    expect(await redacted(drops("$.a", "$.b"), before)).toBe('\n{ "c" : 3 , "d" : 4 , "e" : 5 }\n');
    expect(await redacted(drops("$.b", "$.c"), before)).toBe('\n{ "a" : 1 , "d" : 4 , "e" : 5 }\n');
    expect(await redacted(drops("$.d", "$.e"), before)).toBe('\n{ "a" : 1 ,\t"b" : 2 , "c" : 3 }\n');
    expect(await redacted(drops("$.a", "$.c", "$.e"), before)).toBe('\n{ "b" : 2 , "d" : 4 }\n');
    expect(await redacted(drops("$.*"), before)).toBe("\n{  }\n");
  });

  test("a name that only looks alike stays", async () => {
    const text = '{"Email":1,"email ":2,"e\\u0301":3,"emai":4,"emaill":5}';
    expect(await redacted(drops("$.email", "$['é']"), text)).toBe(text);
  });
});

describe("what is not chosen", () => {
  test("stays identical to the byte", async () => {
    const rest =
      '"n":-0.10E+02, "big":9223372036854775807, "s":"\\/\\u00e9é\\ud800", "o":{ "z":1 , "a":[ ] }, "e":1e999';
    expect(await redacted(drops("$.x"), `{"x":1, ${rest}}`)).toBe(`{${rest}}`);
  });

  test("is the very same record when nothing matches", async () => {
    const filter = await createFilter(redact, drops("$.x"));
    expect(await filter.apply(recordWith('{"y":1}'))).toEqual({ verb: "keep" });
  });

  test("is not written to, and neither are results returned before", async () => {
    const filter = await createFilter(redact, replaces("$.a", "a longer value than before"));
    const records = Array.from({ length: 5000 }, (_, index) => recordWith(`{"a":1,"n":${index}}`));
    const results = await Promise.all(records.map((record) => filter.apply(record)));
    const texts = results.map((result) =>
      result.verb === "replace" ? new TextDecoder().decode(result.value ?? undefined) : "",
    );
    expect(texts).toEqual(records.map((_, index) => `{"a":"a longer value than before","n":${index}}`));
  });

  test("tombstones and empty values stay as they are", async () => {
    const filter = await createFilter(redact, { keep: ["$.a"] });
    expect(await filter.apply(recordWith(null))).toEqual({ verb: "keep" });
    expect(await filter.apply(recordWith(""))).toEqual({ verb: "keep" });
  });
});

describe("replacing", () => {
  test("puts any JSON in place of any value", async () => {
    expect(await redacted(replaces("$..ip", null), '{"ip":"1.2.3.4","a":[{"ip":{"v4":1}}]}')).toBe(
      '{"ip":null,"a":[{"ip":null}]}',
    );
    expect(await redacted(replaces("$.a", { b: [1, "é"] }), '{"a":0}')).toBe('{"a":{"b":[1,"é"]}}');
    expect(await redacted(replaces("$", "gone"), " [1] ")).toBe(' "gone" ');
  });
});

describe("hashing", () => {
  const hash = { fields: [{ path: "$..a", action: "hash", key: KEY }] };
  const pseudonym = (text: string): string => createHmac("sha256", "a key").update(text).digest("hex");

  test("gives the HMAC-SHA-256 of what a string stands for, however it is spelt", async () => {
    const expected = `"${pseudonym("é/")}"`;
    expect(await redacted(hash, '[{"a":"é/"},{"a":"\\u00e9\\/"}]')).toBe(`[{"a":${expected}},{"a":${expected}}]`);
  });

  test("takes numbers and booleans by their spelling and leaves null", async () => {
    expect(await redacted(hash, '[{"a":1.0},{"a":true},{"a":null}]')).toBe(
      `[{"a":"${pseudonym("1.0")}"},{"a":"${pseudonym("true")}"},{"a":null}]`,
    );
  });

  test("reads half a surrogate pair as U+FFFD", async () => {
    expect(await redacted(hash, '{"a":"\\ud800"}')).toBe(`{"a":"${pseudonym("\ufffd")}"}`);
  });

  test("fails on a container, naming the configured path", async () => {
    expect((await failure(hash, '{"a":["secret"]}')).message).toStartWith(
      "cannot hash $..a: there is an array at byte 5",
    );
  });

  test("refuses to work with an empty key", async () => {
    const created = createFilter(redact, hash, {});
    await expect(created).rejects.toMatchObject({ code: "secret-unavailable" });
  });
});

describe("masking", () => {
  test("hides all but the ends of a string", async () => {
    expect(await redacted(masks("$.email"), '{"email":"zoe@example.org"}')).toBe('{"email":"z**************"}');
  });

  test("hides everything with a star by default", async () => {
    expect(await redacted({ fields: [{ path: "$.a", action: "mask" }] }, '{"a":"zoe"}')).toBe('{"a":"***"}');
  });
});

describe("an allow-list", () => {
  const cases: readonly [what: string, keep: readonly string[], before: string, after: string][] = [
    ["keeps listed values with all below", ["$.a"], '{"a":{"b":[1,2]},"c":3}', '{"a":{"b":[1,2]}}'],
    ["keeps only the shell of what is above", ["$.a.b"], '{"x":1,"a":{"y":2,"b":3,"z":4}}', '{"a":{"b":3}}'],
    [
      "keeps from each element what is listed",
      ["$.l[*].s"],
      '{"l":[{"s":1,"t":2},{"t":3,"s":4}]}',
      '{"l":[{"s":1},{"s":4}]}',
    ],
    ["removes elements that hold nothing listed", ["$.l[*].s"], '{"l":[{"t":1},5,{"s":2},[]]}', '{"l":[{"s":2}]}'],
    ["removes containers that hold nothing listed", ["$.a.b", "$.c"], '{"a":{"x":1},"c":2}', '{"c":2}'],
    ["removes a scalar where a container was expected", ["$.a.b", "$.c"], '{"a":"x","c":2}', '{"c":2}'],
    ["counts indexes as they were", ["$[1]", "$[3]"], "[0,1,2,3,4]", "[1,3]"],
    ["keeps every duplicate", ["$.a"], '{"a":1,"b":2,"a":3}', '{"a":1,"a":3}'],
    [
      "keeps a name at any depth",
      ["$..id"],
      '{"id":1,"x":{"y":[{"id":2,"z":3}]},"q":[4]}',
      '{"id":1,"x":{"y":[{"id":2}]}}',
    ],
    ["keeps white space of what stays", ["$.b"], '{ "a" : 1 , "b" :  2 }', '{ "b" :  2 }'],
    ["leaves an empty object where nothing is listed", ["$.z"], '{"a":1,"b":{"c":2}}', "{}"],
    ["leaves an empty array where nothing is listed", ["$[*].z"], '[{"a":1},2]', "[]"],
  ];
  for (const [what, keep, before, after] of cases) {
    test(what, async () => {
      expect(await redacted({ keep }, before)).toBe(after);
    });
  }

  for (const root of ['"secret"', "5", "null", " true "]) {
    test(`fails on ${root} as the whole value`, async () => {
      expect((await failure({ keep: ["$.a"] }, root)).message).toContain("neither an object nor an array");
    });
  }

  test("is the very same record when everything is listed", async () => {
    const filter = await createFilter(redact, { keep: ["$.a", "$.b.c"] });
    expect(await filter.apply(recordWith('{"a":1,"b":{"c":2}}'))).toEqual({ verb: "keep" });
  });

  test("says once a record that something was removed", async () => {
    const filter = await createFilter(redact, { keep: ["$.a"] });
    expect(await filter.apply(recordWith('{"a":1,"b":2,"c":3}'))).toMatchObject({ changed: ["(not listed)"] });
  });
});

describe("where paths overlap", () => {
  const mask = { path: "$.a.ip", action: "mask" };
  const drop = { path: "$..ip", action: "drop" };

  test("the first listed changes a value both lead to", async () => {
    const text = '{"a":{"ip":"x"}}';
    expect(await redacted({ fields: [mask, drop] }, text)).toBe('{"a":{"ip":"*"}}');
    expect(await redacted({ fields: [drop, mask] }, text)).toBe('{"a":{}}');
  });

  test("the outermost match settles everything below it", async () => {
    const fields = [
      { path: "$..b", action: "mask" },
      { path: "$.*", action: "drop" },
    ];
    expect(await redacted({ fields }, '{"a":{"b":{}}}')).toBe("{}");
  });
});

test("the evidence has the configured path for each change and none for what stayed", async () => {
  const fields = [
    { path: "$..['ip']", action: "mask" },
    { path: "$.a", action: "drop" },
  ];
  const filter = await createFilter(redact, { fields });
  const result = await filter.apply(recordWith('{"ip":"x","a":1,"b":[{"ip":2},{"ip":null}]}'));
  expect(result).toMatchObject({ verb: "replace", changed: ["$..['ip']", "$.a", "$..['ip']"] });
});

describe("hostile values", () => {
  const every = { fields: [{ path: "$..secret", action: "drop" }] };

  for (const [what, value] of [
    ["text", "secret: 5"],
    ["a value cut off", '{"secret":"abc'],
    ["two values", '{"secret":1}{"secret":2}'],
    [
      "invalid UTF-8 beside the field",
      new Uint8Array([...Buffer.from('{"secret":1,"a":"'), 0xff, ...Buffer.from('"}')]),
    ],
    [
      "invalid UTF-8 inside of the field",
      new Uint8Array([...Buffer.from('{"secret":"'), 0xc0, 0x80, ...Buffer.from('"}')]),
    ],
    ["a schema registry frame", new Uint8Array([0, 0, 0, 0, 1, ...Buffer.from('{"secret":1}')])],
  ] as const) {
    test(`${what} fails without showing content`, async () => {
      for (const options of [every, { keep: ["$.a"] }]) {
        const { message } = await failure(options, value);
        expect(message).toMatch(/^the value is not JSON: [a-zA-Z, ()8-]+ at byte [0-9]+$/);
      }
    });
  }

  const depth = 100_000;
  const deep: readonly [what: string, value: string][] = [
    ["arrays", `${"[".repeat(depth)}{"secret":1}${"]".repeat(depth)}`],
    ["objects", `${'{"a":'.repeat(depth)}{"secret":1}${"}".repeat(depth)}`],
    ["both", `${'[{"a":'.repeat(depth / 2)}{"secret":1}${"}]".repeat(depth / 2)}`],
  ];
  for (const [what, value] of deep) {
    test(`a field below 100,000 levels of ${what} is found`, async () => {
      expect(await redacted(every, value)).toBe(value.replace('"secret":1', ""));
    }, 20_000);

    test(`100,000 levels of ${what} are removed when nothing below is listed`, async () => {
      expect(await redacted({ keep: ["$..x"] }, value)).toBe(value.startsWith("[") ? "[]" : "{}");
    }, 20_000);

    test(`100,000 levels of ${what} are kept around what is listed`, async () => {
      expect(await redacted({ keep: ["$..secret"] }, value)).toBe(value);
    }, 20_000);
  }

  test("100,000 levels below several paths of any depth cost no more than their length", async () => {
    const value = `${'{"a":{"b":'.repeat(depth / 2)}{"secret":1}${"}}".repeat(depth / 2)}`;
    const paths = ["$..a..b..c", "$..b.a.b.x", "$..a.*.b.y", "$..secret"];
    expect(await redacted(drops(...paths), value)).toBe(value.replace('"secret":1', ""));
  }, 20_000);

  test("a million members are changed each", async () => {
    const value = `{${Array.from({ length: 200_000 }, () => '"a":"x","b":1').join(",")}}`;
    expect(await redacted(drops("$.a"), value)).toBe(`{${Array.from({ length: 200_000 }, () => '"b":1').join(",")}}`);
  }, 20_000);

  test("a large value leaves no trace in the next", async () => {
    const filter = await createFilter(redact, masks("$[*]"));
    await textAfter(filter, `[${Array.from({ length: 100_000 }, () => '"a long secret string"').join(",")}]`);
    expect(await textAfter(filter, '["ab",1]')).toBe('["a*","*"]');
  });

  test("a value that failed leaves no trace in the next", async () => {
    const filter = await createFilter(redact, masks("$[*]"));
    await expect(textAfter(filter, '["secret",[1]]')).rejects.toThrow("cannot mask");
    await expect(textAfter(filter, '["secret",[')).rejects.toThrow("not JSON");
    expect(await textAfter(filter, '["ab"]')).toBe('["a*"]');
  });
});

describe("the options", () => {
  function problems(options: Parameters<typeof redact.create>[0]): readonly OptionProblem[] {
    return redact.check?.(options) ?? [];
  }

  for (const [what, options, path] of [
    ["both forms at once", { keep: ["$.a"], fields: [] }, ""],
    ["neither form", {}, ""],
    ["an empty allow-list", { keep: [] }, "/keep"],
    ["an empty list of fields", { fields: [] }, "/fields"],
    ["an unknown action", { fields: [{ path: "$.a", action: "delete" }] }, "/fields/0"],
    ["an unknown field", { fields: [{ path: "$.a", action: "drop", recursive: true }] }, "/fields/0/recursive"],
    ["a replacement without value", { fields: [{ path: "$.a", action: "replace" }] }, "/fields/0/value"],
    ["a mask of several characters", { fields: [{ path: "$.a", action: "mask", with: "**" }] }, "/fields/0/with"],
    ["a mask without character", { fields: [{ path: "$.a", action: "mask", with: "" }] }, "/fields/0/with"],
    ["a negative count", { fields: [{ path: "$.a", action: "mask", first: -1 }] }, "/fields/0/first"],
    ["a hash without key", { fields: [{ path: "$.a", action: "hash" }] }, "/fields/0/key"],
    ["a literal key", { fields: [{ path: "$.a", action: "hash", key: "hunter2" }] }, "/fields/0/key"],
    [
      "a key with a reference inside",
      { fields: [{ path: "$.a", action: "hash", key: "x${env:KEY}" }] },
      "/fields/0/key",
    ],
  ] as const) {
    test(`refuse ${what}`, () => {
      const result = validate(redact.options, options);
      expect(result.ok).toBe(false);
      const places = result.ok ? [] : result.errors.map((error) => error.path);
      expect(places.some((place) => place.startsWith(path))).toBe(true);
    });
  }

  test("accept what the reference documents", () => {
    const fields = [
      { path: "$.customer.name", action: "drop" },
      { path: "$.customer.email", action: "mask", first: 1, last: 0, with: "*" },
      { path: "$.iban", action: "hash", key: "${env:PSEUDONYM_KEY}" },
      { path: "$.card", action: "hash", key: "${file:/run/secrets/key}" },
      { path: "$..ip", action: "replace", value: null },
    ];
    expect(validate(redact.options, { fields })).toMatchObject({ ok: true });
    expect(validate(redact.options, { keep: ["$.id", "$.amount", "$.lines[*].sku"] })).toMatchObject({ ok: true });
    expect(validate(redact.options, { fields: [{ path: "$.a", action: "mask", with: "😀" }] })).toMatchObject({
      ok: true,
    });
  });

  test("refuse a path that cannot be read, with its place", () => {
    expect(problems(drops("$.ok", "$[1:2]"))).toEqual([
      { path: "/fields/1/path", message: "slices are not supported; use [*] or an index (character 4 of the path)" },
    ]);
    expect(problems({ keep: ["$.a", "a"] })).toMatchObject([{ path: "/keep/1" }]);
  });

  test("refuse a path listed twice, in whatever spelling", () => {
    expect(problems({ keep: ["$.a.b", "$['a'][\"b\"]"] })).toEqual([
      { path: "/keep/1", message: "is the same path as $.a.b" },
    ]);
    expect(problems(drops("$..*", "$..[*]"))).toMatchObject([{ path: "/fields/1/path" }]);
  });

  test("refuse a path below another one", () => {
    expect(problems(drops("$.a.b", "$.a"))).toEqual([
      { path: "/fields/0/path", message: "can never match: it lies below $.a, which is listed, too" },
    ]);
  });

  test("tell names from indexes and wildcards", () => {
    expect(problems({ keep: ["$['0']", "$[0]", "$['*']", "$['null']", "$.a", "$..a"] })).toEqual([]);
  });

  test("refuse the whole value where that makes no sense", () => {
    expect(problems({ keep: ["$"] })).toMatchObject([{ path: "/keep/0" }]);
    expect(problems(drops("$"))).toMatchObject([{ path: "/fields/0/path" }]);
  });

  test("refuse a replacement that reading has rounded", () => {
    const value = JSON.parse("[9223372036854775807]") as unknown;
    expect(problems({ fields: [{ path: "$.a", action: "replace", value }] })).toMatchObject([
      { path: "/fields/0/value" },
    ]);
  });

  test("refuse combinations that would need too many states", () => {
    expect(problems({ keep: [`$..a${"[*]".repeat(40)}`] })).toMatchObject([{ path: "/keep" }]);
  });
});
