/**
 * Offsets of the fields of librdkafka's public structs on 64-bit machines, in bytes (src/rdkafka.h). A test compares them
 * with the header through the C compiler.
 */

/** rd_kafka_message_t */
export const MESSAGE = {
  err: 0,
  rkt: 8,
  partition: 16,
  payload: 24,
  len: 32,
  key: 40,
  key_len: 48,
  offset: 56,
  _private: 64,
} as const;

/** rd_kafka_topic_partition_t */
export const TOPIC_PARTITION = {
  topic: 0,
  partition: 8,
  offset: 16,
  metadata: 24,
  metadata_size: 32,
  opaque: 40,
  err: 48,
  size: 64,
} as const;

/** rd_kafka_topic_partition_list_t */
export const TOPIC_PARTITION_LIST = { cnt: 0, size: 4, elems: 8 } as const;

/** rd_kafka_vu_t: a tag and a union of 64 bytes, of which values use a pointer and a length. */
export const VU = { vtype: 0, first: 8, second: 16, size: 72 } as const;

/** rd_kafka_vtype_t */
export const VTYPE = {
  RKT: 2,
  PARTITION: 3,
  VALUE: 4,
  KEY: 5,
  OPAQUE: 6,
  MSGFLAGS: 7,
  TIMESTAMP: 8,
  HEADERS: 10,
} as const;

/** RD_KAFKA_MSG_F_COPY: the library copies the payload before produceva returns. */
export const MSG_F_COPY = 0x2;

/** RD_KAFKA_EVENT_* */
export const EVENT = { DR: 0x1, LOG: 0x4, ERROR: 0x8, REBALANCE: 0x10 } as const;
