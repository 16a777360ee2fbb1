/** Sends filters into an endless loop, which they tell in the file it is given. Ended from outside. */

import { plainBatchOf } from "../plain-batch.ts";
import { makeChain, unruly } from "./chain-under-test.ts";

const chain = await makeChain({ filters: [unruly()], limits: { stuckMs: 600_000 } });
console.log(process.pid);
await chain.apply(plainBatchOf(`tell-and-loop ${process.argv[2]}`), null);
