/** Verifications as an operator has them: posted to a control process, run in a process of their own, on real brokers. */

import { dirname } from "node:path";
import type { Verification } from "../../src/control/verification-view.ts";
import { type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { until } from "../control/until.ts";
import { uniqueName } from "../support/topics.ts";

/** Where the filters of the end-to-end tests are: `./filters/picky.ts`. */
const FILTERS = `${dirname(import.meta.dirname)}/end-to-end`;

/** A control process that knows two clusters and runs no link. */
export async function controlOf(east: string, west: string): Promise<ControlUnderTest> {
  const subject = await controlUnderTest({ filterDirectories: [FILTERS] });
  for (const [name, bootstrap] of Object.entries({ east, west })) {
    const properties = { "bootstrap.servers": bootstrap };
    await accepted(subject, "PUT", `/v1/clusters/${name}`, { region: "eu", properties });
  }
  return subject;
}

/** Adds a link with these mappings and returns its name. */
export async function addLink(subject: ControlUnderTest, ...mappings: readonly object[]): Promise<string> {
  const name = uniqueName("verified");
  await accepted(subject, "POST", "/v1/links", { name, source: "east", destination: "west", paused: true, mappings });
  return name;
}

/** Starts a verification and waits for its end. */
export async function verified(subject: ControlUnderTest, link: string, narrowing?: object): Promise<Verification> {
  const { id } = await accepted(subject, "POST", `/v1/links/${link}/verify`, narrowing);
  return await until(
    `the verification of ${link}`,
    async () => {
      const verification = await accepted(subject, "GET", `/v1/links/${link}/verify/${id}`);
      return verification.state === "running" ? null : verification;
    },
    60_000,
  );
}

async function accepted(subject: ControlUnderTest, method: string, path: string, body?: object): Promise<Verification> {
  const { status, body: answer } = await subject.call(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer as unknown as Verification;
}
