import { expect, test } from "bun:test";
import fc from "fast-check";
import { type ServerSentEvent, serverSentEvents } from "../../../src/cli/events/server-sent-events.ts";

/** The bytes in chunks that end at these places. */
function streamOf(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...places, bytes.length];
  return new ReadableStream({
    start(controller) {
      for (let index = 1; index < bounds.length; index++) {
        controller.enqueue(bytes.slice(bounds[index - 1], bounds[index]));
      }
      controller.close();
    },
  });
}

async function eventsOf(text: string, cuts: readonly number[] = []): Promise<(ServerSentEvent | null)[]> {
  return await Array.fromAsync(serverSentEvents(streamOf(new TextEncoder().encode(text), cuts)));
}

test("an event has its name and its data, of several lines where it has them", async () => {
  expect(await eventsOf("event: lag\ndata: {\ndata: }\nid: 7\n\ndata:bare\n\n")).toEqual([
    { event: "lag", data: "{\n}" },
    { event: "message", data: "bare" },
  ]);
});

test("a comment is a sign of life, what breaks off at the end is nothing", async () => {
  expect(await eventsOf(": still here\n\nevent: state\ndata: 1\n")).toEqual([null]);
});

test("an event without data is none, and its name does not go over to the next", async () => {
  expect(await eventsOf("event: lag\n\ndata: x\n\n")).toEqual([{ event: "message", data: "x" }]);
});

test("wherever the stream is cut and however lines end, the events are the same", async () => {
  const event = fc.record({
    event: fc.stringMatching(/^[a-z]{1,8}$/),
    data: fc.array(
      fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "")),
      { minLength: 1, maxLength: 3 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 5 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (events, end, cuts) => {
        const text = events
          .map(({ event: name, data }) => [`event: ${name}`, ...data.map((line) => `data: ${line}`), "", ""].join(end))
          .join("");
        expect(await eventsOf(text, cuts)).toEqual(
          events.map(({ event: name, data }) => ({ event: name, data: data.join("\n") })),
        );
      },
    ),
  );
});
