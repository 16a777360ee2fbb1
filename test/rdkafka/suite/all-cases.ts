import type { BindingCase } from "./binding-case.ts";
import { configurationCases } from "./configuration-cases.ts";
import { editCases } from "./edit-cases.ts";
import { partitionCases } from "./partition-cases.ts";
import { readerCases } from "./reader-cases.ts";
import { recordCases } from "./record-cases.ts";
import { runtimeCases } from "./runtime-cases.ts";
import { transactionCases } from "./transaction-cases.ts";

/** Every case, in the order they run. */
export const allCases: readonly BindingCase[] = [
  ...runtimeCases,
  ...configurationCases,
  ...recordCases,
  ...editCases,
  ...partitionCases,
  ...readerCases,
  ...transactionCases,
];
