/** A strait with secrets of every kind, used and hurt: none of them is anywhere but where it has to be. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { piped, type Running } from "../cli/command-line.ts";
import { writeTokensOfEachRole } from "../control/security/secured-control.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { freePort } from "../support/kafka/free-port.ts";
import { type GuardedKafka, startGuardedKafka } from "../support/kafka/guarded-kafka.ts";
import { produce } from "../support/produce.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { createTopic } from "../support/topics.ts";
import { until } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

const planted = (what: string) => `planted-${what}-${crypto.randomUUID()}`;

/** By the variable or file that strait has to read them from. */
const SECRETS = {
  password: planted("password"),
  wrongPassword: planted("wrong-password"),
  hashKey: planted("hash-key"),
  fileSecret: planted("file-secret"),
};
const CONTENT = planted("content");

let broker: GuardedKafka;
let directory: ReturnType<typeof temporaryDirectory>;
let tokens: ReturnType<typeof writeTokensOfEachRole>;
let strait: Running;
let url: string;
let topic: string;
beforeAll(async () => {
  broker = await startGuardedKafka({ password: SECRETS.password });
  await broker.grant("alice", "topic", "*", ["READ", "WRITE", "CREATE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"]);
  await broker.grant("alice", "group", "*", ["READ"]);
  await broker.grant("alice", "transactionalId", "*", ["WRITE"]);
  topic = await createTopic(broker, "secrets");
  const value = JSON.stringify({ id: 1, iban: CONTENT });
  await produce(broker, topic, [{ value }]);
  directory = temporaryDirectory();
  const state = join(directory.path, "state");
  mkdirSync(state, { mode: 0o700 });
  tokens = writeTokensOfEachRole(state);
  writeFileSync(join(directory.path, "secret-file"), SECRETS.fileSecret, { mode: 0o600 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  strait = piped(["up", "--listen", `127.0.0.1:${port}`, "--state", state], {
    url,
    environment: {
      STRAIT_LOG_LEVEL: "trace",
      PLANTED_PASSWORD: SECRETS.password,
      PLANTED_WRONG_PASSWORD: SECRETS.wrongPassword,
      PLANTED_HASH_KEY: SECRETS.hashKey,
    },
  });
});
afterAll(async () => {
  await strait[Symbol.asyncDispose]();
  await broker.close();
  directory[Symbol.dispose]();
});

let answers = "";

/** Sends a request as an admin; what is answered is looked through at the end. */
async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.admin}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  answers += `${response.status} ${text}\n${[...response.headers].join("\n")}\n`;
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}

const cluster = (password: string, region: string) => ({
  region,
  properties: { ...broker.propertiesOf("alice"), "sasl.password": password },
});

test("secrets are where they have to be and nowhere else", async () => {
  await until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true, Boolean, 30_000, "strait");
  await send("PUT", "/v1/clusters/east", cluster("${env:PLANTED_PASSWORD}", "eu"));
  await send("PUT", "/v1/clusters/west", cluster("${env:PLANTED_PASSWORD}", "us"));
  const made = await send("POST", "/v1/tokens", { name: "made-here", role: "viewer" });
  const { token } = made.body as { token: string };
  answers = answers.replace(token, "(shown once, as it must be)");

  await hurt();
  const fields = [{ path: "$.iban", action: "hash", key: "${env:PLANTED_HASH_KEY}" }];
  const filters = [{ use: "redact", options: { fields } }];
  const mapping = { source: topic, destination: `${topic}-copy`, mode: "append", filters, onFailure: "stop" };
  await send("POST", "/v1/links", { name: "l", source: "east", destination: "west", mappings: [mapping] });
  const lag = async () => JSON.stringify((await send("GET", "/v1/links/l/lag")).body);
  await until(lag, (text) => text.includes('"nextOffset":1'), 60_000, "the lag after a record");
  await produce(broker, topic, [{ value: `no JSON ${CONTENT}` }]);
  await until(lag, (text) => text.includes('"failed"'), 60_000, "the lag after a record that is none");
  const processes = processesBelow(pidOfStrait());
  const before = answers.length;
  await send("POST", `/v1/links/l/mappings/${topic}/preview`, { records: 1 });
  // The one answer with records in it, for those who may see them.
  const preview = answers.slice(before);
  await everyAnswer();

  const searched = {
    answers,
    log: strait.err + strait.out,
    state: filesIn(join(directory.path, "state")),
    commandLines: processes.map((pid) => procFile(pid, "cmdline")).join("\n"),
  };
  for (const [name, secret] of Object.entries({ ...SECRETS, ...tokens, token })) {
    for (const [place, text] of Object.entries(searched)) {
      for (const form of formsOf(secret)) expect([name, place, text.includes(form)]).toEqual([name, place, false]);
    }
  }
  // The search would find them: both processes have them in their environment.
  expect(processes.length).toBeGreaterThan(1);
  expect(processes.every((pid) => procFile(pid, "environ").includes(SECRETS.password))).toBe(true);
  expect(searched.log).toContain("strait is up");
  expect(preview).toContain(CONTENT);
  expect(searched.log + searched.state + answers.replace(preview, "")).not.toContain(CONTENT);
});

/** Everything that may go wrong with a secret at hand. */
async function hurt(): Promise<void> {
  const wrong = await send("PUT", "/v1/clusters/wrong", cluster("${env:PLANTED_WRONG_PASSWORD}", "eu"));
  expect(wrong.status).toBe(422);
  const literal = await send("PUT", "/v1/clusters/literal", cluster(SECRETS.fileSecret, "eu"));
  expect(literal.status).toBe(422);
  await send("PUT", "/v1/clusters/missing", cluster("${env:PLANTED_BUT_NOT_SET}", "eu"));
  const file = `\${file:${join(directory.path, "secret-file")}}`;
  await send("PUT", "/v1/clusters/file", cluster(file, "eu"));
  await send("GET", `/v1/links/${tokens.operator}`);
  for (const wrongToken of [tokens.expired, `${tokens.viewer}x`]) {
    const response = await fetch(`${url}/v1/links`, { headers: { authorization: `Bearer ${wrongToken}` } });
    answers += await response.text();
  }
  const login = await fetch(`${url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: tokens.viewer, extra: tokens.viewer }),
  });
  answers += await login.text();
}

async function everyAnswer(): Promise<void> {
  const { paths } = (await send("GET", "/openapi.json")).body as { paths: Record<string, Record<string, unknown>> };
  const names: Readonly<Record<string, string>> = { cluster: "east", link: "l", mapping: topic };
  for (const [path, operations] of Object.entries(paths)) {
    if (operations["get"] === undefined || path === "/v1/events") continue;
    await send(
      "GET",
      path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? "none"),
    );
  }
}

/** A secret as it is, and as it would be hidden in something else. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("hex"), encodeURIComponent(secret)];
}

function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** The process that holds the state directory. */
function pidOfStrait(): number {
  const { pid } = JSON.parse(readFileSync(join(directory.path, "state", "lock"), "utf8")) as { pid: number };
  return pid;
}

/** A process and those it started, as proc(5) has them. */
function processesBelow(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
  return [pid, ...children.flatMap(processesBelow)];
}

function parentOf(pid: number): number {
  const stat = procFile(pid, "stat");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** "" for a process that is gone. */
function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return ""; // it has ended meanwhile
  }
}
