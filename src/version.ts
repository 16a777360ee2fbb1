/** strait's own version. */

import manifest from "../package.json" with { type: "json" };

export const STRAIT_VERSION: string = manifest.version;
