/** Takes a record through a filter that prints it. */

import { plainBatchOf } from "../plain-batch.ts";
import { makeChain, unruly } from "./chain-under-test.ts";

const chain = await makeChain({ filters: [unruly()] });
await chain.apply(plainBatchOf("print DE44"), null);
await chain.close();
console.log("done");
