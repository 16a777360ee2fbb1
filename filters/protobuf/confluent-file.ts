/** The descriptors that Confluent's client brings along. */

import { createRequire } from "node:module";
import type { DescFile } from "@bufbuild/protobuf";

/**
 * A file by the path of its module in the client, as `google/type/date_pb.js`. It is loaded when a schema needs it, which few do:
 * it takes 25 ms. Throws where there is no such module. (An executable has them inside: src/packaging/compile.ts.)
 */
export function confluentFile(path: string): DescFile | undefined {
  const module: unknown = createRequire(import.meta.url)(`@confluentinc/schemaregistry/dist/${path}`);
  return Object.values(module as Record<string, DescFile>).find((value) => value.kind === "file");
}
