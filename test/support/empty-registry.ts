/** A package registry that has no package and knows what it was asked for. */

export interface EmptyRegistry extends Disposable {
  readonly url: string;
  /** The addresses that were asked for so far. */
  readonly asked: readonly string[];
}

export function emptyRegistry(): EmptyRegistry {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => {
      asked.push(url);
      return new Response(null, { status: 404 });
    },
  });
  return { url: server.url.href, asked, [Symbol.dispose]: () => void server.stop(true) };
}
