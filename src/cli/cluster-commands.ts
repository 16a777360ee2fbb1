/** `strait cluster ...` */

import type { Command } from "commander";
import type { Cluster } from "../config/resources.ts";
import { isSecretProperty } from "../config/secret-properties.ts";
import { isReference } from "../config/secret-reference.ts";
import { clusterPath } from "./api-paths.ts";
import { type ClusterFacts, clusterText } from "./cluster-text.ts";
import type { CommandContext, Json } from "./command-context.ts";
import { addExamples } from "./help.ts";
import { readBody } from "./read-body.ts";
import { UsageError } from "./usage-error.ts";

interface AddOptions extends Json {
  readonly region?: string;
  readonly bootstrap?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly schemaRegistry?: string;
  readonly file?: string;
}

interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly internal: boolean;
}

export function addClusterCommands(program: Command, context: CommandContext): void {
  const { client, print, table } = context;
  const cluster = addExamples(
    program.command("cluster").description("clusters: where records come from and go to"),
    ["strait cluster ls", "all"],
    ["strait cluster show east", "one, with what it lets strait do"],
    ["strait cluster topics east", "what there is to copy"],
    ["strait cluster rm east", "no link uses it any more"],
  );
  cluster
    .command("ls")
    .description("list clusters")
    .option("--json", "as JSON")
    .action(async ({ json }: Json) => {
      const answer = (await client().request("GET", "/v1/clusters")) as { clusters: Cluster[] };
      const rows = answer.clusters.map(({ name, region, properties }) => [
        name,
        region,
        properties["bootstrap.servers"] ?? null,
        properties["security.protocol"] ?? "plaintext",
      ]);
      print(json ? JSON.stringify(answer) : table(["CLUSTER", "REGION", "BOOTSTRAP SERVERS", "SECURITY"], rows));
    });
  cluster
    .command("show <cluster>")
    .description("show a cluster, its properties and what it lets strait do")
    .option("--json", "as JSON")
    .action(async (name: string, { json }: Json) => {
      const answer = (await client().request("GET", clusterPath(name))) as ClusterFacts;
      print(json ? JSON.stringify(answer) : clusterText(answer, context));
    });
  addExamples(
    cluster
      .command("add <cluster>")
      .description("connect to a cluster, and add it or replace it whole; secrets are given as references")
      .option("--region <region>", "where its data lives")
      .option("--bootstrap <host:port,...>", "the brokers to begin with; same as --set bootstrap.servers=...")
      .option("--set <name=value>", "a librdkafka property; may be given again", setProperty)
      .option("--schema-registry <url>", "where the schemas of its topics are")
      .option("--file <file>", "a cluster as YAML or JSON, - for standard input; options win over what is in it")
      .option("--json", "as JSON")
      .action((name: string, options: AddOptions) => addCluster(name, options, context)),
    ["strait cluster add east --region eu --bootstrap localhost:9092", "a cluster without TLS"],
    [
      "strait cluster add east --region eu --bootstrap broker-1.east.example:9093 --set security.protocol=SASL_SSL " +
        "--set sasl.mechanism=SCRAM-SHA-512 --set sasl.username=strait --set 'sasl.password=${env:EAST_PASSWORD}'",
      "a password from the environment of `strait up`: quoted, so that the shell leaves the reference as it is",
    ],
    ["strait cluster add east --file east.yaml", "all of it from a file: region, properties, schemaRegistry"],
  );
  cluster
    .command("rm <cluster>")
    .description("remove a cluster that no link uses; nothing on it is touched")
    .action(async (name: string) => {
      await client().request("DELETE", clusterPath(name));
      print(`cluster ${name} removed`);
    });
  cluster
    .command("topics <cluster>")
    .description("list the topics of a cluster")
    .option("--json", "as JSON")
    .action(async (name: string, { json }: Json) => {
      const answer = (await client().request("GET", `${clusterPath(name)}/topics`)) as { topics: Topic[] };
      const rows = answer.topics.map(({ name: topic, partitions, internal }) => [
        topic,
        partitions,
        internal ? "yes" : "no",
      ]);
      print(json ? JSON.stringify(answer) : table(["TOPIC", "PARTITIONS", "INTERNAL"], rows));
    });
}

async function addCluster(name: string, options: AddOptions, { client, print }: CommandContext): Promise<void> {
  const { file, region, bootstrap, set = {}, schemaRegistry, json } = options;
  const given = file === undefined ? {} : await readBody(file);
  const properties = {
    ...textProperties(given["properties"]),
    ...(bootstrap !== undefined && { "bootstrap.servers": bootstrap }),
    ...set,
  };
  for (const [property, value] of Object.entries(properties)) refuseLiteralSecret(property, value);
  const { status, body } = await client().exchange("PUT", clusterPath(name), {
    ...given,
    ...(region !== undefined && { region }),
    properties,
    ...(schemaRegistry !== undefined && { schemaRegistry: { url: schemaRegistry } }),
  });
  print(json ? JSON.stringify(body) : `cluster ${name} ${status === 201 ? "added" : "replaced"}`);
}

/** As in the file of `strait up`: numbers and booleans need no quotes. What else is wrong, the server says. */
function textProperties(properties: unknown): Record<string, string> {
  if (typeof properties !== "object" || properties === null) return {};
  const texts = Object.entries(properties).map(([name, value]) => [
    name,
    ["number", "boolean"].includes(typeof value) ? String(value) : value,
  ]);
  return Object.fromEntries(texts);
}

/** The server would refuse it as well, but then it has been sent already. */
function refuseLiteralSecret(property: string, value: string): void {
  if (!isSecretProperty(property) || value === "***" || isReference(value)) return;
  const remedy =
    "give it as '${env:NAME}' or '${file:PATH}', in single quotes, so that strait reads it when it connects";
  throw new UsageError(`${property} is a secret: ${remedy}`);
}

function setProperty(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  // Without the text: it may hold a secret.
  if (name === undefined || value === undefined) throw new UsageError("--set takes NAME=VALUE");
  return { ...before, [name]: value };
}
