import { describe, expect, test } from "bun:test";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { clientOf } from "../support/cluster-client.ts";
import { failureOf } from "../support/failure-of.ts";
import { freePort } from "../support/kafka/free-port.ts";

test("servers that are not there are named with the reason", async () => {
  const servers = [`localhost:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  await using client = clientOf(servers.join(","));
  const error = await failureOf(client.check(5000));
  expect({ code: error.code, retriable: error.retriable, message: error.message }).toEqual({
    code: "cluster-unreachable",
    retriable: true,
    message: `cannot reach any of ${servers.join(", ")}: connection refused`,
  });
});

test("a host name that does not exist is said to be that", async () => {
  await using client = clientOf("broker.invalid:9092");
  const { message } = await failureOf(client.check(5000));
  expect(message).toMatch(
    /^cannot reach any of broker\.invalid:9092: (no such host name|the name server does not answer)$/,
  );
});

test("servers with different reasons are told one by one", async () => {
  const port = await freePort();
  await using client = clientOf(`127.0.0.1:${port},broker.invalid`);
  const { message } = await failureOf(client.check(5000));
  expect(message).toContain(`127.0.0.1:${port}: connection refused; broker.invalid:9092: `);
});

describe("a server that accepts and never answers is given up in time", () => {
  test.each([
    ["in the clear", {}],
    ["with TLS", { "security.protocol": "ssl" }],
    [
      "with SASL",
      { "security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN", "sasl.username": "a", "sasl.password": "b" },
    ],
  ])("%s", async (_, properties: Record<string, string>) => {
    await withServer(
      (socket) => socket.resume(),
      async (address) => {
        await using client = clientOf(address, properties);
        const started = Date.now();
        const error = await failureOf(client.check(700));
        expect({
          code: error.code,
          inTime: Date.now() - started < 1200,
          named: error.message.includes(address),
        }).toEqual({
          code: "timeout",
          inTime: true,
          named: true,
        });
      },
    );
  });

  test("also by calls that try again", async () => {
    await withServer(
      (socket) => socket.resume(),
      async (address) => {
        await using client = clientOf(address, {}, { requestTimeoutMs: 900 });
        const started = Date.now();
        const error = await failureOf(client.topics());
        expect({ retriable: error.retriable, inTime: Date.now() - started < 1400 }).toEqual({
          retriable: true,
          inTime: true,
        });
      },
    );
  });
});

test("something that is no Kafka is not mistaken for one", async () => {
  const server = createHttpServer((_, response) => response.end("hello"));
  await listening(server);
  try {
    await using client = clientOf(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    const error = await failureOf(client.check(2000));
    expect(error.code).toBeOneOf(["cluster-unreachable", "timeout"]);
  } finally {
    server.close();
  }
});

test("bytes that are no answer to anything fail the check and nothing else", async () => {
  await withServer(
    (socket) => socket.write(Buffer.alloc(64, 1)),
    async (address) => {
      await using client = clientOf(address);
      const error = await failureOf(client.check(2000));
      expect(error.code).toBeOneOf(["cluster-unreachable", "timeout"]);
    },
  );
});

async function withServer(
  onConnection: (socket: Socket) => void,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // the client hangs up as it likes
    onConnection(socket);
  });
  await listening(server);
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}
