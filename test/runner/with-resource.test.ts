import { expect, test } from "bun:test";
import { lastValueFrom, NEVER, Observable, of, throwError } from "rxjs";
import { withResource } from "../../src/runner/with-resource.ts";

/** A resource that writes down what happens to it. */
function resource(log: string[]) {
  return { close: () => log.push("closed") };
}

/** Writes down when it is torn down. */
function logged<T>(log: string[], inner$: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    subscriber.add(() => log.push("torn down"));
    return inner$.subscribe(subscriber);
  });
}

test("closes after the stream completed and was torn down", async () => {
  const log: string[] = [];
  const stream$ = withResource(
    async () => resource(log),
    () => logged(log, of(1, 2)),
  );
  expect(await lastValueFrom(stream$)).toBe(2);
  expect(log).toEqual(["torn down", "closed"]);
});

test("closes after the stream failed and was torn down, and passes the error on", async () => {
  const log: string[] = [];
  const stream$ = withResource(
    async () => resource(log),
    () =>
      logged(
        log,
        throwError(() => new Error("broken")),
      ),
  );
  await expect(lastValueFrom(stream$)).rejects.toThrow("broken");
  expect(log).toEqual(["torn down", "closed"]);
});

test("closes when the stream cannot even be made", async () => {
  const log: string[] = [];
  const stream$ = withResource(
    async () => resource(log),
    () => {
      throw new Error("no stream");
    },
  );
  await expect(lastValueFrom(stream$)).rejects.toThrow("no stream");
  expect(log).toEqual(["closed"]);
});

test("unsubscribing tears the stream down before it closes", async () => {
  const log: string[] = [];
  const opened = Promise.withResolvers<void>();
  const stream$ = withResource(
    async () => resource(log),
    () => {
      opened.resolve();
      return logged(log, NEVER);
    },
  );
  const subscription = stream$.subscribe();
  await opened.promise;
  expect(log).toEqual([]);
  subscription.unsubscribe();
  expect(log).toEqual(["torn down", "closed"]);
});

test("closes what is opened only after nobody listens any more, unused", async () => {
  const log: string[] = [];
  const opening = Promise.withResolvers<ReturnType<typeof resource>>();
  const stream$ = withResource(
    () => opening.promise,
    () => {
      log.push("used");
      return NEVER;
    },
  );
  stream$.subscribe().unsubscribe();
  opening.resolve(resource(log));
  await opening.promise;
  expect(log).toEqual(["closed"]);
});

test("an error of opening is the stream's", async () => {
  const stream$ = withResource(
    () => Promise.reject(new Error("cannot open")),
    () => NEVER,
  );
  await expect(lastValueFrom(stream$)).rejects.toThrow("cannot open");
});
