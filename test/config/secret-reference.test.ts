import { afterEach, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReference, resolveProperties, resolveReference } from "../../src/config/secret-reference.ts";
import { failureOf } from "../support/failure-of.ts";

const VARIABLE = "STRAIT_TEST_SECRET_REFERENCE";

afterEach(() => {
  delete process.env[VARIABLE];
});

test("only a text that is a reference as a whole is one", () => {
  const texts = ["${env:A}", "${file:/run/secrets/a b}", "a", "x${env:A}", "${env:A}${env:B}", "${env:}", "${vault:a}"];
  expect(texts.map(isReference)).toEqual([true, true, false, false, false, false, false]);
});

test("an environment reference gives the variable's value", async () => {
  process.env[VARIABLE] = "hunter2";
  expect(await resolveReference(`\${env:${VARIABLE}}`)).toBe("hunter2");
});

test("text that is no reference is returned as it is", async () => {
  expect(await resolveReference("localhost:9092")).toBe("localhost:9092");
});

test("a missing variable is named", async () => {
  const error = await failureOf(resolveReference(`\${env:${VARIABLE}}`));
  expect({ code: error.code, message: error.message }).toEqual({
    code: "secret-unavailable",
    message: `the secret \${env:${VARIABLE}} is not set: there is no environment variable ${VARIABLE}`,
  });
});

test("an empty variable is no secret", async () => {
  process.env[VARIABLE] = "";
  expect((await failureOf(resolveReference(`\${env:${VARIABLE}}`))).message).toContain("is empty");
});

test("of a file one newline at the end is not part of the secret", async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "one"), "hunter2\n");
    await writeFile(join(folder, "two"), " hunter2 \r\n\n");
    const secrets = [
      await resolveReference(`\${file:${folder}/one}`),
      await resolveReference(`\${file:${folder}/two}`),
    ];
    expect(secrets).toEqual(["hunter2", " hunter2 \r\n"]);
  });
});

test("a file that cannot be read is named, with the reason", async () => {
  const error = await failureOf(resolveReference("${file:/no/such/file}"));
  expect({ code: error.code, message: error.message }).toEqual({
    code: "secret-unavailable",
    message: "the secret ${file:/no/such/file} cannot be read: ENOENT",
  });
});

test("properties are resolved one by one and the others left alone", async () => {
  process.env[VARIABLE] = "hunter2";
  const properties = { "sasl.username": "alice", "sasl.password": `\${env:${VARIABLE}}` };
  expect(await resolveProperties(properties)).toEqual({ "sasl.username": "alice", "sasl.password": "hunter2" });
});

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "strait-secret-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
