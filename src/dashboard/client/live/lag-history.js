/** The last minutes of a link's lag, for charts. Kept only in the page: strait itself stores no history. */

/** @typedef {import("../types.d.ts").LinkLag} LinkLag */
/** @typedef {import("../types.d.ts").PartitionLag} PartitionLag */

/**
 * @typedef {"records" | "ms" | "rate"} Measure lag in records, lag in milliseconds, records per second
 * @typedef {(number | null)[]} Column
 * @typedef {Record<Measure, Column>} Columns
 * @typedef {Record<Measure, number | null>} Sample
 */

/** Half an hour, one a second. */
const CAPACITY = 1_800;

/** Lag comes once a second. After a longer pause the line is broken, for nobody knows what was in between. */
const GAP_MS = 4_000;

/** The key of the whole link. */
export const WHOLE = "";

/** @param {string} mapping */
export function mappingKey(mapping) {
  return mapping;
}

/**
 * Names of mappings hold no slash.
 *
 * @param {string} mapping
 * @param {number} partition
 */
export function partitionKey(mapping, partition) {
  return `${mapping}/${partition}`;
}

export class LagHistory {
  /** Seconds since the epoch, by the clock of the browser. @type {number[]} */
  #times = [];
  /** @type {Map<string, Columns>} */
  #columns = new Map();
  #detailed = false;

  /** From now on keeps mappings and partitions too, not just the link as a whole. */
  keepDetails() {
    this.#detailed = true;
  }

  /** Forgets mappings and partitions, and keeps no more of them. */
  forgetDetails() {
    this.#detailed = false;
    const whole = this.#columns.get(WHOLE);
    this.#columns = new Map(whole === undefined ? [] : [[WHOLE, whole]]);
  }

  /**
   * @param {LinkLag} lag
   * @param {number} now milliseconds since the epoch
   */
  record(lag, now) {
    const last = (this.#times.at(-1) ?? 0) * 1_000;
    if (this.#times.length > 0 && now - last > GAP_MS) this.#append((last + 1) / 1_000, new Map());
    this.#append(now / 1_000, this.#samples(lag));
    const surplus = this.#times.length - CAPACITY;
    // In larger steps, for moving all that is kept costs more than a few points too many.
    if (surplus > CAPACITY / 10) this.#dropFirst(surplus);
  }

  /**
   * As uPlot takes it: times, then a column for each key. A key of which nothing was kept is a column of nulls.
   *
   * @param {readonly string[]} keys
   * @param {Measure} measure
   * @returns {[number[], ...Column[]]}
   */
  data(keys, measure) {
    const nothing = () => this.#times.map(() => null);
    return [this.#times, ...keys.map((key) => this.#columns.get(key)?.[measure] ?? nothing())];
  }

  /** @param {LinkLag} lag */
  #samples({ partitions, total }) {
    const rate = partitions.reduce((sum, each) => sum + each.recordsPerSecond, 0);
    /** @type {Map<string, Sample>} */
    const samples = new Map([[WHOLE, { records: total.lagRecords, ms: total.lagMs, rate }]]);
    if (!this.#detailed) return samples;
    for (const each of partitions) {
      const sample = { records: each.lagRecords, ms: each.lagMs, rate: each.recordsPerSecond };
      samples.set(partitionKey(each.mapping, each.partition), sample);
      const key = mappingKey(each.mapping);
      samples.set(key, together(samples.get(key), sample));
    }
    return samples;
  }

  /**
   * @param {number} time
   * @param {Map<string, Sample>} samples
   */
  #append(time, samples) {
    this.#times.push(time);
    for (const key of samples.keys()) {
      if (!this.#columns.has(key)) this.#columns.set(key, unknownFor(this.#times.length - 1));
    }
    for (const [key, columns] of this.#columns) {
      const sample = samples.get(key);
      columns.records.push(sample?.records ?? null);
      columns.ms.push(sample?.ms ?? null);
      columns.rate.push(sample?.rate ?? null);
    }
  }

  /** @param {number} count */
  #dropFirst(count) {
    this.#times.splice(0, count);
    for (const { records, ms, rate } of this.#columns.values()) {
      for (const column of [records, ms, rate]) column.splice(0, count);
    }
  }
}

/** @param {number} length @returns {Columns} */
function unknownFor(length) {
  const nulls = () => /** @type {Column} */ (new Array(length).fill(null));
  return { records: nulls(), ms: nulls(), rate: nulls() };
}

/**
 * Records and rates add up, of ages the highest counts. As soon as one part is unknown, so is the whole.
 *
 * @param {Sample | undefined} sum
 * @param {Sample} sample
 * @returns {Sample}
 */
function together(sum, sample) {
  if (sum === undefined) return sample;
  const known = (/** @type {(number | null)[]} */ ...values) => !values.includes(null);
  return {
    records: known(sum.records, sample.records) ? Number(sum.records) + Number(sample.records) : null,
    ms: known(sum.ms, sample.ms) ? Math.max(Number(sum.ms), Number(sample.ms)) : null,
    rate: Number(sum.rate) + Number(sample.rate),
  };
}
