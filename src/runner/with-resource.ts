/** A stream that lives on something that is opened first and closed last. */

import { defer, finalize, Observable } from "rxjs";

/**
 * Opens, subscribes to what `use` makes of it, and closes when that ends or nobody listens any more: after everything that
 * `use` made is torn down, and also when opening ends only after nobody listens.
 */
export function withResource<R extends { close(): void }, T>(
  open: () => Promise<R>,
  use: (resource: R) => Observable<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    open().then(
      (resource) => {
        if (subscriber.closed) resource.close();
        else
          defer(() => use(resource))
            .pipe(finalize(() => resource.close()))
            .subscribe(subscriber);
      },
      (error) => subscriber.error(error),
    );
  });
}
