/** Which librdkafka properties a cluster may have. Their values are librdkafka's to judge; the names are checked here. */

import type { FieldError } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import { LIBRDKAFKA_PROPERTIES } from "./librdkafka-properties.ts";
import { nearestName } from "./nearest-name.ts";
import { isSecretProperty } from "./secret-properties.ts";
import { isReference } from "./secret-reference.ts";

/** Shown instead of a secret property's reference, and accepted back for "as it is". */
export const MASK = "***";

/** Properties that decide how strait reads and writes, and why nobody else may set them. */
const OWNED: Readonly<Record<string, string>> = {
  "group.id": "strait names the group after the link, so that its progress is found again",
  "group.remote.assignor": "strait decides how partitions are assigned",
  "partition.assignment.strategy": "strait decides how partitions are assigned",
  "enable.auto.commit": "strait commits an offset only when its record is at the destination",
  "auto.commit.enable": "strait commits an offset only when its record is at the destination",
  "auto.commit.interval.ms": "strait commits an offset only when its record is at the destination",
  "enable.auto.offset.store": "strait commits an offset only when its record is at the destination",
  "auto.offset.reset": "use the mapping's `start` and `onExpired`; a silent reset would skip records",
  "isolation.level": "strait copies committed records only",
  "enable.partition.eof": "strait needs it as it is to know the end of a partition",
  "transactional.id": "strait names it after the link, so that an older runner is shut out",
  "enable.idempotence": "without it a retry could write a record twice",
  "plugin.library.paths": "it would load foreign code into the runner",
  "ssl.engine.location": "it would load foreign code into the runner",
  "ssl.engine.id": "it would load foreign code into the runner",
  "sasl.kerberos.kinit.cmd": "it would run a command of its own; the default one uses the principal and the keytab",
};

/** librdkafka puts these into a shell command (CONFIGURATION.md, sasl.kerberos.kinit.cmd). */
const IN_A_COMMAND: readonly string[] = ["sasl.kerberos.principal", "sasl.kerberos.keytab"];
const SAFE_IN_A_COMMAND = /^[A-Za-z0-9@._/+:-]*$/;

/** Every mistake in a cluster's properties, with paths below `/properties`. Values are never repeated. */
export function checkClusterProperties(properties: Readonly<Record<string, string>>): FieldError[] {
  const known = new Map(LIBRDKAFKA_PROPERTIES.map(([name, , type]) => [name, type]));
  const errors: FieldError[] = [];
  const report = (name: string, message: string) => errors.push({ path: jsonPointer("properties", name), message });

  if (!bootstrapServers(properties)) report("bootstrap.servers", "is required: a list of HOST:PORT");
  for (const [name, value] of Object.entries(properties)) {
    const type = known.get(name);
    const owned = Object.hasOwn(OWNED, name) ? OWNED[name] : undefined;
    if (owned !== undefined) {
      report(name, `cannot be set: ${owned}`);
    } else if (type === undefined) {
      const nearest = nearestName(name, known.keys());
      report(name, `unknown property \`${name}\`${nearest === null ? "" : `; did you mean \`${nearest}\`?`}`);
    } else if (type === "see dedicated API") {
      report(name, "cannot be set: it is code, not a value");
    } else if (IN_A_COMMAND.includes(name) && !SAFE_IN_A_COMMAND.test(value)) {
      report(name, "may hold letters, digits and @ . _ / + : - only, for it becomes part of a command");
    } else if (isSecretProperty(name) && value !== MASK && !isReference(value)) {
      report(name, "is a secret: give it as ${env:NAME} or ${file:PATH}, never as a literal");
    }
  }
  return errors;
}

/** The brokers a cluster is reached at, sorted and without blanks; "" if none are given. */
export function bootstrapServers(properties: Readonly<Record<string, string>>): string {
  const given = properties["bootstrap.servers"] ?? properties["metadata.broker.list"] ?? "";
  return given
    .split(",")
    .map((server) => server.trim())
    .filter((server) => server !== "")
    .sort()
    .join(",");
}
