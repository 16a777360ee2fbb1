/** What no well-meaning client sends, over a real connection: clear 4xx, never 5xx, and memory stays flat. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import fc from "fast-check";
import { HttpProblem, problemResponse } from "../../../src/control/problem.ts";
import { readJson } from "../../../src/control/request-body.ts";
import { serve } from "../../../src/control/serve.ts";
import { type SecuredControl, securedControl } from "./secured-control.ts";

setDefaultTimeout(60_000);

let secured: SecuredControl;
beforeAll(async () => {
  secured = await securedControl();
});
afterAll(() => secured[Symbol.asyncDispose]());

/** Sends text as it is and returns the answer's status; null if the connection was closed without one. */
async function raw(text: string): Promise<number | null> {
  const { port } = new URL(secured.subject.control.url);
  return await new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
    const done = () => resolve(statusIn(answer));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (statusIn(answer) !== null) socket.destroy();
    });
    socket.on("close", done);
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? done() : reject(error)));
    socket.setTimeout(10_000, () => reject(new Error(`no answer to ${JSON.stringify(text.slice(0, 80))}`)));
  });
}

function statusIn(answer: string): number | null {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? null : Number(status);
}

const admin = () => `authorization: Bearer ${secured.tokens.admin}\r\n`;
const head = (line: string, host = "Host: localhost\r\n") =>
  `${line} HTTP/1.1\r\n${host}${admin()}connection: close\r\n`;

describe("paths", () => {
  test.each<[string]>([
    ["/v1/../../../etc/passwd"],
    ["/v1/links/..%2f..%2fetc%2fpasswd"],
    ["/v1/links/%2e%2e/%2e%2e/etc/passwd"],
    ["/%2e%2e/%2e%2e/etc/passwd"],
    ["/..%5c..%5cwindows"],
    ["//v1/links"],
    ["/v1//links"],
    ["/v1/links/"],
    ["/V1/links"],
    ["/v1/links;a=b"],
    ["/v1/links%00"],
    ["/v1/links/%00"],
    ["/v1/links/%ff%fe"],
    ["/v1/links/%"],
    ["/v1/links/%E0%A4%A"],
    ["/v1/clusters/__proto__"],
    ["/v1/clusters/constructor/topics"],
    ["/v1/policies/hasOwnProperty"],
    ["/state.json"],
    ["/.strait/tokens.json"],
  ])("%s is 404", async (path) => {
    expect(await raw(`${head(`GET ${path}`)}\r\n`)).toBe(404);
  });

  test("a very long one is 404", async () => {
    expect(await raw(`${head(`GET /v1/links/${"a".repeat(8000)}`)}\r\n`)).toBe(404);
  });
});

describe("heads", () => {
  test.each<[string, () => string, readonly (number | null)[]]>([
    ["no host", () => head("GET /v1/links", ""), [400]],
    ["a host that is none", () => head("GET /v1/links", "Host: a b\r\n"), [400]],
    ["a host that is half an address", () => head("GET /v1/links", "Host: [::1\r\n"), [400]],
    ["HTTP/1.0 without a host", () => `GET /v1/links HTTP/1.0\r\n${admin()}`, [400]],
    ["a very long header", () => `${head("GET /v1/links")}x: ${"y".repeat(200_000)}\r\n`, [431, null]],
    ["very many headers", () => `${head("GET /v1/links")}${"x: y\r\n".repeat(5_000)}`, [431, null]],
    ["an unknown method", () => head("BREW /v1/links"), [400, 405, null]],
    ["a tunnel", () => head("CONNECT localhost:1"), [400, 404, 405, null]],
    ["no path", () => head("OPTIONS *"), [400, 404]],
    ["a length below zero", () => `${head("POST /v1/links")}content-length: -5\r\n`, [400]],
    ["two lengths", () => `${head("POST /v1/links")}content-length: 5\r\ncontent-length: 6\r\n`, [400]],
    [
      "a length and chunks",
      () => `${head("POST /v1/links")}content-length: 5\r\ntransfer-encoding: chunked\r\n`,
      [400],
    ],
    ["two tokens", () => `${head("GET /v1/links")}${admin()}`, [401]],
    ["a token with a line end", () => `${head("GET /v1/links")}authorization: Bearer a\n b\r\n`, [400, 401]],
  ])("%s", async (_title, text, expected) => {
    expect(expected).toContain(await raw(`${text()}\r\n`));
  });
});

describe("bodies", () => {
  const post = (headers: string, body: string) => raw(`${head("POST /v1/links")}${headers}\r\n${body}`);

  test.each<[string, string, string, number]>([
    ["of another type", "content-type: text/plain\r\ncontent-length: 2\r\n", "{}", 415],
    ["of a form", "content-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n", "a=b", 415],
    ["of many parts", "content-type: multipart/form-data; boundary=x\r\ncontent-length: 2\r\n", "{}", 415],
    ["of a type that is none", "content-type: ;;;\r\ncontent-length: 2\r\n", "{}", 415],
    ["of no type", "content-length: 2\r\n", "{}", 415],
    ["that say they are huge", "content-type: application/json\r\ncontent-length: 2000000\r\n", "{", 413],
    [
      "that say they are beyond all measure",
      "content-type: application/json\r\ncontent-length: 99999999999\r\n",
      "{",
      413,
    ],
    [
      "that turn out huge",
      "content-type: application/json\r\ntransfer-encoding: chunked\r\n",
      `${`10000\r\n${"x".repeat(65_536)}\r\n`.repeat(20)}0\r\n\r\n`,
      413,
    ],
    ["that are empty", "content-type: application/json\r\ncontent-length: 0\r\n", "", 400],
  ])("%s", async (_title, headers, body, status) => {
    expect(await post(headers, body)).toBe(status);
  });

  test("that any JSON makes up are refused where they are wrong, never with a failure of ours", async () => {
    const { send, tokens } = secured;
    const targets = ["/v1/links", "/v1/tokens", "/v1/session"];
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom(...targets), async (body, path) => {
        const { status } = await send("POST", path, { token: tokens.admin, body });
        return [400, 401, 422].includes(status);
      }),
      { numRuns: 300 },
    );
  });

  test("that are any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (body) => {
        const { status } = await secured.send("PATCH", "/v1/policies", { token: secured.tokens.admin, body });
        return [400, 422].includes(status);
      }),
      { numRuns: 300 },
    );
  });

  /** A body of which a part comes now and the rest never. */
  const trickling = (onCancel: () => void) =>
    new Request("http://localhost/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"name":')),
        cancel: onCancel,
      }),
    });

  test("that do not come to an end are given up", async () => {
    const cancelled = Promise.withResolvers<void>();
    const failure = await readJson(trickling(cancelled.resolve), { timeoutMs: 20 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpProblem);
    expect(failure).toMatchObject({ status: 408, headers: { connection: "close" } });
    await cancelled.promise;
  });
});

test("a client that sends a byte now and then is answered 408 and cut off", async () => {
  const server = serve({
    host: "127.0.0.1",
    port: 0,
    fetch: (request) => readJson(request, { timeoutMs: 100 }).then(() => new Response("read"), problemResponse),
  });
  const text = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
  const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
  const trickle = setInterval(() => socket.write(" "), 10);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  socket.on("error", () => undefined); // a byte may be on its way when the other side is gone
  await new Promise((resolve) => socket.on("close", resolve));
  clearInterval(trickle);
  expect(statusIn(answer)).toBe(408);
  await server.stop();
});

test("ten thousand bad requests leave nothing behind", async () => {
  const bad = async (index: number) => {
    const kinds = [
      { token: `strait_${String(index).padStart(43, "x")}` },
      { headers: { cookie: `strait_session=${index}` } },
      { headers: { host: `${index}.example.org:bad` } },
      { body: { token: `wrong ${index}` } },
      {},
    ];
    const path = index % kinds.length === 3 ? "/v1/session" : `/v1/links/${index}`;
    const method = index % kinds.length === 3 ? "POST" : "GET";
    const { status } = await secured.send(method, path, kinds[index % kinds.length]);
    if (status < 400 || status >= 500) throw new Error(`request ${index}: status ${status}`);
  };
  const heapAfter = async (from: number, to: number) => {
    for (let index = from; index < to; index++) await bad(index);
    Bun.gc(true);
    return process.memoryUsage().heapUsed;
  };
  // The clients that are remembered fill up to their bound first.
  const before = await heapAfter(0, 2_000);
  const after = await heapAfter(2_000, 12_000);
  expect(after - before).toBeLessThan(8 * 1024 * 1024);
});
