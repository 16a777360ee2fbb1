/** `strait up` */

import { resolve } from "node:path";
import type { Logger } from "pino";
import { type Certificate, readCertificate } from "../control/security/certificate.ts";
import { type RunningControl, startControl } from "../control/server.ts";
import { messageOf } from "../model/errors.ts";
import { parseListenAddress } from "./listen-address.ts";
import { createLog } from "./log.ts";
import { prepareLibrary } from "./prepare-library.ts";
import { filterDirectories, readConfigurationFile, withPlaces } from "./read-configuration-file.ts";
import { UsageError } from "./usage-error.ts";

export interface UpOptions {
  readonly listen: string;
  readonly state: string;
  readonly filters?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly publicUrl?: string;
  readonly openMetrics?: true;
}

/** Runs until SIGINT or SIGTERM; SIGHUP reads the certificate anew. Then stops all runners. Resolves to the exit code. */
export async function up(path: string | undefined, options: UpOptions): Promise<number> {
  const listen = parseListenAddress(options.listen);
  const certificate = certificateOf(options);
  const publicUrl = publicUrlOf(options);
  const file = path === undefined ? undefined : await readConfigurationFile(path);
  const log = createLog();
  await prepareLibrary(log);
  const stopped = stopSignal();
  const control = await startControl({
    listen,
    stateDirectory: resolve(options.state),
    filterDirectories: filterDirectories(path, options.filters),
    openMetrics: options.openMetrics === true,
    log,
    ...(certificate !== null && { certificate: certificate() }),
    ...(publicUrl !== null && { publicUrl }),
    ...(file !== undefined && { file: file.content }),
  }).catch((error) => {
    throw file !== undefined && path !== undefined ? withPlaces(error, path, file) : error;
  });
  if (certificate !== null) process.on("SIGHUP", () => renewCertificate(control, certificate, log));
  log.info({ url: control.url, state: resolve(options.state) }, "strait is up");
  log.info({ signal: await stopped }, "stopping");
  await control.close();
  return 0;
}

/** Reads the certificate that was named; null if none was. */
function certificateOf({ tlsCert, tlsKey }: UpOptions): (() => Certificate) | null {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) throw new UsageError("--tls-cert and --tls-key go together");
  return () => readCertificate(tlsCert, tlsKey);
}

function publicUrlOf({ publicUrl }: UpOptions): URL | null {
  if (publicUrl === undefined) return null;
  const url = URL.parse(publicUrl);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/") return url;
  throw new UsageError(
    `--public-url takes an address such as https://strait.example.org, not ${JSON.stringify(publicUrl)}`,
  );
}

/** A new certificate that cannot be used leaves the old one. */
function renewCertificate(control: RunningControl, read: () => Certificate, log: Logger): void {
  try {
    control.useCertificate(read());
    log.info("took the new certificate");
  } catch (error) {
    log.error({ reason: messageOf(error) }, "the certificate stays as it was");
  }
}

function stopSignal(): Promise<string> {
  return new Promise((done) => {
    process.once("SIGINT", () => done("SIGINT"));
    process.once("SIGTERM", () => done("SIGTERM"));
  });
}
