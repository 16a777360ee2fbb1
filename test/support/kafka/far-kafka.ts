/** Apache Kafka of one node that is far away. */

import { longRoad } from "../long-road.ts";
import type { TestCluster } from "../test-cluster.ts";
import { freePort } from "./free-port.ts";
import { type KafkaOptions, startKafka } from "./start-kafka.ts";

/** Starts a broker to which a round trip takes so long; what it tells clients of itself leads down the same road. */
export async function startFarKafka(
  roundTripMs: number,
  options: Pick<KafkaOptions, "lasting"> = {},
): Promise<TestCluster> {
  const port = await freePort();
  const kafka = await startKafka({ ...options, listeners: { FAR: "PLAINTEXT" }, advertisedPorts: { FAR: port } });
  const target = Number(kafka.address("FAR").split(":")[1]);
  const road = await longRoad(port, target, roundTripMs / 2);
  return {
    bootstrap: `127.0.0.1:${port}`,
    control: kafka.control,
    close: async () => {
      await road.close();
      await kafka.close();
    },
  };
}
