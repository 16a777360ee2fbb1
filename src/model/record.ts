/** One Kafka record as filters see it. */

/** A record header. Names repeat and order matters, so headers are a list and never a map. */
export interface RecordHeader {
  readonly name: string;
  /** `null` is a header without value, which Kafka tells from an empty one. */
  readonly value: Uint8Array | null;
}

/** A record of a source topic. All byte arrays belong to whoever holds the record and must not be written to. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch; -1 where the record has none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  /** `null` is a tombstone, which Kafka tells from an empty value. */
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}
