/** Runs around all test files of a run (bunfig.toml, `test.preload`). */

import { afterAll } from "bun:test";
import { closeClusters } from "./clusters.ts";

afterAll(closeClusters);
