import { afterEach, describe, expect, test } from "bun:test";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { FilterUse } from "../../src/config/resources.ts";
import type { FilteredBatch } from "../../src/model/batch.ts";
import type { Replace } from "../../src/model/filter.ts";
import { FilterChain, type FilterChainOptions, type FilterFailure } from "../../src/runner/filter-chain.ts";
import { failureOf } from "../support/failure-of.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { plainBatch, plainBatchOf, plainRecord } from "./plain-batch.ts";

const FILTERS = join(import.meta.dirname, "filters");
const text = new TextDecoder();

const chains: FilterChain[] = [];
afterEach(() => Promise.all(chains.splice(0).map((chain) => chain.close())));

async function chainOf(filters: readonly FilterUse[], options: Partial<FilterChainOptions> = {}): Promise<FilterChain> {
  const mapping = completeMapping({ source: "orders", mode: "append", filters: [...filters] });
  const chained = mapping.filters.map((filter) => ({ ...filter, policy: null }));
  const surroundings = { link: "eu-to-us", mapping, source: {}, destination: {}, directories: [FILTERS] };
  const chain = await FilterChain.create({ ...surroundings, filters: chained, ...options });
  chains.push(chain);
  return chain;
}

const scripted = (does: string, options: Readonly<Record<string, unknown>> = {}): FilterUse => ({
  use: "./scripted.ts",
  options: { does, ...options },
});

/** What became of each record: its value where it crosses, null where it does not. */
function values({ batch, edits }: FilteredBatch): (string | null)[] {
  return Array.from({ length: batch.count }, (_, index) => {
    const edit = edits?.[index] ?? null;
    if (edit?.verb === "drop") return null;
    const value = edit?.value === undefined ? batch.record(index).value : edit.value;
    return value === null ? "" : text.decode(value);
  });
}

/** A quarantine that is told of failures and answers when the test says so. */
function quarantine(answer: () => Promise<void> = async () => {}) {
  const failures: FilterFailure[] = [];
  const take = (failure: FilterFailure) => {
    failures.push(failure);
    return answer();
  };
  return { failures, take };
}

describe("without filters", () => {
  test("a batch crosses as it is and is counted", async () => {
    const { edits, evidence } = await (await chainOf([])).apply(plainBatchOf("a", "b"), null);
    expect(edits).toBeNull();
    expect(evidence).toMatchObject({ read: 2, kept: 2, replaced: 0 });
  });

  test("a batch without records counts nothing", async () => {
    const { evidence } = await (await chainOf([scripted("drop")])).apply(plainBatchOf(), null);
    expect(evidence).toMatchObject({ read: 0, kept: 0, dropped: {} });
  });
});

for (const later of [false, true]) {
  describe(later ? "filters that answer later" : "filters that answer at once", () => {
    test("keep, replace and drop each record, and each is counted once", async () => {
      const chain = await chainOf([
        scripted("append", { when: "r", argument: "!", later }),
        scripted("drop", { when: "d", later }),
      ]);
      const filtered = await chain.apply(plainBatchOf("k", "r", "d", "r d"), null);
      expect(values(filtered)).toEqual(["k", "r!", null, null]);
      expect(filtered.evidence).toEqual({
        read: 4,
        kept: 1,
        replaced: 1,
        changed: { "./scripted.ts": { "$.end": 2 } },
        dropped: { "./scripted.ts": 2 },
        monitored: {},
        quarantined: 0,
        expired: 0,
      });
    });

    test("see what earlier filters made of a record, in the mapping's order", async () => {
      const chain = await chainOf([
        scripted("append", { argument: "1", later }),
        scripted("append", { argument: "2", when: "1" }),
        scripted("append", { argument: "3", when: "12", later }),
      ]);
      const filtered = await chain.apply(plainBatchOf("a", "b"), null);
      expect(values(filtered)).toEqual(["a123", "b123"]);
      expect(filtered.evidence).toMatchObject({ replaced: 2, changed: { "./scripted.ts": { "$.end": 6 } } });
    });

    test("do not see a record any more that was dropped", async () => {
      const chain = await chainOf([scripted("drop", { later }), scripted("throw")]);
      expect(values(await chain.apply(plainBatchOf("a"), null))).toEqual([null]);
    });

    test("change key, value and headers each for itself", async () => {
      const chain = await chainOf([
        scripted("append", { argument: "!", later }),
        scripted("set key", { argument: "k", later }),
        scripted("add header", { argument: "h1", later }),
        scripted("add header", { argument: "h2", later }),
      ]);
      const record = plainRecord("v", 0, { headers: [{ name: "h0", value: null }] });
      const { edits } = await chain.apply(plainBatch([record]), null);
      const edit = edits?.[0] as Replace;
      expect(text.decode(edit.key as Uint8Array)).toBe("k");
      expect(text.decode(edit.value as Uint8Array)).toBe("v!");
      expect(edit.headers?.map(({ name }) => name)).toEqual(["h0", "h1", "h2"]);
    });

    test("cannot bring back what an earlier one took out by leaving it undefined", async () => {
      const chain = await chainOf([
        scripted("append", { argument: "!", later }),
        scripted("touch nothing", { later }),
        scripted("append", { argument: "?", when: "!" }),
      ]);
      expect(values(await chain.apply(plainBatchOf("a"), null))).toEqual(["a!?"]);
    });
  });
}

test("an asynchronous filter is given one record of a batch at a time", async () => {
  const chain = await chainOf([scripted("append", { argument: "!", later: true })]);
  expect(values(await chain.apply(plainBatchOf("a", "b", "c"), null))).toEqual(["a!", "b!", "c!"]);
});

describe("a record that a filter fails on", () => {
  const failing = (does: string, options = {}) => scripted(does, { when: "bad", ...options });

  test("rejects the batch where there is no quarantine, saying which filter and which record", async () => {
    const chain = await chainOf([failing("throw what strait throws")]);
    const failure = await failureOf(chain.apply(plainBatchOf("a", "bad"), null));
    expect(failure.code).toBe("filter-failed");
    expect(failure.retriable).toBe(false);
    expect(failure.facts).toEqual({ topic: "orders", partition: 1, offset: 1 });
    expect(failure.message).toBe(
      "filter ./scripted.ts cannot handle orders/1 offset 1: the value is not JSON at byte 3",
    );
  });

  test.each([
    ["throw", "it threw TypeError"],
    ["throw text", "it threw string"],
    ["throw another of strait's", "it threw StraitError"],
  ])("does not give its content away when filters %s", async (does, kind) => {
    for (const later of [false, true]) {
      const chain = await chainOf([failing(does, { later })]);
      const { message } = await failureOf(chain.apply(plainBatchOf("bad iban DE44"), null));
      expect(message).toContain(kind);
      expect(message).not.toContain("DE44");
    }
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a boolean", true],
    ["text", "keep"],
    ["no verb", {}],
    ["an unknown verb", { verb: "pass" }],
    ["a value that is text", { verb: "replace", value: "bad", changed: [] }],
    ["a key that is a list", { verb: "replace", key: [1], changed: [] }],
    ["headers that are a map", { verb: "replace", headers: { a: "b" }, changed: [] }],
    ["a header with text", { verb: "replace", headers: [{ name: "a", value: "b" }], changed: [] }],
    ["a header whose name ends early", { verb: "replace", headers: [{ name: "a\0b", value: null }], changed: [] }],
    ["no list of changes", { verb: "replace", value: null }],
  ])("is one it answers %s for", async (_, argument) => {
    for (const later of [false, true]) {
      const chain = await chainOf([failing("answer", { argument, later })]);
      const { code, message } = await failureOf(chain.apply(plainBatchOf("bad"), null));
      expect(code).toBe("filter-failed");
      expect(message).toStartWith("filter ./scripted.ts cannot handle orders/1 offset 0: its answer");
    }
  });

  test("is one it does not answer in time for", async () => {
    const chain = await chainOf([failing("never answer")], { limits: { answerMs: 20 } });
    const { message } = await failureOf(chain.apply(plainBatchOf("bad"), null));
    expect(message).toEndWith("it has not answered for 0.02 s");
  });

  test("is set aside and left out, the others cross", async () => {
    const { failures, take } = quarantine();
    const chain = await chainOf([scripted("append", { argument: "!" }), failing("throw")]);
    const filtered = await chain.apply(plainBatchOf("a", "bad", "b", "bad too"), take);
    expect(values(filtered)).toEqual(["a!", null, "b!", null]);
    expect(filtered.evidence).toMatchObject({ read: 4, kept: 0, replaced: 2, quarantined: 2, dropped: {} });
    expect(failures.map(({ index, filter, words }) => [index, filter, words])).toEqual([
      [1, "./scripted.ts", "cannot read bad!"],
      [3, "./scripted.ts", "cannot read bad too!"],
    ]);
  });

  test("is handed over as it was at the source, not as earlier filters made it", async () => {
    const { failures, take } = quarantine();
    const chain = await chainOf([scripted("append", { argument: "!" }), failing("throw")]);
    await chain.apply(plainBatchOf("bad"), take);
    expect(text.decode(failures[0]?.record.value as Uint8Array)).toBe("bad");
  });

  test("is safe in quarantine before anything of its batch goes on", async () => {
    const safe = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const chain = await chainOf([failing("throw")]);
    let settled = false;
    const applied = chain
      .apply(plainBatchOf("a", "bad", "b"), () => {
        asked.resolve();
        return safe.promise;
      })
      .then((filtered) => {
        settled = true;
        return filtered;
      });
    await asked.promise;
    await new Promise(setImmediate);
    expect(settled).toBe(false);
    safe.resolve();
    expect(values(await applied)).toEqual(["a", null, "b"]);
  });

  test("that cannot be set aside holds its batch back", async () => {
    const chain = await chainOf([failing("throw")]);
    const full = quarantine(() => Promise.reject(new Error("quarantine is full")));
    await expect(chain.apply(plainBatchOf("a", "bad"), full.take)).rejects.toThrow("quarantine is full");
  });
});

describe("the digest", () => {
  const digestOf = async (...args: Parameters<typeof chainOf>) => (await chainOf(...args)).digest;

  test("is the same for the same filters", async () => {
    const filters = [scripted("drop"), scripted("append", { argument: "1" })];
    expect(await digestOf(filters)).toBe(await digestOf(structuredClone(filters)));
  });

  test("changes with the options, the order and the number of filters", async () => {
    const a = scripted("drop", { when: "a" });
    const b = scripted("drop", { when: "b" });
    const digests = await Promise.all([[], [a], [b], [a, b], [b, a], [a, a]].map((filters) => digestOf(filters)));
    expect(new Set(digests).size).toBe(6);
  });

  test("changes with the code of a filter file, and so does what the filter does", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "own.ts");
    const code = (verb: string) =>
      `export default { name: "own", description: "", options: {}, create: () => ({ apply: () => ({ verb: "${verb}" }) }) };`;
    const created = async (verb: string) => {
      writeFileSync(file, code(verb));
      return await chainOf([{ use: "./own.ts" }], { directories: [directory.path] });
    };
    const keeping = await created("keep");
    const dropping = await created("drop");
    expect(keeping.digest).not.toBe(dropping.digest);
    expect(values(await keeping.apply(plainBatchOf("a"), null))).toEqual(["a"]);
    expect(values(await dropping.apply(plainBatchOf("a"), null))).toEqual([null]);
  });

  test("does not depend on a secret, only on the reference to it", async () => {
    const digestWith = async (secret: string, name: string) => {
      process.env[name] = secret;
      try {
        return await digestOf([{ use: "./keeps-secret.ts", options: { key: `\${env:${name}}` } }]);
      } finally {
        delete process.env[name];
      }
    };
    const one = await digestWith("one", "STRAIT_TEST_KEY");
    expect(await digestWith("two", "STRAIT_TEST_KEY")).toBe(one);
    expect(await digestWith("one", "STRAIT_TEST_OTHER_KEY")).not.toBe(one);
  });
});

describe("making the filters", () => {
  test("fails for a secret that is written down where a reference belongs, without repeating it", async () => {
    const failure = await failureOf(chainOf([{ use: "./keeps-secret.ts", options: { key: "hunter2" } }]));
    expect(failure.code).toBe("secret-unavailable");
    expect(failure.message).not.toContain("hunter2");
  });

  test("fails for a secret that is not there, naming the reference", async () => {
    const options = { key: "$" + "{env:STRAIT_TEST_NO_SUCH_KEY}" };
    const failure = await failureOf(chainOf([{ use: "./keeps-secret.ts", options }]));
    expect(failure.code).toBe("secret-unavailable");
    expect(failure.message).toContain("STRAIT_TEST_NO_SUCH_KEY");
  });

  test("fails for a filter that throws then, naming it", async () => {
    const failure = await failureOf(chainOf([scripted("dance")]));
    expect(failure.code).toBe("filter-invalid");
    expect(failure.message).toBe('filter ./scripted.ts could not be made: no behaviour "dance"');
  });

  test("fails for a file outside the directories", async () => {
    using directory = temporaryDirectory();
    copyFileSync(join(FILTERS, "scripted.ts"), join(directory.path, "scripted.ts"));
    const use = join(directory.path, "scripted.ts");
    expect((await failureOf(chainOf([{ use, options: { does: "drop" } }]))).code).toBe("filter-invalid");
  });
});

describe("closing", () => {
  const closing = (file: string, as: string, ending = "well"): FilterUse => ({
    use: "./closes.ts",
    options: { file, as, ending },
  });

  test.each(["throw", "hang"])("closes every filter, also where one does not: %s", async (ending) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "closed");
    await (await chainOf([closing(file, "a", ending), closing(file, "b")])).close();
    expect(readFileSync(file, "utf8")).toBe("a b ");
  });

  test("a chain that cannot be made closes what was made of it", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "closed");
    await failureOf(chainOf([closing(file, "a"), scripted("dance")]));
    expect(readFileSync(file, "utf8")).toBe("a ");
  });

  test("ends what is under way", async () => {
    const chain = await chainOf([scripted("never answer")]);
    const applied = failureOf(chain.apply(plainBatchOf("a"), null));
    await chain.close();
    expect((await applied).code).toBe("closed");
  });
});
