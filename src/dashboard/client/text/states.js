/** What states mean and what to do about them, in the words of docs/api.md. */

/** @type {Readonly<Record<string, { readonly means: string, readonly remedy: string | null }>>} */
const LINK_STATES = {
  starting: {
    means: "The runner starts, or waits for partitions or a cluster.",
    remedy: "Wait. After 3 minutes without a word it is started anew.",
  },
  running: { means: "Every partition is well.", remedy: null },
  paused: { means: "An operator paused the link or all its mappings.", remedy: "Resume it when it may go on." },
  degraded: {
    means: "Some partitions do not run, or a cluster does not answer.",
    remedy: "Look at the mappings below: those that do not run say why.",
  },
  failed: {
    means: "No partition moves and none will by itself, or the runner ended and comes again.",
    remedy: "Do what the reason says, then pause and resume the mapping, or change it.",
  },
  stopped: { means: "strait is shutting down.", remedy: "Start it again." },
};

/** @type {typeof LINK_STATES} */
const PARTITION_STATES = {
  seeding: { means: "It is being opened.", remedy: "Wait." },
  running: { means: "It is copied, or there is nothing to copy.", remedy: null },
  paused: { means: "An operator paused it.", remedy: "Resume it when it may go on." },
  retrying: {
    means: "Something failed that may pass. It is tried again within 5 s.",
    remedy: "Wait, or see to the cluster that the reason names.",
  },
  quarantined: { means: "Records were set aside.", remedy: null },
  diverged: {
    means: "Somebody else has written to the mirror.",
    remedy:
      "Find out who and keep them from it. Then pause the mapping, delete the topic at the destination, and resume: it is copied anew.",
  },
  failed: {
    means: "It will not pass by itself.",
    remedy: "Do what the reason says, then pause and resume the mapping, or change it.",
  },
};

const NOTHING = { means: "", remedy: null };

/** From what needs somebody to what is well. */
const BY_SEVERITY = [
  "failed",
  "diverged",
  "degraded",
  "retrying",
  "starting",
  "seeding",
  "stopped",
  "paused",
  "running",
];

/** @param {string} state */
export function linkState(state) {
  return LINK_STATES[state] ?? NOTHING;
}

/** @param {string} state */
export function partitionState(state) {
  return PARTITION_STATES[state] ?? NOTHING;
}

/**
 * Lower is worse.
 *
 * @param {string} state
 */
export function severity(state) {
  // What this page does not know comes first.
  return Math.max(0, BY_SEVERITY.indexOf(state));
}

/**
 * The state that most needs somebody; null where there is none.
 *
 * @param {readonly string[]} states
 * @returns {string | null}
 */
export function worst(states) {
  return states.length === 0 ? null : states.reduce((a, b) => (severity(b) < severity(a) ? b : a));
}
