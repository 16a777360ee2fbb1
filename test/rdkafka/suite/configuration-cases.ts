/** Properties that librdkafka does not take. */

import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { StraitError } from "../../../src/model/errors.ts";
import type { Properties } from "../../../src/rdkafka/client.ts";
import type { BindingCase, BindingContext } from "./binding-case.ts";
import { openMember, openProducer, openReader } from "./open.ts";

const SECRET = "hunter2-never-shown";

/** What opening a reader with these properties throws. */
function refusal(context: BindingContext, properties: Properties): StraitError {
  try {
    openReader(context, properties).close();
  } catch (error) {
    if (error instanceof StraitError) return error;
    throw error;
  }
  throw new Error("the properties were accepted");
}

export const configurationCases: readonly BindingCase[] = [
  {
    title: "a property that librdkafka does not know is a configuration error with its name",
    run: (context) => {
      const error = refusal(context, { "sasl.pasword": SECRET });

      strictEqual(error.code, "configuration");
      match(error.message, /sasl\.pasword is not a property/);
      doesNotMatch(error.message, /hunter2/);
    },
  },
  {
    title:
      "a value that librdkafka does not accept is a configuration error with the property's name and without the value",
    run: (context) => {
      for (const property of ["security.protocol", "fetch.wait.max.ms", "compression.codec"]) {
        const error = refusal(context, { [property]: SECRET });

        strictEqual(error.code, "configuration");
        match(error.message, new RegExp(`property ${property} has a value`));
        doesNotMatch(error.message, /hunter2/);
      }
    },
  },
  {
    title: "a value with a NUL inside is refused rather than cut short",
    run: (context) => {
      const error = refusal(context, { "sasl.password": `${SECRET}\0rest` });

      strictEqual(error.code, "configuration");
      match(error.message, /sasl\.password has a value/);
      doesNotMatch(error.message, /hunter2/);
    },
  },
  {
    title: "a key that is none is a configuration error that does not repeat it",
    run: (context) => {
      const error = refusal(context, { "security.protocol": "ssl", "ssl.key.pem": SECRET, "ssl.key.password": SECRET });

      strictEqual(error.code, "configuration");
      doesNotMatch(error.message, /hunter2/);
    },
  },
  {
    title: "properties that do not fit together are a configuration error of every kind of client",
    run: (context) => {
      const properties = { "security.protocol": "sasl_plaintext", "sasl.mechanisms": "SCRAM-SHA-512" };
      for (const open of [
        () => openReader(context, properties),
        () => openProducer(context, {}, properties),
        () => openMember(context, "group", "member", properties),
      ]) {
        const error = thrownBy(open);
        ok(error instanceof StraitError && error.code === "configuration", String(error));
      }
    },
  },
];

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
