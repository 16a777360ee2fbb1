/** Reads a stream of server-sent events (WHATWG HTML, 9.2.6). */

export interface ServerSentEvent {
  /** `message` where none was named. */
  readonly event: string;
  readonly data: string;
}

/** The longest line that is taken: a link's lag is far shorter. What is longer is no stream of strait. */
const MAX_LINE = 16 * 1024 * 1024;

/**
 * The events in their order. What is cut off at the end is no event. Comments are given as `null`: they say that the other
 * side is alive. Ending the iteration early cancels the stream.
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent | null> {
  let event = "";
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
      event = "";
      data = [];
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? [];
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (line.startsWith(":")) yield null;
  }
}

/** Without their ends, which are LF, CR LF or CR. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the very end may be half of a CR LF.
    const complete = /^(?:[^\r\n]*(?:\r\n|\n|\r(?!$)))*/.exec(rest)?.[0] ?? "";
    rest = rest.slice(complete.length);
    if (complete !== "") yield* complete.split(/\r\n|\n|\r/).slice(0, -1);
    if (rest.length > MAX_LINE) throw new Error("the stream of events has a line that is too long");
  }
  if (rest.endsWith("\r")) yield rest.slice(0, -1);
}
