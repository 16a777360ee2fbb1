/** strait over TLS: a certificate that is checked, shown, and changed while it runs. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { readCertificate } from "../../../src/control/security/certificate.ts";
import { type MadeCertificate, makeCertificate } from "../../support/certificate.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { addLink, controlUnderTest } from "../control-under-test.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let first: MadeCertificate;
let second: MadeCertificate;
beforeAll(() => {
  directory = temporaryDirectory();
  first = makeCertificate(directory.path, "first");
  second = makeCertificate(directory.path, "second");
});
afterAll(() => directory[Symbol.dispose]());

describe("a certificate", () => {
  test("is read with its key", () => {
    const { cert, key } = readCertificate(first.certFile, first.keyFile);
    expect([cert, key.includes("PRIVATE KEY")]).toEqual([first.pem, true]);
  });

  test.each<[string, () => [string, string], RegExp]>([
    ["that is not there", () => ["/nowhere/cert.pem", first.keyFile], /cannot read \/nowhere\/cert\.pem/],
    ["with the key of another", () => [first.certFile, second.keyFile], /does not belong to the certificate/],
    ["that is a key", () => [first.keyFile, first.keyFile], /holds no certificate in PEM/],
    ["with a certificate for a key", () => [first.certFile, first.certFile], /holds no private key in PEM/],
    [
      "with half a key",
      () => {
        const file = join(directory.path, "half.pem");
        writeFileSync(file, "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n");
        return [first.certFile, file];
      },
      /half\.pem holds no private key/,
    ],
  ])("%s is refused, without a word of the key", (_title, files, message) => {
    expect(() => readCertificate(...files())).toThrow(message);
    expect(() => readCertificate(...files())).not.toThrow("MIGH");
  });
});

test("strait speaks TLS, and shows a new certificate to those who connect from then on", async () => {
  await using subject = await controlUnderTest({ certificate: readCertificate(first.certFile, first.keyFile) });
  const { url } = subject.control;
  expect(url).toStartWith("https://127.0.0.1:");
  const ask = (ca: string, path: string) => fetch(`${url}${path}`, { tls: { ca } });
  expect(await (await ask(first.pem, "/healthz")).json()).toEqual({ status: "alive" });
  subject.control.useCertificate(readCertificate(second.certFile, second.keyFile));
  expect(await shownBy(url)).toBe("second");
  expect((await ask(second.pem, "/healthz")).status).toBe(200);
});

test("an answer that goes on is not broken off by a new certificate", async () => {
  await using subject = await controlUnderTest({ certificate: readCertificate(first.certFile, first.keyFile) });
  const events = await fetch(`${subject.control.url}/v1/events`, { tls: { ca: first.pem } });
  const reader = (events.body ?? new ReadableStream()).getReader();
  subject.control.useCertificate(readCertificate(second.certFile, second.keyFile));
  await addLink(subject);
  let text = "";
  while (!text.includes('"link":"eu-to-us"')) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  expect(text).toContain('"link":"eu-to-us"');
  await reader.cancel();
});

/** The common name of the certificate a server shows. */
function shownBy(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.on("error", reject);
  });
}
