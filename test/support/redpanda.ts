/** Redpanda in a container, where a Docker engine answers. */

import { request } from "node:http";
import type { TestCluster } from "./test-cluster.ts";

const IMAGE = "docker.redpanda.com/redpandadata/redpanda:v25.2.7";
const PING_MS = 2000;

/** Starts a Redpanda of its own. Its port changes with a restart, so it cannot be controlled. */
export async function startRedpanda(): Promise<TestCluster> {
  const { RedpandaContainer } = await import("@testcontainers/redpanda");
  const container = await new RedpandaContainer(IMAGE).start();
  let closed: Promise<unknown> | null = null;
  return {
    bootstrap: container.getBootstrapServers(),
    control: null,
    close: async () => {
      closed ??= container.stop();
      await closed;
    },
  };
}

/** Whether a Docker engine answers a ping at DOCKER_HOST or the usual socket. */
export function dockerAnswers(): Promise<boolean> {
  const host = process.env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  const target = host.startsWith("unix://")
    ? { socketPath: host.slice("unix://".length) }
    : { host: new URL(host).hostname, port: new URL(host).port || "2375" };
  return new Promise((resolve) => {
    const ping = request({ ...target, path: "/_ping", timeout: PING_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once("timeout", () => ping.destroy());
    ping.once("error", () => resolve(false)); // no engine is an ordinary answer
    ping.end();
  });
}
