/** A connection that strait reads and writes itself, against a server that does what brokers do not. */

import { describe, expect, test } from "bun:test";
import { type AddressInfo, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { connectionSettings } from "../../src/wire/connection-options.ts";
import { RawConnection } from "../../src/wire/raw-connection.ts";
import { failureOf } from "../support/failure-of.ts";

const KIND = { key: 1, version: 11, flexible: false } as const;
const FLEXIBLE = { key: 1, version: 13, flexible: true } as const;
const API_VERSIONS = 18;

interface Request {
  readonly key: number;
  readonly version: number;
  readonly correlationId: number;
  /** Behind the client's name. */
  readonly body: Buffer;
}

/** Runs `work` with a connection to a server that answers what is asked as `answer` does. */
async function connected(
  answer: (request: Request, socket: Socket) => void,
  work: (connection: RawConnection) => Promise<void>,
  timeoutMs = 10_000,
): Promise<void> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("error", () => {}); // the other end goes away when it wants
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const request = parsed(received.subarray(4, 4 + received.readInt32BE(0)));
        received = received.subarray(4 + received.readInt32BE(0));
        if (request.key === API_VERSIONS) socket.write(frame(request.correlationId, Buffer.from(VERSIONS)));
        else answer(request, socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const settings = await connectionSettings({ "bootstrap.servers": `127.0.0.1:${port}`, "client.id": "raw" });
  const connection = await RawConnection.open({ host: "127.0.0.1", port }, `127.0.0.1:${port}`, settings, timeoutMs);
  try {
    await work(connection);
  } finally {
    connection.close();
    server.close();
  }
}

/** An ApiVersions answer, version 0: Fetch in versions 4 to 17. */
const VERSIONS = [0, 0, 0, 0, 0, 1, 0, 1, 0, 4, 0, 17];

function parsed(request: Buffer): Request {
  const name = request.readInt16BE(8);
  return {
    key: request.readInt16BE(0),
    version: request.readInt16BE(2),
    correlationId: request.readInt32BE(4),
    body: request.subarray(10 + name),
  };
}

function frame(correlationId: number, content: Buffer): Buffer {
  const bytes = Buffer.alloc(8 + content.length);
  bytes.writeInt32BE(4 + content.length, 0);
  bytes.writeInt32BE(correlationId, 4);
  content.copy(bytes, 8);
  return bytes;
}

describe("exchange", () => {
  test("sends the parts behind a header and gets what is behind the answer's", async () => {
    await connected(
      ({ correlationId, body }, socket) => socket.write(frame(correlationId, body)),
      async (connection) => {
        const answer = await connection.exchange(KIND, [Buffer.from("ab"), Buffer.from("c")]);
        expect(answer.toString()).toBe("abc");
        // With tagged fields both headers end in a byte for none of them.
        const flexible = await connection.exchange(FLEXIBLE, [Buffer.from("d")]);
        expect([...flexible]).toEqual([..."d"].map((letter) => letter.charCodeAt(0)));
      },
    );
  });

  test("gives each of many the answer to its request, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
        async (contents, cuts) => {
          const frames: Buffer[] = [];
          await connected(
            ({ correlationId, body }, socket) => {
              frames.push(frame(correlationId, body));
              if (frames.length < contents.length) return;
              let bytes = Buffer.concat(frames);
              for (let i = 0; bytes.length > 0; i++) {
                const length = cuts[i % cuts.length] as number;
                socket.write(bytes.subarray(0, length));
                bytes = bytes.subarray(length);
              }
            },
            async (connection) => {
              const answers = contents.map((content) => connection.exchange(KIND, [Buffer.from(content)]));
              const found = (await Promise.all(answers)).map((answer) => [...answer]);
              expect(found).toEqual(contents.map((content) => [...content]));
            },
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("puts the answer into the memory it is given", async () => {
    const memory = Buffer.alloc(1000);
    await connected(
      ({ correlationId, body }, socket) => socket.write(frame(correlationId, body)),
      async (connection) => {
        const answer = await connection.exchange(KIND, [Buffer.from("abc")], () => memory);
        expect([answer.buffer === memory.buffer, answer.toString()]).toEqual([true, "abc"]);
      },
    );
  });

  test("offers what the broker does", async () => {
    await connected(
      () => {},
      async (connection) => {
        expect([KIND, { key: 1, version: 18 }, { key: 0, version: 8 }].map((kind) => connection.offers(kind))).toEqual([
          true,
          false,
          false,
        ]);
      },
    );
  });
});

describe("rejects, and is of no use any more,", () => {
  test.each<[string, (request: Request) => Buffer, string]>([
    [
      "an answer to another request",
      ({ correlationId }) => frame(correlationId + 1, Buffer.alloc(3)),
      "nothing that was asked",
    ],
    ["a negative length", () => Buffer.from([255, 255, 255, 255, 0]), "an answer of -1 bytes"],
    ["a length that takes all memory", () => Buffer.from([127, 255, 255, 255, 0]), "an answer of 2147483647 bytes"],
    ["a length too short for a header", () => Buffer.from([0, 0, 0, 2, 0, 0]), "an answer of 2 bytes"],
  ])("on %s", async (_, answer, words) => {
    await connected(
      (request, socket) => socket.write(answer(request)),
      async (connection) => {
        const failures = [connection.exchange(KIND, []), connection.exchange(KIND, [])].map(failureOf);
        const [first] = await Promise.all(failures);
        expect(first?.message).toContain(words);
        expect(connection.usable).toBe(false);
        expect((await failureOf(connection.exchange(KIND, []))).message).toContain(words);
      },
    );
  });

  test("where there is no answer in time", async () => {
    await connected(
      () => {},
      async (connection) => {
        expect(await failureOf(connection.exchange(KIND, []))).toMatchObject({ code: "timeout", retriable: true });
      },
      500,
    );
  });

  test("when the connection breaks in the middle of an answer", async () => {
    await connected(
      ({ correlationId }, socket) => {
        socket.end(frame(correlationId, Buffer.alloc(100)).subarray(0, 50));
      },
      async (connection) => {
        expect(await failureOf(connection.exchange(KIND, []))).toMatchObject({
          code: "cluster-unreachable",
          retriable: true,
        });
      },
    );
  });

  test("after it was closed, twice", async () => {
    await connected(
      () => {},
      async (connection) => {
        const waiting = failureOf(connection.exchange(KIND, []));
        connection.close();
        connection.close();
        expect([(await waiting).code, (await failureOf(connection.exchange(KIND, []))).code]).toEqual([
          "closed",
          "closed",
        ]);
      },
    );
  });
});
