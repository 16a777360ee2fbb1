/** Which librdkafka properties hold secrets. */

/**
 * What librdkafka 2.15 itself keeps out of its logs (`_RK_SENSITIVE` in rdkafka_conf.c) and aliases of it, less what is
 * no secret: user name, public certificates, and the paths of key files.
 */
const SECRET_PROPERTIES: ReadonlySet<string> = new Set([
  "sasl.password",
  "sasl.oauthbearer.config",
  "sasl.oauthbearer.client.secret",
  "sasl.oauthbearer.client.credentials.client.secret",
  "sasl.oauthbearer.assertion.private.key.passphrase",
  "sasl.oauthbearer.assertion.private.key.pem",
  "ssl.key.password",
  "ssl.key.pem",
  "ssl.keystore.password",
]);

/** Whether the value of a property must not be shown, logged or stored in the clear. */
export function isSecretProperty(name: string): boolean {
  return SECRET_PROPERTIES.has(name);
}
