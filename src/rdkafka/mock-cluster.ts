/** librdkafka's built-in mock cluster (src/rdkafka_mock.h): brokers inside this process, for trying strait out. */

import { StraitError } from "../model/errors.ts";
import { cString } from "./c-string.ts";
import { NativeClient } from "./client.ts";
import type { NativeLibrary } from "./library.ts";
import type { Wakeup } from "./wakeup.ts";

export class MockCluster {
  readonly #client: NativeClient;
  readonly #cluster: number;
  /** "host:port" of each broker, comma separated. */
  readonly bootstrap: string;

  constructor(library: NativeLibrary, wakeup: Wakeup, brokers = 1) {
    // The mock cluster borrows a client's threads and allocator.
    this.#client = new NativeClient(
      library,
      wakeup,
      "producer",
      {},
      0,
      () => {},
      () => library.rd_kafka_mock_cluster_destroy(this.#cluster),
    );
    this.#cluster = library.rd_kafka_mock_cluster_new(this.#client.handle, brokers);
    if (this.#cluster === 0) throw new StraitError("kafka", "cannot start a mock cluster on a loopback port");
    this.bootstrap = library.runtime.readCString(library.rd_kafka_mock_cluster_bootstraps(this.#cluster));
  }

  createTopic(name: string, partitions: number): void {
    const { library } = this.#client;
    const status = library.rd_kafka_mock_topic_create(this.#cluster, cString(name), partitions, 1);
    if (status !== 0) throw new StraitError("kafka", `cannot create the topic ${name} in the mock cluster`);
  }

  close(): void {
    this.#client.close();
  }
}
