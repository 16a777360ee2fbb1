/** Run by Deno: takes records through unruly filters and prints what became of them. */

import { plainBatchOf } from "../plain-batch.ts";
import { makeChain, remember, unruly, values } from "./chain-under-test.ts";

const chain = await makeChain({ filters: [unruly(), unruly({ mark: "?" })] });
const { failures, take } = remember();
const records = ["a", "exit", "b", "loop", "hang", "leave-a-rejection", "write-value", "c"];
const filtered = await chain.apply(plainBatchOf(...records), take);
await chain.close();
const reasons = failures.map(({ error }) => error.message.replace(/^.* offset /, ""));
console.log(JSON.stringify({ values: values(filtered), reasons, evidence: filtered.evidence }));
