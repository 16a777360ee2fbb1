/** Compares the mirrors of a link with their sources, one partition after the other. */

import { effectiveFilters, rulingOf } from "../config/policy-ruling.ts";
import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { PartitionVerification, VerificationRequest } from "../model/verification.ts";
import { FilterChain } from "../runner/filter-chain.ts";
import { type ComparedSide, comparePartition } from "./compare-partition.ts";
import { expectedRecords } from "./expected-records.ts";
import { type OffsetRange, VerifiedCluster } from "./verified-cluster.ts";

export interface VerificationListener {
  /** Offsets passed and to be passed, in all partitions together. */
  readonly progress: (done: number, of: number) => void;
  /** A partition is finished. */
  readonly partition: (result: PartitionVerification) => void;
}

/** A partition to compare and what was there when the verification began. */
interface Task {
  readonly mapping: Mapping;
  readonly partition: number;
  readonly source: OffsetRange;
  readonly destination: OffsetRange;
  /** What is compared of it. */
  readonly from: number;
  readonly to: number;
  readonly compacted: boolean;
}

/**
 * Resolves when everything was compared, whatever was found. Rejects where something cannot be: a cluster that does not
 * answer, a topic or partition that only one side has, a filter that cannot be made.
 */
export async function verifyLink(request: VerificationRequest, listener: VerificationListener): Promise<void> {
  const { link, ...plan } = request.plan;
  const source = new VerifiedCluster(plan.source, link.name);
  const destination = new VerifiedCluster(plan.destination, link.name);
  const chains = new Map<string, FilterChain>();
  try {
    // Filters first: where they cannot be made there is nothing to compare with.
    for (const mapping of link.mappings) {
      const { source, destination, filterDirectories: directories } = plan;
      // Also of one that policies stop: what crossed before is there to be compared.
      const filters = effectiveFilters(rulingOf(plan.rulings, mapping), mapping);
      const options = { link: link.name, mapping, filters, source, destination, directories };
      chains.set(mapping.name, await FilterChain.create(options));
    }
    const tasks: Task[] = [];
    for (const mapping of link.mappings) tasks.push(...(await tasksOf(mapping, request, source, destination)));
    const of = tasks.reduce((sum, { from, to }) => sum + to - from, 0);
    let passed = 0;
    listener.progress(0, of);
    for (const task of tasks) {
      const reached = (offset: number) => listener.progress(passed + offset - task.from, of);
      const filters = chains.get(task.mapping.name) as FilterChain;
      listener.partition(await verifyPartition(task, { source, destination, filters, reached }));
      passed += task.to - task.from;
      listener.progress(passed, of);
    }
  } finally {
    source.close();
    destination.close();
    await Promise.all([...chains.values()].map((chain) => chain.close()));
  }
}

async function tasksOf(
  mapping: Mapping,
  { plan: { link }, partition: only, from: least, to: most }: VerificationRequest,
  source: VerifiedCluster,
  destination: VerifiedCluster,
): Promise<Task[]> {
  // The mirror first: while it goes on it is never ahead of what the source says after that.
  const theirs = await destination.ranges(mapping.destination);
  const ours = await source.ranges(mapping.source);
  const compacted = (await source.isCompacted(mapping.source)) || (await destination.isCompacted(mapping.destination));
  const partitions =
    only === null ? [...new Set([...ours.keys(), ...theirs.keys()])].toSorted((a, b) => a - b) : [only];
  const begins = await destination.begins(link.name, mapping.destination, [...theirs.keys()]);
  return partitions.map((partition) => {
    const [mine, other] = [ours.get(partition), theirs.get(partition)];
    if (mine === undefined) throw lacking(source, mapping.source, partition);
    if (other === undefined) throw lacking(destination, mapping.destination, partition);
    // A mirror of what came after its making has only offsets before that.
    const from = Math.max(mine.start, other.start, begins.get(partition) ?? 0, least ?? 0);
    // Where the mirror ends, also behind the end of the source: what is there is somebody else's.
    const to = Math.max(from, Math.min(other.end, most ?? Infinity));
    return { mapping, partition, source: mine, destination: other, from, to, compacted };
  });
}

function lacking({ name }: VerifiedCluster, topic: string, partition: number): StraitError {
  const message = `${name} has no partition ${topic}/${partition}, so there is no mirror to verify`;
  return new StraitError("unknown-topic", message, { topic, partition });
}

interface Sides {
  readonly source: VerifiedCluster;
  readonly destination: VerifiedCluster;
  readonly filters: FilterChain;
  readonly reached: (offset: number) => void;
}

async function verifyPartition(task: Task, sides: Sides): Promise<PartitionVerification> {
  const { mapping, partition, to, compacted } = task;
  const { source, destination, filters, reached } = sides;
  // A long verification comes to its last partitions when the oldest records may have expired.
  const starts = await Promise.all([
    source.start(mapping.source, partition),
    destination.start(mapping.destination, partition),
  ]);
  const from = Math.min(Math.max(task.from, ...starts), to);
  const expected: ComparedSide = {
    end: task.source.end,
    read: (start, end) => {
      const records = source.read(mapping.source, partition, start, Math.min(end, task.source.end));
      return expectedRecords(records, { topic: mapping.source, partition }, filters);
    },
  };
  const found: ComparedSide = {
    end: task.destination.end,
    read: (start, end) => destination.read(mapping.destination, partition, start, end),
  };
  const comparison = await comparePartition(expected, found, { from, to, compacted, reached });
  const { name, source: topic, destination: destinationTopic } = mapping;
  return { mapping: name, topic, partition, destinationTopic, from, to, ...comparison };
}
