/** A strait between two clusters that ask who may do what. */

import { type GuardedKafka, startGuardedKafka } from "../support/kafka/guarded-kafka.ts";
import { Strait } from "./strait.ts";

export interface GuardedClusters {
  readonly brokers: { readonly east: GuardedKafka; readonly west: GuardedKafka };
  readonly strait: Strait;
}

/**
 * strait is alice at the source (east) and bob at the destination (west), neither of whom has any rights yet. Runners find
 * the users' password in the environment variable of the given name.
 */
export async function straitBetweenGuardedClusters(passwordVariable: string): Promise<GuardedClusters> {
  const [east, west] = await Promise.all([startGuardedKafka(), startGuardedKafka()]);
  process.env[passwordVariable] = east.propertiesOf("alice")["sasl.password"];
  const strait = await Strait.start();
  const password = { "sasl.password": `\${env:${passwordVariable}}` };
  const alice = { ...east.propertiesOf("alice"), ...password };
  const bob = { ...west.propertiesOf("bob"), ...password };
  await strait.send("PUT", "/clusters/east", { region: "eu", properties: alice });
  await strait.send("PUT", "/clusters/west", { region: "us", properties: bob });
  return { brokers: { east, west }, strait };
}
