import { describe, expect, test } from "bun:test";
import { checkClusterProperties } from "../../src/config/cluster-properties.ts";

const BOOTSTRAP = { "bootstrap.servers": "a:1" };

describe("checkClusterProperties", () => {
  test.each<[string, Record<string, string>]>([
    ["plain ones", { "client.id": "x", "security.protocol": "SASL_SSL", debug: "broker", "group.instance.id": "n1" }],
    ["a secret by reference", { "sasl.password": "${env:PW}", "ssl.key.password": "${file:/run/pw}" }],
    [
      "a Kerberos principal",
      { "sasl.kerberos.principal": "kafka/host.example@REALM", "sasl.kerberos.keytab": "/etc/k.keytab" },
    ],
    ["a kept secret", { "sasl.password": "***" }],
  ])("allows %s", (_title, properties) => {
    expect(checkClusterProperties({ ...BOOTSTRAP, ...properties })).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ["sasl.pasword", "x", /unknown property `sasl.pasword`; did you mean `sasl.password`\?/],
    ["constructor", "x", /unknown property/],
    ["group.id", "x", /cannot be set: strait names the group/],
    ["transactional.id", "x", /cannot be set/],
    ["auto.offset.reset", "latest", /use the mapping's `start`/],
    ["plugin.library.paths", "/tmp/x.so", /foreign code/],
    ["ssl.engine.location", "/tmp/x.so", /foreign code/],
    ["sasl.kerberos.kinit.cmd", "touch /tmp/x", /run a command/],
    ["sasl.kerberos.principal", "k; touch /tmp/x", /part of a command/],
    ["sasl.kerberos.keytab", "$(touch /tmp/x)", /part of a command/],
    ["log_cb", "x", /it is code/],
    ["opaque", "x", /it is code/],
    ["sasl.password", "hunter2", /is a secret: give it as/],
    ["sasl.password", "prefix-${env:PW}", /is a secret: give it as/],
  ])("refuses %s=%s", (name, value, expected) => {
    const errors = checkClusterProperties({ ...BOOTSTRAP, [name]: value });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toEqual({ path: `/properties/${name}`, message: expect.stringMatching(expected) });
    expect(errors[0]?.message).not.toContain("hunter2");
  });

  test.each<[Record<string, string>]>([[{}], [{ "bootstrap.servers": " , " }]])(
    "asks for brokers in %p",
    (properties) => {
      expect(checkClusterProperties(properties).map(({ path }) => path)).toEqual(["/properties/bootstrap.servers"]);
    },
  );
});
