/** `strait up` over TLS, whose certificate is renewed under it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../control/until.ts";
import { makeCertificate } from "../support/certificate.ts";
import { freePort } from "../support/kafka/free-port.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { piped } from "./command-line.ts";

setDefaultTimeout(60_000);

test("SIGHUP has strait take the new certificate, and keep it where the next one cannot be used", async () => {
  using directory = temporaryDirectory();
  const [first, second] = ["first", "second"].map((name) => makeCertificate(directory.path, name));
  if (first === undefined || second === undefined) throw new Error("no certificates");
  const [state, port] = [join(directory.path, "state"), await freePort()];
  const url = `https://127.0.0.1:${port}`;
  const files = ["--tls-cert", first.certFile, "--tls-key", first.keyFile];
  await using strait = piped(["up", "--listen", `127.0.0.1:${port}`, "--state", state, ...files], { url });
  const oldPem = first.pem;
  const answers = (ca: string) =>
    fetch(`${url}/healthz`, { tls: { ca } }).then(
      ({ ok }) => ok,
      () => false,
    );
  const hangUp = () =>
    process.kill((JSON.parse(readFileSync(join(state, "lock"), "utf8")) as { pid: number }).pid, "SIGHUP");
  await until("strait over TLS", () => answers(oldPem), 30_000);

  copyFileSync(second.certFile, first.certFile);
  copyFileSync(second.keyFile, first.keyFile);
  hangUp();
  await until("the new certificate", () => answers(second.pem));
  expect(await answers(oldPem)).toBe(false);

  writeFileSync(first.certFile, "none");
  hangUp();
  await until("a word in the log", () => strait.err.includes("the certificate stays as it was"));
  expect(await answers(second.pem)).toBe(true);
  strait.interrupt();
  expect(await strait.ended).toBe(0);
});
