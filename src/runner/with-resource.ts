/** A stream that lives on something that is opened first and closed last. */

import { Observable, type Subscription } from "rxjs";

/**
 * Opens, subscribes to what `use` makes of it, and closes when that ends or nobody listens any more: also when opening
 * ends only after that.
 */
export function withResource<R extends { close(): void }, T>(
  open: () => Promise<R>,
  use: (resource: R) => Observable<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    let inner: Subscription | undefined;
    open().then(
      (resource) => {
        // Added first, so that it is closed although `use` may throw.
        subscriber.add(() => {
          inner?.unsubscribe();
          resource.close();
        });
        if (subscriber.closed) return;
        try {
          inner = use(resource).subscribe(subscriber);
        } catch (error) {
          subscriber.error(error);
        }
      },
      (error) => subscriber.error(error),
    );
  });
}
