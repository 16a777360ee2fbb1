/**
 * Where a link's progress is kept: as committed offsets of group `strait.<link>` on the destination cluster. A committed
 * offset belongs to a partition that exists there, so it is keyed by the destination topic and the source's partition
 * number or, where the destination has (or once had) fewer partitions, by an empty helper topic with as many as the source.
 */

/** The consumer group of a link: on the source for the assignment, on the destination for the progress. */
export const groupOf = (link: string) => `strait.${link}`;

/** The topic that carries the offsets where the destination topic has too few partitions for it. */
export const offsetTopicOf = (destination: string) => `${destination}.strait-offsets`;
