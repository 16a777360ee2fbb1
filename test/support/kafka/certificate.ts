/** A certificate for a broker on loopback, made with the JDK's keytool. */

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate extends AsyncDisposable {
  /** server.properties that make the broker use it. */
  readonly brokerProperties: Readonly<Record<string, string>>;
  /** The certificate; being self-signed it is its own CA. */
  readonly pem: string;
}

/** A self-signed certificate for 127.0.0.1. Its files are deleted with it. */
export async function selfSignedCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "strait-certificate-"));
  const store = join(folder, "keys.p12");
  const common = ["-keystore", store, "-storepass", "changeit", "-alias", "broker"];
  const run = promisify(execFile);
  const key = ["-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=broker", "-ext", "SAN=ip:127.0.0.1"];
  await run("keytool", ["-genkeypair", "-storetype", "PKCS12", ...common, ...key]);
  const { stdout } = await run("keytool", ["-exportcert", "-rfc", ...common]);
  return {
    brokerProperties: {
      "ssl.keystore.type": "PKCS12",
      "ssl.keystore.location": store,
      "ssl.keystore.password": "changeit",
    },
    pem: stdout,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
