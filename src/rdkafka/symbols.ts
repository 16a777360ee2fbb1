/**
 * The functions strait calls in native code: librdkafka's (declared in its src/rdkafka.h, see there for each contract) and
 * a few of the C library's, which the loader finds through librdkafka's own dependency on it.
 *
 * `address` is a machine address held in a number (user space addresses stay below 2^53), 0 for NULL. `buffer` is a
 * typed array whose memory C uses during the call only. 64-bit integers are numbers: offsets, lengths and times fit.
 */

export type NativeType = "void" | "i32" | "i64" | "address" | "buffer";

export interface NativeSignature {
  readonly args: readonly NativeType[];
  readonly returns: NativeType;
}

const f = <const A extends readonly NativeType[], R extends NativeType>(returns: R, ...args: A) => ({ args, returns });

export const SYMBOLS = {
  // const char *rd_kafka_version_str(void)
  rd_kafka_version_str: f("address"),
  // int rd_kafka_version(void)
  rd_kafka_version: f("i32"),
  // const char *rd_kafka_err2str(rd_kafka_resp_err_t)
  rd_kafka_err2str: f("address", "i32"),
  // rd_kafka_error_t: code, string, is_fatal, is_retriable, txn_requires_abort, destroy
  rd_kafka_error_code: f("i32", "address"),
  rd_kafka_error_string: f("address", "address"),
  rd_kafka_error_is_fatal: f("i32", "address"),
  rd_kafka_error_is_retriable: f("i32", "address"),
  rd_kafka_error_destroy: f("void", "address"),

  // Configuration: conf_set(conf, name, value, errstr, errstr_size); conf_set_events(conf, mask);
  // conf_get(conf, name, dest, size_t *dest_size)
  rd_kafka_conf_new: f("address"),
  rd_kafka_conf_destroy: f("void", "address"),
  rd_kafka_conf_set: f("i32", "address", "buffer", "buffer", "buffer", "i64"),
  rd_kafka_conf_get: f("i32", "address", "buffer", "buffer", "buffer"),
  rd_kafka_conf_set_events: f("void", "address", "i32"),

  // Clients: new(type, conf, errstr, errstr_size) takes the conf over on success only
  rd_kafka_new: f("address", "i32", "address", "buffer", "i64"),
  rd_kafka_destroy_flags: f("void", "address", "i32"),
  rd_kafka_fatal_error: f("i32", "address", "buffer", "i64"),
  rd_kafka_outq_len: f("i32", "address"),
  rd_kafka_set_log_queue: f("i32", "address", "address"),
  // void *rd_kafka_mem_malloc(rk, size)
  rd_kafka_mem_malloc: f("address", "address", "i64"),

  // Queues and events
  rd_kafka_queue_get_main: f("address", "address"),
  rd_kafka_queue_get_consumer: f("address", "address"),
  rd_kafka_queue_get_partition: f("address", "address", "buffer", "i32"),
  rd_kafka_queue_forward: f("void", "address", "address"),
  rd_kafka_queue_destroy: f("void", "address"),
  rd_kafka_queue_poll: f("address", "address", "i32"),
  // void rd_kafka_queue_io_event_enable(queue, int fd, const void *payload, size_t size): the payload is copied
  rd_kafka_queue_io_event_enable: f("void", "address", "i32", "buffer", "i64"),
  rd_kafka_event_type: f("i32", "address"),
  rd_kafka_event_error: f("i32", "address"),
  rd_kafka_event_error_string: f("address", "address"),
  rd_kafka_event_error_is_fatal: f("i32", "address"),
  rd_kafka_event_topic_partition_list: f("address", "address"),
  rd_kafka_event_message_array: f("i64", "address", "buffer", "i64"),
  rd_kafka_event_destroy: f("void", "address"),

  // Topic partition lists
  rd_kafka_topic_partition_list_new: f("address", "i32"),
  rd_kafka_topic_partition_list_add: f("address", "address", "buffer", "i32"),
  rd_kafka_topic_partition_list_destroy: f("void", "address"),

  // Consumer
  rd_kafka_poll_set_consumer: f("i32", "address"),
  rd_kafka_subscribe: f("i32", "address", "address"),
  rd_kafka_unsubscribe: f("i32", "address"),
  rd_kafka_incremental_assign: f("address", "address", "address"),
  rd_kafka_incremental_unassign: f("address", "address", "address"),
  rd_kafka_assignment_lost: f("i32", "address"),
  rd_kafka_consumer_close_queue: f("address", "address", "address"),
  rd_kafka_consumer_closed: f("i32", "address"),
  rd_kafka_commit: f("i32", "address", "address", "i32"),
  // ssize_t rd_kafka_consume_batch_queue(queue, timeout_ms, rd_kafka_message_t **out, size_t size)
  rd_kafka_consume_batch_queue: f("i64", "address", "i32", "buffer", "i64"),
  rd_kafka_message_destroy: f("void", "address"),
  rd_kafka_message_timestamp: f("i64", "address", "address"),
  rd_kafka_message_headers: f("i32", "address", "buffer"),
  rd_kafka_message_detach_headers: f("i32", "address", "buffer"),
  rd_kafka_message_errstr: f("address", "address"),

  // Headers. header_get_all(hdrs, idx, const char **namep, const void **valuep, size_t *sizep)
  rd_kafka_header_get_all: f("i32", "address", "i64", "buffer", "buffer", "buffer"),
  rd_kafka_headers_new: f("address", "i64"),
  // header_add(hdrs, name, ssize_t name_size, value or NULL, ssize_t value_size)
  rd_kafka_header_add: f("i32", "address", "buffer", "i64", "address", "i64"),
  rd_kafka_headers_destroy: f("void", "address"),

  // Producer. rd_kafka_error_t *rd_kafka_produceva(rk, const rd_kafka_vu_t *vus, size_t cnt)
  rd_kafka_topic_new: f("address", "address", "buffer", "address"),
  rd_kafka_topic_destroy: f("void", "address"),
  rd_kafka_produceva: f("address", "address", "buffer", "i64"),
  // int32_t rd_kafka_msg_partitioner_murmur2(rkt, key, keylen, partition_cnt, rkt_opaque, msg_opaque)
  rd_kafka_msg_partitioner_murmur2: f("i32", "address", "address", "i64", "i32", "address", "address"),
  rd_kafka_purge: f("i32", "address", "i32"),
  rd_kafka_init_transactions: f("address", "address", "i32"),
  rd_kafka_begin_transaction: f("address", "address"),
  rd_kafka_send_offsets_to_transaction: f("address", "address", "address", "address", "i32"),
  rd_kafka_commit_transaction: f("address", "address", "i32"),
  rd_kafka_consumer_group_metadata_new: f("address", "buffer"),
  rd_kafka_consumer_group_metadata_destroy: f("void", "address"),

  // Mock clusters (src/rdkafka_mock.h)
  rd_kafka_mock_cluster_new: f("address", "address", "i32"),
  rd_kafka_mock_cluster_destroy: f("void", "address"),
  rd_kafka_mock_cluster_bootstraps: f("address", "address"),
  rd_kafka_mock_topic_create: f("i32", "address", "buffer", "i32", "i32"),

  // C library
  memcpy: f("address", "address", "address", "i64"),
  socket: f("i32", "i32", "i32", "i32"),
  connect: f("i32", "i32", "buffer", "i32"),
  close: f("i32", "i32"),
} as const satisfies Record<string, NativeSignature>;

type ArgumentsOf<T extends readonly NativeType[]> = {
  -readonly [I in keyof T]: T[I] extends "buffer" ? NodeJS.TypedArray : number;
};
type ResultOf<T extends NativeType> = T extends "void" ? undefined : number;

/** The table above as callable functions. */
export type NativeFunctions<Table extends Record<string, NativeSignature> = typeof SYMBOLS> = {
  readonly [Name in keyof Table]: (...args: ArgumentsOf<Table[Name]["args"]>) => ResultOf<Table[Name]["returns"]>;
};
