/** A Kafka that asks who may do what. */

import { type Acl, createAclsV3 } from "@platformatic/kafka";
import { clientOf, type DisposableClient } from "../cluster-client.ts";
import { withBroker } from "../wire.ts";
import { type KafkaCluster, startKafka } from "./start-kafka.ts";

/** What rights are about, and the operations on it: numbers of org.apache.kafka.common.resource and .acl. */
const RESOURCES = { topic: 2, group: 3, cluster: 4, transactionalId: 5 } as const;
const OPERATIONS = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
} as const;

export type Operation = keyof typeof OPERATIONS;

export interface GuardedKafka extends KafkaCluster {
  /** Properties of a user, who exists from the start and has no rights. */
  propertiesOf(user: User): Record<string, string>;
  /** A client of that user. */
  clientOf(user: User): DisposableClient;
  /** Gives rights on what has a name (`*`: any; `strait.*`: any that begins so). The cluster is called `kafka-cluster`. */
  grant(user: User, resource: keyof typeof RESOURCES, name: string, operations: readonly Operation[]): Promise<void>;
}

const USERS = ["alice", "bob"] as const;
export type User = (typeof USERS)[number];

const LITERAL = 3;
const PREFIXED = 4;
const ALLOW = 3;

/** Whoever connects to the plain listener may do everything. Both users have the same password. */
export async function startGuardedKafka({ password = "secret" } = {}): Promise<GuardedKafka> {
  const login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
  const passwords = USERS.map((user) => `user_${user}="${password}"`).join(" ");
  const broker = await startKafka({
    listeners: { SASL: "SASL_PLAINTEXT" },
    properties: {
      "sasl.enabled.mechanisms": "PLAIN",
      "listener.name.sasl.plain.sasl.jaas.config": `${login} ${passwords};`,
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users": "User:ANONYMOUS",
    },
  });
  const propertiesOf = (user: User) => ({
    "bootstrap.servers": broker.address("SASL"),
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": "PLAIN",
    "sasl.username": user,
    "sasl.password": password,
  });
  return {
    ...broker,
    propertiesOf,
    clientOf: (user) => clientOf(broker.address("SASL"), propertiesOf(user)),
    grant: async (user, resource, name, operations) => {
      const prefixed = name.length > 1 && name.endsWith("*");
      const acls = operations.map(
        (operation): Acl => ({
          resourceType: RESOURCES[resource],
          resourceName: prefixed ? name.slice(0, -1) : name,
          resourcePatternType: prefixed ? PREFIXED : LITERAL,
          principal: `User:${user}`,
          host: "*",
          operation: OPERATIONS[operation],
          permissionType: ALLOW,
        }),
      );
      await withBroker(broker, (connection) => createAclsV3.api.async(connection, acls));
    },
  };
}
