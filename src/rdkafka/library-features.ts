/** What an opened librdkafka was built without, and how to get it. */

import { cString } from "./c-string.ts";
import { cachedLibraryPath } from "./find-library.ts";
import type { NativeLibrary } from "./library.ts";

export interface MissingFeature {
  /** As an operator knows it, for example "TLS". */
  readonly feature: string;
  /** The Debian packages a build needs for it. */
  readonly packages: readonly string[];
}

/** What operators may ask for, by the flag of `builtin.features` (src/rdkafka_conf.c) that stands for it. */
const FEATURES: readonly (MissingFeature & { readonly flag: string })[] = [
  { flag: "ssl", feature: "TLS", packages: ["libssl-dev"] },
  { flag: "sasl_scram", feature: "SASL SCRAM", packages: ["libssl-dev"] },
  { flag: "sasl_gssapi", feature: "SASL GSSAPI (Kerberos)", packages: ["libsasl2-dev"] },
  { flag: "sasl_oauthbearer", feature: "SASL OAUTHBEARER", packages: ["libssl-dev"] },
  { flag: "oidc", feature: "OpenID Connect", packages: ["libcurl4-openssl-dev", "libssl-dev"] },
  { flag: "gzip", feature: "gzip compression", packages: ["zlib1g-dev"] },
  { flag: "snappy", feature: "snappy compression", packages: [] },
  { flag: "lz4", feature: "lz4 compression", packages: ["liblz4-dev"] },
  { flag: "zstd", feature: "zstd compression", packages: ["libzstd-dev"] },
];

/** Features the library lacks; empty where it can do all that strait may need. */
export function missingFeatures(library: NativeLibrary): readonly MissingFeature[] {
  const builtIn = new Set(builtInFeatures(library).split(","));
  return FEATURES.filter(({ flag }) => !builtIn.has(flag)).map(({ feature, packages }) => ({ feature, packages }));
}

/** One paragraph for whoever starts strait: what is missing and how to get it. Null where nothing is. */
export function missingFeaturesNotice(library: NativeLibrary): string | null {
  const missing = missingFeatures(library);
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.flatMap((feature) => feature.packages))];
  const install = packages.length === 0 ? "" : `apt-get install ${packages.join(" ")} (on Debian), then `;
  const remedy =
    library.path === cachedLibraryPath()
      ? `${install}delete ${library.path}: strait builds it anew when it starts.`
      : `${install}build another librdkafka and name it by STRAIT_LIBRDKAFKA.`;
  return `librdkafka ${library.version} (${library.path}) was built without ${missing.map(({ feature }) => feature).join(", ")}. To get it: ${remedy}`;
}

/** The flags, separated by commas. */
function builtInFeatures(library: NativeLibrary): string {
  const text = new Uint8Array(1024);
  // Holds the room on the way in and the length with the NUL on the way out (size_t *dest_size).
  const size = new BigUint64Array([BigInt(text.byteLength)]);
  const configuration = library.rd_kafka_conf_new();
  const status = library.rd_kafka_conf_get(configuration, cString("builtin.features"), text, size);
  library.rd_kafka_conf_destroy(configuration);
  return status === 0 ? new TextDecoder().decode(text.subarray(0, Number(size[0]) - 1)) : "";
}
