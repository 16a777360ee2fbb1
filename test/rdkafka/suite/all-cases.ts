import type { BindingCase } from "./binding-case.ts";
import { closingCases } from "./closing-cases.ts";
import { configurationCases } from "./configuration-cases.ts";
import { editCases } from "./edit-cases.ts";
import { membershipCases } from "./membership-cases.ts";
import { partitionCases } from "./partition-cases.ts";
import { readerCases } from "./reader-cases.ts";
import { recordCases } from "./record-cases.ts";
import { runtimeCases } from "./runtime-cases.ts";
import { transactionCases } from "./transaction-cases.ts";
import { wakeupCases } from "./wakeup-cases.ts";

/** Every case, in the order they run. */
export const allCases: readonly BindingCase[] = [
  ...runtimeCases,
  ...configurationCases,
  ...wakeupCases,
  ...recordCases,
  ...editCases,
  ...partitionCases,
  ...readerCases,
  ...transactionCases,
  ...membershipCases,
  ...closingCases,
];
